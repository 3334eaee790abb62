"""Which recordings somebody wants to see, and in what order: what lists and searches are asked."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Sort(StrEnum):
    """What a list of recordings is sorted by; among equals the newest comes first."""

    STARTED = "started"
    DURATION = "duration"
    QUEUE = "queue"
    """By name, like agents and flows: without accents and case, nothing at the end."""
    AGENT = "agent"
    FLOW = "flow"
    DIRECTION = "direction"
    NUMBER = "number"
    """The number of the other party."""
    END = "end"
    """The day on which it will be deleted."""


class Filters(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which recordings are shown: those for which every filter that is set says yes.

    It is also what a saved search, a pack and a worklist are kept as.
    """

    words: str = ""
    """Names, numbers in any spelling, words of notes: each has to occur somewhere."""
    since: date | None = None
    """The first day, where the project is."""
    until: date | None = None
    """The last day."""
    queues: frozenset[str] = frozenset()
    """By id, like flows; any of them will do."""
    agents: frozenset[str] = frozenset()
    """By name: an agent may have had several accounts."""
    flows: frozenset[str] = frozenset()
    direction: str = ""
    """``in``, ``out``, or both."""
    shortest: int = 1
    """Seconds; recordings of nothing are hidden at first."""
    longest: int | None = None
    tags: frozenset[str] = frozenset()
    """Any of them will do."""
    has_note: bool | None = None
    is_evaluated: bool | None = None
    worst: float | None = None
    """Evaluated with so many percent at least."""
    best: float | None = None
    """Evaluated with so many percent at most."""
    due_within: int | None = None
    """Deleted within so many days."""
    is_held: bool | None = None
    """Protected from early deletion."""
    is_here: bool | None = None
    """Its sound is on this computer."""

    @property
    def is_plain(self) -> bool:
        """Whether it hides nothing but recordings of nothing."""
        return self == Filters()
