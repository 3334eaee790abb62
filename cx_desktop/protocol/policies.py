"""What a recording policy is asked to become, and what somebody wants of one recording."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from cx_desktop.domain.recordings.policy import Notice
from cx_desktop.domain.recordings.retention import Retention
from cx_desktop.protocol.problem import Fault

_Names = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=1_000)]


class PolicyOrder(Struct, frozen=True, kw_only=True):
    """A recording policy as it is to be, as a whole."""

    is_on: bool
    rate: Annotated[int, Meta(ge=0, le=100)]
    end_date: date | None = None
    scope: _Names = ()
    queues: _Names = ()
    purpose: Annotated[str, Meta(max_length=500)] = ""
    notice: Notice = Notice()
    retention: Retention = Retention()
    pause: Annotated[str, Meta(max_length=64)] = "none"
    packs: Annotated[int, Meta(ge=0, le=10_000)] = 1
    """So many packs: more at once, fewer from the next month on (BIL-04)."""
    is_overage_allowed: bool = False
    due: Annotated[int, Meta(ge=0)] = 0
    """How many recordings are known to be deleted by it: not one more is (REC-08)."""


class PolicyCheck(Struct, frozen=True):
    """What an order would mean."""

    findings: tuple[Fault, ...]
    """Blocking ones and others; ``pointer`` is the field, ``code`` the rule."""
    blocks: bool
    """Whether it would be refused."""
    due: int
    """Recordings that would be deleted at once."""
    held: int
    """Those that would be, were they not protected."""


class Wish(Struct, frozen=True):
    """Why a recording is to be protected, or is not any more."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
