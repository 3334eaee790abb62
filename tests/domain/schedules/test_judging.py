"""What is wrong with a schedule, or worth knowing: each rule with a schedule it says nothing of."""

from datetime import date

import pytest

from cx_desktop.domain.finding import Severity, in_words
from cx_desktop.domain.schedules import Exceptional, Schedule
from cx_desktop.domain.schedules.calendar import WEEKDAYS
from cx_desktop.domain.schedules.judging import RULES, faults, judged, undecided
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

TODAY = date(2026, 10, 20)
WEEK = dict.fromkeys(WEEKDAYS[:5], (("09:00", "18:00"),))
SOUND = Schedule(weekly=WEEK, public_holidays="fr")
ALWAYS = dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),))


def rules(schedule: Schedule, today: date = TODAY) -> list[str]:
    return [each.rule for each in judged(schedule, today)]


def test_nothing_is_said_of_a_sound_schedule() -> None:
    assert rules(SOUND) == []


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        (Schedule(public_holidays="fr"), "SCH-01"),
        (Schedule(weekly=ALWAYS, public_holidays="none"), "SCH-02"),
        (Schedule(weekly={"sat": (("09:00", "12:00"),)}), "SCH-03"),
        (Schedule(weekly=WEEK), "SCH-04"),
        (Schedule(weekly={"mon": (("18:00", "09:00"),)}, public_holidays="fr"), "SCH-05"),
        (Schedule(weekly=WEEK, public_holidays="fr", time_zone="Europe/Lutece"), "SCH-06"),
        (Schedule(weekly=WEEK, public_holidays="be"), "SCH-07"),
        (
            Schedule(
                weekly=WEEK,
                public_holidays="fr",
                exceptions={"a": Exceptional(first=date(2026, 12, 2), last=date(2026, 12, 1))},
            ),
            "SCH-08",
        ),
    ],
)
def test_each_rule_finds_what_it_is_there_for(schedule: Schedule, rule: str) -> None:
    assert rule in rules(schedule)


def test_what_cannot_be_published_is_blocking() -> None:
    upside_down = Schedule(weekly={"mon": (("18:00", "09:00"),)})
    assert {each.severity for each in faults(upside_down)} == {Severity.BLOCKING}
    assert faults(SOUND) == ()


def test_a_holiday_is_told_of_thirty_days_ahead_and_only_where_it_would_be_open() -> None:
    bare = Schedule(weekly=WEEK)
    assert [each.day for each in undecided(bare, TODAY)] == [date(2026, 11, 11)]  # the 1st: Sunday
    assert undecided(bare, date(2026, 10, 12)) == ()
    assert undecided(Schedule(weekly=WEEK, public_holidays="none"), TODAY) == ()
    decided = Schedule(
        weekly=WEEK, exceptions={"a": Exceptional(first=date(2026, 11, 11), hours=WEEK["mon"])}
    )
    assert undecided(decided, TODAY) == ()


@pytest.mark.parametrize("language", list(Language))
def test_every_rule_has_words_and_advice(language: Language) -> None:
    catalogue = Catalogue(resources() / "text", language)
    for rule in RULES:
        assert catalogue.has(f"finding.{rule}")
        assert catalogue.has(f"finding.{rule}.hint")
    upside_down = Schedule(weekly={"mon": (("18:00", "09:00"),)}, public_holidays="fr")
    finding = next(each for each in judged(upside_down, TODAY) if each.rule == "SCH-05")
    assert "18:00" in in_words(finding, catalogue.text)
