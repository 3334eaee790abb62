"""What Twilio fills in with Liquid (``{{flow.variables.x}}``), as texts and formulas of ours.

Names stay those of Twilio (``widgets.ask.Digits``); its flow variables and what we know of each
call have our short names. What Liquid says and we cannot is a variable with that text as its name:
nobody knows its value, and it is written back as it was.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from cx_desktop.domain.flow.expressions import Template
from cx_desktop.domain.flow.expressions.rendering import render
from cx_desktop.domain.flow.expressions.tree import (
    Call,
    Choice,
    Expression,
    Number,
    Operation,
    Operator,
    Text,
    Variable,
)
from cx_desktop.domain.flow.variables import PREDEFINED

#: What Twilio calls what our flows know of each call; the first name of each is written.
_OURS: Mapping[str, str] = {
    "trigger.call.From": "caller",
    "contact.channel.address": "caller",
    "trigger.call.To": "called",
    "flow.channel.address": "called",
    "trigger.call.CallSid": "call_id",
}
_THEIRS = {ours: theirs for theirs, ours in reversed(tuple(_OURS.items()))}
#: Names that mean something of their own in our flows.
_TAKEN = frozenset({*_THEIRS, *PREDEFINED})
_FLOW_VARIABLE = "flow.variables."

#: Filters that are operators or functions of ours.
OPERATORS: Mapping[str, Operator] = {
    "plus": Operator.PLUS,
    "minus": Operator.MINUS,
    "times": Operator.TIMES,
    "append": Operator.JOIN,
}
FUNCTIONS: Mapping[str, str] = {"downcase": "lower", "upcase": "upper", "strip": "trim"}

_TOKEN = re.compile(r"\{\{-?([^{}`]*)\}\}|\{%([^{}%`]*)%\}")
_PATH = re.compile(r"[A-Za-z_][\w-]{0,200}(?:\.[\w-]{1,200}|\[\d{1,9}\]){0,30}")
_SHORT = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_IF = re.compile(
    r"\{%-?\s*if\s+([\w.\[\]-]{1,200}?)\s*-?%\}([^%]*)"
    r"\{%-?\s*else\s*-?%\}([^%]*)\{%-?\s*endif\s*-?%\}"
)
_MOST_FILTERS = 10


class Piece(NamedTuple):
    """A part of a Liquid text as it is written, and what stands between its double braces."""

    text: str
    output: str = ""
    is_tag: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """The plain, filled-in and commanding parts of a text, in order."""
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece(match[0], (match[1] or "").strip("- \t\r\n"), match[1] is None)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])


def has_tags(text: str) -> bool:
    """Whether a text has commands (``{% … %}``), which our texts have not."""
    return any(piece.is_tag for piece in pieces(text))


def paths_in(text: str) -> Iterator[str]:
    """Every value that the Liquid of a text names, as Twilio writes it."""
    for match in _TOKEN.finditer(text):
        yield from _PATH.findall(match[1] or match[2] or "")


def name_of(path: str) -> str:
    """What we call a value that Twilio calls so."""
    known = _OURS.get(path)
    if known is not None:
        return known
    short = path.removeprefix(_FLOW_VARIABLE)
    return short if _SHORT.fullmatch(short) and short not in _TAKEN else path


def path_of(name: str) -> str:
    """What Twilio calls a value that we call so."""
    if name in _THEIRS:
        return _THEIRS[name]
    return f"{_FLOW_VARIABLE}{name}" if _SHORT.fullmatch(name) else name


def template_of(text: str) -> str:
    """A text of ours with ``{…}`` for each value; commands are said as they stand."""
    parts = (_value(piece.output) if piece.output else piece.text for piece in pieces(text))
    return Template(tuple(parts)).render()


def body_of(text: str) -> str:
    """A text whose own braces are left alone (JSON, addresses), with ``{name}`` for each value."""
    return "".join(_in_body(piece) for piece in pieces(text))


def _in_body(piece: Piece) -> str:
    is_value = piece.output and not piece.is_tag
    return f"{{{render(_unknown_or_name(piece.output))}}}" if is_value else piece.text


def formula_of(text: str) -> str:
    """A formula of ours whose value is a Liquid text."""
    return render(_formula(text))


def _formula(text: str) -> Expression:
    choice = _IF.fullmatch(text.strip())
    if choice:
        condition = Operation(Operator.NOT_EQUAL, Variable(name_of(choice[1])), Text(""))
        return Choice(condition, _formula(choice[2]), _formula(choice[3]))
    if has_tags(text):
        return Variable(text) if "`" not in text else Text(text)
    if _NUMBER.fullmatch(text):
        return Number(Decimal(text))
    parts = (_value(piece.output) if piece.output else piece.text for piece in pieces(text))
    return Template(tuple(parts)).as_expression()


def _value(output: str) -> Expression:
    """What stands between double braces."""
    said, *filters = _split(output)
    found = _operand(said)
    for each in filters[:_MOST_FILTERS] if found is not None else ():
        found = _filtered(found, each) if found is not None else None
    return Variable(output) if found is None or len(filters) > _MOST_FILTERS else found


def _split(output: str) -> list[str]:
    """An output at its pipes; one with a pipe in a text is not taken apart."""
    if any("|" in quoted for quoted in _QUOTED.findall(output)):
        return [output]
    return [part.strip() for part in output.split("|")]


def _operand(said: str) -> Expression | None:
    if _PATH.fullmatch(said):
        return Variable(name_of(said))
    if _NUMBER.fullmatch(said):
        return Number(Decimal(said))
    return Text(said[1:-1]) if _QUOTED.fullmatch(said) else None


def _filtered(value: Expression, said: str) -> Expression | None:
    name, _, argument = (part.strip() for part in said.partition(":"))
    if not argument:
        return Call(FUNCTIONS[name], (value,)) if name in FUNCTIONS else None
    other = _operand(argument)
    if other is None:
        return None
    if name == "default":
        return Choice(Operation(Operator.NOT_EQUAL, value, Text("")), value, other)
    return Operation(OPERATORS[name], value, other) if name in OPERATORS else None


def _unknown_or_name(output: str) -> Variable:
    return Variable(name_of(output)) if _PATH.fullmatch(output) else Variable(output)
