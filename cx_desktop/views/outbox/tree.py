"""The edits by object, as a tree of two levels that thousands fit in."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from cx_desktop.models.outbox.entries import Entry, Group, grouped
from cx_desktop.overrides import override
from cx_desktop.views.outbox import words
from cx_desktop.views.widgets.look import Look

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
WHAT, STATE, MADE = range(3)
_COLUMNS = ("outbox.column.what", "outbox.column.state", "outbox.column.made")
#: So many stay selected when something moves.
_MOST_KEPT = 200
#: So many objects are opened at once; the others follow while nobody waits.
_SLICE = 60
_TEXT_ROLES = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole})


class OutboxTree(QAbstractItemModel):
    """Words are made when a row is drawn; a row below an object knows it by its place."""

    def __init__(
        self, look: Look, now: Callable[[], datetime], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._groups: tuple[Group, ...] = ()
        self._places: dict[str, tuple[int, int]] = {}

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is shown."""
        return self._groups

    def show_entries(self, entries: Iterable[Entry]) -> None:
        """Show these edits."""
        self.beginResetModel()
        self._groups = grouped(entries)
        self._places = {
            each.op_id: (at, row)
            for at, group in enumerate(self._groups)
            for row, each in enumerate(group.entries)
        }
        self.endResetModel()

    def entries_at(self, index: Index) -> tuple[Entry, ...]:
        """The edit of a row, or all of an object."""
        if not index.isValid():
            return ()
        place = index.internalId()
        if not place:
            return self._groups[index.row()].entries
        return (self._groups[place - 1].entries[index.row()],)

    def index_of(self, op_id: str) -> QModelIndex:
        """Where an edit is shown."""
        place = self._places.get(op_id)
        if place is not None:
            return self.createIndex(place[1], WHAT, place[0] + 1)
        return QModelIndex()

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # two overloads in one name
        place = index.internalId() if index.isValid() else 0
        return self.createIndex(place - 1, 0, 0) if place else QModelIndex()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self._groups)
        is_group = not parent.internalId() and parent.column() == 0
        return len(self._groups[parent.row()].entries) if is_group else 0

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(_COLUMNS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._look.language.text(_COLUMNS[section])
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place = index.internalId()
        if not place:
            return self._of_group(self._groups[index.row()], index.column(), role)
        return self._of_entry(self._groups[place - 1].entries[index.row()], index.column(), role)

    def _of_group(self, group: Group, column: int, role: int) -> object:
        language = self._look.language
        if role in _TEXT_ROLES:
            if column == WHAT:
                return words.group_words(language, group)
            return language.plural("outbox.count", len(group.entries)) if column == STATE else None
        if role == Qt.ItemDataRole.DecorationRole and column == WHAT:
            icon = words.ICON_BY_TYPE.get(group.first.type, "cube")
            return self._look.icons.icon("stack" if group.is_gesture else icon, "muted")
        return None

    def _of_entry(self, entry: Entry, column: int, role: int) -> object:
        if role in _TEXT_ROLES:
            return self._entry_text(entry, column, is_long=role == Qt.ItemDataRole.ToolTipRole)
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return self._look.icons.icon(*words.SIGN_BY_STATE[entry.state])
        if role == Qt.ItemDataRole.AccessibleTextRole and column == WHAT:
            said = (words.row_words, words.state_words)
            return ", ".join(each(self._look.language, entry) for each in said)
        return None

    def _entry_text(self, entry: Entry, column: int, *, is_long: bool) -> str:
        language = self._look.language
        if column == WHAT:
            return words.row_words(language, entry)
        if column == MADE:
            if is_long:
                return language.day_and_time(entry.made_at)
            return language.since(entry.made_at, self._now())
        if is_long:
            return words.why_words(language, entry, self._now())
        return words.state_words(language, entry)


class OutboxView(QTreeView):
    """Enter opens, Delete drops, copying copies what is selected."""

    opened = Signal()
    drop_wanted = Signal()
    copy_wanted = Signal()
    selected = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Look, tree: OutboxTree, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = tree
        self.setModel(tree)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setExpandsOnDoubleClick(False)
        self._opened = self._wanted_at = 0
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._open_more)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((STATE, 170), (MADE, 110)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        look.language.bind(self, self.setAccessibleName, "outbox.list")
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit())
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )

    @property
    def selection(self) -> tuple[Entry, ...]:
        """The selected edits from top to bottom; an object stands for all of its own."""
        found: set[str] = set()
        # Not ``selectedRows``: it takes the square of their number.
        for index in self.selectionModel().selection().indexes():
            if index.column() == WHAT:
                found |= {each.op_id for each in self.tree.entries_at(index)}
        order = (each for group in self.tree.groups for each in group.entries)
        return tuple(each for each in order if each.op_id in found) if found else ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, and keep what was selected, or else its place."""
        was = [each.op_id for each in self.selection[:_MOST_KEPT]]
        if not self._rest.isActive():
            self._wanted_at = self.verticalScrollBar().value()
        self.tree.show_entries(entries)
        self._opened = 0
        self.executeDelayedItemsLayout()
        self._open_more()
        kept = [index for op_id in was if (index := self.tree.index_of(op_id)).isValid()]
        self._select(kept or [self.tree.index(0, 0, self.tree.index(0, 0))])
        self.verticalScrollBar().setValue(self._wanted_at)
        self.selected.emit()

    def _open_more(self) -> None:
        """Open some more objects; all at once would be felt where there are thousands."""
        upto = min(self._opened + _SLICE, self.tree.rowCount())
        for row in range(self._opened, upto):
            self.expand(self.tree.index(row, WHAT))
        self._opened = upto
        if upto < self.tree.rowCount():
            self._rest.start()
        elif self.verticalScrollBar().value() < self._wanted_at:
            self.verticalScrollBar().setValue(self._wanted_at)

    @override
    def selectAll(self) -> None:
        """Select every object, which stands for its edits: Qt takes minutes for each row apart."""
        last = self.tree.index(self.tree.rowCount() - 1, MADE)
        chosen = QItemSelection(self.tree.index(0, WHAT), last)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _select(self, indexes: Sequence[QModelIndex]) -> None:
        chosen = QItemSelection()
        for each in indexes:
            chosen.select(each, each)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        rows = QItemSelectionModel.SelectionFlag.Rows
        model = self.selectionModel()
        model.setCurrentIndex(indexes[0], QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(chosen, flags | rows)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.drop_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)
