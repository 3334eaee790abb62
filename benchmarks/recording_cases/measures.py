"""What one process reports."""

from msgspec import Struct


class Measures(Struct, frozen=True, kw_only=True):
    """Milliseconds and MiB; 0 where a case does not know it."""

    opened: float = 0.0
    """From the key to the first rows painted, the page built anew."""
    first_paint: float = 0.0
    """From asking for the list to its first rows painted."""
    whole: float = 0.0
    """Until the list is here to its end, and counted."""
    jump: float = 0.0
    """To the middle: from the wish to the rows painted."""
    jump_floor: float = 0.0
    """The query of those rows, and painting them."""
    memory: float = 0.0
    count: int = 0
    longest: float = 0.0
    """The longest call on the GUI thread meanwhile, in time of its own."""


def resident() -> float:
    """What this process holds, in MiB."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096 / (1 << 20)
