"""How hours, days and states of schedules are put into words."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec
from PySide6.QtCore import QDate, QLocale

from cx_desktop.domain.patch import Document, Path
from cx_desktop.domain.schedules import (
    Day,
    Exceptional,
    Hours,
    Reason,
    Schedule,
    State,
    Weekday,
    next_change,
    schedule_of,
    state_at,
)
from cx_desktop.domain.schedules.calendar import WEEKDAYS, tidy
from cx_desktop.domain.schedules.holidays import TERRITORIES
from cx_desktop.models.language import Language
from cx_desktop.models.objects.plan import Planned

_WHOLE = ("00:00", "24:00")


def hour_words(language: Language, hour: str) -> str:
    """« 9 h 30 », 9:30."""
    hours, minutes = hour.split(":")
    return language.text("common.time", hours=hours, minutes=minutes)


def hours_words(language: Language, hours: Sequence[Hours]) -> str:
    """« 9 h 00 – 12 h 30, 13 h 30 – 18 h 00 », « fermé » or « jour et nuit »."""
    known = tidy(tuple(hours))
    if not known:
        return language.text("schedules.closed")
    if known == (_WHOLE,):
        return language.text("schedules.day-and-night")
    return ", ".join(
        language.text(
            "schedules.range",
            first=hour_words(language, first),
            last=hour_words(language, last),
        )
        for first, last in known
    )


def weekday_name(language: Language, day: Weekday) -> str:
    """« Lundi »."""
    name = language.locale.dayName(WEEKDAYS.index(day) + 1, QLocale.FormatType.LongFormat)
    return name[:1].upper() + name[1:]


def day_words(language: Language, day: date) -> str:
    """« mercredi 11 novembre 2026 »."""
    return language.locale.toString(QDate(day.year, day.month, day.day), "dddd d MMMM yyyy")


def short_day(language: Language, day: date) -> str:
    """« mer. 11 nov. »."""
    return language.locale.toString(QDate(day.year, day.month, day.day), "ddd d MMM")


def dates_words(language: Language, exception: Exceptional) -> str:
    """« 24 décembre 2026 » or « 24 décembre 2026 – 2 janvier 2027 »."""
    first = language.day(exception.first)
    if exception.last is None or exception.last == exception.first:
        return first
    return language.text("schedules.range", first=first, last=language.day(exception.last))


def holiday_name(language: Language, day: Day) -> str:
    """The public holiday of a day, "" when it is none."""
    return day.holiday.name(language.current.value) if day.holiday is not None else ""


def territory_words(language: Language, key: str) -> str:
    """« France métropolitaine », or what was decided instead."""
    known = key if key in {"none", *TERRITORIES} else "undecided"
    return language.text(f"schedules.territory.{known}")


def reason_words(language: Language, day: Day) -> str:
    """Why a day has its hours: « férié (Armistice) », « date exceptionnelle », the weekday."""
    match day.reason:
        case Reason.HOLIDAY:
            return language.text("schedules.because.holiday", name=holiday_name(language, day))
        case Reason.EXCEPTION:
            if day.label:
                return language.text("schedules.because.exception-named", name=day.label)
            return language.text("schedules.because.exception")
        case Reason.WEEK:
            if day.holiday is not None:
                name = holiday_name(language, day)
                return language.text("schedules.because.holiday-ignored", name=name)
            return language.text("schedules.because.week")


def state_words(language: Language, schedule: Schedule, instant: datetime) -> str:
    """« Fermé, férié (Armistice). Ouvre jeudi 12 novembre à 9 h 00. »."""
    state = state_at(schedule, instant)
    key = "schedules.state.open" if state.is_open else "schedules.state.closed"
    return " ".join(
        (
            language.text(key, reason=reason_words(language, state.day)),
            change_words(language, state, next_change(schedule, instant)),
        )
    )


def short_state_words(language: Language, schedule: Schedule, instant: datetime) -> str:
    """« Fermé. Ouvre à 9 h 00. », for a list."""
    state = state_at(schedule, instant)
    key = "schedules.now.open" if state.is_open else f"schedules.now.{state.opening}"
    change = change_words(language, state, next_change(schedule, instant))
    return f"{language.text(key)} {change}"


def change_words(language: Language, state: State, change: datetime | None) -> str:
    """« Ferme à 18 h 00. », « Ouvre lundi 23 novembre à 9 h 00. »."""
    if change is None:
        return language.text("schedules.change.never")
    verb = "closes" if state.is_open else "opens"
    hour = f"{change:%H:%M}"
    if change.date() == state.local.date():
        return language.text(f"schedules.change.{verb}", time=hour_words(language, hour))
    return language.text(
        f"schedules.change.{verb}-on",
        day=day_words(language, change.date()),
        time=hour_words(language, hour),
    )


def week_words(language: Language, schedule: Schedule) -> str:
    """The week in short: « lun.–ven. 9 h 00 – 18 h 00 · sam. 10 h 00 – 12 h 00 »."""
    groups: list[tuple[list[int], tuple[Hours, ...]]] = []
    for number, day in enumerate(WEEKDAYS, start=1):
        hours = tidy(schedule.weekly.get(day, ()))
        if groups and groups[-1][1] == hours:
            groups[-1][0].append(number)
        else:
            groups.append(([number], hours))
    parts = [
        f"{_span(language, numbers)} {hours_words(language, hours)}"
        for numbers, hours in groups
        if hours
    ]
    return " · ".join(parts) or language.text("schedules.never-open")


def _span(language: Language, numbers: Sequence[int]) -> str:
    short = QLocale.FormatType.ShortFormat
    first, last = (language.locale.dayName(each, short) for each in (numbers[0], numbers[-1]))
    return first if len(numbers) == 1 else f"{first}–{last}"


def changed(language: Language, planned: Planned) -> tuple[str, ...]:
    """What a publication changes for callers, a line each."""
    try:
        new = schedule_of(planned.new)
        old = schedule_of(planned.live) if planned.live is not None else None
    except msgspec.ValidationError:
        return ()
    if old is None:
        return (week_words(language, new),)
    return tuple(_changes(language, old, new, planned.new))


def _changes(
    language: Language, old: Schedule, new: Schedule, _document: Document
) -> Iterator[str]:
    if old.time_zone != new.time_zone:
        yield language.text("schedules.changes.zone", old=old.time_zone, new=new.time_zone)
    for day in WEEKDAYS:
        was, now = tidy(old.weekly.get(day, ())), tidy(new.weekly.get(day, ()))
        if was != now:
            yield language.text(
                "schedules.changes.day",
                day=weekday_name(language, day),
                old=hours_words(language, was),
                new=hours_words(language, now),
            )
    if old.public_holidays != new.public_holidays:
        yield language.text(
            "schedules.changes.holidays",
            old=territory_words(language, old.public_holidays),
            new=territory_words(language, new.public_holidays),
        )
    for name in sorted({*old.exceptions, *new.exceptions}):
        before, after = old.exceptions.get(name), new.exceptions.get(name)
        if before != after:
            yield _exception_change(language, before, after)


def _exception_change(
    language: Language, before: Exceptional | None, after: Exceptional | None
) -> str:
    if after is None:
        when = dates_words(language, before) if before is not None else ""
        return language.text("schedules.changes.exception-gone", when=when)
    return language.text(
        "schedules.changes.exception",
        when=dates_words(language, after),
        hours=hours_words(language, after.hours),
    )


def placed(language: Language, path: Path, document: Document) -> tuple[str, str]:
    """What a place of a draft is called, and what it holds."""
    try:
        schedule = schedule_of(document)
    except msgspec.ValidationError:  # a part of an exception by itself
        schedule = Schedule()
    match path:
        case ("weekly", day) if (named := _weekday(day)) is not None:
            hours = hours_words(language, tidy(schedule.weekly.get(named, ())))
            return weekday_name(language, named), hours
        case ("exceptions", key, *_) if (exception := schedule.exceptions.get(key)) is not None:
            said = (hours_words(language, exception.hours), exception.label)
            when = dates_words(language, exception)
            name = language.text("settle.place.exception", when=when)
            return name, " · ".join(filter(None, said))
        case ("time_zone",):
            return language.text("settle.place.zone"), schedule.time_zone
        case ("public_holidays",):
            holidays = territory_words(language, schedule.public_holidays)
            return language.text("settle.place.holidays"), holidays
        case _:
            return "", ""


def _weekday(name: str) -> Weekday | None:
    return next((day for day in WEEKDAYS if day == name), None)
