"""The flows of the project in view: a list that follows the cache."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Cache, Changed
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.flow_rows import FlowRow, FlowRows
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.tasks import Tasks

#: Commits that follow each other this closely are shown together.
GATHER_MS = 60


class Flows(QObject):
    """What the list shows. One read is under way at a time; commits meanwhile cause the next."""

    changed = Signal()  # rows, state or problem are new
    context_changed = Signal(object)  # Context: the names or options of the project are others

    def __init__(
        self,
        *,
        cache: Cache,
        tasks: Tasks,
        rows: Callable[[], FlowRows],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._make_reader = rows
        self._reader = rows()
        self._moved: set[str] = set()
        self._is_stale = True
        self._is_reading = False
        self.rows: tuple[FlowRow, ...] = ()
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self.context = Context()
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._read)
        self._news = CacheNews(cache, parent=self)
        self._news.committed.connect(self._on_committed)

    def load(self) -> None:
        """Read the list anew, as after a change of project or a failure."""
        self._reader = self._make_reader()
        self.rows = ()  # they may be another project's
        self._is_stale = True
        self.state = LoadState.LOADING
        self.changed.emit()
        self._read()

    def row(self, flow_id: str) -> FlowRow | None:
        """The row of a flow, if it is in the list."""
        return next((row for row in self.rows if row.id == flow_id), None)

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()
        self._gather.stop()

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type == "flow":
            self._moved |= changed.ids
        elif changed.entity_type == "revision":  # drafts may turn out to be what is live
            self._moved |= {row.id for row in self.rows if row.state is ObjectState.AHEAD}
        elif changed.entity_type in {"queue", "schedule", "prompt", "project"}:
            self._is_stale = True
        elif changed.entity_type != "number":
            return
        if not self._gather.isActive():
            self._gather.start()

    def _read(self) -> None:
        if self._is_reading:
            self._gather.start()
            return
        self._is_reading = True
        reader, moved, is_stale = self._reader, frozenset(self._moved), self._is_stale
        self._moved.clear()
        self._is_stale = False
        self._tasks.run(
            reader.read if is_stale else lambda: reader.refresh(moved),
            done=lambda rows: self._show(reader, rows),
            failed=self._fail,
        )

    def _show(self, reader: FlowRows, rows: tuple[FlowRow, ...]) -> None:
        self._is_reading = False
        if reader is not self._reader:
            return
        self.rows, self.state, self.problem = rows, LoadState.READY, None
        if reader.context != self.context:
            self.context = reader.context
            self.context_changed.emit(self.context)
        self.changed.emit()

    def _fail(self, error: CXError) -> None:
        self._is_reading = False
        self._is_stale = True
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()
