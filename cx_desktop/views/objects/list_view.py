"""A list of objects in its four states, with its filters and verbs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from msgspec import Struct
from PySide6.QtCore import QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.commands import fold
from cx_desktop.models.language import Language
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.named_table import NamedTable
from cx_desktop.models.table import Column
from cx_desktop.views.objects.filters import StateFilter
from cx_desktop.views.objects.list_toolbar import ListToolbar
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import Pill, PillDelegate
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel, PageHeader, Skeleton
from cx_desktop.views.widgets.strip import Strip
from cx_desktop.views.widgets.table_view import TableView

MINUTE_MS = 60_000


class Listed(Protocol):
    """A row of a list of objects."""

    @property
    def id(self) -> str:
        """The object's id."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def is_archived(self) -> bool:
        """Whether it is put away."""

    @property
    def state(self) -> ObjectState:
        """How it stands."""


Row = TypeVar("Row", bound=Listed)
Row_co = TypeVar("Row_co", covariant=True)


class Rows(Protocol[Row_co]):
    """Where the rows come from, and whether they are there."""

    @property
    def changed(self) -> SignalInstance:
        """Rows, state or problem are new."""

    @property
    def rows(self) -> tuple[Row_co, ...]:
        """The objects."""

    @property
    def state(self) -> LoadState:
        """Whether they are there."""

    @property
    def problem(self) -> CXError | None:
        """Why they are not."""

    def load(self) -> object:
        """Read them anew."""


class Dress(Struct, Generic[Row], frozen=True, kw_only=True):
    """How a list looks and reads; its words are below ``area``: ``<area>.first.title`` etc."""

    area: str
    icon: str
    columns: tuple[Column[Row], ...]
    """The first is the name, which can be edited in place."""
    least: tuple[int, ...]
    """How narrow each column may become."""
    hidden: tuple[int, ...] = ()
    pills: Mapping[int, Callable[[Language, Row], Sequence[Pill]]]
    found_by: Callable[[Row], str]
    """Everything the search looks at."""
    general: str = "objects"
    """Where the words are that several lists share."""


class ListView(QWidget, Generic[Row]):
    """What a page of objects shows first."""

    object_opened = Signal(str)  # id
    new_requested = Signal()
    rename_requested = Signal(object)  # Renaming
    selection_changed = Signal(object)  # tuple[Row, ...]
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        look: Look,
        rows: Rows[Row],
        dress: Dress[Row],
        *,
        why_not_new: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._rows = rows
        self._dress = dress
        self._why_not_new = why_not_new
        self._minutes = QTimer(self, interval=MINUTE_MS)  # « il y a 2 min » grows old
        self._make_parts()
        self._make_states()
        self._lay_out()
        self._connect()
        self._show_rows()

    @property
    def selected_rows(self) -> tuple[Row, ...]:
        """The selected objects."""
        return self.table.selected_rows if self._stack.currentWidget() is self._page else ()

    def select(self, object_id: str) -> None:
        """Select an object, and bring it into view."""
        self.table.select(lambda row: row.id == object_id)

    def rename_selected(self) -> None:
        """Edit the name of the current object in place."""
        self.table.rename_current()

    def focus_search(self) -> None:
        """Put the cursor into the filter."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear_filters(self) -> None:
        """Show every object that is not archived."""
        self._search.clear()
        self._states.show_every()

    def show_permissions(self) -> None:
        """Whether new objects may be made here, and why not."""
        why = self._why_not_new()
        for button in self.makers:
            button.setEnabled(not why)
            button.setToolTip(self._look.language.text(why) if why else "")

    @property
    def makers(self) -> tuple[Button, ...]:
        """The buttons that make a new object."""
        return (self.new, self._first.action)

    def add_action(self, widget: QWidget) -> None:
        """Put a verb of the whole list at its head, before the one that makes a new object."""
        self._header.insert_action(widget)

    def _make_parts(self) -> None:
        look, language, dress = self._look, self._look.language, self._dress
        area, general = dress.area, dress.general
        self._header = PageHeader(look, f"{area}.page.title", text_key=f"{area}.page.about")
        self.new = Button(look, f"{area}.new", kind="primary", icon="plus")
        self._header.add_action(self.new)
        self._search = SearchField(look, f"{area}.search")
        self._states = StateFilter(look, area=general)
        self._archived = QCheckBox()
        language.bind(self._archived, self._archived.setText, f"{general}.show-archived")
        self._count = Label("", "small")
        self._choose = IconButton(look, "columns", "flows.choose-columns")
        self.strip = Strip(look)
        self.toolbar = ListToolbar(look, name_key=f"{general}.toolbar")
        self._model: NamedTable[Row] = NamedTable(dress.columns, language=language, parent=self)
        self.table: TableView[Row] = TableView(
            look, self._model, least=dress.least, hidden=dress.hidden
        )
        language.bind(self.table, self.table.setAccessibleName, f"{area}.table")
        for column, pills in dress.pills.items():
            delegate: PillDelegate[Row] = PillDelegate(look, partial(pills, language), self.table)
            self.table.setItemDelegateForColumn(column, delegate)

    def _make_states(self) -> None:
        look, area = self._look, self._dress.area
        self._skeleton = Skeleton(look)
        self._first = EmptyState(
            look,
            self._dress.icon,
            f"{area}.first.title",
            f"{area}.first.text",
            action_key=f"{area}.new",
        )
        self._nothing = EmptyState(
            look,
            "funnel",
            f"{area}.nothing.title",
            f"{area}.nothing.text",
            action_key="flows.clear-filters",
        )
        self._error = ErrorPanel(look)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(12)
        self._search.setFixedWidth(280)
        for each in (self._search, self._states, self._archived):
            filters.addWidget(each)
        filters.addStretch(1)
        filters.addWidget(self._count)
        filters.addWidget(self._choose)
        self._stack = QStackedWidget()
        self._page = QWidget()
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table, 1)
        rows.addStretch(0)
        for page in (self._page, self._skeleton, self._first, self._nothing, self._error):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._header)
        layout.addWidget(self.strip)
        layout.addLayout(filters)
        layout.addWidget(self.toolbar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._rows.changed.connect(self._show_rows)
        self._look.language.changed.connect(self._filter)
        self._look.language.follow(self, self.show_permissions)
        self._search.textChanged.connect(self._filter)
        self._states.changed.connect(self._filter)
        self._archived.toggled.connect(self._filter)
        self.new.clicked.connect(self.new_requested)
        self._first.action_requested.connect(self.new_requested)
        self._nothing.action_requested.connect(self.clear_filters)
        self._error.retry_requested.connect(self._rows.load)
        self._choose.clicked.connect(self._pop_columns)
        self._model.renamed.connect(self.rename_requested)
        self.table.row_opened.connect(lambda row: self.object_opened.emit(row.id))
        self.table.rows_selected.connect(self._tell_selection)
        self._minutes.timeout.connect(self.table.viewport().update)
        self._minutes.start()
        self.table.menu_wanted.connect(self.menu_wanted)

    def _show_rows(self) -> None:
        self._model.set_rows(self._rows.rows)
        self._filter()
        self._tell_selection()

    def _filter(self) -> None:
        needle = fold(self._search.text()).split()
        state, with_archived = self._states.state, self._archived.isChecked()

        def keeps(row: Row) -> bool:
            if row.is_archived and not (with_archived or state == row.state):
                return False
            if state is not None and row.state != state:
                return False
            text = fold(self._dress.found_by(row))
            return all(word in text for word in needle)

        self.table.filtered.keep(keeps)
        self._show_state()

    def _show_state(self) -> None:
        shown = self.table.filtered.rowCount()
        has_archived = any(row.is_archived for row in self._rows.rows)
        self._archived.setVisible(has_archived)
        match self._rows.state:
            case LoadState.LOADING if not self._rows.rows:
                page: QWidget = self._skeleton
            case LoadState.FAILED:
                self._error.explain(self._rows.problem or CXError("problem.object-not-here"))
                page = self._error
            case _:
                page = self._page if shown else self._emptiness()
        self._stack.setCurrentWidget(page)
        self.toolbar.setVisible(page is self._page)
        self._choose.setVisible(page is self._page)
        count = self._look.language.plural(f"{self._dress.area}.count", shown)
        self._count.setText(count if page is self._page else "")

    def _emptiness(self) -> QWidget:
        is_first_use = all(row.is_archived for row in self._rows.rows)
        is_filtered = bool(self._search.text()) or self._states.state is not None
        return self._first if is_first_use and not is_filtered else self._nothing

    def _tell_selection(self) -> None:
        self.selection_changed.emit(self.selected_rows)

    def _pop_columns(self) -> None:
        corner = self._choose.mapToGlobal(self._choose.rect().bottomLeft())
        self.table.columns_menu().popup(corner)
