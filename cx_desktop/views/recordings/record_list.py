"""The list of recordings in its states: rows, on their way, none yet, none so filtered, failed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.sync_status import Freshness
from cx_desktop.views.recordings.table import RecordTable
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel, Skeleton


class RecordList(QStackedWidget):
    """One of its states is shown."""

    clear_requested = Signal()

    def __init__(self, look: Look, desk: RecordingDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table = RecordTable(look, desk)
        self._page = QWidget()
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table, 1)
        rows.addStretch(0)
        self._skeleton = Skeleton(look)
        self.first = EmptyState(
            look, "headphones", "recordings.first.title", "recordings.first.text"
        )
        self.nothing = EmptyState(
            look,
            "funnel",
            "recordings.nothing.title",
            "recordings.nothing.text",
            action_key="recordings.filter.clear",
        )
        self.failed = ErrorPanel(look)
        for page in (self._page, self._skeleton, self.first, self.nothing, self.failed):
            self.addWidget(page)
        self.setMinimumHeight(150)
        self.nothing.action_requested.connect(self.clear_requested)
        self.failed.retry_requested.connect(desk.load)
        desk.rows.changed.connect(self._show)
        desk.rows.whole.connect(self._show)
        desk.workspace.sync_status.changed.connect(self._on_sync_changed)
        self._show()

    @property
    def shows_rows(self) -> bool:
        """Whether there are rows to be seen."""
        return self.currentWidget() is self._page

    def _on_sync_changed(self, _freshness: Freshness) -> None:
        if not self._desk.rows.count:  # they may be on their way, or really none
            self._show()

    def _show(self) -> None:
        rows = self._desk.rows
        if rows.state is LoadState.FAILED:
            self.failed.explain(rows.problem or CXError("problem.object-not-here"))
            page: QWidget = self.failed
        elif rows.count:
            page = self._page
        elif not rows.is_whole or self._desk.is_loading:
            page = self._skeleton
        else:
            page = self.first if self._desk.filters.is_plain else self.nothing
        self.setCurrentWidget(page)
