"""Public holidays, exceptional dates and the week: which of them decides on a day."""

from datetime import date

import pytest

from cx_desktop.domain.schedules import Exceptional, Reason, Schedule, day_of
from cx_desktop.domain.schedules.calendar import exception_on, tidy
from cx_desktop.domain.schedules.holidays import TERRITORIES, holiday_on, holidays_of

DAYTIME = (("09:00", "18:00"),)
WEEK = Schedule(
    weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAYTIME), public_holidays="fr"
)
ARMISTICE = date(2026, 11, 11)


def test_the_eleven_public_holidays_of_france_are_computed_for_years_to_come() -> None:
    for year in (2026, 2031, 2040):
        assert len(holidays_of("fr", year)) == 11
    assert holiday_on("fr", date(2027, 3, 29)) is not None  # Easter Monday
    assert holiday_on("fr", date(2027, 3, 26)) is None
    assert holiday_on("fr", date(2026, 12, 26)) is None


@pytest.mark.parametrize(
    ("territory", "day"),
    [
        ("fr-alsace-moselle", date(2027, 3, 26)),  # Good Friday
        ("fr-alsace-moselle", date(2026, 12, 26)),
        ("fr-gp", date(2026, 5, 27)),  # abolition of slavery
        ("fr-mq", date(2026, 5, 22)),
        ("fr-gf", date(2026, 6, 10)),
        ("fr-re", date(2026, 12, 20)),
        ("fr-yt", date(2026, 4, 27)),
    ],
)
def test_territories_have_days_of_their_own(territory: str, day: date) -> None:
    assert holiday_on(territory, day) is not None
    assert holiday_on("fr", day) is None


def test_every_territory_is_known_to_the_library_and_named_in_both_languages() -> None:
    for territory in TERRITORIES:
        found = holidays_of(territory, 2026)
        assert len(found) >= 10
        assert all(each.french and each.english for each in found)
        assert not any("'" in each.french + each.english for each in found)
    armistice = holiday_on("fr", ARMISTICE)
    assert armistice is not None
    assert (armistice.name("fr"), armistice.name("en")) == ("Armistice", "Armistice Day")


def test_an_ordinary_day_is_the_weeks() -> None:
    day = day_of(WEEK, date(2026, 11, 12))
    assert (day.hours, day.reason) == (DAYTIME, Reason.WEEK)


def test_a_public_holiday_closes() -> None:
    day = day_of(WEEK, ARMISTICE)
    assert (day.is_closed, day.reason) == (True, Reason.HOLIDAY)


@pytest.mark.parametrize("decided", ["", "none"])
def test_without_public_holidays_the_day_is_like_others_and_still_known_as_one(
    decided: str,
) -> None:
    day = day_of(Schedule(weekly=WEEK.weekly, public_holidays=decided), ARMISTICE)
    assert (day.hours, day.reason) == (DAYTIME, Reason.WEEK)
    assert day.holiday is not None


def test_an_exceptional_date_decides_over_a_public_holiday() -> None:
    schedule = Schedule(
        weekly=WEEK.weekly,
        public_holidays="fr",
        exceptions={"a": Exceptional(first=ARMISTICE, hours=(("10:00", "12:00"),))},
    )
    day = day_of(schedule, ARMISTICE)
    assert (day.hours, day.reason) == ((("10:00", "12:00"),), Reason.EXCEPTION)
    assert day.holiday is not None


def test_of_several_exceptional_dates_the_shortest_decides() -> None:
    schedule = Schedule(
        exceptions={
            "summer": Exceptional(first=date(2026, 8, 1), last=date(2026, 8, 31)),
            "week": Exceptional(first=date(2026, 8, 10), last=date(2026, 8, 16)),
            "day": Exceptional(first=date(2026, 8, 12), hours=DAYTIME),
        }
    )
    names = [exception_on(schedule, date(2026, 8, day)) for day in (3, 11, 12)]
    assert [each[0] for each in names if each is not None] == ["summer", "week", "day"]
    assert exception_on(schedule, date(2026, 9, 1)) is None


def test_hours_that_touch_are_one_and_those_upside_down_are_none() -> None:
    hours = (("14:00", "18:00"), ("09:00", "12:00"), ("12:00", "12:30"), ("20:00", "19:00"))
    assert tidy(hours) == (("09:00", "12:30"), ("14:00", "18:00"))
