"""When a publication happens, and when what was live before comes back: as typed, and as meant.

What is typed is what clocks show where the project is; what is meant is an instant.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.wall_time import instants_of


class Part(StrEnum):
    """One of the two times."""

    AT = "at"
    RETURNS_AT = "returns_at"


class Timing(Struct, frozen=True):
    """When something happens; without any time it happens now, and stays."""

    at: datetime | None = None
    returns_at: datetime | None = None
    whatever_is_live: bool = False

    @property
    def is_now(self) -> bool:
        """Whether nothing is left for later."""
        return self.at is None and self.returns_at is None


class Typed(Struct, frozen=True):
    """The two times as clocks show them."""

    at: datetime | None = None
    returns_at: datetime | None = None
    whatever_is_live: bool = False

    def timing(self, zone: ZoneInfo) -> Timing:
        """What is meant; an hour that clocks show twice is the first one, a skipped one none."""
        return Timing(
            at=_instant(self.at, zone),
            returns_at=_instant(self.returns_at, zone),
            whatever_is_live=self.whatever_is_live,
        )

    def faults(self, zone: ZoneInfo, now: datetime) -> Mapping[Part, CXError]:
        """What is wrong with each time, if anything."""
        found = {
            part: fault
            for part, shown in ((Part.AT, self.at), (Part.RETURNS_AT, self.returns_at))
            if shown is not None and (fault := _fault(shown, zone, now)) is not None
        }
        meant = self.timing(zone)
        if (
            not found
            and meant.at is not None
            and meant.returns_at is not None
            and meant.returns_at <= meant.at
        ):
            found[Part.RETURNS_AT] = CXError("problem.return-before")
        return found

    def comes_twice(self, zone: ZoneInfo) -> bool:
        """Whether clocks show one of the times twice."""
        times = (each for each in (self.at, self.returns_at) if each is not None)
        return any(len(instants_of(each, zone)) > 1 for each in times)


def _instant(shown: datetime | None, zone: ZoneInfo) -> datetime | None:
    return next(iter(instants_of(shown, zone)), None) if shown is not None else None


def _fault(shown: datetime, zone: ZoneInfo, now: datetime) -> CXError | None:
    instants = instants_of(shown, zone)
    if not instants:
        return CXError("problem.time-skipped")
    return CXError("problem.time-past") if instants[0] <= now else None
