"""Whether it is open at an instant, and when that changes; also where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.schedules import (
    Exceptional,
    Schedule,
    hours_of,
    next_change,
    state_at,
)
from cx_desktop.domain.schedules.calendar import WEEKDAYS, hour_of
from cx_desktop.domain.schedules.schedule import Hours, Weekday

PARIS = ZoneInfo("Europe/Paris")
OFFICE = Schedule(
    weekly=dict.fromkeys(WEEKDAYS[:5], (("09:00", "12:30"), ("13:30", "18:00"))),
    public_holidays="fr",
    exceptions={"party": Exceptional(first=date(2026, 11, 27), label="Inventaire")},
)


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T08:59", "closed"),
        ("2026-11-23T09:00", "open"),
        ("2026-11-23T12:29:59", "open"),
        ("2026-11-23T12:30", "closed"),
        ("2026-11-23T17:59", "open"),
        ("2026-11-23T18:00", "closed"),
        ("2026-11-22T10:00", "closed"),  # Sunday
        ("2026-11-11T09:00", "holiday"),
        ("2026-11-27T10:00", "exceptional"),
    ],
)
def test_it_stands_as_its_hours_say(moment: str, opening: str) -> None:
    assert state_at(OFFICE, at(moment)).opening == opening
    assert hours_of(OFFICE)(at(moment)) == opening


def test_an_instant_of_another_zone_is_read_on_the_schedules_clock() -> None:
    assert state_at(OFFICE, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)).is_open
    reunion = Schedule(time_zone="Indian/Reunion", weekly=OFFICE.weekly)
    assert state_at(reunion, datetime(2026, 11, 23, 5, 0, tzinfo=UTC)).is_open


def test_midnight_at_the_end_of_a_day_belongs_to_the_next() -> None:
    night = Schedule(weekly={"mon": (("22:00", "24:00"),), "tue": (("00:00", "06:00"),)})
    assert state_at(night, at("2026-11-23T23:59:59")).is_open
    assert state_at(night, at("2026-11-24T00:00")).is_open
    assert next_change(night, at("2026-11-23T22:30")) == at("2026-11-24T06:00")
    assert not state_at(night, at("2026-11-25T00:00")).is_open


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        ("2026-11-23T10:00", "2026-11-23T12:30"),
        ("2026-11-23T12:30", "2026-11-23T13:30"),
        ("2026-11-26T18:00", "2026-11-30T09:00"),  # the 27th is exceptional, then a weekend
        ("2026-11-10T18:00", "2026-11-12T09:00"),  # the 11th is a public holiday
    ],
)
def test_the_next_change_passes_over_days_that_are_closed(moment: str, change: str) -> None:
    assert next_change(OFFICE, at(moment)) == at(change)


def test_what_never_changes_has_no_next_change() -> None:
    assert next_change(Schedule(), at("2026-11-23T10:00")) is None
    always = Schedule(weekly=dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),)))
    assert next_change(always, at("2026-11-23T10:00")) is None


def test_an_hour_that_does_not_exist_is_not_open() -> None:
    """On 29 March 2026, Paris goes from 2:00 to 3:00."""
    schedule = Schedule(weekly={"sun": (("02:00", "03:00"),)})
    minutes = [datetime(2026, 3, 29, 0, 0, tzinfo=UTC) + timedelta(minutes=n) for n in range(180)]
    assert not any(state_at(schedule, each).is_open for each in minutes)
    assert next_change(schedule, minutes[0]) == at("2026-04-05T02:00")


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    """On 25 October 2026, Paris goes from 3:00 back to 2:00."""
    schedule = Schedule(weekly={"sun": (("02:00", "03:00"),)})
    minutes = [datetime(2026, 10, 24, 23, 0, tzinfo=UTC) + timedelta(minutes=n) for n in range(240)]
    assert sum(state_at(schedule, each).is_open for each in minutes) == 120


@st.composite
def some_hours(draw: st.DrawFn) -> tuple[Hours, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 96), max_size=4)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple((hour_of(first * 15), hour_of(last * 15)) for first, last in pairs)


@settings(max_examples=40, deadline=None)
@given(
    weekly=st.dictionaries(st.sampled_from(WEEKDAYS), some_hours()),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea"]),
    minutes=st.integers(0, 4 * 24 * 60),
)
def test_between_now_and_the_next_change_nothing_changes(
    weekly: dict[Weekday, tuple[Hours, ...]], zone: str, minutes: int
) -> None:
    """The clock goes forward in Paris within these days."""
    schedule = Schedule(weekly=weekly, time_zone=zone)
    now = datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=minutes)
    change = next_change(schedule, now)
    before = state_at(schedule, now).is_open
    last = change or now + timedelta(days=8)
    minute = now
    while minute < min(last, now + timedelta(days=8)):
        assert state_at(schedule, minute).is_open is before
        minute += timedelta(minutes=15 - minute.minute % 15)
    if change is not None:
        assert state_at(schedule, change).is_open is not before
