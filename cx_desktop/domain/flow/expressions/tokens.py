"""The words and signs of an expression, one after the other."""

import re
from enum import Enum, auto
from typing import NamedTuple

from cx_desktop.domain.flow.expressions.faults import ExpressionError, quoted
from cx_desktop.domain.flow.expressions.tree import KEYWORDS

#: Digits a number may have: as many as every engine calculates with exactly.
MOST_DIGITS = 28


class Type(Enum):
    """What a word or sign is."""

    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    KEYWORD = auto()
    SIGN = auto()
    END = auto()


class Token(NamedTuple):
    """One word or sign: ``value`` is what it means, without quotes and backticks."""

    type: Type
    value: str
    start: int
    end: int


_NAME = r"(?:[^\W\d]|\$)[\w$]*(?:\.[\w$]+|\[[0-9]{1,9}\])*"
_TOKEN = re.compile(
    rf"""
      (?P<keyword> (?:{"|".join(sorted(KEYWORDS))}) (?![\w$]) (?!\.[\w$]) )
    | (?P<name> {_NAME} )
    | ` (?P<quoted> [^`]+ ) `
    | (?P<number> [0-9]+ (?:\.[0-9]+)? ) (?![\w$])
    | " (?P<text> (?:[^"\\]|\\.)* ) "
    | (?P<sign> <= | >= | != | == | [≤≥≠=<>&+*/%(),{{}}\[\]-] )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NAME = re.compile(_NAME)
_BLANKS = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\([\"\\])")
_STRAY = re.compile(r"[0-9.]*[\w$.]+|.", re.DOTALL)
_SAME_SIGN = {"==": "=", "≤": "<=", "≥": ">=", "≠": "!="}
_CURLY = "“”„«»‘’'"


def scan(text: str, at: int) -> Token:
    """The word or sign that comes next at a place of a text; at its end, an empty one."""
    at = blanks_end(text, at)
    if at == len(text):
        return Token(Type.END, "", at, at)
    found = _TOKEN.match(text, at)
    if found is None:
        raise _stray(text, at)
    return _token(found.lastgroup or "", found)


def blanks_end(text: str, at: int) -> int:
    """Where the blanks end that begin at a place."""
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _token(group: str, found: re.Match[str]) -> Token:
    value, start, end = found[group], found.start(), found.end()
    match group:
        case "keyword":
            return Token(Type.KEYWORD, value, start, end)
        case "number":
            if len(value) > MOST_DIGITS:
                raise ExpressionError("expression.long-number", start, end, value=MOST_DIGITS)
            return Token(Type.NUMBER, value, start, end)
        case "text":
            return Token(Type.TEXT, _ESCAPE.sub(r"\1", value), start, end)
        case "sign":
            return Token(Type.SIGN, _SAME_SIGN.get(value, value), start, end)
        case _:
            return Token(Type.NAME, value, start, end)


def _stray(text: str, at: int) -> ExpressionError:
    """Why nothing of the language begins here."""
    if text[at] == '"':
        return ExpressionError("expression.open-text", at, len(text))
    if text[at] == "`":
        return ExpressionError("expression.open-name", at, len(text))
    if text[at] in _CURLY:
        return ExpressionError("expression.quotes", at, at + 1, value=text[at])
    found = _STRAY.match(text, at)
    end = found.end() if found else at + 1
    return ExpressionError("expression.unknown-sign", at, end, value=quoted(text[at:end]))


def written_name(name: str) -> str:
    """A name as it is written in an expression: between backticks where it must be."""
    is_plain = _PLAIN_NAME.fullmatch(name) is not None
    base = name.partition(".")[0].partition("[")[0]
    is_keyword = base in KEYWORDS and not name.startswith(f"{base}.")
    return name if is_plain and not is_keyword else f"`{name}`"


def written_text(value: str) -> str:
    """A text as it is written in an expression."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
