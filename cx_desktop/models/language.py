"""The language of the interface, switched while the program runs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.text import Catalogue
from cx_desktop.text import Language as Tongue

_LOCALES = {
    Tongue.FRENCH: QLocale(QLocale.Language.French, QLocale.Country.France),
    Tongue.ENGLISH: QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
}


class Language(QObject):
    """The present catalogue, and everything on screen that must follow it.

    ``bind`` ties a setter to a key: it is called now and after every switch, until its owner is
    destroyed.
    """

    changed = Signal(object)  # the Tongue that is spoken from now on

    def __init__(
        self, folder: Path, tongue: Tongue = Tongue.FRENCH, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._catalogue = Catalogue(folder, tongue)
        self._bindings: dict[int, list[Callable[[], None]]] = {}

    @property
    def current(self) -> Tongue:
        """The language spoken now."""
        return self._catalogue.language

    @property
    def catalogue(self) -> Catalogue:
        """The texts of the language spoken now."""
        return self._catalogue

    @property
    def locale(self) -> QLocale:
        """How numbers and dates are written."""
        return _LOCALES[self.current]

    def switch(self, tongue: Tongue) -> None:
        """Speak another language from now on."""
        if tongue == self.current:
            return
        self._catalogue = Catalogue(self._folder, tongue)
        for setters in list(self._bindings.values()):
            for apply in list(setters):
                apply()
        self.changed.emit(tongue)

    def text(self, key: str, /, **params: str | int) -> str:
        """The text of a key."""
        return self._catalogue.text(key, **params)

    def plural(self, key: str, count: int, /, **params: str | int) -> str:
        """The text of a key in the form that ``count`` takes."""
        return self._catalogue.plural(key, count, **params)

    def explain(self, error: CXError) -> tuple[str, str]:
        """Title and hint of one of the world's faults."""
        return self._catalogue.explain(error)

    def bind(
        self, owner: QObject, setter: Callable[[str], object], key: str, /, **params: str | int
    ) -> None:
        """Keep ``setter`` told of a key's text for as long as ``owner`` lives."""
        self.follow(owner, lambda: setter(self.text(key, **params)))

    def follow(self, owner: QObject, refresh: Callable[[], object]) -> None:
        """Call ``refresh`` now and after every switch for as long as ``owner`` lives."""
        key = id(owner)
        if key not in self._bindings:
            self._bindings[key] = []
            owner.destroyed.connect(lambda: self._bindings.pop(key, None))
        self._bindings[key].append(lambda: _discard(refresh()))
        refresh()

    def time(self, moment: datetime, *, zone: tzinfo | None = None) -> str:
        """A time of day as people write it: 14 h 02, 14:02."""
        local = moment.astimezone(zone)
        return self.text("common.time", hours=f"{local:%H}", minutes=f"{local:%M}")

    def day(self, moment: datetime | date) -> str:
        """A day of the year in words: 22 novembre 2026."""
        there = _date(moment)
        return self.locale.toString(QDate(there.year, there.month, there.day), "d MMMM yyyy")

    def day_and_time(self, moment: datetime) -> str:
        """A day with its time."""
        return self.text("common.day-time", day=self.day(moment), time=self.time(moment))

    def since(self, moment: datetime, now: datetime) -> str:
        """A past moment, as near as a reader needs it: 14 h 02, hier, lundi, 3 novembre 2026."""
        then, today = _date(moment), _date(now)
        if then == today:
            return self.time(moment)
        if then == today - timedelta(days=1):
            return self.text("common.yesterday")
        if timedelta(0) < today - then < timedelta(days=7):
            return self.locale.dayName(then.isoweekday(), QLocale.FormatType.LongFormat)
        return self.day(moment)

    def number(self, value: float) -> str:
        """A number with its language's separators."""
        return self.locale.toString(value)


def _date(moment: datetime | date) -> date:
    return moment.astimezone().date() if isinstance(moment, datetime) else moment


def _discard(_result: object) -> None:
    """Setters of Qt may return something; nobody listens."""
