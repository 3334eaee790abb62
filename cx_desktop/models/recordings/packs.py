"""*Prepare my trip*: recordings whose sound is taken along, what that costs, how far it is.

What is wanted is kept with the cache, and the engine brings it when it rests; this only asks and
tells. Nobody is locked out while sounds come: it counts as activity, for as long as they do come.
"""

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum, auto
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cx_desktop.cache import Changed, Tally
from cx_desktop.cache.packing import MOST, Plan
from cx_desktop.cache.sound_rows import CHANGED
from cx_desktop.domain.errors import CXError
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.workspace import Workspace

if TYPE_CHECKING:
    from cx_desktop.tasks import Task

__all__ = ["MOST", "Mood", "Pack", "Packs", "Plan", "Source", "Tally"]

#: What comes from the engine is told so often at most.
_EACH_MS = 200
#: After so many seconds in which nothing came, it is no activity any more.
_PATIENCE = 120.0
_LOOK_MS = 20_000

Choice = Callable[[], Sequence[str]]


class Source(Struct, frozen=True):
    """Where recordings to take along are chosen from."""

    key: str
    """Its words are ``packs.source.<key>``."""
    count: Callable[[], int | None]
    """How many there are now; 0 where there is nothing to choose, None before it is planned."""
    capture: Callable[[], Choice]
    """What is chosen now; what it gives is asked for the ids on the pool."""
    name: str = ""
    """What somebody called it; its words may show it as ``{name}``."""


class Mood(Enum):
    """How a pack stands."""

    EMPTY = auto()
    READY = auto()
    COMING = auto()
    WAITING = auto()
    """For the network."""
    HELD = auto()
    """For a line that is not paid by volume."""
    STOPPED = auto()
    """Something is in the way of all that is left: ``problem``."""
    PARTLY = auto()
    """What is missing will not come: ``problem`` says why."""


class Pack(Struct, frozen=True):
    """What is on this computer, and what is on its way."""

    mood: Mood = Mood.EMPTY
    tally: Tally = Tally()
    done: int = 0
    """Bytes of the one that is coming now."""
    problem: CXError | None = None
    first_day: date | None = None
    """From which day on the first of it is not here any more, where the project is."""

    @property
    def share(self) -> float:
        """How much of it is here, from 0 to 1."""
        here = min(self.tally.size, self.tally.size_here + self.done)
        return here / self.tally.size if self.tally.size else float(self.mood is Mood.READY)


class Packs(QObject):
    """Takes recordings along, and tells how far that is."""

    changed = Signal()
    planned = Signal(object)  # Plan
    found_here = Signal(object)  # tuple[str, ...]: what is on this computer, or was to come
    failed = Signal(object)  # CXError
    busy_changed = Signal(bool)  # whether sounds are coming, which counts as activity
    _heard = Signal()

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.sources: tuple[Source, ...] = ()
        self.kept: Callable[[], tuple[Source, ...]] = tuple
        """Those that somebody named, asked for whenever the planner opens."""
        self.pack = Pack()
        self.is_busy = False
        self._moved_at = 0.0
        self._reasons: dict[str, CXError] = {}
        self._planning: Task | None = None
        self._lock = Lock()
        self._is_open, self._is_told = True, False
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._soon = QTimer(self, interval=_EACH_MS, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self.refresh)
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        workspace.engine.sounds.on_part = self._hear
        workspace.sync_status.changed.connect(self._later)
        self.refresh()

    def close(self) -> None:
        """Hear of nothing any more."""
        with self._lock:
            self._is_open = False
        self._workspace.engine.sounds.on_part = lambda: None
        self._workspace.sync_status.changed.disconnect(self._later)
        self._news.close()
        self._soon.stop()
        self._looks.stop()
        self._set_busy(is_busy=False)

    def plan(self, source: Source) -> None:
        """Find out what it would cost to take these along; ``planned`` follows."""
        choice, packing = source.capture(), self._workspace.cache.packing
        if self._planning is not None:
            self._planning.cancel()
        self._planning = self._workspace.tasks.run(
            lambda: packing.plan(choice()), done=self.planned.emit, failed=self.failed.emit
        )

    def take(self, plan: Plan) -> None:
        """Take along what was planned."""
        sounds = self._workspace.cache.sounds
        self._moved_at = self._workspace.clock.monotonic()
        self._workspace.tasks.run(
            lambda: sounds.want(plan.sounds), done=self._go_on, failed=self.failed.emit
        )

    def try_again(self) -> None:
        """Ask again for what did not come."""
        self._workspace.engine.sounds.try_again()
        self._go_on(None)

    def load_anyway(self) -> None:
        """Let it come on whatever line."""
        self._workspace.resume_loads()

    def look_here(self, choice: Choice) -> None:
        """Find out which of these are on this computer; ``found_here`` follows."""
        sounds = self._workspace.cache.sounds
        self._workspace.tasks.run(
            lambda: tuple(each for each in choice() if sounds.of(each) is not None),
            done=self.found_here.emit,
            failed=self.failed.emit,
        )

    def remove(self, recordings: Sequence[str]) -> None:
        """Take these off this computer again; what is on the service stays there."""
        sounds = self._workspace.cache.sounds
        self._workspace.tasks.run(lambda: sounds.destroy(recordings), failed=self.failed.emit)

    def remove_all(self) -> None:
        """Take everything off this computer again."""
        self.remove([each.id for each in self._workspace.cache.sounds.all()])

    @Slot()
    def refresh(self) -> None:
        """Look at how it stands."""
        before, self.pack = self.pack, self._look()
        now = self._workspace.clock.monotonic()
        if self.pack.share != before.share:
            self._moved_at = now
        is_coming = self.pack.mood is Mood.COMING
        self._set_busy(is_busy=is_coming and now - self._moved_at < _PATIENCE)
        if is_coming != self._looks.isActive():
            self._looks.start() if is_coming else self._looks.stop()
        if self.pack != before:
            self.changed.emit()

    def _look(self) -> Pack:
        tally = self._workspace.cache.sounds.tally()
        sounds = self._workspace.engine.sounds
        mood, problem = self._mood(tally, sounds.problem)
        done = sounds.now.done if mood is Mood.COMING else 0
        end = tally.first_end
        day = None if end is None else end.astimezone(self._workspace.zone).date()
        return Pack(mood, tally, done, problem, day)

    def _mood(self, tally: Tally, ended: CXError | None) -> tuple[Mood, CXError | None]:
        if not tally.count:
            return Mood.EMPTY, None
        if tally.here == tally.count:
            return Mood.READY, None
        if tally.here + sum(tally.problems.values()) >= tally.count:
            key = max(tally.problems, key=lambda each: tally.problems[each])
            return Mood.PARTLY, self._reasons.setdefault(key, CXError(key))
        if not self._workspace.sync_status.freshness.is_online:
            return Mood.WAITING, None
        if self._workspace.engine.holds.now.stops_files:
            return Mood.HELD, None
        if ended is not None and not ended.retryable:
            return Mood.STOPPED, ended
        return Mood.COMING, None

    def _go_on(self, _done: None) -> None:
        self._workspace.sync_now()
        self.refresh()

    def _set_busy(self, *, is_busy: bool) -> None:
        if is_busy != self.is_busy:
            self.is_busy = is_busy
            self.busy_changed.emit(is_busy)

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type == CHANGED:
            self._later()

    def _hear(self) -> None:
        """Engine's thread: something came. Told once until it was looked at."""
        with self._lock:
            if self._is_open and not self._is_told:
                self._is_told = True
                self._heard.emit()

    @Slot()
    def _on_heard(self) -> None:
        with self._lock:
            self._is_told = False
        self._later()

    def _later(self) -> None:
        if self._is_open and not self._soon.isActive():
            self._soon.start()
