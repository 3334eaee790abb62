"""How timed publications are said: « Accueil : mise en ligne le ven. 27 nov. à 18 h 00 »."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate

from cx_desktop.domain.timed import Timed, TimedObject
from cx_desktop.models.language import Language

#: The failures that have words of their own.
_SAID = frozenset(
    {
        "archived",
        "findings-block",
        "tests-failed",
        "live-moved",
        "time-is-over",
        "forbidden",
        "project-suspended",
        "feature-not-subscribed",
    }
)
#: So many faults are named.
_MOST = 3


def when_words(language: Language, instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """« ven. 27 nov. à 18 h 00 », where the project is; with the year when it is another one."""
    there = instant.astimezone(zone)
    pattern = "ddd d MMM" if there.year == now.astimezone(zone).year else "ddd d MMM yyyy"
    day = language.locale.toString(QDate(there.year, there.month, there.day), pattern)
    return language.text("common.day-time", day=day, time=language.time(instant, zone=zone))


def zone_words(language: Language, zone: ZoneInfo, instant: datetime) -> str:
    """Whose hour it is, where this computer's clock shows another one; else ""."""
    if instant.astimezone().utcoffset() == instant.astimezone(zone).utcoffset():
        return ""
    place = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    return language.text("timed.zone", place=place)


class TimedWords:
    """Words of one moment, in one language."""

    def __init__(
        self, language: Language, *, names: Mapping[str, str], zone: ZoneInfo, now: datetime
    ) -> None:
        self._language = language
        self._names = names
        self._zone = zone
        self._now = now

    def names(self, timed: Timed) -> str:
        """What it is about, by name."""
        known = [each for each in timed.objects if self._names.get(each.id)]
        return ", ".join(self._named(each) for each in known) or "?"

    def times(self, timed: Timed) -> str:
        """What is still to happen, and when."""
        at = timed.at if not timed.is_return else None
        back = timed.returns_at
        if at is not None and back is not None:
            words = self._text("timed.live-and-back", at=self._when(at), back=self._when(back))
        elif at is not None:
            words = self._text("timed.live", at=self._when(at))
        elif back is not None and timed.went_live_at is None and len(timed.objects) == 1:
            number = timed.objects[0].returns_to or 0
            words = self._text("timed.back-to", back=self._when(back), number=number)
        elif back is not None:
            words = self._text("timed.back", back=self._when(back))
        else:
            words = ""
        first = at or back
        zone = zone_words(self._language, self._zone, first) if first is not None else ""
        return f"{words} {zone}".strip()

    def title(self, timed: Timed) -> str:
        """« Accueil : mise en ligne le ven. 27 nov. à 18 h 00, retour le lun. 30 à 8 h 00 »."""
        if timed.needs_note:
            key = "timed.failed-back" if timed.is_return else "timed.failed"
            return self._text(key, names=self.names(timed))
        return self._text("timed.title", names=self.names(timed), times=self.times(timed))

    def text(self, timed: Timed) -> str:
        """Who planned it and in what words; or why it was not done."""
        if timed.needs_note:
            return self.reason(timed)
        by = timed.planned_by.name if timed.planned_by is not None else "?"
        return self._text("timed.by", who=by, message=timed.message)

    def overtaken(self) -> str:
        """Callers hear something else by now: it would not be carried out."""
        return self._text("timed.overtaken")

    def reason(self, timed: Timed) -> str:
        """Why it could not be carried out."""
        failure, at = timed.failure, timed.failed_at
        if failure is None:
            return ""
        name = failure.name if failure.name in _SAID else "other"
        why = self._text(f"timed.failure.{name}", said=failure.name)
        faults = [each.message for each in failure.errors if each.message][:_MOST]
        when = self._when(at) if at is not None else ""
        why = self._text("timed.failure.named", why=why, names=", ".join(faults)) if faults else why
        return self._text("timed.why", when=when, why=why)

    def _named(self, named: TimedObject) -> str:
        kind = self._language.text(f"objects.type.{named.entity}")
        return self._text("timed.named", type=kind, name=self._names[named.id])

    def _when(self, instant: datetime) -> str:
        return when_words(self._language, instant, self._zone, self._now)

    def _text(self, key: str, **params: str | int) -> str:
        return self._language.text(key, **params)
