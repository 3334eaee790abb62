"""The draft of a schedule, and each live version of it, as a value."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from cx_desktop.domain.patch import Document

Hour = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Hours = tuple[Hour, Hour]
"""From an hour until another one of the same day, on the clock of the schedule's time zone."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Exceptional(Struct, frozen=True, omit_defaults=True):
    """Days on which other hours hold; no hours means closed all day."""

    first: date
    last: date | None = None
    """The last day, when there are several."""
    label: Annotated[str, Meta(max_length=200)] = ""
    hours: Annotated[tuple[Hours, ...], Meta(max_length=24)] = ()


class Schedule(Struct, frozen=True, omit_defaults=True):
    """Opening hours: an ordinary week, then what differs from it."""

    time_zone: Annotated[str, Meta(max_length=64)] = "Europe/Paris"
    weekly: Mapping[Weekday, Annotated[tuple[Hours, ...], Meta(max_length=24)]] = {}
    public_holidays: Annotated[str, Meta(max_length=20)] = ""
    """Whose public holidays close it: a key of ``holidays.TERRITORIES``; "none": they are days like
    others; "" : nobody has decided."""
    exceptions: Mapping[str, Exceptional] = {}
    """By an id of their own, so that two people can each add one."""


def schedule_of(document: Document) -> Schedule:
    """Read a schedule's document. Raises ``msgspec.ValidationError`` with the place."""
    return msgspec.convert(document, Schedule)
