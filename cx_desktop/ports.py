"""The world's two sources of surprise, the clock and fresh ids, as ports that tests replace."""

import os
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how long something took."""

    def now(self) -> datetime:
        """The wall clock, always in UTC."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back while the process lives."""


class Ids(Protocol):
    """Fresh identifiers."""

    def new(self) -> str:
        """A new UUIDv7 in its canonical text form (RFC 9562, 5.7)."""


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic()


class RandomIds:
    """UUIDv7 ids: sorted by creation time, random in the rest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> str:
        """A new UUIDv7: 48 bits of Unix milliseconds, then random bits."""
        milliseconds = int(self._clock.now().timestamp() * 1000) & (1 << 48) - 1
        chance = int.from_bytes(os.urandom(10)) >> 6  # 74 bits
        value = (
            milliseconds << 80
            | 0x7 << 76
            | (chance >> 62) << 64
            | 0b10 << 62
            | chance & (1 << 62) - 1
        )
        digits = f"{value:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
