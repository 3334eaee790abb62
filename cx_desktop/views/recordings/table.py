"""The list itself: a million rows that scroll, sort and are chosen as if they were a hundred."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.list import RecordingTable
from cx_desktop.models.recordings.rows import Listed
from cx_desktop.overrides import override
from cx_desktop.text import Language as Tongue
from cx_desktop.views.recordings.columns import columns
from cx_desktop.views.widgets.column_table import ColumnTable
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import PillDelegate

#: So many rows are copied as text at most.
MOST_COPIED = 10_000
_NO_PARENT = QModelIndex()
_ENDS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})
Flag = QItemSelectionModel.SelectionFlag


class RecordTable(ColumnTable):
    """Shows the rows of a desk; what is current in it is taken in hand.

    Qt asks for each row, one by one, whether a whole column is selected, to draw its title: seconds
    for a million. Titles have a selection of their own, in which there is nothing.
    """

    row_opened = Signal()  # Enter or a double click: the recording in hand is wanted
    pause_wanted = Signal()  # Space
    remove_wanted = Signal()  # Delete
    typed = Signal(str)  # letters: something is looked for

    def __init__(self, look: Look, desk: RecordingDesk, *, parent: QWidget | None = None) -> None:
        self._desk = desk
        self._widest: dict[int, int] = {}
        made = columns(look, desk)
        rows = RecordingTable(desk, made.shown, language=look.language)
        first = (0, Qt.SortOrder.DescendingOrder)
        scale = look.theme.pixels("body") / 13
        least = [round(scale * each) for each in made.least]
        super().__init__(rows, least=least, hidden=made.hidden, sorted_by=first, parent=parent)
        rows.setParent(self)
        self._columns = tuple(column for column, _sort in made.shown)
        self._sorts = rows.sorts
        self._follows = True
        self._top: int | None = None
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(rows, header))
        self.verticalHeader().setSelectionModel(header.selectionModel())
        header.setResizeContentsPrecision(0)  # by what is in view
        header.sortIndicatorChanged.connect(self._on_sort_indicator)
        for column, pills in made.pills.items():
            delegate: PillDelegate[Listed | None] = PillDelegate(look, pills, self)
            self.setItemDelegateForColumn(column, delegate)
        look.language.bind(self, self.setAccessibleName, "recordings.table")
        look.language.changed.connect(self._on_language_changed)
        desk.rows.marks.append(self._top_place)
        desk.rows.changed.connect(self._on_changed)
        desk.position_changed.connect(self._show)
        desk.position_found.connect(self._mark)
        desk.listing_changed.connect(self._show_sort)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.rows_selected.connect(self._tell_chosen)

    def let_go(self) -> None:
        """Nobody looks any more."""
        self._desk.rows.marks.remove(self._top_place)

    @property
    def chosen(self) -> tuple[range, ...]:
        """The positions of the selected rows."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(position) for position in range(selection.count()))
        found = {(each.top(), each.bottom() + 1) for each in ranges}
        return tuple(range(*each) for each in sorted(found))

    @override
    def chosen_rows(self) -> list[QModelIndex]:
        positions = [position for each in self.chosen for position in each[:MOST_COPIED]]
        return [self.model().index(position, 0) for position in positions[:MOST_COPIED]]

    @override
    def open_row(self, index: QModelIndex) -> None:
        self._desk.go_to(index.row())
        if self._desk.rows.row(index.row()) is not None:
            self.row_opened.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows, key = self.model().rowCount(), event.key()
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and key in _ENDS and rows:
            self._show(0 if key == Qt.Key.Key_Home else rows - 1)
        elif key == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.pause_wanted.emit()
        elif key == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Qt would ask a million rows, one by one: the field finds more, and at once."""
        if search.strip():
            self.typed.emit(search)

    @override
    def sizeHintForColumn(self, column: int) -> int:
        """Columns grow with what comes into view, and do not shrink behind it."""
        widest = max(super().sizeHintForColumn(column), self._widest.get(column, 0))
        self._widest[column] = widest
        return widest

    @override
    def copy_selected(self) -> None:
        """Rows that were never in view are read first."""
        places = self._desk.rows.places(self.chosen)[:MOST_COPIED]
        today, cache = self._desk.today, self._desk.workspace.cache
        self._desk.tasks.run(
            lambda: cache.recording_list.rows(places, today), done=self._copy, failed=_ignore
        )

    def _copy(self, rows: Sequence[Listed | None]) -> None:
        header = self.horizontalHeader()
        shown = [
            header.logicalIndex(at)
            for at in range(header.count())
            if not header.isSectionHidden(header.logicalIndex(at))
        ]
        lines = [
            "\t".join(self._columns[column].text(row) for column in shown)
            for row in rows
            if row is not None
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    @override
    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: ColumnTable.ScrollHint = ColumnTable.ScrollHint.EnsureVisible,
    ) -> None:
        if self._follows:
            super().scrollTo(index, hint)

    def _on_language_changed(self, _tongue: Tongue) -> None:
        self._widest.clear()

    def _on_current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self._desk.go_to(index.row())

    def _tell_chosen(self) -> None:
        self._desk.choose(self.chosen)

    def _show(self, position: int) -> None:
        """Make a row the current one, and bring it into view."""
        if position < 0:
            self.selectionModel().clear()
            return
        if position != self.currentIndex().row():
            flags = Flag.ClearAndSelect | Flag.Rows
            self.selectionModel().setCurrentIndex(self.model().index(position, 0), flags)
        self.scrollTo(self.model().index(position, 0))

    def _mark(self, position: int) -> None:
        """Make a row the current one where it is."""
        self._follows = False
        self._show(position)
        self._follows = True

    def _top_place(self) -> int | None:
        top = self.rowAt(0)
        self._top = self._desk.rows.place(top) if top > 0 else None  # news come in at the top
        return self._top

    def _on_changed(self) -> None:
        """The list was read again: what stood on top stands there still."""
        moved = self._desk.rows.moved
        if not moved:
            self.scrollToTop()
            return
        mark = self._top
        if mark is not None and mark in moved:
            self.scrollTo(self.model().index(moved[mark], 0), self.ScrollHint.PositionAtTop)

    def _on_sort_indicator(self, column: int, _order: Qt.SortOrder) -> None:
        """A title without an order behind it shows none."""
        if not 0 <= column < len(self._sorts) or self._sorts[column] is None:
            self._show_sort()

    def _show_sort(self) -> None:
        header, desk = self.horizontalHeader(), self._desk
        way = Qt.SortOrder.DescendingOrder if desk.is_descending else Qt.SortOrder.AscendingOrder
        column = self._sorts.index(desk.sort)
        if (header.sortIndicatorSection(), header.sortIndicatorOrder()) != (column, way):
            header.setSortIndicator(column, way)


def _ignore(_error: CXError) -> None:
    """Nothing is copied; the list says what is wrong with the cache."""
