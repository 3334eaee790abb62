"""Whether a schedule is open at an instant, why, and when that changes.

Hours are those of the clock on the wall in the schedule's time zone: where it is put forward, an
hour that does not exist is not open; where it is put back, an hour that comes twice is open twice.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from cx_desktop.domain.schedules.calendar import MIDNIGHT, Day, Reason, day_of, minutes_of
from cx_desktop.domain.schedules.schedule import Schedule

#: A change is looked for so far ahead: a year has every weekday and every public holiday.
HORIZON = timedelta(days=400)


class Opening(StrEnum):
    """How a schedule stands, by the name of the exit that a flow's step leaves by."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    EXCEPTIONAL = "exceptional"


_CLOSED_BY = {
    Reason.WEEK: Opening.CLOSED,
    Reason.HOLIDAY: Opening.HOLIDAY,
    Reason.EXCEPTION: Opening.EXCEPTIONAL,
}


class State(Struct, frozen=True):
    """How a schedule stands at an instant, and the day that says so."""

    opening: Opening
    day: Day
    local: datetime
    """The instant on the schedule's clock."""

    @property
    def is_open(self) -> bool:
        """Whether somebody is there."""
        return self.opening is Opening.OPEN


def state_at(schedule: Schedule, instant: datetime) -> State:
    """How a schedule stands at an instant; ``instant`` has a time zone, any one."""
    local = instant.astimezone(ZoneInfo(schedule.time_zone))
    day = day_of(schedule, local.date())
    minute = local.hour * 60 + local.minute
    is_open = any(minutes_of(first) <= minute < minutes_of(last) for first, last in day.hours)
    opening = Opening.OPEN if is_open else _CLOSED_BY[day.reason]
    return State(opening=opening, day=day, local=local)


def hours_of(schedule: Schedule) -> Callable[[datetime], str]:
    """The same as a question of an instant, for simulated calls."""
    return lambda instant: state_at(schedule, instant).opening.value


def next_change(schedule: Schedule, instant: datetime) -> datetime | None:
    """When it opens or closes next; None when it does neither for more than a year."""
    zone = ZoneInfo(schedule.time_zone)
    is_open = state_at(schedule, instant).is_open
    first = instant.astimezone(zone).date()
    for ahead in range(HORIZON.days):
        for moment in sorted(set(_moments(schedule, first + timedelta(days=ahead), zone))):
            if moment > instant and state_at(schedule, moment).is_open is not is_open:
                return moment.astimezone(zone)
    return None


def _moments(schedule: Schedule, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Every instant of a day at which something may change."""
    minutes = {0} | {minutes_of(each) for pair in day_of(schedule, day).hours for each in pair}
    for each in minutes - {MIDNIGHT}:
        for fold in (0, 1):
            wall = datetime.combine(day, time(each // 60, each % 60, fold=fold), zone)
            yield wall.astimezone(UTC)
    yield from _clock_changes(day, zone)


def _clock_changes(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The instant of a day at which the clock is put forward or back, to the minute."""
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    last = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    before = first.astimezone(zone).utcoffset()
    if last.astimezone(zone).utcoffset() == before:
        return
    while last - first > timedelta(minutes=1):
        middle = first + (last - first) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            first = middle
        else:
            last = middle
    yield last
