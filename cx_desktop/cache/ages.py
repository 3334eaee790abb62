"""How long ago a place in the order of commits was reached, by the service's own days.

The clocks of devices jump: by them an edit would be old on the day it was made, or never. So of
each day on which the service spoke the position that it had is remembered, for as long as needed.
"""

from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from cx_desktop.cache import tables

_M = tables.meta
_KEY = "sync.days"
#: How long acknowledged edits are kept when no backup of the service is heard of.
LONGEST = timedelta(days=90)


class Day(Struct, frozen=True):
    """Where the service was when it first spoke on a day."""

    on: date
    high_seq: int


def note(connection: Connection, server_time: datetime, high_seq: int) -> None:
    """The service has spoken."""
    days = _days(connection)
    today = server_time.date()
    if days and today <= days[-1].on:
        return
    days = [*days, Day(today, high_seq)]
    old = [each for each in days if today - each.on >= LONGEST]
    kept = days[max(0, len(old) - 1) :]
    connection.execute(
        insert(_M).prefix_with("OR REPLACE"),
        {"key": _KEY, "value": msgspec.json.encode(kept).decode()},
    )


def is_new_day(connection: Connection, server_time: datetime) -> bool:
    """Whether the service has not spoken yet on this day."""
    days = _days(connection)
    return not days or server_time.date() > days[-1].on


def passed(connection: Connection) -> int:
    """The position that was reached so long ago that what stands before it need not be kept."""
    days = _days(connection)
    old = [each.high_seq for each in days if days[-1].on - each.on >= LONGEST]
    return max(old, default=0)


def forget(connection: Connection) -> None:
    """The service counts anew: none of its old positions means anything."""
    connection.execute(delete(_M).where(_M.c.key == _KEY))


def _days(connection: Connection) -> list[Day]:
    value = connection.execute(select(_M.c.value).where(_M.c.key == _KEY)).scalar()
    return [] if value is None else msgspec.json.decode(value, type=list[Day])
