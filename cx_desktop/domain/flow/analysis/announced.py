"""Which keys a message announces, in French and in English.

Only what is certain counts: a key that is not understood is not announced, and is not missed.
"""

import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import NamedTuple


class Announced(NamedTuple):
    """The keys of a message."""

    keys: tuple[str, ...]
    """Each key the message tells to press, in the order they are said."""
    ranges: frozenset[str]
    """Keys that lie in a range it speaks of: « de 1 à 4 »."""
    is_certain: bool
    """Whether nothing in it might be another announcement."""


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_WORDS = {
    "zéro": "0", "zero": "0", "un": "1", "one": "1", "deux": "2", "two": "2", "trois": "3",
    "three": "3", "quatre": "4", "four": "4", "cinq": "5", "five": "5", "six": "6", "sept": "7",
    "seven": "7", "huit": "8", "eight": "8", "neuf": "9", "nine": "9",
    "étoile": "*", "etoile": "*", "star": "*", "asterisk": "*", "astérisque": "*",
    "dièse": "#", "diese": "#", "hash": "#", "pound": "#", "carré": "#", "*": "*", "#": "#",
}  # fmt: skip
_PRESS = _words(
    "tapez taper tape appuyez appuyer pressez presser faites faire composez composer "
    "choisissez sélectionnez touche press dial hit push select choose enter key option "
    "pressing terminez finissez validez end finish"
)
_THEN = _words("puis then suivi suivie followed")
_FILLER = _words(
    "sur la le les l touche touches chiffre numéro the a key keys number digit button on "
    "with par de du d by please now maintenant à nouveau again option choix choice or ou "
    "et and either soit simplement just signe sign symbol"
)
_OR = _words("or ou et and")
_FOR = _words("pour for to si if afin")
_LONGEST_FILL = 5
_TOKEN = re.compile(r"\{[^{}]*\}|[^\W\d_]+|\d+|[*#]|[.;:,!?()…]|\n")
_RANGE = re.compile(r"\b(?:de|entre|from|between)\s+(\d)\s+(?:à|et|to|and)\s+(\d)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_STOPS = frozenset(".;!?\n")
_PAUSES = frozenset(".;:,!?()…\n")


@lru_cache(maxsize=4096)  # most messages are as they were at the last edit
def announced(text: str) -> Announced:
    """The keys a text announces."""
    text = _TAGS.sub(" ", text)
    tokens = [each.lower() for each in _TOKEN.findall(text)]
    keys = tuple(dict.fromkeys((*_told(tokens), *_implied(tokens))))
    ranges = frozenset(
        str(key) for low, high in _RANGE.findall(text) for key in range(int(low), int(high) + 1)
    )
    return Announced(keys, ranges, "{" not in text)


def asks_for_keys(text: str) -> bool:
    """Whether a message tells the caller to press something."""
    tokens = [each.lower() for each in _TOKEN.findall(_TAGS.sub(" ", text))]
    return bool(announced(text).keys) or any(each in _TYPING for each in tokens)


_TYPING = _words("composez tapez saisissez appuyez press dial")


def _told(tokens: list[str]) -> Iterator[str]:
    """Keys after a word that tells to press: « tapez 1 ou 2 », “press the star key”."""
    at = 0
    while at < len(tokens):
        if tokens[at] in _PRESS or tokens[at] in _THEN:
            special_only = tokens[at] in _THEN
            at = yield from _after(tokens, at + 1, special_only=special_only)
        else:
            at += 1


def _after(tokens: list[str], at: int, *, special_only: bool) -> Generator[str, None, int]:
    """The keys that follow; where to go on is returned."""
    fill = 0
    while at < len(tokens) and fill <= _LONGEST_FILL:
        key = _key(tokens, at)
        if key is not None:
            if not special_only or key in "*#":
                yield key
            fill = 0
        elif tokens[at] not in _FILLER and not _goes_on(tokens, at):
            return at
        else:
            fill += 1
        at += 1
    return at


def _goes_on(tokens: list[str], at: int) -> bool:
    """Whether a list of keys goes on after a comma: « 1, 2 ou 3 », « étoile, ou dièse »."""
    if tokens[at] != "," or _key(tokens, at - 1) is None or at + 2 >= len(tokens):
        return False
    is_listed = _key(tokens, at + 1) is not None and tokens[at + 2] in {*_OR, ",", "."}
    return is_listed or tokens[at + 1] in _OR


def _key(tokens: list[str], at: int) -> str | None:
    """The key that a token names by itself, not as part of a number or of a count."""
    if not 0 <= at < len(tokens):
        return None
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else "."
    if token.isdigit():
        is_alone = len(token) == 1 and not after.isdigit()
        return token if is_alone and after not in _COUNTED else None
    key = _WORDS.get(token)
    if key is None or not key.isdigit():
        return key
    return key if after in _PAUSES or after in _FOR or after in _OR or after in _ENDS else None


_ENDS = _words("puis then à at now maintenant sur on")
_COUNTED = _words("fois times chiffres digits heures hours minutes h")


def _implied(tokens: list[str]) -> Iterator[str]:
    """Keys that stand alone: « pour les ventes, le 2 », “1 for sales, 2 for support”."""
    is_choice = False
    for at, token in enumerate(tokens):
        begins = at == 0 or tokens[at - 1] in _PAUSES
        if begins and token in _FOR:
            is_choice = True
        elif token in _STOPS:
            is_choice = False
        key = _key(tokens, at)
        if key is None:
            continue
        after = tokens[at + 1] if at + 1 < len(tokens) else "."
        starts = begins or tokens[at - 1] in _OR
        ends = is_choice and after in _PAUSES and _ends_choice(tokens, at)
        if ends or (starts and after in ("pour", "for")):
            yield key


def _ends_choice(tokens: list[str], at: int) -> bool:
    """Whether a key ends its choice: after a comma, or with an article: « pour payer le 2 »."""
    back = at - 1
    while back >= 0 and tokens[back] in _ARTICLES:
        back -= 1
    if back < 0 or any(each in _PRESS for each in tokens[at + 1 : at + 3]):
        return False
    return tokens[back] in ",:" or back < at - 1


_ARTICLES = _words("le la l touche faites the key c est")
