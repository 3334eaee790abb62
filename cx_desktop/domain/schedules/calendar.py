"""What a schedule says of a day: its hours, and why these."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.schedules.holidays import OPEN_AS_USUAL, USUAL, Holiday, holiday_on
from cx_desktop.domain.schedules.schedule import Exceptional, Hours, Schedule, Weekday

#: From Monday to Sunday, as ``date.weekday`` counts.
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60


class Reason(StrEnum):
    """Why a day has the hours it has."""

    WEEK = "week"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"


class Day(Struct, frozen=True):
    """One day of a schedule."""

    day: date
    hours: tuple[Hours, ...]
    """In order, without overlap."""
    reason: Reason
    exception: str = ""
    """The id of the exceptional date that decides."""
    label: str = ""
    """What the exceptional date is called."""
    holiday: Holiday | None = None
    """The public holiday it is, whether or not that decides."""

    @property
    def is_closed(self) -> bool:
        """Whether it is closed all day."""
        return not self.hours


def minutes_of(hour: str) -> int:
    """Minutes since midnight; 24:00 is the end of the day."""
    hours, minutes = hour.split(":")
    return int(hours) * 60 + int(minutes)


def hour_of(minutes: int) -> str:
    """« 09:30 » of minutes since midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def tidy(hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
    """The same hours in order; those that touch or overlap are one, those upside down none."""
    spans = sorted((minutes_of(first), minutes_of(last)) for first, last in hours)
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if last <= first:
            continue
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple((hour_of(first), hour_of(last)) for first, last in joined)


def territory_of(schedule: Schedule) -> str:
    """Whose public holidays matter: the schedule's, or the usual ones where nobody decided."""
    return schedule.public_holidays or USUAL


def day_of(schedule: Schedule, day: date) -> Day:
    """What a schedule says of a day: an exceptional date first, a public holiday, the week."""
    territory = territory_of(schedule)
    holiday = holiday_on(USUAL if territory == OPEN_AS_USUAL else territory, day)
    decides = exception_on(schedule, day)
    if decides is not None:
        name, exception = decides
        return Day(
            day=day,
            hours=tidy(exception.hours),
            reason=Reason.EXCEPTION,
            exception=name,
            label=exception.label,
            holiday=holiday,
        )
    if holiday is not None and schedule.public_holidays not in {"", OPEN_AS_USUAL}:
        return Day(day=day, hours=(), reason=Reason.HOLIDAY, holiday=holiday)
    hours = tidy(schedule.weekly.get(WEEKDAYS[day.weekday()], ()))
    return Day(day=day, hours=hours, reason=Reason.WEEK, holiday=holiday)


def exception_on(schedule: Schedule, day: date) -> tuple[str, Exceptional] | None:
    """The exceptional date that decides on a day: the one of the fewest days, then by its id."""
    covering = [
        (length(each), name, each)
        for name, each in schedule.exceptions.items()
        if covers(each, day)
    ]
    if not covering:
        return None
    _, name, exception = min(covering, key=lambda each: each[:2])
    return name, exception


def covers(exception: Exceptional, day: date) -> bool:
    """Whether an exceptional date is about a day."""
    return exception.first <= day <= (exception.last or exception.first)


def length(exception: Exceptional) -> int:
    """How many days an exceptional date is about."""
    return ((exception.last or exception.first) - exception.first).days + 1


def days(first: date, count: int) -> tuple[date, ...]:
    """Days in a row."""
    return tuple(first + timedelta(days=each) for each in range(count))
