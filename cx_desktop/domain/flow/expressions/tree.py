"""What an expression is made of: a tree of frozen values that says where each part was written."""

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct


class Span(Struct, frozen=True, eq=False):
    """Where a part stands in its text: from the character ``start`` up to before ``end``.

    Any span equals any other: two expressions are the same whatever blanks were typed in them.
    """

    start: int = 0
    end: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span)

    def __hash__(self) -> int:
        return 0


NOWHERE = Span()


class Operator(StrEnum):
    """What stands between two operands."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"
    MATCHES = "matches"
    IN = "in"
    JOIN = "&"
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"
    REMAINDER = "%"


class Text(Struct, frozen=True):
    """A text in quotes."""

    value: str
    at: Span = NOWHERE


class Number(Struct, frozen=True):
    """A number in digits; never below zero, see ``Negative``."""

    value: Decimal
    at: Span = NOWHERE


class Truth(Struct, frozen=True):
    """``true`` or ``false``."""

    value: bool
    at: Span = NOWHERE


class Variable(Struct, frozen=True):
    """The value a variable has when the call comes here."""

    name: str
    at: Span = NOWHERE


class Items(Struct, frozen=True):
    """A list in brackets."""

    items: tuple["Expression", ...]
    at: Span = NOWHERE


class Call(Struct, frozen=True):
    """A function and what it is given."""

    function: str
    arguments: tuple["Expression", ...]
    at: Span = NOWHERE


class Negative(Struct, frozen=True):
    """A number below zero."""

    operand: "Expression"
    at: Span = NOWHERE


class Not(Struct, frozen=True):
    """The contrary of a condition."""

    operand: "Expression"
    at: Span = NOWHERE


class Operation(Struct, frozen=True):
    """Two operands and what is done with them."""

    operator: Operator
    left: "Expression"
    right: "Expression"
    at: Span = NOWHERE


class AllOf(Struct, frozen=True):
    """Conditions joined by ``and``."""

    parts: tuple["Expression", ...]
    at: Span = NOWHERE


class AnyOf(Struct, frozen=True):
    """Conditions joined by ``or``."""

    parts: tuple["Expression", ...]
    at: Span = NOWHERE


class Choice(Struct, frozen=True):
    """One of two values: ``if … then … else …``."""

    condition: "Expression"
    chosen: "Expression"
    otherwise: "Expression"
    at: Span = NOWHERE


Expression: TypeAlias = (
    Text
    | Number
    | Truth
    | Variable
    | Items
    | Call
    | Negative
    | Not
    | Operation
    | AllOf
    | AnyOf
    | Choice
)

#: Words of the language; a variable of the same name is written between backticks.
KEYWORDS = frozenset(
    {
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "true",
        "false",
        "contains",
        "starts",
        "ends",
        "matches",
        "in",
    }
)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions right below one."""
    match expression:
        case Items(parts) | Call(_, parts) | AllOf(parts) | AnyOf(parts):
            return parts
        case Negative(operand) | Not(operand):
            return (operand,)
        case Operation(_, left, right):
            return (left, right)
        case Choice(condition, chosen, otherwise):
            return (condition, chosen, otherwise)
        case _:
            return ()


def variables_of(expression: Expression) -> frozenset[str]:
    """The names of the variables that an expression may read."""
    found = set()
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Variable):
            found.add(each.name)
        waiting.extend(parts_of(each))
    return frozenset(found)
