"""A disputed place in words: what it is called, and what it holds in each version."""

import html
from collections.abc import Callable
from datetime import datetime
from difflib import SequenceMatcher

from msgspec import UNSET, Struct

from cx_desktop.domain.patch import Change, Document, Json, Path, apply, encode
from cx_desktop.models.language import Language
from cx_desktop.models.objects.conflicts import Place

#: What a place of a draft is called, and what a draft holds there, in words.
Placed = Callable[[Path, Document], tuple[str, str]]

_FIELDS = frozenset({"name", "description", "archived"})


class Versions(Struct, frozen=True):
    """A disputed place as people read it."""

    name: str
    base: str
    mine: str
    theirs: str


def versions(language: Language, place: Place, draft: Document, placed: Placed) -> Versions:
    """The three versions of a place of an object."""
    values = (place.base, place.mine, place.theirs)
    if place.path[0] in _FIELDS:
        name = language.text(f"outbox.field.{place.path[0]}")
        return Versions(name, *(plain(language, each) for each in values))
    inside = place.inside
    drafts = [apply(draft, [Change(inside, each)]) for each in values]
    told = [placed(inside, each) for each in drafts]
    name = next((name for name, _ in told if name), " › ".join(inside))
    gone = language.text("settle.removed")
    said = [
        gone if value is UNSET and place.kept is not None else words or plain(language, value)
        for value, (_, words) in zip(values, told, strict=True)
    ]
    return Versions(name, *said)


def plain(language: Language, value: Json) -> str:
    """A value as it stands."""
    if value is UNSET or value in (None, "", [], {}):
        return language.text("outbox.what.nothing")
    if isinstance(value, bool):
        return language.text("outbox.what.yes" if value else "outbox.what.no")
    return value if isinstance(value, str) else encode(value).decode()


def marked(one: str, other: str) -> tuple[str, str]:
    """Two texts as rich text, with the words that differ underlined and in bold."""
    before, after = one.split(" "), other.split(" ")
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    if matcher.ratio() < 0.2:  # nothing in common: marks would only be in the way
        return _rich(one), _rich(other)
    left: list[str] = []
    right: list[str] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        is_other = kind != "equal"
        left += _run(before[a:b], is_other=is_other)
        right += _run(after[c:d], is_other=is_other)
    return " ".join(left), " ".join(right)


def _run(words: list[str], *, is_other: bool) -> list[str]:
    if not words:
        return []
    said = _rich(" ".join(words))
    return [f"<b><u>{said}</u></b>" if is_other else said]


def _rich(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def named(language: Language, who: str) -> str:
    """A person by name; whoever it was that this computer has not heard of."""
    return who or language.text("settle.somebody")


def who_words(language: Language, place: Place, now: datetime) -> str:
    """« Léo Bernard, à 14 h 02 »."""
    who = named(language, place.who)
    if place.when is None:
        return who
    return language.text("settle.who", who=who, when=language.since(place.when, now))
