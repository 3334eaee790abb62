"""The schedules, prompts or queues of the project in view: a list that follows the cache.

Names and drafts change on this device at once and are sent later. What callers hear changes by
publishing alone; archiving and restoring are guarded: the service decides, so they need it.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Changed, Edit, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, change
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.guarded import needs_service
from cx_desktop.models.later import Wish
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.objects.creating import New
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.models.objects.kinds import Kind, ObjectCalls, Shelved
from cx_desktop.models.objects.reading import read_shelf
from cx_desktop.models.workspace import Workspace

Draft = TypeVar("Draft")

#: Commits that follow each other this closely are shown together.
GATHER_MS = 60
_MATTERS = frozenset({"flow", "schedule", "prompt", "queue", "form", "revision"})


class Shelf(QObject, Generic[Draft]):
    """The objects of one type, in the order of their names, archived ones last."""

    changed = Signal()  # rows, state or problem are new
    created = Signal(str)  # the id of a new object, saved on this device
    archived = Signal(str)  # the id of an object that was just put away
    restored = Signal(str)
    could_wait = Signal(object)  # tuple[Wish, ...]: the service cannot be asked now
    in_use = Signal(object)  # Shelved that was not put away: see its uses
    failed = Signal(object)  # CXError of something that somebody wanted done

    def __init__(
        self, kind: Kind[Draft], workspace: Workspace, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._workspace = workspace
        self._latest = Latest(
            workspace.tasks,
            lambda: read_shelf(workspace.cache, kind, self.project_id),
            done=self._show,
            failed=self._fail,
        )
        self.rows: tuple[Shelved[Draft], ...] = ()
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._latest.ask)
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        workspace.project_changed.connect(self.load)

    @property
    def project_id(self) -> str:
        """The project in view; "" while there is none."""
        project = self._workspace.project
        return project.id if project is not None else ""

    def load(self, _project: object = None) -> None:
        """Read the list anew, as after a change of project or a failure."""
        self.rows, self.state = (), LoadState.LOADING  # they may be another project's
        self.changed.emit()
        self._latest.ask_anew()

    def row(self, object_id: str) -> Shelved[Draft] | None:
        """One object of the list."""
        return next((each for each in self.rows if each.id == object_id), None)

    def create(self, name: str, draft: Document, *, description: str = "") -> None:
        """A new object with this draft, on this device at once; nothing of it is live."""
        new = New(self.kind.name, self._workspace.ids.new(), name, draft, description)
        edit = new.edit(self.project_id)

        def work() -> str:
            self._workspace.cache.edit(edit)
            return new.id

        self._workspace.tasks.run(work, done=self.created.emit, failed=self.failed.emit)

    def set_field(self, object_id: str, name: str, value: str) -> None:
        """Change the name or the description of an object, on this device at once."""
        kind = self.kind.name

        def work() -> None:
            made = change(self._known(object_id).data, (name,), value)
            if made.value != made.was:
                edit = Edit(entity_type=kind, id=object_id, changes=(made,))
                self._workspace.cache.edit(edit)

        self._workspace.tasks.run(work, failed=self.failed.emit)

    def archive(self, object_id: str) -> None:
        """Put an object away, unless something uses it."""
        row = self.row(object_id)
        if row is not None and row.uses:
            self.in_use.emit(row)
            return
        wish = Wish(self.kind.name, object_id, "archive")
        self._guard(wish, self._calls.archive, self.archived.emit)

    def restore(self, object_id: str) -> None:
        """Take an object out again."""
        wish = Wish(self.kind.name, object_id, "restore")
        self._guard(wish, self._calls.restore, self.restored.emit)

    def close(self) -> None:
        """Stop following the cache."""
        self._workspace.project_changed.disconnect(self.load)
        self._news.close()
        self._gather.stop()

    @property
    def _calls(self) -> ObjectCalls:
        return self.kind.calls(self._workspace.client)

    def _guard(
        self, wish: Wish, act: Callable[[str, str], Document], done: Callable[[str], object]
    ) -> None:
        sync_now = self._workspace.engine.sync_once

        def work() -> str:
            sync_now()  # the service compares versions: only what it said last is current
            act(wish.id, object_facts(self._known(wish.id).data).etag)
            sync_now()
            return wish.id

        self._workspace.tasks.run(
            work, done=done, failed=lambda error: self._not_done(needs_service(error), wish)
        )

    def _not_done(self, error: CXError, wish: Wish) -> None:
        """Without the service: offer to wait for it, where that can be."""
        if error.key == "problem.needs-service" and wish.can_wait:
            self.could_wait.emit((wish,))
        else:
            self.failed.emit(error)

    def _known(self, object_id: str) -> Row:
        row = self._workspace.cache.row(self.kind.name, object_id)
        if row is None:
            raise CXError("problem.object-not-here")
        return row

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type in _MATTERS and not self._gather.isActive():
            self._gather.start()

    def _show(self, rows: tuple[Shelved[Draft], ...]) -> None:
        self.rows, self.state, self.problem = rows, LoadState.READY, None
        self.changed.emit()

    def _fail(self, error: CXError) -> None:
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()
