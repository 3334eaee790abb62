"""What is wrong with a schedule, or worth knowing: the rules SCH-01 and following.

The words stand in the catalogue: ``finding.<id>`` says what is wrong, ``finding.<id>.hint`` what
to do about it.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.schedules.calendar import (
    WEEKDAYS,
    Day,
    Reason,
    day_of,
    days,
    length,
    minutes_of,
    tidy,
)
from cx_desktop.domain.schedules.holidays import OPEN_AS_USUAL, TERRITORIES
from cx_desktop.domain.schedules.schedule import Hours, Schedule

NEVER_OPEN, NEVER_CLOSED, HOLIDAYS_UNDECIDED, HOLIDAY_NEAR = "SCH-01", "SCH-02", "SCH-03", "SCH-04"
UPSIDE_DOWN, UNKNOWN_ZONE, UNKNOWN_TERRITORY, DATES_REVERSED = (
    "SCH-05",
    "SCH-06",
    "SCH-07",
    "SCH-08",
)
RULES = (
    NEVER_OPEN,
    NEVER_CLOSED,
    HOLIDAYS_UNDECIDED,
    HOLIDAY_NEAR,
    UPSIDE_DOWN,
    UNKNOWN_ZONE,
    UNKNOWN_TERRITORY,
    DATES_REVERSED,
)
#: A public holiday that nobody has decided on is told of so many days ahead.
AHEAD = 30
_WHOLE_DAY = ("00:00", "24:00")


def opens(schedule: Schedule) -> bool:
    """Whether it is ever open, by its week or on an exceptional date."""
    return any(map(tidy, schedule.weekly.values())) or any(
        tidy(each.hours) for each in schedule.exceptions.values()
    )


def closes(schedule: Schedule) -> bool:
    """Whether it is ever closed in an ordinary week, or on public holidays."""
    is_always_open = all(tidy(schedule.weekly.get(each, ())) == (_WHOLE_DAY,) for each in WEEKDAYS)
    return not is_always_open or schedule.public_holidays in TERRITORIES


def knows_holidays(schedule: Schedule) -> bool:
    """Whether somebody decided what happens on public holidays."""
    return bool(schedule.public_holidays)


def undecided(schedule: Schedule, first: date, count: int = AHEAD) -> tuple[Day, ...]:
    """The public holidays among the coming days on which it would be open as on any other day."""
    if knows_holidays(schedule):
        return ()
    coming = (day_of(schedule, each) for each in days(first, count))
    return tuple(
        each
        for each in coming
        if each.holiday is not None and each.reason is Reason.WEEK and not each.is_closed
    )


def faults(schedule: Schedule) -> tuple[Finding, ...]:
    """What makes it impossible to publish it."""
    return tuple(_faults(schedule))


def judged(schedule: Schedule, today: date) -> tuple[Finding, ...]:
    """Everything there is to say of it, as the day stands."""
    found = list(_faults(schedule))
    if not opens(schedule):
        found.append(Finding(NEVER_OPEN, Severity.WARNING))
    elif not closes(schedule):
        found.append(Finding(NEVER_CLOSED, Severity.INFORMATION))
    near = undecided(schedule, today)
    if near:
        day = near[0].day.isoformat()
        found.append(Finding(HOLIDAY_NEAR, Severity.WARNING, params={"day": day}))
    elif not knows_holidays(schedule) and opens(schedule):
        found.append(Finding(HOLIDAYS_UNDECIDED, Severity.INFORMATION))
    return tuple(found)


def _faults(schedule: Schedule) -> Iterator[Finding]:
    if not _is_zone(schedule.time_zone):
        yield _blocking(UNKNOWN_ZONE, value=schedule.time_zone)
    if schedule.public_holidays not in {"", OPEN_AS_USUAL, *TERRITORIES}:
        yield _blocking(UNKNOWN_TERRITORY, value=schedule.public_holidays)
    for hours in schedule.weekly.values():
        yield from map(_upside_down, filter(_is_upside_down, hours))
    for each in schedule.exceptions.values():
        yield from map(_upside_down, filter(_is_upside_down, each.hours))
        if length(each) < 1:
            yield _blocking(DATES_REVERSED, value=each.label or each.first.isoformat())


def _is_upside_down(hours: Hours) -> bool:
    return minutes_of(hours[1]) <= minutes_of(hours[0])


def _upside_down(hours: Hours) -> Finding:
    return _blocking(UPSIDE_DOWN, first=hours[0], last=hours[1])


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _blocking(rule: str, **params: str | int) -> Finding:
    return Finding(rule, Severity.BLOCKING, params=params)
