"""Texts with ``{…}`` in them: what is said, sent or asked once the variables are known.

A brace that is meant is written twice, ``{{`` or ``}}``; a closing one that closes nothing may
stand alone. ``Template.tolerant`` reads texts of other languages (JSON, SQL, addresses), in which
braces mean something else: there only the name of a variable between braces is replaced.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.expressions import tree
from cx_desktop.domain.flow.expressions.evaluating import evaluate
from cx_desktop.domain.flow.expressions.faults import ExpressionError
from cx_desktop.domain.flow.expressions.parsing import LONGEST, parse, parse_up_to
from cx_desktop.domain.flow.expressions.rendering import render
from cx_desktop.domain.flow.expressions.tree import Expression
from cx_desktop.domain.flow.expressions.values import Value, as_text

Part: TypeAlias = str | Expression

_BRACE = re.compile(r"[{}]")
_PLACEHOLDER = re.compile(r"\{\s*((?:[^\W\d]|\$)[\w$.\[\]-]*|`[^`{}]+`)\s*\}")


class Template(Struct, frozen=True):
    """A text in parts: literal ones, and expressions to be filled in."""

    parts: tuple[Part, ...] = ()

    @staticmethod
    def parse(text: str) -> "Template":
        """Read a text; raises ``ExpressionError`` with the place of what cannot be filled in."""
        return _parsed(text)

    @staticmethod
    def read(text: str) -> "Template":
        """Read a text as far as it can be: what cannot be filled in is said as it stands."""
        try:
            return _parsed(text)
        except ExpressionError:
            return Template.tolerant(text)

    @staticmethod
    def tolerant(text: str) -> "Template":
        """Read a text of another language: never an error, only names are filled in."""
        parts: list[Part] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text[:LONGEST]):
            if found.start() > end:
                parts.append(text[end : found.start()])
            at = tree.Span(found.start(1), found.end(1))
            parts.append(tree.Variable(found[1].strip("`"), at))
            end = found.end()
        if end < len(text):
            parts.append(text[end:])
        return Template(tuple(parts))

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that it may read."""
        expressions = (each for each in self.parts if not isinstance(each, str))
        return frozenset().union(*map(tree.variables_of, expressions))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What is filled in, in order."""
        return tuple(each for each in self.parts if not isinstance(each, str))

    def fill(self, values: Mapping[str, Value], now: datetime) -> str:
        """The text with everything filled in; raises ``EvaluationError``."""
        return "".join(
            each if isinstance(each, str) else as_text(evaluate(each, values, now=now))
            for each in self.parts
        )

    def render(self) -> str:
        """The template as it is typed."""
        return "".join(
            each.replace("{", "{{").replace("}", "}}")
            if isinstance(each, str)
            else f"{{{render(each)}}}"
            for each in self.parts
        )

    def as_expression(self) -> Expression:
        """The same as an expression that gives the text."""
        joined: Expression | None = None
        for each in self.parts:
            part = tree.Text(each) if isinstance(each, str) else each
            joined = part if joined is None else tree.Operation(tree.Operator.JOIN, joined, part)
        return tree.Text("") if joined is None else joined


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Template:
    if len(text) > LONGEST:
        raise ExpressionError("expression.too-long", LONGEST, len(text), value=LONGEST)
    parts: list[Part] = []
    literal = ""
    at = 0
    while (brace := _BRACE.search(text, at)) is not None:
        literal += text[at : brace.start()]
        start = brace.start()
        if text.startswith(("{{", "}}"), start) or brace[0] == "}":
            literal += brace[0]
            at = start + (2 if text.startswith(brace[0] * 2, start) else 1)
            continue
        if literal:
            parts.append(literal)
        literal = ""
        expression, at = _filled_in(text, start)
        parts.append(expression)
    literal += text[at:]
    return Template((*parts, literal) if literal else tuple(parts))


def _filled_in(text: str, start: int) -> tuple[Expression, int]:
    try:
        return parse_up_to(text, start + 1, "}")
    except ExpressionError as error:
        if error.key in ("expression.missing", "expression.unfinished"):
            raise ExpressionError("expression.open-brace", start, len(text)) from None
        raise


def parse_number(text: str) -> Expression:
    """What a field for a telephone number holds: a number, a text with ``{…}``, or a formula."""
    if text.startswith("+"):
        return tree.Text(text, tree.Span(0, len(text)))
    return Template.parse(text).as_expression() if "{" in text else parse(text)


def parse_assigned(text: str) -> Expression:
    """What a variable is set to: a formula; where nothing stands, the variable becomes blank."""
    return parse(text) if text.strip() else tree.Text("")
