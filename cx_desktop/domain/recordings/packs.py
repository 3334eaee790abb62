"""Minutes of recording that are bought in packs: how many count, and what happens at their end."""

from enum import StrEnum

from msgspec import Struct

_SECONDS = 60
_WARNS_AT = 80


class Packs(Struct, frozen=True):
    """Packs of a month, and of the month that follows (BIL-04)."""

    active: int
    """Count now, and are due for this month."""
    coming: int
    """Count from the next month on."""
    month: str = ""
    """Which month this is said of, such as ``2026-11``."""

    def ask(self, wanted: int) -> "Packs":
        """More of them count at once, fewer from the next month on; the last word holds."""
        if wanted < 0:
            raise ValueError(f"Packs are counted from nought up, not {wanted}")
        return Packs(max(self.active, wanted), wanted, self.month)

    def at(self, month: str) -> "Packs":
        """As they count in a month, when the one that they were said of may be over."""
        return Packs(self.coming, self.coming, month) if month > self.month else self


class Volume(StrEnum):
    """How far the minutes of a month are used up (BIL-05)."""

    ENOUGH = "enough"
    NEARLY = "nearly"
    """Four fifths are used, or more."""
    BEYOND = "beyond"
    """All are used, and each minute more is billed: somebody has allowed it."""
    OVER = "over"
    """All are used, and nothing is recorded until the next month, or until there are more."""

    @property
    def records(self) -> bool:
        """Whether calls are recorded still."""
        return self is not Volume.OVER


def volume(seconds: int, packs: int, minutes_per_pack: int, *, is_overage_allowed: bool) -> Volume:
    """How far what was recorded in a month uses up its packs."""
    bought = packs * minutes_per_pack * _SECONDS
    if seconds >= bought:
        return Volume.BEYOND if is_overage_allowed else Volume.OVER
    return Volume.NEARLY if seconds * 100 >= bought * _WARNS_AT else Volume.ENOUGH
