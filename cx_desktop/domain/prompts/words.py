"""Words as a studio counts them, and the units it bills (STU-01).

A word is a piece between white space that holds a letter or a digit: punctuation that French sets
apart is none, a hyphen or an elision does not make two. Digits grouped by no-break spaces are one
number, digits grouped by plain spaces are several.
"""

import re

WORDS_PER_UNIT = 30

_GROUPED = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d)")


def words_in(text: str) -> int:
    """How many words a text has."""
    pieces = _GROUPED.sub("", text).split()
    return sum(any(sign.isalpha() or sign.isdecimal() for sign in piece) for piece in pieces)


def units_of(words: int) -> int:
    """How many studio units so many words are; none for no word, which no studio takes."""
    return -(-words // WORDS_PER_UNIT)


def studio_units(text: str) -> int:
    """How many studio units a text is."""
    return units_of(words_in(text))
