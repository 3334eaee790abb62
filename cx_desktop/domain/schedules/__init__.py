"""Schedules: when somebody is there, week by week, with public holidays and exceptional dates."""

from cx_desktop.domain.schedules.calendar import Day, Reason, day_of
from cx_desktop.domain.schedules.schedule import (
    Exceptional,
    Hours,
    Schedule,
    Weekday,
    schedule_of,
)
from cx_desktop.domain.schedules.state import Opening, State, hours_of, next_change, state_at

__all__ = [
    "Day",
    "Exceptional",
    "Hours",
    "Opening",
    "Reason",
    "Schedule",
    "State",
    "Weekday",
    "day_of",
    "hours_of",
    "next_change",
    "schedule_of",
    "state_at",
]
