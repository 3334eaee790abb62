"""Kinds of nodes by what people call them: in both languages, and in other vendors' words."""

from msgspec import Struct

from cx_desktop.domain.flow.kind import Family, Kind
from cx_desktop.domain.flow.kinds import FOREIGN, KINDS
from cx_desktop.models.commands import fold
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language


class Found(Struct, frozen=True):
    """A kind that answers to what was typed; ``alias`` is the other name by which it does."""

    kind: Kind
    score: int
    alias: str = ""


class KindSearch:
    """Finds kinds; the catalogue of the other language is read when something is typed first."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._others: tuple[Catalogue, ...] | None = None
        self._names: dict[str, tuple[tuple[str, str, int], ...]] = {}

    def speak(self, catalogue: Catalogue) -> None:
        """Show names of this language first from now on."""
        self._catalogue = catalogue
        self._others = None
        self._names.clear()

    @property
    def kinds(self) -> dict[Family, list[Kind]]:
        """Everything that can be added, by family, in the palette's order."""
        families: dict[Family, list[Kind]] = {family: [] for family in Family}
        for kind in KINDS.values():
            if kind is not FOREIGN:
                families[kind.family].append(kind)
        return families

    def find(self, needle: str) -> list[Found]:
        """The kinds that answer to ``needle``, best first; all of them for ""."""
        wanted = fold(needle).strip()
        kinds = [kind for family in self.kinds.values() for kind in family]
        if not wanted:
            return [Found(kind, 0) for kind in kinds]
        found = [each for each in (self._match(kind, wanted) for kind in kinds) if each]
        return sorted(found, key=lambda each: -each.score)

    def _match(self, kind: Kind, wanted: str) -> Found | None:
        best: Found | None = None
        for folded, name, weight in self._names_of(kind):
            score = _score(wanted, folded)
            if score and (best is None or score + weight > best.score):
                best = Found(kind, score + weight, "" if weight == _OWN else name)
        return best

    def _names_of(self, kind: Kind) -> tuple[tuple[str, str, int], ...]:
        """Folded name, name, and how much it weighs."""
        names = self._names.get(kind.id)
        if names is None:
            if self._others is None:
                self._others = tuple(
                    Catalogue(resources() / "text", language)
                    for language in Language
                    if language is not self._catalogue.language
                )
            own = self._catalogue.text(f"kind.{kind.id}")
            about = self._catalogue.text(f"kind.{kind.id}.about")
            words = self._catalogue.text(f"kind.{kind.id}.search")
            others = [each.text(f"kind.{kind.id}") for each in self._others]
            names = (
                (fold(own), own, _OWN),
                *((fold(name), name, _OTHER) for name in others),
                (fold(kind.id.replace("_", " ")), kind.id, _OTHER),
                *((fold(name), name, _VENDOR) for name in kind.synonyms),
                *((fold(word), word, _VENDOR) for word in words.split(", ")),
                (fold(about), "", _ABOUT),
            )
            self._names[kind.id] = names
        return names


_OWN, _OTHER, _VENDOR, _ABOUT = 40, 25, 15, -60


def _score(wanted: str, name: str) -> int:
    """How well a name answers: whole, from its start, from a word's start, inside, by letters."""
    if wanted == name:
        return 300
    if name.startswith(wanted):
        return 240
    if f" {wanted}" in name:
        return 200
    if wanted in name:
        return 150
    words = wanted.split()
    if len(words) > 1 and all(word in name for word in words):
        return 120
    return 70 if len(wanted) >= 3 and len(name) <= 32 and _has_letters(wanted, name) else 0


def _has_letters(wanted: str, name: str) -> bool:
    """Whether all letters occur in order, close enough together to be meant."""
    at, first = -1, -1
    for letter in wanted.replace(" ", ""):
        at = name.find(letter, at + 1)
        if at < 0:
            return False
        first = at if first < 0 else first
    return at - first < 2 * len(wanted)
