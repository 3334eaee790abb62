"""A clock that cannot be set back: what leases and retention are judged by.

``floor = max(wall clock, last server time + time passed since, highest floor ever kept)``
(``sync.md`` 1.8). Failure policy: a missing or damaged file restarts the floor from ``at_least``,
the beginning of the current lease. A wall clock that was far ahead for a moment would block the
user for as long; the service's own time, from a full sign-in, sets the floor right again.
"""

import contextlib
import threading
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.auth.files import read_small, write_atomically
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock

_FILE = "floor"
_STEP = timedelta(minutes=1)


class _Kept(Struct, frozen=True):
    floor: datetime


class ClockFloor:
    """The floor of one profile; may be asked from any thread.

    One that ``keeps`` nothing only reads how high it is.
    """

    def __init__(
        self, folder: Path, clock: Clock, *, at_least: datetime, keeps: bool = True
    ) -> None:
        self._path = folder / _FILE
        self._clock = clock
        self._keeps = keeps
        self._lock = threading.Lock()
        kept = self._read()
        self._highest = max(at_least, kept) if kept else at_least
        self._kept = kept
        self._anchor = clock.monotonic()

    def now(self) -> datetime:
        """The time it is at the earliest; never less than any earlier answer."""
        with self._lock:
            self._rise(self._clock.now())
            return self._highest

    def heard(self, server_time: datetime) -> None:
        """The service said what time it is."""
        with self._lock:
            self._rise(server_time)

    def set_by_service(self, server_time: datetime) -> None:
        """A full sign-in brought the service's time: it counts, even if the floor was ahead."""
        with self._lock:
            self._highest = server_time
            self._anchor = self._clock.monotonic()
            self._keep()

    def save(self) -> None:
        """Keep the floor as it is now."""
        self.now()
        with self._lock:
            self._keep()

    def _rise(self, candidate: datetime) -> None:
        """Time has passed since the last look, whatever the wall clock says."""
        now = self._clock.monotonic()
        passed = self._highest + timedelta(seconds=now - self._anchor)
        self._highest, self._anchor = max(passed, candidate), now
        if not self._keeps:
            return
        if self._kept is None or self._highest - self._kept >= _STEP:
            with contextlib.suppress(CXError):  # a full disk does not stop the clock
                self._keep()

    def _keep(self) -> None:
        write_atomically(self._path, msgspec.json.encode(_Kept(self._highest)))
        self._kept = self._highest

    def _read(self) -> datetime | None:
        with contextlib.suppress(msgspec.MsgspecError):
            content = read_small(self._path)
            if content is not None:
                kept = msgspec.json.decode(content, type=_Kept).floor
                return kept if kept.tzinfo else None
        return None
