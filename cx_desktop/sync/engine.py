"""The sync engine: one thread that thinks and asks, one that listens for hints.

Failure policy: what goes wrong outside is an event for the core, which decides about pauses and
resets; whatever the network does, nothing here deletes anything. Silence on the line of hints, or
its end, costs nothing but a new connection and a pull. A bug ends the thread it is in and reaches
``threading.excepthook``; the status then says *stopped*.
"""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import Empty, SimpleQueue
from random import Random
from typing import TYPE_CHECKING

import msgspec

from cx_desktop.cache import Cache, Changed, Checked
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import Hint, Welcome
from cx_desktop.sync import core, events
from cx_desktop.sync.cycle import Cycle
from cx_desktop.sync.events import Event, Phase, State
from cx_desktop.sync.heeding import Heeding
from cx_desktop.sync.holds import Holds
from cx_desktop.sync.listener import HintListener
from cx_desktop.sync.plays import tell_plays
from cx_desktop.sync.sounds import SoundDownloads
from cx_desktop.sync.status import SyncStatus, status_of

if TYPE_CHECKING:
    from datetime import datetime

#: How often, in seconds, what may not be kept any longer is looked for; also without a network.
_PURGE_EACH = 60.0
#: How long ``stop`` waits for a question that is on its way.
_PATIENCE = 15.0


class Engine:
    """Keeps one cache equal to one service, for one device."""

    def __init__(
        self,
        *,
        cache: Cache,
        client: ServiceClient,
        device_id: str,
        clock: Clock,
        random: Random,
        on_status: Callable[[SyncStatus], None],
    ) -> None:
        self._cache = cache
        self._client = client
        self._clock = clock
        self._on_status = on_status
        self._cycle = Cycle(
            cache=cache,
            client=client,
            device_id=device_id,
            clock=clock,
            random=random,
            on_welcome=self._welcomed,
        )
        self.holds = Holds(cache, lambda: self.poke(is_urgent=True))
        """Lets persons and the system hold large loads."""
        self._cycle.on_part = self._part_came
        self._cycle.files.on_part = self._tell
        self._cycle.hold = lambda: self.holds.now
        self.sounds = SoundDownloads(cache, client, clock)
        """Brings the sounds of recordings that are wanted here."""
        self._state = State(epoch=cache.sync.epoch)
        self._purge_at = 0.0
        self._inbox: SimpleQueue[events.Woken | None] = SimpleQueue()
        self._one_at_a_time = threading.Lock()
        self._telling = threading.RLock()  # who is told may stop us
        self._is_stopped = threading.Event()
        self._control: threading.Thread | None = None
        self._hints = HintListener(client, random, self._hinted)
        self._welcomes: list[Callable[[Welcome], None]] = []
        self._unsubscribe: Callable[[], None] = lambda: None
        self._status = status_of(self._state, cache)

    @property
    def status(self) -> SyncStatus:
        """What may be said about sync now, read afresh."""
        return status_of(self._state, self._cache)

    def each_welcome(self, listener: Callable[[Welcome], None]) -> None:
        """Hand every answer to hello (the fresh lease, the service's time) to ``listener``."""
        self._welcomes.append(listener)

    def each_repair(self, listener: Callable[[Checked], None]) -> None:
        """Hand what a comparison with the service has mended to ``listener``."""
        self._cycle.repair.listeners.append(listener)

    def judge_lateness_by(self, floor: Callable[[], "datetime"]) -> None:
        """Take this clock, which cannot be set back, for what must not happen too late."""
        self._cycle.floor = floor

    def heed(self, heeding: Heeding) -> None:
        """Ask what the service orders of this device, when it says that there is something."""
        self._cycle.heeding = heeding

    def start(self) -> None:
        """Begin to keep both sides equal."""
        self._unsubscribe = self._cache.subscribe(self._changed)
        self._control = threading.Thread(target=self._run, name="sync", daemon=True)
        self._control.start()
        self._hints.start()

    def stop(self) -> None:
        """End both threads; a question on its way is waited for."""
        self._is_stopped.set()
        self._cycle.files.stop()
        self._unsubscribe()
        self._hints.stop()
        self._inbox.put(None)
        if self._control is not None:
            self._control.join(_PATIENCE)
        self._halt()

    def poke(self, *, is_urgent: bool = False) -> None:
        """Something may have moved here; an urgent poke does not wait for a pause to end."""
        self._inbox.put(events.Woken(self._clock.monotonic(), is_urgent))

    def sync_once(self) -> SyncStatus:
        """Run a whole cycle now, on this thread; raises what kept it from its end.

        When it returns, every edit made before was sent that could be, and the cache has all that
        the service had.
        """
        with self._one_at_a_time:
            self._advance(events.Woken(self._clock.monotonic(), is_urgent=True))
            problem = self._state.problem
        if problem is not None:
            raise problem
        return self.status

    def _run(self) -> None:
        try:
            self.poke()
            # Cancelled: the cache was closed under a question that outlived our patience.
            with suppress(CancelledError):
                while (event := self._next()) is not None and not self._is_stopped.is_set():
                    with self._one_at_a_time:
                        self._advance(event)
                        self._bring_sounds()
        finally:
            self._halt()

    def _purge(self) -> None:
        now = self._clock.monotonic()
        if now >= self._purge_at:
            self._purge_at = now + _PURGE_EACH
            if not self._cache.purging.turn(self._is_free):
                self._purge_at = now

    def _next(self) -> events.Woken | None:
        """What woke us: a poke, or the time. Pokes that came meanwhile count as one."""
        event: events.Woken | None
        while True:
            self._purge()
            wake_at = min(self._state.wake_at, self._purge_at)
            try:
                event = self._inbox.get(timeout=max(0.0, wake_at - self._clock.monotonic()))
            except Empty:
                if wake_at < self._state.wake_at:
                    continue
                event = events.Woken(self._clock.monotonic())
            return self._with_later(event)

    def _bring_sounds(self) -> None:
        """Tell what was heard, and bring sounds, while nothing else is to be done."""
        if self._state.phase is not Phase.IDLE:
            return
        tell_plays(self._cache, self._client, self._is_free)
        if not self.holds.now.stops_files:
            self.sounds.bring(self._is_free)

    def _is_free(self) -> bool:
        """Whether nothing waits for this thread."""
        return self._inbox.empty() and not self._is_stopped.is_set()

    def _with_later(self, event: events.Woken | None) -> events.Woken | None:
        """The same, and all that came meanwhile, as one."""
        with suppress(Empty):
            while event is not None:
                later = self._inbox.get_nowait()
                urgent = later is not None and (event.is_urgent or later.is_urgent)
                event = None if later is None else events.Woken(later.now, urgent)
        return event

    def _advance(self, event: Event) -> None:
        """Step by step until the core rests, or the engine is stopped."""
        pending: Event | None = event
        try:
            while pending is not None and not self._is_stopped.is_set():
                self._state, effects = core.step(self._state, pending)
                self._tell()
                pending = None
                for effect in effects:
                    pending = self._cycle.perform(effect) or pending
        finally:
            if self._state.busy:  # stopped, or a bug: a next cycle must be able to begin
                self._state = msgspec.structs.replace(self._state, busy=False, phase=Phase.STOPPED)
        self._tell()
        if self._state.phase is Phase.IDLE:
            self._hints.connect()

    def _part_came(self, part: events.Part) -> bool:
        """A part of a long load is here: say how far it is, and whether to go on."""
        if not self._inbox.empty():
            woken = self._with_later(events.Woken(self._clock.monotonic()))
            if woken is None:  # the engine ends
                return False
            self._state, _ = core.step(self._state, woken)
        self._state, effects = core.step(self._state, part)
        self._hints.connect()  # what others change meanwhile goes before the rest of a long load
        self._tell()
        return not effects and not self._is_stopped.is_set()

    def _welcomed(self, welcome: Welcome) -> None:
        for listener in self._welcomes:
            listener(welcome)

    def _changed(self, changed: Changed) -> None:
        if changed.entity_type == "recording":  # one that is due may have come back, by a repair
            self._purge_at = 0.0
        if changed.origin == "local":
            self._tell()
            self.poke()

    def _hinted(self, hint: Hint | None) -> None:
        """A hint, or a line newly opened: then the service is certainly there again."""
        if hint is None or self._is_news(hint):
            self.poke(is_urgent=hint is None)

    def _is_news(self, hint: Hint) -> bool:
        known = {each.name: each.high_seq for each in self._cache.sync.streams()}
        return hint.epoch != self._state.epoch or any(
            seq > known.get(name, 0) for name, seq in hint.streams.items()
        )

    def _halt(self) -> None:
        self._state = msgspec.structs.replace(self._state, busy=False, phase=Phase.STOPPED)
        self._tell()

    def _tell(self) -> None:
        with self._telling, suppress(CXError):
            status = status_of(self._state, self._cache)
            if status != self._status:
                self._status = status
                self._on_status(status)
