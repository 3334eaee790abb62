"""The revisions of one object, newest first, as they come into the cache."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Changed
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.objects.facts import ObjectFacts, RevisionFacts, object_facts, revision_facts
from cx_desktop.tasks import Tasks


class RevisionRow(Struct, frozen=True):
    """One revision in the list; its document is read when it is opened."""

    id: str
    number: int
    message: str
    published_at: datetime | None
    published_by: str
    is_live: bool
    returned_from: int | None


def revisions_of(cache: Cache, found: ObjectFacts) -> tuple[RevisionFacts, ...]:
    """The revisions of an object that this device knows, newest first. Not for the GUI thread."""
    revisions = [revision_facts(row.data) for row in cache.revisions(found.id)]
    return tuple(sorted(revisions, key=lambda revision: -revision.number))


class Revisions(QObject):
    """What was published of an object, and which of it callers hear now."""

    changed = Signal()  # rows, state or problem are new

    def __init__(
        self,
        target: Target,
        *,
        cache: Cache,
        tasks: Tasks,
        filled: Callable[[Document], Document] = dict,
        parent: QObject | None = None,
    ) -> None:
        """``filled`` gives a document the parts that may be left out of it."""
        super().__init__(parent)
        self._target = target
        self._filled = filled
        self._cache = cache
        self._tasks = tasks
        self.rows: tuple[RevisionRow, ...] = ()
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self._news = CacheNews(cache, parent=self)
        self._news.committed.connect(self._on_committed)

    @property
    def live(self) -> RevisionRow | None:
        """The revision that callers hear."""
        return next((row for row in self.rows if row.is_live), None)

    def load(self) -> None:
        """Read them from the cache."""
        self._tasks.run(self._read, done=self._show, failed=self._fail)

    def document(
        self,
        number: int,
        *,
        done: Callable[[Document], object],
        failed: Callable[[CXError], object],
    ) -> None:
        """The document of one revision."""
        wanted = next((row.id for row in self.rows if row.number == number), "")

        def read() -> Document:
            row = self._cache.row("revision", wanted)
            if row is None:
                raise CXError("problem.revision-not-here", number=number)
            return self._filled(revision_facts(row.data).document)

        self._tasks.run(read, done=done, failed=failed)

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()

    def _read(self) -> tuple[RevisionRow, ...]:
        found = self._cache.row(self._target.type, self._target.id)
        if found is None:
            return ()
        facts = object_facts(found.data)
        return tuple(
            RevisionRow(
                id=revision.id,
                number=revision.number,
                message=revision.message,
                published_at=revision.published_at,
                published_by=revision.published_by.name if revision.published_by else "",
                is_live=revision.number == facts.live_revision,
                returned_from=revision.returned_from,
            )
            for revision in revisions_of(self._cache, facts)
        )

    def _show(self, rows: tuple[RevisionRow, ...]) -> None:
        self.rows, self.state, self.problem = rows, LoadState.READY, None
        self.changed.emit()

    def _fail(self, error: CXError) -> None:
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()

    def _on_committed(self, changed: Changed) -> None:
        if changed.origin == "remote" and (
            changed.entity_type == "revision"
            or (changed.entity_type == self._target.type and self._target.id in changed.ids)
        ):
            self.load()
