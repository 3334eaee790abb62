"""When a recording has to be gone (REC-01): what was agreed, what was lowered, what is held."""

import calendar
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta, Struct

LONGEST_MONTHS = 6
_DAY = timedelta(days=1)


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


def newest_due(today: date, months: int) -> date:
    """The last day of recording whose end has come, for so many months."""
    day = months_later(today, -months)
    while months_later(day + _DAY, months) <= today:  # several days end on the last of February
        day += _DAY
    return day


class Retention(Struct, frozen=True, kw_only=True):
    """How long the recordings of a project are kept."""

    months: int = LONGEST_MONTHS
    queues: dict[str, int] = {}
    """Fewer months for the calls of some queues, by their ids."""
    days_after_review: Annotated[int, Meta(ge=0, le=366)] | None = None
    """The sound goes so many days after somebody has judged it; none: it stays its months."""

    def months_of(self, queue_id: str | None) -> int:
        """How many months the calls of a queue are kept: never more than others."""
        return min(self.months, self.queues.get(queue_id or "", self.months))

    def end_of(
        self,
        recorded_on: date,
        queue_id: str | None = None,
        *,
        is_held: bool = False,
        reviewed_on: date | None = None,
    ) -> date:
        """The day from which a recording may not be there any more.

        What is held is not deleted early: it stays as long as the contract allows, and no longer.
        """
        if is_held:
            return delete_by(recorded_on)
        end = delete_by(recorded_on, self.months_of(queue_id))
        if reviewed_on is None or self.days_after_review is None:
            return end
        return min(end, reviewed_on + timedelta(days=self.days_after_review))
