"""Text messages: how many parts a text takes, and in which alphabet (3GPP TS 23.038, 23.040).

A text of the default alphabet has 160 characters in one message and 153 in each part of a longer
one; any other character makes all of it UCS-2, with 70 and 67. What takes two places, a character
of the extension table or one beyond the first 65,536, is never cut in two.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

_DEFAULT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    """In which characters a message is sent."""

    GSM = "gsm"
    UCS2 = "ucs2"


class Length(Struct, frozen=True):
    """How long a text is as a text message."""

    alphabet: Alphabet
    units: int
    """Septets of the default alphabet, or UTF-16 units."""
    parts: int
    """The messages it is sent as; each one is billed."""


_SINGLE = {Alphabet.GSM: 160, Alphabet.UCS2: 70}
_PART = {Alphabet.GSM: 153, Alphabet.UCS2: 67}


def length_of(text: str) -> Length:
    """The length of a text as a text message; nothing at all is one empty message."""
    alphabet = Alphabet.GSM if _is_gsm(text) else Alphabet.UCS2
    widths = [_width(each, alphabet) for each in text]
    units = sum(widths)
    parts = 1 if units <= _SINGLE[alphabet] else _parts(widths, _PART[alphabet])
    return Length(alphabet, units, parts)


def special(text: str) -> tuple[str, ...]:
    """The characters that make a text UCS-2, each once, in their order."""
    return tuple(dict.fromkeys(each for each in text if not _is_gsm(each)))


def _is_gsm(text: str) -> bool:
    return all(each in _DEFAULT or each in _EXTENSION for each in text)


def _width(character: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
