"""How the list of recordings reads: moments, lengths, numbers, what is left."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cx_desktop.domain.numbers import spelled
from cx_desktop.models.language import Language
from cx_desktop.models.recordings.rows import Recording

Zone = ZoneInfo
_HOUR, _MINUTE = 3600, 60


def moment(language: Language, at: datetime, zone: Zone) -> str:
    """When it began, short and in columns: 23/11/2026 14 h 02."""
    local = at.astimezone(zone)
    return f"{local:%d/%m/%Y}\u2002{language.time(at, zone=zone)}"


def moment_in_full(language: Language, at: datetime, zone: Zone) -> str:
    """When it began, in words, with the day of the week."""
    local = at.astimezone(zone)
    day = language.locale.dayName(local.isoweekday())
    return language.text(
        "recordings.moment",
        weekday=day,
        day=language.day(local.date()),
        time=language.time(at, zone=zone),
    )


def duration(seconds: int) -> str:
    """How long it is: 4:31, 1:02:09."""
    hours, rest = divmod(seconds, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def number(language: Language, e164: str) -> str:
    """A number as people write it; callers may hide theirs."""
    return spelled(e164) if e164 else language.text("recordings.hidden-number")


def percent(language: Language, score: float) -> str:
    """A score."""
    return language.text("recordings.percent", value=language.locale.toString(round(score, 1)))


def left(language: Language, end: date, today: date) -> str:
    """How long it is still here."""
    days = (end - today).days
    if days <= 1:
        return language.text("recordings.end.tomorrow")
    return language.plural("recordings.end.days", days)


def end_in_full(language: Language, recording: Recording) -> str:
    """The day on which it is deleted, and whether it is protected until then."""
    key = "recordings.end.held" if recording.held else "recordings.end.full"
    return language.text(key, day=language.day(recording.delete_by))
