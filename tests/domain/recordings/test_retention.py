"""How long a recording may be kept (REC-01)."""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.recordings import LONGEST_MONTHS, delete_by
from cx_desktop.domain.recordings.retention import Retention, newest_due
from cx_desktop.domain.wall_time import shown_at

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
MONTHS = st.integers(1, LONGEST_MONTHS)


@pytest.mark.parametrize(
    ("recorded", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 29), 6, date(2027, 2, 28)),
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2027, 8, 28), 6, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2099, 8, 31), 6, date(2100, 2, 28)),
    ],
)
def test_whole_months_end_on_the_last_day_where_a_month_is_shorter(
    recorded: date, months: int, expected: date
) -> None:
    assert delete_by(recorded, months) == expected


@pytest.mark.parametrize("months", [-1, 0, 7])
def test_nobody_keeps_a_recording_longer_than_six_months(months: int) -> None:
    with pytest.raises(ValueError, match="one to six"):
        delete_by(date(2026, 1, 1), months)


@given(DAYS, MONTHS)
def test_the_end_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    end = delete_by(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    last = calendar.monthrange(end.year, end.month)[1]
    assert end.day == min(day.day, last)


@given(DAYS, DAYS, MONTHS)
def test_what_was_recorded_later_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert delete_by(first, months) <= delete_by(second, months)


@given(DAYS, MONTHS, MONTHS)
def test_fewer_months_end_earlier(day: date, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert delete_by(day, fewer) <= delete_by(day, more)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        # Midnight in Paris, on the eve and on the day of both changes of the clock.
        (datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), date(2026, 9, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 9, 29)),
        (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), date(2026, 9, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 9, 30)),
        (datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC), date(2027, 4, 24)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2027, 4, 25)),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), date(2027, 4, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2027, 4, 26)),
        # The hour that is there twice belongs to one day, both times.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2027, 4, 25)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2027, 4, 25)),
        (datetime(2026, 8, 30, 22, 30, tzinfo=UTC), date(2027, 2, 28)),
    ],
)
def test_the_day_is_the_one_that_clocks_show_where_the_project_is(
    moment: datetime, end: date
) -> None:
    assert Retention().end_of(shown_at(moment, PARIS).date()) == end


@given(DAYS, MONTHS)
def test_the_newest_that_is_due_is_due_and_the_next_day_is_not(today: date, months: int) -> None:
    day = newest_due(today, months)
    assert delete_by(day, months) <= today < delete_by(day + timedelta(days=1), months)


_RETENTIONS = st.builds(
    Retention,
    months=MONTHS,
    queues=st.dictionaries(st.sampled_from("ab"), MONTHS),
    days_after_review=st.none() | st.integers(0, 400),
)
_REVIEWS = st.none() | st.integers(0, 400)


@given(
    retention=_RETENTIONS,
    day=DAYS,
    queue=st.sampled_from([None, "a", "b", "c"]),
    reviewed=_REVIEWS,
    is_held=st.booleans(),
)
def test_nothing_ends_later_than_the_contract_allows(
    retention: Retention, day: date, queue: str | None, reviewed: int | None, *, is_held: bool
) -> None:
    reviewed_on = None if reviewed is None else day + timedelta(days=reviewed)
    end = retention.end_of(day, queue, is_held=is_held, reviewed_on=reviewed_on)
    assert day <= end <= delete_by(day)
    if is_held:
        assert end == delete_by(day)
    else:
        assert end <= delete_by(day, retention.months)


def test_a_queue_may_keep_its_calls_for_less_time_and_never_for_more() -> None:
    retention = Retention(months=3, queues={"short": 1, "long": 6})
    assert retention.months_of("short") == 1
    assert retention.months_of("long") == 3
    assert retention.months_of("other") == 3
    assert retention.months_of(None) == 3


def test_what_was_judged_goes_so_many_days_later_and_what_was_not_stays() -> None:
    retention = Retention(days_after_review=7)
    day = date(2026, 11, 1)
    assert retention.end_of(day) == date(2027, 5, 1)
    assert retention.end_of(day, reviewed_on=date(2026, 11, 3)) == date(2026, 11, 10)
    assert retention.end_of(day, reviewed_on=date(2027, 4, 30)) == date(2027, 5, 1)
    assert retention.end_of(day, reviewed_on=date(2026, 11, 3), is_held=True) == date(2027, 5, 1)
