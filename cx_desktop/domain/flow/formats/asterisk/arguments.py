"""What an application is given: a text that commas part, and the variables in it."""

from collections.abc import Iterator
from typing import NamedTuple

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
#: A text is taken apart only so deep; what is deeper stays whole.
DEEPEST = 16


def split(text: str, separator: str = ",") -> tuple[str, ...]:
    """The parts between separators that stand outside of brackets and quotes, without blanks.

    Bars are separators too where there is no comma, as in old dialplans.
    """
    if not text.strip():
        return ()
    parts = tuple(_split(text, separator))
    if len(parts) == 1 and separator == "," and "|" in text:
        parts = tuple(_split(text, "|"))
    return tuple(part.strip() for part in parts)


def _split(text: str, separator: str) -> Iterator[str]:
    depth, start, at = 0, 0, 0
    is_quoted = False
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            pass
        elif sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth = max(depth - 1, 0)
        elif sign == separator and not depth:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


def parted(text: str, sign: str) -> tuple[str, str]:
    """A text before and after the first such sign outside of brackets and quotes."""
    first, *others = _split(text, sign)
    return first.strip(), text[len(first) + 1 :].strip() if others else ""


class Piece(NamedTuple):
    """A part of a text: as it is, the inside of ``${…}``, or the inside of ``$[…]``."""

    opening: str
    text: str

    @property
    def is_plain(self) -> bool:
        """Whether it stands for itself."""
        return not self.opening


def pieces(text: str) -> tuple[Piece, ...]:
    """A text taken apart at its variables and formulas."""
    found: list[Piece] = []
    start = at = 0
    while (at := text.find("$", at)) >= 0:
        end = _end_of(text, at + 1)
        if end < 0:
            at += 1
            continue
        if at > start:
            found.append(Piece("", text[start:at]))
        found.append(Piece(text[at + 1], text[at + 2 : end]))
        start = at = end + 1
    if start < len(text):
        found.append(Piece("", text[start:]))
    return tuple(found)


def _end_of(text: str, at: int) -> int:
    """Where the bracket is closed that opens here; -1 where none opens or it stays open."""
    opening = text[at : at + 1]
    if opening not in ("{", "["):
        return -1
    closing, depth = _OPENING[opening], 0
    for place in range(at, len(text)):
        if text[place] == opening:
            depth += 1
        elif text[place] == closing:
            depth -= 1
            if not depth:
                return place
    return -1


def unquoted(text: str) -> str:
    """A text without the quotes around it and the backslashes in it."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.replace("\\,", ",").replace('\\"', '"')
