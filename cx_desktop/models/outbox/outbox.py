"""« Modifications à envoyer » as the page sees it: what waits, and what can be done about it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Cache, Changed, Dropped, Keep, Plan
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import encode
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.latest import Latest
from cx_desktop.models.outbox.details import read_details
from cx_desktop.models.outbox.entries import Entry, Listing, State, read_listing
from cx_desktop.models.sync_status import Freshness
from cx_desktop.models.workspace import Workspace

if TYPE_CHECKING:
    from cx_desktop.tasks import Task

#: What comes within this time is read at once.
_REST_MS = 80


class Question(Struct, frozen=True):
    """What a person is asked before edits are dropped."""

    plan: Plan
    asked: tuple[Entry, ...]
    also: tuple[Entry, ...]
    """What was made upon those, and goes with them."""

    @property
    def count(self) -> int:
        """How many edits go."""
        return len(self.plan.all)

    @property
    def is_held(self) -> bool:
        """Whether the service may have one of them already: nothing goes then."""
        return bool(self.plan.held)


class Outbox(QObject):
    """Follows the cache; reads and writes off the GUI thread."""

    changed = Signal()
    detailed = Signal(object)  # Details
    asked = Signal(object)  # Question: what a drop would take along
    dropped = Signal(int)  # how many
    put_back = Signal(int)
    failed = Signal(object)  # CXError

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._cache = workspace.cache
        self._tasks = workspace.tasks
        self._latest = Latest(
            self._tasks,
            lambda: read_listing(workspace.cache, workspace.clock),
            done=self._show,
            failed=self.failed.emit,
        )
        self._undoable = Dropped()
        self._detailing: Task | None = None
        self.listing: Listing | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.load)
        self._news = CacheNews(self._cache, parent=self)
        self._news.committed.connect(self._on_committed)
        self._freshness = workspace.sync_status.freshness
        workspace.sync_status.changed.connect(self._on_sync_changed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every edit that waits, oldest first."""
        return self.listing.entries if self.listing is not None else ()

    @property
    def can_undo(self) -> bool:
        """Whether a drop can still be taken back."""
        return self._undoable.count > 0

    def entry(self, op_id: str) -> Entry | None:
        """One edit, if it still waits."""
        return next((each for each in self.entries if each.op_id == op_id), None)

    def load(self) -> None:
        """Read what waits; a second wish while that is under way is granted after it."""
        self._latest.ask()

    def detail(self, entry: Entry) -> None:
        """Work out what an edit does; ``detailed`` follows, for the last one asked for."""
        if self._detailing is not None:
            self._detailing.cancel()
        self._detailing = self._tasks.run(
            lambda: read_details(self._cache, entry),
            done=self.detailed.emit,
            failed=self.failed.emit,
        )

    def plan_drop(self, op_ids: Iterable[str]) -> None:
        """Find out what dropping these would take along; ``asked`` follows."""
        wanted = tuple(op_ids)
        self._tasks.run(
            lambda: self._cache.outgoing.plan(wanted),
            done=self._ask,
            failed=self.failed.emit,
        )

    def drop(self, question: Question) -> None:
        """Drop what was asked about, no more and no less."""
        plan = question.plan
        self._tasks.run(
            lambda: self._cache.outgoing.drop(plan.all),
            done=self._on_dropped,
            failed=self._on_refused,
        )

    def undo(self) -> None:
        """Make the dropped edits again."""
        dropped, self._undoable = self._undoable, Dropped()
        if dropped.count:
            self._tasks.run(
                lambda: self._cache.outgoing.put_back(dropped),
                done=self._on_put_back,
                failed=self.failed.emit,
            )

    def forget_drops(self) -> None:
        """Nobody takes a drop back any more; files that only dropped edits mentioned go too."""
        dropped, self._undoable = self._undoable, Dropped()
        if dropped.count:
            self._tasks.run(
                lambda: _discard_files(self._cache, dropped),
                done=lambda _none: self.load(),
                failed=self.failed.emit,
            )

    def resolve(self, op_ids: Iterable[str], keep: Keep) -> None:
        """Decide disputed edits."""
        wanted = tuple(op_ids)

        def work() -> None:
            for each in wanted:
                self._cache.resolve(each, keep)

        self._tasks.run(work, done=lambda _none: self._on_resolved(), failed=self.failed.emit)

    def try_again(self, entries: Sequence[Entry]) -> None:
        """Offer refused ones anew, and do not wait for the next turn."""
        refused = [each for each in entries if each.state is State.REFUSED]
        # An action is decided anew at its object: on what is there now, and until when.
        self.resolve([each.op_id for each in refused if not each.is_action], "mine")

    def close(self) -> None:
        """Follow nothing any more."""
        self._rest.stop()
        self._news.close()
        self._workspace.sync_status.changed.disconnect(self._on_sync_changed)

    def _ask(self, plan: Plan) -> None:
        known = {each.op_id: each for each in self.entries}
        asked, also = (
            tuple(known[each] for each in some if each in known) for some in (plan.asked, plan.also)
        )
        if plan.all:
            self.asked.emit(Question(plan, asked, also))

    def _on_resolved(self) -> None:
        self._workspace.sync_now()
        self.load()

    def _on_dropped(self, dropped: Dropped) -> None:
        self._undoable = Dropped((*self._undoable.records, *dropped.records))
        self.dropped.emit(dropped.count)
        self.load()

    def _on_put_back(self, count: int) -> None:
        self.put_back.emit(count)
        self.load()

    def _on_refused(self, error: CXError) -> None:
        self.failed.emit(error)
        self.load()

    def _show(self, listing: Listing) -> None:
        is_news = listing != self.listing
        self.listing = listing
        if is_news:
            self.changed.emit()

    def _on_committed(self, _changed: Changed) -> None:
        self._rest_once()

    def _on_sync_changed(self, freshness: Freshness) -> None:
        known, self._freshness = self._freshness, freshness
        if _moving(known) != _moving(freshness):
            self._rest_once()

    def _rest_once(self) -> None:
        """Not put off by what comes meanwhile: a long sync is followed, too."""
        if not self._rest.isActive():
            self._rest.start()


def _moving(freshness: Freshness) -> tuple[object, ...]:
    """What the list shows of sync."""
    return freshness.unsent, freshness.conflicts, freshness.is_working, freshness.sending


def _discard_files(cache: Cache, dropped: Dropped) -> None:
    """Let go of the files of dropped edits that no prompt mentions, as it stands now."""
    mentioned = b"".join(encode(row.data) for row in cache.rows("prompt"))
    for place in cache.blobs.unsent():
        if place.sha256 in dropped.digests and place.sha256.encode() not in mentioned:
            cache.blobs.discard(place)
