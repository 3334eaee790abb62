"""Until when something holds, as people type it: a moment, an hour, or for how long."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.schedules.calendar import MIDNIGHT, minutes_of
from cx_desktop.domain.schedules.typed import hour_typed

_FOR = re.compile(r"\+(\d{1,4})\s*(m|min|h|d|j)", re.IGNORECASE)
_LENGTHS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "j": timedelta(days=1),
}


def until_of(typed: str, now: datetime, zone: str) -> datetime:
    """The moment that is meant, in UTC: « 18h30 » is the next one, « +2h » counts from now.

    Raises ``CXError`` for what is no moment, or lies in the past.
    """
    moment = _moment(typed.strip(), now, ZoneInfo(zone))
    if moment is None:
        raise CXError("problem.not-a-moment", said=typed)
    if moment <= now:
        raise CXError("problem.emergency-past", said=typed)
    return moment.astimezone(UTC)


def _moment(typed: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    length = _FOR.fullmatch(typed)
    if length is not None:
        return now + int(length[1]) * _LENGTHS[length[2].lower()]
    hour = hour_typed(typed)
    if hour is not None:
        today = now.astimezone(zone).date()
        coming = _at(today, hour, zone)
        return coming if coming > now else _at(today + timedelta(days=1), hour, zone)
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _at(day: date, hour: str, zone: ZoneInfo) -> datetime:
    minutes = minutes_of(hour)
    if minutes == MIDNIGHT:
        day, minutes = day + timedelta(days=1), 0
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone)
