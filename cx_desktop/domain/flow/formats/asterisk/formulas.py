"""Formulas of a dialplan, the inside of ``$[…]``, as trees of our language.

What our language cannot say, such as the part of a text that a pattern finds, has no tree: nothing
is guessed.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.expressions import Expression
from cx_desktop.domain.flow.expressions.tree import (
    AllOf,
    AnyOf,
    Choice,
    Negative,
    Not,
    Number,
    Operation,
    Operator,
    Text,
)
from cx_desktop.domain.patterns import compiles

#: What a text between operators is: it may have variables in it.
Operand: TypeAlias = Callable[[str], Expression]

_LONGEST, _DEEPEST, _MOST_OPERATIONS = 4_000, 20, 80
_SIGN = re.compile(r"::|=~|~~|==|!=|<=|>=|[|&=<>+\-*/%!():?]")
_BINDING: Mapping[str, int] = {
    "?": 1,
    "|": 2,
    "&": 3,
    **dict.fromkeys(("=", "==", "!=", "<", "<=", ">", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
    **dict.fromkeys(("=~", ":", "~~"), 7),
}
_OPERATORS: Mapping[str, Operator] = {
    "=": Operator.EQUAL,
    "==": Operator.EQUAL,
    "!=": Operator.NOT_EQUAL,
    "<": Operator.LESS,
    "<=": Operator.AT_MOST,
    ">": Operator.GREATER,
    ">=": Operator.AT_LEAST,
    "+": Operator.PLUS,
    "-": Operator.MINUS,
    "*": Operator.TIMES,
    "/": Operator.OVER,
    "%": Operator.REMAINDER,
    "~~": Operator.JOIN,
}
_COMPARED = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.AT_MOST,
        Operator.GREATER,
        Operator.AT_LEAST,
        Operator.MATCHES,
        Operator.STARTS,
        Operator.CONTAINS,
    }
)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_WORDY = re.compile(r"[\w@#.,;{}\\^\[\]$'~]")


class _NotSaid(Exception):  # noqa: N818 - nothing is wrong: the formula stays as it is
    pass


class _Word(NamedTuple):
    is_sign: bool
    text: str
    is_quoted: bool = False


def expression_of(inside: str, operand: Operand) -> Expression | None:
    """The formula as a tree, or None when our language cannot say it."""
    if len(inside) > _LONGEST:
        return None
    try:
        return _Reader(_words(inside), operand).whole()
    except _NotSaid:
        return None


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word, at = _word(text, at)
        words.append(word)
    return words


def _word(text: str, at: int) -> tuple[_Word, int]:
    if text[at] == '"':
        end = _quote_end(text, at + 1)
        return _Word(False, text[at + 1 : end], True), end + 1
    sign = _SIGN.match(text, at)
    if sign is not None:
        return _Word(True, sign[0]), sign.end()
    end = at
    while end < len(text) and _WORDY.match(text[end]):
        end = _after_brackets(text, end) if text[end] == "$" else end + 1
    if end == at:
        raise _NotSaid
    return _Word(False, text[at:end]), end


def _quote_end(text: str, at: int) -> int:
    """Where a quoted text ends; quotes inside of ``${…}`` belong to it."""
    while at < len(text) and text[at] != '"':
        at = _after_brackets(text, at) if text[at] == "$" else at + (2 if text[at] == "\\" else 1)
    return at


def _after_brackets(text: str, at: int) -> int:
    """Behind the ``${…}`` or ``$[…]`` that begins at a place, or behind its dollar alone."""
    opening = text[at + 1 : at + 2]
    closing = {"{": "}", "[": "]"}.get(opening)
    depth = 0
    for place in range(at + 1, len(text) if closing else at):
        depth += {opening: 1, closing: -1}.get(text[place], 0)
        if not depth:
            return place + 1
    return at + 1


class _Reader:
    """Reads words by how tightly operators bind."""

    def __init__(self, words: list[_Word], operand: Operand) -> None:
        self._words = words
        self._operand = operand
        self._at = 0
        self._depth = 0
        self._operations = 0

    def whole(self) -> Expression:
        if not self._words:
            return Text("")
        found = self._formula(0)
        if self._at < len(self._words):
            raise _NotSaid
        return found

    def _formula(self, tightness: int) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotSaid
        left = self._single()
        while (binding := _BINDING.get(self._sign(), 0)) > tightness:
            left = self._operation(self._take().text, left, binding)
        self._depth -= 1
        return left

    def _operation(self, sign: str, left: Expression, binding: int) -> Expression:
        if sign == "?":
            chosen = self._formula(binding)
            if self._take().text not in ("::", ":"):
                raise _NotSaid
            return Choice(left, chosen, self._formula(binding))
        right = self._formula(binding)
        self._operations += 1
        if self._operations > _MOST_OPERATIONS:
            raise _NotSaid
        match sign:
            case "|":
                return AnyOf(_parts(left, right, AnyOf))
            case "&":
                return AllOf(_parts(left, right, AllOf))
            case "=~" | ":":
                return _matched(left, right, is_anchored=sign == ":")
            case _:
                return Operation(_OPERATORS[sign], left, right)

    def _single(self) -> Expression:
        word = self._take()
        if not word.is_sign:
            return self._said(word)
        match word.text:
            case "(":
                inside = self._formula(0)
                if self._take().text != ")":
                    raise _NotSaid
                return inside
            case "!":
                return Not(_truth(self._formula(_BINDING["&"])))
            case "-":
                return Negative(self._formula(_BINDING["*"]))
            case _:
                raise _NotSaid

    def _said(self, word: _Word) -> Expression:
        if not word.is_quoted and _NUMBER.fullmatch(word.text):
            return Number(Decimal(word.text))
        return self._operand(word.text)

    def _sign(self) -> str:
        word = self._words[self._at] if self._at < len(self._words) else None
        return word.text if word is not None and word.is_sign else ""

    def _take(self) -> _Word:
        if self._at >= len(self._words):
            raise _NotSaid
        self._at += 1
        return self._words[self._at - 1]


def _parts(
    left: Expression, right: Expression, joined: type[AnyOf] | type[AllOf]
) -> tuple[Expression, ...]:
    """Conditions in a row, without a level for each."""
    before = left.parts if isinstance(left, joined) else (_truth(left),)
    return (*before, _truth(right))


def _truth(value: Expression) -> Expression:
    """A value as a condition: what is neither empty nor zero is true."""
    if is_condition(value):
        return value
    return AllOf(
        (
            Operation(Operator.NOT_EQUAL, value, Text("")),
            Operation(Operator.NOT_EQUAL, value, Text("0")),
        )
    )


def is_condition(value: Expression) -> bool:
    """Whether a formula is true or false."""
    if isinstance(value, Operation):
        return value.operator in _COMPARED
    return isinstance(value, AnyOf | AllOf | Not) or getattr(value, "function", "") == "blank"


def _matched(left: Expression, right: Expression, *, is_anchored: bool) -> Expression:
    """Whether a pattern is found in a text."""
    if not isinstance(right, Text):
        raise _NotSaid
    pattern = right.value
    start = "" if is_anchored or pattern.startswith("^") else ".*"
    end = "" if pattern.endswith("$") and not pattern.endswith("\\$") else ".*"
    inside = pattern.removeprefix("^")
    inside = inside.removesuffix("$") if not end else inside
    whole = f"{start}(?:{inside}){end}" if "|" in inside else f"{start}{inside}{end}"
    if not compiles(whole):
        raise _NotSaid
    return Operation(Operator.MATCHES, left, Text(whole))
