"""Names of extensions: patterns like ``_0[1-9]X.``, what they match, and in which order.

Asterisk tries a literal name first, then patterns from the narrowest to the widest, whatever order
the file has them in.
"""

import re
from typing import NamedTuple, TypeAlias

#: Extensions that the engine calls itself; nobody dials them.
SPECIAL = frozenset({"i", "t", "T", "h", "e", "o", "a"})

_SETS = {"x": "0123456789", "z": "123456789", "n": "23456789"}
_KEYS = "0123456789*#"
_IGNORED = frozenset("- ")
Rank: TypeAlias = tuple[int, ...]

#: How wide what stands at one place of a pattern is; the narrowest is tried first.
_ANYTHING, _EVERYTHING, _END = 0x18000, 0x28000, 0x30000


class Name(NamedTuple):
    """The name of an extension, and the condition on the caller that may follow a slash."""

    called: str
    caller: str
    """A pattern for the caller's number, or ``field=`` where ``called`` is matched with a field."""
    is_conditional: bool


def name_of(extension: str) -> Name:
    """An extension's name, apart from its condition."""
    if extension.startswith("~"):
        return Name(extension, "", False)
    called, slash, caller = extension.partition("/")
    return Name(called, caller, bool(slash))


def is_pattern(called: str) -> bool:
    """Whether a name stands for many numbers."""
    return called.startswith(("_", "~"))


def is_dialled(called: str) -> bool:
    """Whether a caller can type this name on a telephone."""
    if is_pattern(called):
        return _first(called) & set(_KEYS) != set()
    return called != "" and all(sign in _KEYS for sign in called)


def _first(called: str) -> set[str]:
    return next((set(place.signs) for place in _places(called) if place.rank), set())


class _Place(NamedTuple):
    """What may stand at one place; a dash stands for nothing, and has the rank 0."""

    signs: str
    rank: int


def _places(pattern: str) -> tuple[_Place, ...]:
    """What may stand at each place of a pattern, up to its wildcard."""
    if pattern.startswith("~"):
        return (_Place(_KEYS, _EVERYTHING),)
    places: list[_Place] = []
    at = 1
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign in ".!":
            places.append(_Place(_KEYS, _ANYTHING if sign == "." else _EVERYTHING))
            break
        if sign == "[":
            end = pattern.find("]", at)
            end = end if end >= 0 else len(pattern)
            signs = _set(pattern[at:end])
            places.append(_Place(signs, len(signs) << 8 | ord(signs[:1] or "\0") & 0xFF))
            at = end + 1
        elif sign in _IGNORED:
            places.append(_Place(sign, 0))
        else:
            signs = _SETS.get(sign.lower(), sign)
            places.append(_Place(signs, len(signs) << 8 | ord(signs[0]) & 0xFF))
    return tuple(places)


def _set(inside: str) -> str:
    """The signs of ``[1-357a]``."""
    signs: dict[str, None] = {}
    at = 0
    while at < len(inside):
        if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            low, high = ord(inside[at]), ord(inside[at + 2])
            signs.update(dict.fromkeys(chr(each) for each in range(low, min(high, low + 255) + 1)))
            at += 3
        else:
            signs[inside[at]] = None
            at += 1
    return "".join(sorted(signs))


def rank(called: str) -> Rank:
    """The order in which names are tried: a sort key."""
    if not is_pattern(called):
        return (0,)
    return (1, *(place.rank for place in _places(called) if place.rank), _END)


def expression_of(called: str) -> str:
    """The regular expression (RE2) of all that a name matches as a whole."""
    if called.startswith("~"):
        return _found_anywhere(called[1:])
    if not called.startswith("_"):
        return _escaped(called)
    parts = []
    for place in _places(called):
        if place.rank == _ANYTHING:
            parts.append(".+")
        elif place.rank == _EVERYTHING:
            parts.append(".*")
        elif not place.rank:
            parts.append(f"{_escaped(place.signs)}?")
        else:
            parts.append(_class(place.signs))
    return _counted(parts)


def _found_anywhere(expression: str) -> str:
    start = "" if expression.startswith("^") else ".*"
    end = "" if expression.endswith("$") else ".*"
    return f"{start}{expression.removeprefix('^').removesuffix('$')}{end}"


def _class(signs: str) -> str:
    if len(signs) == 1:
        return _escaped(signs)
    for known in ("0123456789", "123456789", "23456789"):
        if signs == known:
            return f"[{known[0]}-9]"
    return "[" + "".join(_escaped(sign) for sign in signs) + "]" if signs else r"[^\x00-\x{10FFFF}]"


def _escaped(text: str) -> str:
    return re.sub(r"[^\w]", lambda found: "\\" + found[0] if found[0].isascii() else found[0], text)


def _counted(parts: list[str]) -> str:
    """The parts one after the other, with runs of the same as ``{n}``."""
    written: list[str] = []
    at = 0
    while at < len(parts):
        end = at
        while end < len(parts) and parts[end] == parts[at] and parts[at].startswith("["):
            end += 1
        run = end - at
        written.append(f"{parts[at]}{{{run}}}" if run > 1 else parts[at])
        at = max(end, at + 1)
    return "".join(written)


def matches(called: str, number: str) -> bool:
    """Whether a name matches a number that is known."""
    if not is_pattern(called):
        return called == number
    if called.startswith("~"):
        return False
    places = [place for place in _places(called) if place.rank]
    number = "".join(sign for sign in number if sign not in _IGNORED)
    for at, place in enumerate(places):
        if place.rank == _ANYTHING:
            return len(number) > at
        if place.rank == _EVERYTHING:
            return True
        if at >= len(number) or number[at] not in place.signs:
            return False
    return len(number) == len(places)


def longest(called: str) -> int:
    """How many keys a caller may type for this name; a wildcard counts as thirty."""
    if not is_pattern(called):
        return len(called)
    places = [place for place in _places(called) if place.rank]
    is_open = any(place.rank in (_ANYTHING, _EVERYTHING) for place in places)
    return 30 if is_open else len(places)
