"""« Utilisé par »: everything of the project that can be used, and every place that uses it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.objects import Target
from cx_desktop.models.commands import fold
from cx_desktop.models.everywhere.places import Place, Subject
from cx_desktop.models.everywhere.where_used import WhereUsed
from cx_desktop.models.load_state import LoadState
from cx_desktop.overrides import override
from cx_desktop.views.everywhere import words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel

_HELD = Qt.ItemDataRole.UserRole


class _Tree(QTreeWidget):
    """Enter opens what is chosen."""

    opened = Signal(QTreeWidgetItem)

    def __init__(self, look: Look, name_key: str, columns: int) -> None:
        super().__init__()
        self.setColumnCount(columns)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        look.language.bind(self, self.setAccessibleName, name_key)
        self.itemDoubleClicked.connect(lambda item, _column: self.opened.emit(item))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self.opened.emit(item)
        else:
            super().keyPressEvent(event)


class UsedPanel(QWidget):
    """On the left what there is, with how often it is used; on the right where."""

    place_wanted = Signal(object)  # Place
    subject_wanted = Signal(object)  # Target: somebody wants to see the thing itself

    def __init__(self, look: Look, used: WhereUsed, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._used = used
        self._wanted: Target | None = None
        self._is_filling = False
        self.field = SearchField(look, "everywhere.subject")
        self.subjects = _Tree(look, "everywhere.subjects", 2)
        self.title = Label("", "section", wraps=True)
        self.summary = Label("", "muted", wraps=True)
        self.open = Button(look, "everywhere.open", icon="arrow-square-out")
        self.places = _Tree(look, "everywhere.places", 3)
        self._nothing = EmptyState(
            look, "link-break", "everywhere.unused.title", "everywhere.unused.text"
        )
        self._error = ErrorPanel(look)
        self._right = QStackedWidget()
        self._lay_out()
        self._connect()

    @property
    def subject(self) -> Subject | None:
        """What is chosen."""
        return self._used.subject(self._wanted) if self._wanted is not None else None

    @property
    def lines(self) -> tuple[str, ...]:
        """Every place in words: who, where, how, draft or live."""
        said = []
        for at in range(self.places.topLevelItemCount()):
            top = self.places.topLevelItem(at)
            for row in range(top.childCount() if top is not None else 0):
                item = top.child(row) if top is not None else None
                if top is not None and item is not None:
                    columns = (item.text(column) for column in range(3))
                    said.append(" | ".join((top.text(0), *columns)))
        return tuple(said)

    def choose(self, target: Target | None) -> None:
        """Show who uses something; the field to look for it where nothing is named."""
        self._wanted = target
        self.field.clear()
        self._show()
        if target is None:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.places.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 12, 12, 0)
        beside.setSpacing(8)
        beside.addWidget(self.field)
        beside.addWidget(self.subjects, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.title)
        said.addWidget(self.summary)
        head.addLayout(said, 1)
        head.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(right)
        column.setContentsMargins(12, 12, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for page in (self.places, self._nothing, self._error):
            self._right.addWidget(page)
        column.addWidget(self._right, 1)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.addWidget(left)
        across.addWidget(right)
        across.setSizes([360, 680])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(across)
        self.subjects.setHeaderHidden(True)
        stretch, fit = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.ResizeToContents
        for tree, modes in ((self.subjects, (stretch, fit)), (self.places, (stretch, fit, fit))):
            tree.header().setStretchLastSection(False)
            for position, mode in enumerate(modes):
                tree.header().setSectionResizeMode(position, mode)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill_subjects)
        self.subjects.currentItemChanged.connect(lambda item, _before: self._on_current(item))
        self.subjects.opened.connect(lambda _item: self.places.setFocus())
        self.places.opened.connect(self._on_opened)
        self.open.clicked.connect(self._on_open)
        self._used.changed.connect(self._show)
        self._error.retry_requested.connect(lambda: self._used.follow(is_followed=True))
        self._look.language.follow(self, self._show)

    def _show(self) -> None:
        self._fill_subjects()
        self._fill_places()

    def _fill_subjects(self) -> None:
        language = self._look.language
        needle = fold(self.field.text()).split()
        self._is_filling = True
        self.subjects.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        current: QTreeWidgetItem | None = None
        for each in self._used.subjects:
            if not all(word in fold(each.name) for word in needle):
                continue
            kind = each.target.type
            if kind not in groups:
                groups[kind] = QTreeWidgetItem([language.text(f"everywhere.type.{kind}")])
                groups[kind].setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.subjects.addTopLevelItem(groups[kind])
            item = QTreeWidgetItem(groups[kind], [each.name, language.number(len(each.places))])
            item.setIcon(0, self._look.icons.icon(words.ICON_BY_TYPE[kind], "muted"))
            item.setToolTip(0, f"{each.name}\n{words.used_words(language, each)}")
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, _HELD, each.target)
            if each.target == self._wanted:
                current = item
        self.subjects.expandAll()
        if current is not None:
            self.subjects.setCurrentItem(current)
            self.subjects.scrollToItem(current)
        self._is_filling = False

    def _fill_places(self) -> None:
        language, subject = self._look.language, self.subject
        self.places.clear()
        self.places.setHeaderLabels(
            [language.text(f"everywhere.column.{each}") for each in ("place", "how", "state")]
        )
        name = subject.name if subject is not None else ""
        kind = subject.target.type if subject is not None else "none"
        self.title.setText(language.text(f"everywhere.title.{kind}", name=name))
        self.summary.setText(words.used_words(language, subject) if subject is not None else "")
        self.open.setVisible(subject is not None and kind not in {"number", "variable"})
        tops: dict[tuple[str, str], QTreeWidgetItem] = {}
        for place in subject.places if subject is not None else ():
            key = (place.type, place.id)
            if key not in tops:
                tops[key] = QTreeWidgetItem([place.name])
                icon = words.ICON_BY_TYPE[place.type]
                tops[key].setIcon(0, self._look.icons.icon(icon, "muted"))
                tops[key].setData(0, _HELD, place)
                self.places.addTopLevelItem(tops[key])
            self._add_place(tops[key], place)
        self.places.expandAll()
        first = self.places.topLevelItem(0)
        item = first.child(0) if first is not None else None
        if item is not None:
            self.places.setCurrentItem(item)
        self._show_right(is_used=bool(tops) or subject is None)

    def _add_place(self, top: QTreeWidgetItem, place: Place) -> None:
        language = self._look.language
        item = QTreeWidgetItem(
            top,
            [
                words.place_words(language, place),
                words.how_words(language, place),
                words.state_words(language, place),
            ],
        )
        tone = "ok" if place.is_live else "info"
        icon = "broadcast" if place.is_live else "pencil-simple"
        item.setIcon(2, self._look.icons.icon(icon, tone))
        item.setData(0, _HELD, place)
        item.setToolTip(0, item.text(0))

    def _show_right(self, *, is_used: bool) -> None:
        if self._used.state is LoadState.FAILED and self._used.problem is not None:
            self._error.explain(self._used.problem)
            self._right.setCurrentWidget(self._error)
        else:
            self._right.setCurrentWidget(self.places if is_used else self._nothing)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        target = item.data(0, _HELD) if item is not None else None
        if not self._is_filling and isinstance(target, Target):
            self._wanted = target
            self._fill_places()

    def _on_opened(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _HELD)
        if isinstance(place, Place):
            self.place_wanted.emit(place)

    def _on_open(self) -> None:
        if self._wanted is not None:
            self.subject_wanted.emit(self._wanted)
