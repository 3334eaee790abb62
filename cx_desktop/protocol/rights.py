"""What callers ask for, who were recorded: to hear it, to have it put right, to have it deleted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cx_desktop.protocol.session import Person

Text = Annotated[str, Meta(max_length=2_000)]


class Right(StrEnum):
    """Which right somebody makes use of."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    OBJECTION = "objection"


class RightsOrder(Struct, frozen=True, kw_only=True):
    """A caller's request as it came in."""

    kind: Right
    number: Annotated[str, Meta(min_length=1, max_length=64)]
    """In any spelling; it is not kept, a keyed digest of it is."""
    asked_on: date
    note: Text = ""
    """How the person was identified, for instance; no personal data belongs here."""


class RightsDeletion(Struct, frozen=True):
    """Recordings that are deleted because a caller objects."""

    recordings: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...], Meta(min_length=1, max_length=1_000)
    ]


class RightsAnswer(Struct, frozen=True):
    """What the caller was told: with that the request is done."""

    answer: Annotated[str, Meta(min_length=1, max_length=2_000)]


class Found(Struct, frozen=True, kw_only=True):
    """A recording of a caller, and what was done with it."""

    id: str
    started_at: datetime
    duration: int
    direction: str
    agent_name: str
    delete_by: date
    held: bool
    has_sound: bool
    heard: int
    """How often it was heard, or taken along."""
    exported: int


class RightsRequest(Struct, frozen=True, kw_only=True):
    """A request in the register, without the number and without anything said in a call."""

    id: str
    project_id: str
    kind: Right
    asked_on: date
    at: datetime
    by: Person
    note: str
    found: tuple[str, ...]
    """The recordings that there were."""
    deleted: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    """The rows of the audit that vouch for what was deleted."""
    done_at: datetime | None = None
    done_by: Person | None = None
    answer: str = ""


class RightsPage(Struct, frozen=True, kw_only=True):
    """A request, what there is of the caller now, and the proof of it all."""

    request: RightsRequest
    recordings: tuple[Found, ...] = ()
    earlier: tuple[RightsRequest, ...] = ()
    """What the same number asked for before."""
    proof: str = ""
    """The request, signed by the service: ``base64url(json).base64url(signature)``."""


class RightsRegister(Struct, frozen=True):
    """The requests of a project, newest first."""

    requests: tuple[RightsRequest, ...]
