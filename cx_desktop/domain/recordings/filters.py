"""Which recordings somebody wants to see, and in what order: what lists and searches are asked."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Sort(StrEnum):
    """What a list of recordings is sorted by."""

    STARTED = "started"
    DURATION = "duration"
    QUEUE = "queue"
    AGENT = "agent"
    FLOW = "flow"
    DIRECTION = "direction"
    NUMBER = "number"
    """The number of the other party."""
    SIZE = "size"
    END = "end"
    """The day on which it will be deleted."""


class Filters(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which recordings are shown: those for which every filter that is set says yes."""

    words: str = ""
    """Names, numbers in any spelling, words of notes: each has to occur somewhere."""
    since: date | None = None
    """The first day, where the project is."""
    until: date | None = None
    """The last day."""
    queues: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    """By name: an agent may have had several accounts."""
    flows: frozenset[str] = frozenset()
    direction: str = ""
    """``in``, ``out``, or both."""
    shortest: int = 1
    """Seconds; recordings of nothing are hidden at first."""
    longest: int | None = None
    due_within: int | None = None
    """Deleted within so many days."""
