"""When a recording has to be gone (REC-01)."""

import calendar
from datetime import date

LONGEST_MONTHS = 6


def delete_by(recorded_on: date, months: int = LONGEST_MONTHS) -> date:
    """The day from which a recording may not be there any more: whole months, one to six.

    Where the last month has no such day, its last day counts.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise ValueError(f"Recordings are kept one to six months, not {months}")
    return months_later(recorded_on, months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; where that month has no such day, its last."""
    over, month = divmod(day.month - 1 + months, 12)
    year = day.year + over
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
