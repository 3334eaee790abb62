"""Opening hours that other products write into their flows, as schedules of ours.

Only what is certain becomes a schedule. What our schedules cannot say (days of a month, months of
every year), or what is known only during a call, stays a name: somebody has to make the schedule.
Nobody has decided on public holidays there, so nobody has here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules.calendar import MIDNIGHT, hour_of

#: Minutes of a day, from one until another; the end is not part of it.
Span: TypeAlias = tuple[int, int]

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: As dialplans count: Sunday comes first.
_SUNDAY_FIRST = ("sun", *WEEK[:-1])
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
#: Whoever writes an end of 18:00 means the hour, though the product counts that minute too.
_ROUND = 5


def schedule(days: Mapping[str, Iterable[Span]], *, time_zone: str = "") -> Document | None:
    """A schedule with these hours; nothing where there are none."""
    weekly: Document = {}
    for day in WEEK:
        spans = _joined(days.get(day, ()))
        if spans:
            weekly[day] = [[hour_of(first), hour_of(last)] for first, last in spans]
    if not weekly:
        return None
    return {
        "time_zone": time_zone or "Europe/Paris",
        "weekly": weekly,
        "public_holidays": "",
        "exceptions": {},
    }


def schedules_in(flow: Flow, read: Callable[[str], Document | None]) -> dict[str, Document]:
    """The schedules of a flow whose names are the hours themselves, where these are certain."""
    named = {each.target for each in references(flow) if each.refers_to == "schedule"}
    return {name: draft for name in sorted(named) if (draft := read(name)) is not None}


def dialplan_hours(text: str) -> Document | None:
    """``09:00-18:00,mon-fri``: times, days of the week, days of the month, months, time zone.

    The last minute is part of it, and ranges may run over midnight or the end of the week.
    """
    times, days, month_days, months, zone = (*text.split(","), *("*",) * 5)[:5]
    if any(part.strip() not in ("", "*") for part in (month_days, months)):
        return None
    zone = zone.strip().strip("*")
    spans, open_on = _times(times), _days(days, _SUNDAY_FIRST)
    if spans is None or open_on is None or (zone and not _is_zone(zone)):
        return None
    return schedule(dict.fromkeys(open_on, spans), time_zone=zone)


def condition_hours(text: str) -> Document | None:
    """``wday=2-6 hour=9-17``: days count from Sunday as 1, the last hour is part of it."""
    asked = dict(part.split("=", 1) for part in text.split() if "=" in part)
    if not asked or asked.keys() - {"wday", "hour", "time-of-day"} or len(asked) > 2:
        return None
    numbered = tuple(map(str, range(1, 8)))
    days = _days(asked.get("wday", "*"), numbered, separator=",")
    spans: list[Span] | None = [(0, MIDNIGHT)]
    if "hour" in asked:
        hours = _days(asked["hour"], tuple(map(str, range(24))), separator=",")
        spans = None if hours is None else [(int(h) * 60, int(h) * 60 + 60) for h in hours]
    elif "time-of-day" in asked:
        spans = _exact_times(asked["time-of-day"])
    if days is None or spans is None:
        return None
    names = [_SUNDAY_FIRST[int(day) - 1] for day in days]
    return schedule(dict.fromkeys(names, spans))


def weekly_hours(entries: Sequence[tuple[Sequence[str], str, str]]) -> Document | None:
    """Days with an hour from which and one until which, any number of times.

    23:59 is the end of the day: nobody means to be away for its last minute.
    """
    spans: dict[str, list[Span]] = {}
    for days, begin, end in entries:
        first, last = _minutes(begin), _minutes(end)
        if first is None or last is None:
            return None
        last = MIDNIGHT if last == MIDNIGHT - 1 else last
        if last <= first:
            return None
        for day in days:
            spans.setdefault(day, []).append((first, last))
    return schedule(spans)


def _times(text: str) -> list[Span] | None:
    """Ranges of times joined by ``&``; None for what is no time."""
    if text.strip() in ("", "*"):
        return [(0, MIDNIGHT)]
    spans: list[Span] = []
    for part in text.split("&"):
        begin, dash, end = part.partition("-")
        first, last = _minutes(begin), _minutes(end if dash else begin)
        if first is None or last is None or MIDNIGHT in (first, last):
            return None
        if last % _ROUND or last == first:
            last += 1
        spans += [(first, last)] if first < last else [(first, MIDNIGHT), (0, last)]
    return spans


def _exact_times(text: str) -> list[Span] | None:
    begin, dash, end = text.partition("-")
    first, last = _minutes(begin), _minutes(end)
    if not dash or first is None or last is None or first >= last:
        return None
    return [(first, last)]


def _days(text: str, names: Sequence[str], *, separator: str = "&") -> list[str] | None:
    """Days, or ranges of them that may run over the end; None for what is none."""
    if text.strip() in ("", "*"):
        return list(names)
    found: list[str] = []
    for part in text.split(separator):
        begin, dash, end = (each.strip().lower() for each in part.partition("-"))
        if begin not in names or (dash and end not in names):
            return None
        found += _round(names, names.index(begin), names.index(end if dash else begin))
    return found


def _round(names: Sequence[str], first: int, last: int) -> Iterator[str]:
    """From one name to another, over the end where it must be."""
    for ahead in range((last - first) % len(names) + 1):
        yield names[(first + ahead) % len(names)]


def _minutes(text: str) -> int | None:
    match = _TIME.match(text.strip())
    if match is None or match.end() != len(text.strip()):
        return None
    total = int(match[1]) * 60 + int(match[2])
    return total if int(match[2]) < 60 and total <= MIDNIGHT else None


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same hours, in order, none of which overlap or meet."""
    joined: list[Span] = []
    for first, last in sorted(set(spans)):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        elif first < last:
            joined.append((first, last))
    return joined


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
