"""What may not be kept any longer goes from profiles that nobody has unlocked.

Failure policy: whatever cannot be deleted now is tried again at the next turn. A profile that is
open is its holder's. The wall clock is believed only as far as it is ahead of every earlier one,
and nothing of it is kept here: whoever sets it right again has lost sounds, which come again.
"""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from cx_desktop.auth.floor import ClockFloor
from cx_desktop.auth.lock import ProfileLock
from cx_desktop.auth.profile import Profile
from cx_desktop.cache.overdue import purge_files, whose_time_is_over
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def purge_before_unlock(profile: Path, clock: Clock) -> None:
    """Delete what is over in a profile that is held by whoever calls."""
    floor = ClockFloor(profile, clock, at_least=_LONG_AGO, keeps=False)
    with contextlib.suppress(CXError):
        purge_files(profile, floor.now())


class Retention:
    """Looks at every profile of this user of this computer, also at those that were put aside."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._floors: dict[Path, ClockFloor] = {}

    def purge(self) -> int:
        """Delete what is over; how many files went."""
        gone = 0
        for profile in sorted(self._root.iterdir()) if self._root.is_dir() else ():
            with contextlib.suppress(CXError):
                gone += self._purge(profile)
        return gone

    def _purge(self, profile: Path) -> int:
        now = self._now(profile)
        if not any(whose_time_is_over(profile, now)):
            return 0
        lock = ProfileLock(profile / Profile.LOCK)
        try:
            return purge_files(profile, now)
        finally:
            lock.release()

    def _now(self, profile: Path) -> datetime:
        """The time that has passed here counts, and what the profile has heard meanwhile."""
        fresh = ClockFloor(profile, self._clock, at_least=_LONG_AGO, keeps=False)
        floor = self._floors.setdefault(profile, fresh)
        floor.heard(fresh.now())
        return floor.now()
