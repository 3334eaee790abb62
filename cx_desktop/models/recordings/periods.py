"""Periods that people ask for by name; which days they are depends on the day it is."""

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """A stretch of days; both ends count."""

    ALL = "all"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    """The last seven days, today among them."""
    MONTH = "month"
    """This month."""
    LAST_MONTH = "last-month"
    CHOSEN = "chosen"
    """From a day to a day."""


def days_of(period: Period, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of a period; None where it has no such end."""
    match period:
        case Period.TODAY:
            return today, today
        case Period.YESTERDAY:
            return today - timedelta(days=1), today - timedelta(days=1)
        case Period.WEEK:
            return today - timedelta(days=6), today
        case Period.MONTH:
            return today.replace(day=1), today
        case Period.LAST_MONTH:
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
        case _:
            return None, None


def period_of(since: date | None, until: date | None, today: date) -> Period:
    """What a stretch of days is called."""
    if since is None and until is None:
        return Period.ALL
    named = (each for each in Period if each not in {Period.ALL, Period.CHOSEN})
    return next((each for each in named if days_of(each, today) == (since, until)), Period.CHOSEN)
