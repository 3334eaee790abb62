"""How long it takes to say something: an estimate from its text, or the length of a recording.

The estimate depends on the text as it is written, never on the values of its variables, so that
the analysis and the simulator take the same time over the same prompt.
"""

import re
from collections.abc import Iterator, Mapping

from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json

#: How fast a synthetic voice reads, and an actor in a studio.
WORDS_PER_MINUTE = 150

#: How many words a variable in a text is counted for.
WORDS_OF_A_VARIABLE = 2

#: A recording whose length is not known.
UNKNOWN_LENGTH = 5.0

#: One digit or letter that is read out by itself.
SECONDS_PER_CHARACTER = 0.5

#: How many characters a variable that is read out by itself is counted for.
CHARACTERS_OF_A_VARIABLE = 10

_VARIABLE = re.compile(r"\{[^{}]*\}")
_ELEMENT = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<break[^<>]*\btime=[\"']([0-9.]{1,6})(ms|s)[\"'][^<>]*>")
_SPELLED = frozenset({"digits", "characters", "telephone"})


def seconds_of(prompt: Json, lengths: Mapping[str, float] | None = None) -> float:
    """How long a prompt lasts; ``lengths`` are the seconds of recordings by their id."""
    return sum(_lasts(part, lengths or {}) for part in rows(prompt))


def words_of(prompt: Json) -> int:
    """How many words a prompt's texts have; recordings have none here."""
    return sum(_words(_text(part)) for part in rows(prompt) if part.get("type") != "audio")


def says_something(prompt: Json) -> bool:
    """Whether a prompt is heard at all."""
    return any(_text(part).strip() or part.get("ref") for part in rows(prompt))


def _lasts(part: Document, lengths: Mapping[str, float]) -> float:
    text = _text(part)
    match part.get("type"):
        case "audio":
            return lengths.get(str(part.get("ref")), UNKNOWN_LENGTH) if part.get("ref") else 0.0
        case "say_as" if part.get("as") in _SPELLED:
            bare = _VARIABLE.sub("0" * CHARACTERS_OF_A_VARIABLE, text)
            return SECONDS_PER_CHARACTER * sum(each.isalnum() for each in bare)
        case "ssml":
            return _at_pace(_ELEMENT.sub(" ", text)) + sum(_breaks(text))
        case _:
            return _at_pace(text)


def _text(part: Document) -> str:
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _at_pace(text: str) -> float:
    return _words(text) * 60 / WORDS_PER_MINUTE


def _words(text: str) -> int:
    bare, variables = _VARIABLE.subn(" ", text)
    spoken = sum(any(map(str.isalnum, word)) for word in bare.split())
    return spoken + WORDS_OF_A_VARIABLE * variables


def _breaks(text: str) -> Iterator[float]:
    for amount, unit in _BREAK.findall(text):
        try:
            yield float(amount) / (1000 if unit == "ms" else 1)
        except ValueError:
            continue
