"""A timed publication: versions that go live at a set time, and what comes back at another.

The service alone writes it and carries it out; here is what everybody reads of it.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cx_desktop.domain.patch import Document


class TimedState(StrEnum):
    """Where a timed publication stands."""

    WAITING = "waiting"
    """Nothing of it has happened yet."""
    LIVE = "live"
    """It went live, and what was live before is to come back."""
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """It could not be carried out: nothing changed for callers."""


class By(Struct, frozen=True):
    """Somebody, as entities name them."""

    id: str
    name: str = ""


class TimedObject(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One object of it."""

    entity: str
    id: str
    draft_ver: int = 0
    """The draft that was frozen; 0 where an old revision comes back."""
    sha256: str = ""
    """Of the frozen document."""
    live_revision: int | None = None
    """What was live when it was planned."""
    expects: int | None = None
    """What must be live, or sound the same, when something of it happens next."""
    returns_to: int | None = None
    """The revision that comes back: set by hand, or what was live before it went live."""
    revision: int | None = None
    """The revision that was made when it went live."""
    came_back: int | None = None
    """The revision that was made when the old one came back."""


class Fault(Struct, frozen=True, omit_defaults=True):
    """One place for which it was refused, as problems name it."""

    pointer: str = ""
    code: str = ""
    message: str = ""
    object_id: str = ""
    params: dict[str, str | int] = {}


class Failure(Struct, frozen=True, omit_defaults=True):
    """Why it could not be carried out, as a problem of the service would say it."""

    name: str
    params: dict[str, str | int] = {}
    errors: tuple[Fault, ...] = ()


class Timed(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A read view of the entity."""

    id: str
    project_id: str = ""
    etag: str = ""
    state: str = TimedState.WAITING
    message: str = ""
    objects: tuple[TimedObject, ...] = ()
    at: datetime | None = None
    """When the frozen drafts go live; None where only an old revision comes back."""
    returns_at: datetime | None = None
    """When what was live before comes back; None: it stays."""
    whatever_is_live: bool = False
    overrides: tuple[str, ...] = ()
    planned_at: datetime | None = None
    planned_by: By | None = None
    went_live_at: datetime | None = None
    came_back_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: By | None = None
    failed_at: datetime | None = None
    failure: Failure | None = None
    settled_at: datetime | None = None
    """When somebody took note of the failure."""
    settled_by: By | None = None

    @property
    def is_pending(self) -> bool:
        """Whether something of it is still to happen."""
        return self.state in (TimedState.WAITING, TimedState.LIVE)

    @property
    def is_return(self) -> bool:
        """Whether what happens next, or failed, is that old revisions come back."""
        return self.at is None or self.went_live_at is not None

    @property
    def next_at(self) -> datetime | None:
        """When something of it happens next."""
        if not self.is_pending:
            return None
        return self.returns_at if self.is_return else self.at

    @property
    def is_open(self) -> bool:
        """Whether it can still be moved, cancelled or carried out."""
        return self.is_pending or self.needs_note

    @property
    def needs_note(self) -> bool:
        """Whether it failed and nobody has taken note."""
        return self.state == TimedState.FAILED and self.settled_at is None

    def concerns(self, object_id: str) -> bool:
        """Whether an object is part of it."""
        return any(each.id == object_id for each in self.objects)


class Span(Struct, frozen=True):
    """How long a timed publication decides what callers hear: for good, where it has no return."""

    objects: frozenset[str]
    begins: datetime
    ends: datetime | None = None

    def meets(self, other: "Span") -> bool:
        """Whether both decide over the same object at the same time."""
        if self.objects.isdisjoint(other.objects):
            return False
        first, last = sorted((self, other), key=lambda each: each.begins)
        return first.ends is None or last.begins < first.ends


def span_of(timed: Timed) -> Span | None:
    """What a publication that is to happen decides over; None for one that is over."""
    begins = timed.at or timed.returns_at
    if begins is None or not timed.is_pending:
        return None
    ends = timed.returns_at if timed.at is not None else None
    return Span(frozenset(each.id for each in timed.objects), begins, ends)


def met_by(span: Span, others: Iterable[Timed]) -> Timed | None:
    """The first of the others that decides over the same object at the same time."""
    pending = sorted(
        (each for each in others if each.next_at is not None), key=lambda each: str(each.next_at)
    )
    for each in pending:
        found = span_of(each)
        if found is not None and span.meets(found):
            return each
    return None


def timed_of(entity: Document) -> Timed:
    """Read a timed publication. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(entity, Timed)
