"""How much to ask for at once, how fast it comes and how long it will take: numbers, no clock.

Pages aim at one second each: a little more after each one that took less, half after one that took
longer or never came. So a bad line loses little of its work, and edits wait for no more than that.
"""

from msgspec import Struct

#: Seconds that a page may take.
TARGET = 1.0
#: So much longer is too long.
_SLACK = 1.5
_MORE = 1_000
LEAST = 100
#: How much a new measure counts against those before it.
_WEIGHT = 0.3


def next_size(size: int, *, rows: int, seconds: float, most: int) -> int:
    """How many rows to ask for after a page of ``rows`` took ``seconds``; 0 says nothing."""
    if not seconds:
        return min(most, size)
    if seconds > TARGET * _SLACK:
        return max(LEAST, size // 2)
    if seconds < TARGET and rows >= size:
        return min(most, size + _MORE)
    return min(most, size)


def halved(size: int) -> int:
    """How many rows to ask for after a page that never came."""
    return max(LEAST, size // 2)


class Load(Struct, frozen=True):
    """A large stream on its way to this computer for the first time, or anew."""

    stream: str
    rows: int = 0
    """How many are here."""
    total: int = 0
    """How many the service has."""
    rate: float = 0.0
    """Rows a second, smoothed; 0 while it is not known."""

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take; None while that cannot be said."""
        return max(0, self.total - self.rows) / self.rate if self.rate > 0 else None

    def after(self, *, rows: int, more: int, seconds: float) -> "Load":
        """The same with ``rows`` here, of which ``more`` took ``seconds``."""
        if seconds <= 0:
            return Load(self.stream, rows, self.total, self.rate)
        fresh = more / seconds
        rate = fresh if not self.rate else self.rate + _WEIGHT * (fresh - self.rate)
        return Load(self.stream, rows, max(self.total, rows), rate)
