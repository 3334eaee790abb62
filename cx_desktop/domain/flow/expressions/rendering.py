"""Writing an expression: the text that reads back as the same tree."""

from cx_desktop.domain.flow.expressions.tokens import written_name, written_text
from cx_desktop.domain.flow.expressions.tree import (
    AllOf,
    AnyOf,
    Call,
    Choice,
    Expression,
    Items,
    Negative,
    Not,
    Number,
    Operation,
    Operator,
    Text,
    Truth,
    Variable,
)

_CHOICE, _ANY, _ALL, _NOT, _COMPARED, _JOINED, _ADDED, _MULTIPLIED, _SIGNED, _SINGLE = range(10)

_STRENGTH = {
    Operator.JOIN: _JOINED,
    Operator.PLUS: _ADDED,
    Operator.MINUS: _ADDED,
    Operator.TIMES: _MULTIPLIED,
    Operator.OVER: _MULTIPLIED,
    Operator.REMAINDER: _MULTIPLIED,
}


def render(expression: Expression) -> str:
    """An expression as text, with the fewest parentheses."""
    match expression:
        case Text(value):
            return written_text(value)
        case Number(value):
            return f"{value:f}"
        case Truth(value):
            return "true" if value else "false"
        case Variable(name):
            return written_name(name)
        case Items(items):
            return f"[{', '.join(map(render, items))}]"
        case Call(function, arguments):
            return f"{function}({', '.join(map(render, arguments))})"
        case _:
            return _composed(expression)


def _composed(expression: Expression) -> str:
    match expression:
        case Choice(condition, chosen, otherwise):
            return f"if {render(condition)} then {render(chosen)} else {render(otherwise)}"
        case AnyOf(parts):
            return " or ".join(_within(each, _ALL) for each in parts)
        case AllOf(parts):
            return " and ".join(_within(each, _NOT) for each in parts)
        case Not(operand):
            return f"not {_within(operand, _NOT)}"
        case Negative(operand):
            return f"-{_within(operand, _SIGNED)}"
        case Operation(operator, left, right):
            strength = _STRENGTH.get(operator, _COMPARED)
            is_chain = strength != _COMPARED
            first = _within(left, strength if is_chain else strength + 1)
            return f"{first} {operator} {_within(right, strength + 1)}"
        case _:
            return render(expression)


def _within(expression: Expression, least: int) -> str:
    """An expression as an operand: in parentheses where it would bind less than it must."""
    written = render(expression)
    return written if _strength(expression) >= least else f"({written})"


def _strength(expression: Expression) -> int:
    match expression:
        case Choice():
            return _CHOICE
        case AnyOf():
            return _ANY
        case AllOf():
            return _ALL
        case Not():
            return _NOT
        case Operation(operator):
            return _STRENGTH.get(operator, _COMPARED)
        case Negative():
            return _SIGNED
        case _:
            return _SINGLE
