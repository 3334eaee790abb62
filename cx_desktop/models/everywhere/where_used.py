"""« Utilisé par »: all that can be used in the project in view, followed while it is shown."""

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Changed
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import Target
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.everywhere.places import Subject, read_subjects
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.workspace import Workspace

#: Commits that follow each other this closely are read together.
GATHER_MS = 200
_MATTERS = frozenset({"flow", "schedule", "prompt", "queue", "number", "revision"})


class WhereUsed(QObject):
    """Reads when it is asked to; then again whenever something changed, while it is followed."""

    changed = Signal()  # subjects, state or problem are new

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._is_followed = False
        self._latest = Latest(
            workspace.tasks,
            self._read,
            done=self._on_read,
            failed=self._on_failed,
        )
        self.subjects: tuple[Subject, ...] = ()
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._latest.ask)
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        workspace.project_changed.connect(self._on_project_changed)

    def follow(self, *, is_followed: bool) -> None:
        """Read now, and again when something changes; or stop doing so."""
        self._is_followed = is_followed
        if is_followed:
            self._latest.ask()

    def subject(self, target: Target) -> Subject | None:
        """Something that can be used, with its places."""
        return next((each for each in self.subjects if each.target == target), None)

    def close(self) -> None:
        """Stop following the cache."""
        self._workspace.project_changed.disconnect(self._on_project_changed)
        self._news.close()
        self._gather.stop()

    def _on_project_changed(self) -> None:
        self.subjects, self.state = (), LoadState.LOADING  # they are another project's
        self.changed.emit()
        if self._is_followed:
            self._latest.ask_anew()

    def _on_committed(self, changed: Changed) -> None:
        if self._is_followed and changed.entity_type in _MATTERS:
            self._gather.start()

    def _read(self) -> tuple[Subject, ...]:
        project = self._workspace.project
        return () if project is None else read_subjects(self._workspace.cache, project.id)

    def _on_read(self, subjects: tuple[Subject, ...]) -> None:
        is_news = subjects != self.subjects or self.state is not LoadState.READY
        self.subjects, self.state, self.problem = subjects, LoadState.READY, None
        if is_news:
            self.changed.emit()

    def _on_failed(self, error: CXError) -> None:
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()
