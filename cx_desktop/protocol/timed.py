"""Publishing and returning at a set time: what is asked of the service."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

_Instant = Annotated[datetime, Meta(tz=True)]


class TimedObjectOrder(Struct, frozen=True):
    """One object, named by the version that was looked at."""

    entity: str
    id: str
    etag: str
    returns_to: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    """Only in a return alone: the revision that comes back."""


class TimedOrder(Struct, frozen=True):
    """``POST /v1/projects/{id}/timed-publications``: these drafts, as they are now, go live then.

    Without ``at`` nothing goes live but what comes back at ``returns_at``: the revision that each
    object names.
    """

    message: str
    objects: Annotated[tuple[TimedObjectOrder, ...], Meta(max_length=500)]
    at: _Instant | None = None
    returns_at: _Instant | None = None
    """When what was live before comes back; None: it stays."""
    whatever_is_live: bool = False
    """Go on also when something else is live by then, or is planned for the same time."""
    overrides: tuple[str, ...] = ()
    """As in ``Publication``; they hold when it is carried out too."""


class TimedMove(Struct, frozen=True):
    """``POST /v1/timed-publications/{id}/move``: the times it shall have from now on."""

    at: _Instant | None = None
    """As it is, once it went live."""
    returns_at: _Instant | None = None
    accepts_live: bool = False
    """What is live now was looked at: it goes on from there, whatever was live at planning."""
