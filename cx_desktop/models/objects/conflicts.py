"""Edits of one object that the service did not take because somebody else wrote there first."""

from msgspec import UNSET, Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Changed, Conflict, Keep
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Json, Path, disturbed, read
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.protocol import Problem
from cx_desktop.tasks import Tasks


class Place(Struct, frozen=True):
    """One place that holds something else here than on the service."""

    path: Path
    mine: Json
    theirs: Json

    @property
    def node(self) -> str | None:
        """The step it is in, if it is in one."""
        inside = self.path[1:] if self.path[0] == "draft" else self.path
        return inside[1] if len(inside) > 1 and inside[0] in {"nodes", "links"} else None


class Dispute(Struct, frozen=True):
    """An edit to decide: the places where both wrote, and who the other one is."""

    op_id: str
    places: tuple[Place, ...]
    who: str
    refused: str
    """The problem's name where the service refused the edit for another reason."""
    problem: Problem | None = None

    @property
    def error(self) -> CXError | None:
        """That reason, for which the catalogue has words."""
        return ServiceProblem(self.problem) if self.problem is not None else None


class Conflicts(QObject):
    """The open disputes of one object; each is decided by ``resolve``."""

    changed = Signal()
    failed = Signal(object)  # CXError

    def __init__(
        self, object_id: str, *, cache: Cache, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._object_id = object_id
        self._cache = cache
        self._tasks = tasks
        self.disputes: tuple[Dispute, ...] = ()
        self._news = CacheNews(cache, parent=self)
        self._news.committed.connect(self._on_committed)

    def load(self) -> None:
        """Look which disputes there are."""
        self._tasks.run(self._read, done=self._show, failed=self.failed.emit)

    def resolve(self, op_id: str, keep: Keep) -> None:
        """Offer *mine* again, or take *theirs*."""
        self._tasks.run(
            lambda: self._cache.resolve(op_id, keep),
            done=lambda _none: self.load(),
            failed=self.failed.emit,
        )

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()

    def _read(self) -> tuple[Dispute, ...]:
        return tuple(
            _dispute(each) for each in self._cache.conflicts() if each.id == self._object_id
        )

    def _show(self, disputes: tuple[Dispute, ...]) -> None:
        if disputes != self.disputes:
            self.disputes = disputes
            self.changed.emit()

    def _on_committed(self, changed: Changed) -> None:
        if changed.origin == "remote" and self._object_id in changed.ids:
            self.load()


def _dispute(conflict: Conflict) -> Dispute:
    theirs = conflict.theirs or {}
    author = object_facts(theirs).updated_by if theirs else None
    touched: tuple[Change, ...] = disturbed(theirs, conflict.changes) if theirs else ()
    return Dispute(
        op_id=conflict.op_id,
        places=tuple(
            Place(path=each.path, mine=each.value, theirs=read(theirs, each.path))
            for each in touched or conflict.changes
        ),
        who=author.name if author else "",
        refused=conflict.problem.name if conflict.problem else "",
        problem=conflict.problem,
    )


def is_gone(value: Json) -> bool:
    """Whether a place does not exist on that side."""
    return value is UNSET
