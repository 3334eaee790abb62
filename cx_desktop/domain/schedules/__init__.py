"""Schedules: when somebody is there, week by week, with public holidays and exceptional dates."""

from cx_desktop.domain.schedules.schedule import Exceptional, Hours, Schedule, schedule_of

__all__ = ["Exceptional", "Hours", "Schedule", "schedule_of"]
