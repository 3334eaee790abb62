"""Values of Connect as expressions of ours, and back: a whole reference ``$.…``, or a text."""

import re

from cx_desktop.domain.flow.expressions import ExpressionError, as_text, parse, render
from cx_desktop.domain.flow.expressions.tree import Expression, Number, Text, Truth, Variable
from cx_desktop.domain.patch import Json

_REFERENCE = re.compile(r"\$\.[^\s`{}]+")


def formula_of(value: str) -> str:
    """The expression of a value: a text in quotes, unless it refers to something as a whole."""
    is_reference = _REFERENCE.fullmatch(value) is not None
    return render(Variable(value) if is_reference else Text(value))


def operand_of(value: str) -> str:
    """The expression of what is compared: an attribute by its name, or a reference."""
    return render(Variable(value)) if value.strip() and "`" not in value else formula_of(value)


def value_of(formula: Json) -> str:
    """An expression as Connect has it; one that Connect cannot calculate stays as it is written."""
    if not isinstance(formula, str) or not formula.strip():
        return ""
    try:
        expression = parse(formula)
    except ExpressionError:
        return formula
    return _value(expression, formula)


def _value(expression: Expression, formula: str) -> str:
    match expression:
        case Variable(name):
            return name
        case Text(value) | Number(value) | Truth(value):
            return as_text(value)
        case _:
            return formula
