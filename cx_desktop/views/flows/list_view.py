"""The list of a project's flows, in its four states, with its filters and verbs."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cx_desktop.domain.errors import CXError
from cx_desktop.models.commands import fold
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.flow_table import FlowTable
from cx_desktop.models.flows import Flows
from cx_desktop.models.load_state import LoadState
from cx_desktop.views.flows import words
from cx_desktop.views.flows.drops import dropped_file
from cx_desktop.views.flows.filters import StateFilter
from cx_desktop.views.flows.list_toolbar import ListToolbar
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import PillDelegate
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel, PageHeader, Skeleton
from cx_desktop.views.widgets.strip import Strip
from cx_desktop.views.widgets.table_view import TableView

MINUTE_MS = 60_000


class FlowListView(QWidget):
    """What the SVI page shows first."""

    flow_opened = Signal(str)  # flow id
    new_requested = Signal()
    import_requested = Signal(object)  # Path of a dropped file, or None to choose one
    rename_requested = Signal(object)  # Renaming
    selection_changed = Signal(object)  # tuple[FlowRow, ...]
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        look: Look,
        flows: Flows,
        *,
        now: Callable[[], datetime],
        why_not_new: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._flows = flows
        self._now = now
        self._why_not_new = why_not_new
        self._minutes = QTimer(self, interval=MINUTE_MS)  # « il y a 2 min » grows old
        self._make_parts()
        self._lay_out()
        self._connect()
        self._show_rows()

    @property
    def selected_rows(self) -> tuple[FlowRow, ...]:
        """The selected flows."""
        return self.table.selected_rows if self._stack.currentWidget() is self._rows else ()

    def select(self, flow_id: str) -> None:
        """Select a flow, and bring it into view."""
        self.table.select(lambda row: row.id == flow_id)

    def rename_selected(self) -> None:
        """Edit the name of the current flow in place."""
        self.table.rename_current()

    def focus_search(self) -> None:
        """Put the cursor into the filter."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear_filters(self) -> None:
        """Show every flow that is not archived."""
        self._search.clear()
        self._states.show_every()

    def show_permissions(self) -> None:
        """Whether new flows may be made here, and why not."""
        why = self._why_not_new()
        for button in (self._new, self._import, self._first.action):
            button.setEnabled(not why)
            button.setToolTip(self._look.language.text(why) if why else "")
        self.setAcceptDrops(not why)

    def _make_parts(self) -> None:
        look, language = self._look, self._look.language
        self._header = PageHeader(look, "flows.page.title", text_key="flows.page.about")
        self._new = Button(look, "flows.new", kind="primary", icon="plus")
        self._import = Button(look, "flows.import", icon="download-simple")
        self._header.add_action(self._import)
        self._header.add_action(self._new)
        self._search = SearchField(look, "flows.search")
        self._states = StateFilter(look)
        self._archived = QCheckBox()
        language.bind(self._archived, self._archived.setText, "flows.show-archived")
        self._count = Label("", "small")
        self._choose = IconButton(look, "columns", "flows.choose-columns")
        self.strip = Strip(look)
        self.toolbar = ListToolbar(look)
        self._model = FlowTable(words.columns(language, self._now), language=language, parent=self)
        self.table: TableView[FlowRow] = TableView(
            look, self._model, least=words.LEAST, hidden=words.HIDDEN
        )
        language.bind(self.table, self.table.setAccessibleName, "flows.table")
        self._dress_table()
        self._skeleton = Skeleton(look)
        self._first = EmptyState(
            look, "tree-structure", "flows.first.title", "flows.first.text", action_key="flows.new"
        )
        self._nothing = EmptyState(
            look,
            "funnel",
            "flows.nothing.title",
            "flows.nothing.text",
            action_key="flows.clear-filters",
        )
        self._error = ErrorPanel(look)

    def _dress_table(self) -> None:
        for column, pills in (
            (words.STATE, words.state_pills),
            (words.FINDINGS, words.findings_pills),
            (words.SENT, words.sent_pills),
        ):
            delegate: PillDelegate[FlowRow] = PillDelegate(
                self._look, partial(pills, self._look.language), self.table
            )
            self.table.setItemDelegateForColumn(column, delegate)

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
        self._rows = QWidget()
        rows = QVBoxLayout(self._rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table)
        rows.addStretch(0)
        for page in (self._rows, self._skeleton, self._first, self._nothing, self._error):
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
        self._flows.changed.connect(self._show_rows)
        self._look.language.changed.connect(self._filter)
        self._look.language.follow(self, self.show_permissions)
        self._search.textChanged.connect(self._filter)
        self._states.changed.connect(self._filter)
        self._archived.toggled.connect(self._filter)
        self._new.clicked.connect(self.new_requested)
        self._first.action_requested.connect(self.new_requested)
        self._import.clicked.connect(lambda: self.import_requested.emit(None))
        self._nothing.action_requested.connect(self.clear_filters)
        self._error.retry_requested.connect(self._flows.load)
        self._choose.clicked.connect(self._pop_columns)
        self._model.renamed.connect(self.rename_requested)
        self.table.row_opened.connect(lambda row: self.flow_opened.emit(row.id))
        self.table.rows_selected.connect(self._tell_selection)
        self._minutes.timeout.connect(self.table.viewport().update)
        self._minutes.start()
        self.table.menu_wanted.connect(self.menu_wanted)

    def _show_rows(self) -> None:
        self._model.set_rows(self._flows.rows)
        self._filter()
        self._tell_selection()

    def _filter(self) -> None:
        needle = fold(self._search.text()).split()
        state, with_archived = self._states.state, self._archived.isChecked()

        def keeps(row: FlowRow) -> bool:
            if row.is_archived and not (with_archived or state == row.state):
                return False
            if state is not None and row.state != state:
                return False
            text = fold(" ".join((row.name, row.description, words.numbers_to_find(row))))
            return all(word in text for word in needle)

        self.table.filtered.keep(keeps)
        self._show_state()

    def _show_state(self) -> None:
        shown = self.table.filtered.rowCount()
        has_archived = any(row.is_archived for row in self._flows.rows)
        self._archived.setVisible(has_archived)
        match self._flows.state:
            case LoadState.LOADING if not self._flows.rows:
                page: QWidget = self._skeleton
            case LoadState.FAILED:
                self._error.explain(self._flows.problem or CXError("problem.object-not-here"))
                page = self._error
            case _:
                page = self._rows if shown else self._emptiness()
        self._stack.setCurrentWidget(page)
        self.toolbar.setVisible(page is self._rows)
        self._choose.setVisible(page is self._rows)
        self._count.setText(
            self._look.language.plural("flows.count", shown) if page is self._rows else ""
        )

    def _emptiness(self) -> QWidget:
        is_first_use = all(row.is_archived for row in self._flows.rows)
        is_filtered = bool(self._search.text()) or self._states.state is not None
        return self._first if is_first_use and not is_filtered else self._nothing

    def _tell_selection(self) -> None:
        self.selection_changed.emit(self.selected_rows)

    def _pop_columns(self) -> None:
        corner = self._choose.mapToGlobal(self._choose.rect().bottomLeft())
        self.table.columns_menu().popup(corner)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.import_requested.emit(path)
