"""Texts and formulas of ours, as Twilio fills them in with Liquid."""

from collections.abc import Callable
from typing import TypeVar

from cx_desktop.domain.flow.expressions import ExpressionError, Template, parse, parse_number
from cx_desktop.domain.flow.expressions.rendering import render
from cx_desktop.domain.flow.expressions.tree import (
    Call,
    Choice,
    Expression,
    Number,
    Operation,
    Operator,
    Text,
    Truth,
    Variable,
)
from cx_desktop.domain.flow.formats.twilio.liquid import FUNCTIONS, OPERATORS, path_of

_FILTER_OF_OPERATOR = {ours: theirs for theirs, ours in OPERATORS.items()}
_FILTER_OF_FUNCTION = {ours: theirs for theirs, ours in FUNCTIONS.items()}
_SIGNS = {
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.CONTAINS: "contains",
}

Reading = TypeVar("Reading")


class Unsayable(Exception):  # noqa: N818 - it says what a formula is
    """A formula that Liquid has no words for."""


def liquid_of_template(text: str) -> str:
    """The Liquid of a text with ``{…}``; raises ``Unsayable``."""
    return _all_of(_parsed(Template.parse, text))


def liquid_of_body(text: str) -> str:
    """The Liquid of a text whose own braces are left alone."""
    return _all_of(Template.tolerant(text))


def liquid_of_formula(text: str) -> str:
    """The Liquid whose text is the value of a formula; raises ``Unsayable``."""
    return _text(_parsed(parse, text))


def liquid_of_number(text: str) -> str:
    """The Liquid of a telephone number, which may be a formula or have one inside."""
    return _text(_parsed(parse_number, text))


def _all_of(template: Template) -> str:
    return "".join(part if isinstance(part, str) else _text(part) for part in template.parts)


def _parsed(read: Callable[[str], Reading], text: str) -> Reading:
    try:
        return read(text)
    except ExpressionError as error:
        raise Unsayable(text) from error


def _text(expression: Expression) -> str:
    """The Liquid that leaves the value of an expression in a text."""
    match expression:
        case Text(value):
            return value
        case Number() | Truth():
            return render(expression)
        case Variable(name) if name.startswith("{") or "{%" in name:
            return name
        case Operation(Operator.JOIN, left, right):
            return _text(left) + _text(right)
        case Choice(Operation(Operator.NOT_EQUAL, value, Text("")), chosen, otherwise) if (
            value == chosen
        ):
            return f"{{{{{_output(chosen)} | default: {_operand(otherwise)}}}}}"
        case Choice(condition, chosen, otherwise):
            ways = f"{_text(chosen)}{{% else %}}{_text(otherwise)}"
            return f"{{% if {_condition(condition)} %}}{ways}{{% endif %}}"
        case _:
            return f"{{{{{_output(expression)}}}}}"


def _output(expression: Expression) -> str:
    """What stands between double braces: a value, and filters it goes through."""
    match expression:
        case Operation(operator, left, right) if operator in _FILTER_OF_OPERATOR:
            return f"{_output(left)} | {_FILTER_OF_OPERATOR[operator]}: {_operand(right)}"
        case Call(function, (argument,)) if function in _FILTER_OF_FUNCTION:
            return f"{_output(argument)} | {_FILTER_OF_FUNCTION[function]}"
        case _:
            return _operand(expression)


def _operand(expression: Expression) -> str:
    match expression:
        case Variable(name):
            return path_of(name)
        case Number() | Truth():
            return render(expression)
        case Text(value) if '"' not in value and "}" not in value:
            return f'"{value}"'
        case _:
            raise Unsayable(render(expression))


def _condition(expression: Expression) -> str:
    match expression:
        case Operation(Operator.NOT_EQUAL, Variable(name), Text("")):
            return path_of(name)
        case Operation(operator, left, right) if operator in _SIGNS:
            return f"{_operand(left)} {_SIGNS[operator]} {_operand(right)}"
        case _:
            raise Unsayable(render(expression))
