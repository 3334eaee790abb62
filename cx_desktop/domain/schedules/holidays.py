"""Public holidays of France and its territories, computed for any year (library holidays)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays
from msgspec import Struct

#: By the key that a schedule keeps: what the library calls the territory.
TERRITORIES: Mapping[str, str | None] = MappingProxyType(
    {
        "fr": None,
        "fr-alsace-moselle": "57",
        "fr-gp": "971",
        "fr-mq": "972",
        "fr-gf": "973",
        "fr-re": "974",
        "fr-yt": "976",
        "fr-bl": "BL",
        "fr-mf": "MF",
        "fr-pm": "PM",
        "fr-nc": "NC",
        "fr-pf": "PF",
        "fr-wf": "WF",
    }
)
#: Somebody decided that public holidays are days like others.
OPEN_AS_USUAL = "none"
#: Whose public holidays are meant where nobody has decided.
USUAL = "fr"


class Holiday(Struct, frozen=True):
    """A public holiday, with its name in both languages."""

    day: date
    french: str
    english: str

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return self.french if language == "fr" else self.english


@lru_cache(maxsize=512)
def holidays_of(territory: str, year: int) -> tuple[Holiday, ...]:
    """The public holidays of a territory in a year, in order; none for a key nobody knows."""
    if territory not in TERRITORIES:
        return ()
    subdivision = TERRITORIES[territory]
    french = country_holidays("FR", years=year, subdiv=subdivision, language="fr")
    english = country_holidays("FR", years=year, subdiv=subdivision, language="en_US")
    return tuple(
        Holiday(
            day=day,
            french=_set(french[day]),
            english=_set(english.get(day, french[day])).replace("Labor", "Labour"),
        )
        for day in sorted(french)
    )


def _set(name: str) -> str:
    """A name with the apostrophe that is printed."""
    return name.replace("'", "’")


def holiday_on(territory: str, day: date) -> Holiday | None:
    """The public holiday of a day, if it is one there."""
    return next((each for each in holidays_of(territory, day.year) if each.day == day), None)
