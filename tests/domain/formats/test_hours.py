"""Hours that other products write into their flows: a schedule where they are certain."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.hours import condition_hours, dialplan_hours, weekly_hours
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules import schedule_of, state_at
from tests.domain.formats.samples import DATA

#: Monday 16 November 2026 begins the week that is asked about.
_DAY = {"mon": 16, "tue": 17, "wed": 18, "thu": 19, "fri": 20, "sat": 21, "sun": 22}


def is_open(draft: Document | None, day: str, hour: str) -> bool:
    assert draft is not None
    hours, minutes = map(int, hour.split(":"))
    schedule = schedule_of(draft)
    moment = datetime(2026, 11, _DAY[day], hours, minutes, tzinfo=ZoneInfo(schedule.time_zone))
    return state_at(schedule, moment).is_open


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("09:00-18:00,mon-fri", ["mon 09:00", "fri 17:59"], ["fri 18:00", "sat 10:00"]),
        ("09:00-17:59,mon-fri,*,*", ["mon 17:59"], ["mon 18:00"]),
        ("22:00-06:00", ["mon 23:00", "mon 05:59", "sun 00:00"], ["mon 12:00"]),
        ("*,sat-mon", ["sat 00:00", "sun 12:00", "mon 23:59"], ["tue 00:00"]),
        ("08:00-12:00&14:00-18:00,mon&wed", ["mon 11:00", "wed 14:00"], ["mon 13:00", "tue 9:00"]),
        ("10:00-11:00,tue,*,*,Indian/Reunion", ["tue 10:30"], ["tue 11:30"]),
    ],
)
def test_a_dialplans_hours_are_open_when_it_says(
    text: str, inside: list[str], outside: list[str]
) -> None:
    draft = dialplan_hours(text)
    assert all(is_open(draft, *each.split()) for each in inside)
    assert not any(is_open(draft, *each.split()) for each in outside)


@pytest.mark.parametrize(
    "text",
    [
        "*,*,25,dec",
        "09:00-18:00,mon-fri,1-7",
        "${HOURS}",
        "9-18,mon-fri",
        "09:00-18:00,lundi",
        "09:00-18:00,mon,*,*,Moon/Crater",
        "25:00-26:00",
        "",
    ],
)
def test_what_is_not_certain_is_no_schedule(text: str) -> None:
    draft = dialplan_hours(text)
    assert draft is None or not text


def test_conditions_count_days_from_sunday_and_hours_to_their_end() -> None:
    draft = condition_hours("wday=2-6 hour=9-17")
    assert is_open(draft, "mon", "09:00")
    assert is_open(draft, "fri", "17:59")
    assert not is_open(draft, "fri", "18:00")
    assert not is_open(draft, "sun", "10:00")
    assert condition_hours("mon=12 mday=25") is None
    assert is_open(condition_hours("time-of-day=09:00-12:30"), "sun", "12:29")


def test_a_whole_day_ends_at_midnight() -> None:
    draft = weekly_hours([(("fri", "sat"), "0:00", "23:59")])
    assert is_open(draft, "sat", "23:59")
    assert weekly_hours([((), "", "")]) is None


def test_a_designers_hours_come_with_the_flow_by_the_name_it_calls_them() -> None:
    (found, *_) = read_all((DATA / "threecx" / "Main.flow").read_bytes(), "Main")
    assert set(found.schedules) == {"Open"}
    asked = [
        each.props["schedule"] for each in found.flow.nodes.values() if each.kind == "schedule"
    ]
    assert asked == ["Open"]
    draft = found.schedules["Open"]
    assert is_open(draft, "mon", "17:29")
    assert not is_open(draft, "tue", "10:00")


def test_a_dialplans_hours_come_with_its_flows() -> None:
    flows = read_all((DATA / "asterisk" / "office.conf").read_bytes(), "office")
    made = {name for each in flows for name in each.schedules}
    assert made == {"09:00-18:00,mon-fri"}
