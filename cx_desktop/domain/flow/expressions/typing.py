"""What sort of value an expression gives, and what in it cannot work: known before any call.

What callers type and lookups answer is of any type, so little is refused: only what is wrong
whatever the call brings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from cx_desktop.domain.flow.expressions.faults import Problem, quoted
from cx_desktop.domain.flow.expressions.rendering import render
from cx_desktop.domain.flow.expressions.signatures import SIGNATURES, Type
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
    parts_of,
)
from cx_desktop.domain.flow.expressions.values import (
    Value,
    as_date,
    as_instant,
    as_number,
    as_text,
    as_time,
    as_truth,
)
from cx_desktop.domain.patterns import compiles

Types: TypeAlias = Mapping[str, Type]

_MOMENTS = frozenset({Type.DATE, Type.INSTANT})
_ORDERED = frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST})
_CALCULATED = frozenset(
    {Operator.PLUS, Operator.MINUS, Operator.TIMES, Operator.OVER, Operator.REMAINDER}
)


def type_of(expression: Expression, types: Types) -> Type:
    """The type of what an expression gives, where variables that ``types`` lacks are of any."""
    match expression:
        case Variable(name):
            return types.get(name, Type.ANY)
        case Call(function):
            return SIGNATURES[function].result
        case Operation(operator, left, right):
            return _operated(operator, type_of(left, types), type_of(right, types))
        case Choice(_, chosen, otherwise):
            one, other = type_of(chosen, types), type_of(otherwise, types)
            return one if one is other else Type.ANY
        case _:
            return _ALWAYS[type(expression)]


_ALWAYS: Mapping[type[Expression], Type] = {
    Text: Type.TEXT,
    Number: Type.NUMBER,
    Negative: Type.NUMBER,
    Truth: Type.TRUTH,
    Not: Type.TRUTH,
    AllOf: Type.TRUTH,
    AnyOf: Type.TRUTH,
    Items: Type.LIST,
}


def _operated(operator: Operator, left: Type, right: Type) -> Type:
    if operator is Operator.JOIN:
        return Type.TEXT
    if operator not in _CALCULATED:
        return Type.TRUTH
    if operator is Operator.PLUS and (left in _MOMENTS or right in _MOMENTS):
        return left if left in _MOMENTS else right
    if operator is Operator.MINUS and left in _MOMENTS:
        return Type.ANY if right is Type.ANY else Type.NUMBER if right in _MOMENTS else left
    unsure = operator in (Operator.PLUS, Operator.MINUS) and Type.ANY in (left, right)
    return Type.ANY if unsure else Type.NUMBER


def check(expression: Expression, types: Types, *, wanted: Type = Type.ANY) -> tuple[Problem, ...]:
    """What cannot work in an expression that should give a value of the type ``wanted``."""
    found = [*_needed(expression, wanted, types)]
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        found.extend(_problems(each, types))
        waiting.extend(parts_of(each))
    return tuple(sorted(found, key=lambda each: each.start))


def _problems(expression: Expression, types: Types) -> Iterator[Problem]:
    """What is wrong with one part, of those below it only as far as they must fit it."""
    if isinstance(expression, Operation):
        yield from _operands(expression.operator, expression.left, expression.right, types)
    for operand, needed in _needs(expression):
        yield from _needed(operand, needed, types)


def _needs(expression: Expression) -> Iterable[tuple[Expression, Type]]:
    """The parts of an expression that must be of some type."""
    match expression:
        case Not(operand) | Choice(operand):
            return ((operand, Type.TRUTH),)
        case AllOf(parts) | AnyOf(parts):
            return ((each, Type.TRUTH) for each in parts)
        case Negative(operand):
            return ((operand, Type.NUMBER),)
        case Call(function, arguments):
            return zip(arguments, SIGNATURES[function].parameters.values(), strict=False)
        case _:
            return ()


def _operands(
    operator: Operator, left: Expression, right: Expression, types: Types
) -> Iterator[Problem]:
    if operator in _CALCULATED:
        one, other = type_of(left, types), type_of(right, types)
        has_moment = operator in (Operator.PLUS, Operator.MINUS) and (
            one in _MOMENTS or (other in _MOMENTS and operator is Operator.PLUS)
        )
        for each, its_type in ((left, one), (right, other)):
            if not (has_moment and its_type in _MOMENTS):
                yield from _needed(each, Type.NUMBER, types)
        if operator in (Operator.OVER, Operator.REMAINDER) and _is_zero(right):
            yield _problem("expression.division-by-zero", right)
    elif operator is Operator.MATCHES and isinstance(right, Text) and not compiles(right.value):
        yield _problem("expression.pattern", right, value=quoted(right.value))
    elif operator in _ORDERED or operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        yield from _compared(operator, left, right, types)


def _is_zero(expression: Expression) -> bool:
    return isinstance(expression, Number) and not expression.value


def _compared(
    operator: Operator, left: Expression, right: Expression, types: Types
) -> Iterator[Problem]:
    """Two values that are never the same, or of which none is less."""
    one, other = type_of(left, types), type_of(right, types)
    if Type.ANY in (one, other):
        return
    if operator in _ORDERED and {one, other} & {Type.TRUTH, Type.LIST}:
        yield _problem("expression.no-order", right, value=quoted(render(right)))
    elif not (_fits(left, other, one) or _fits(right, one, other)):
        yield _problem("expression.never-equal", right, value=quoted(render(right)))


def _needed(expression: Expression, wanted: Type, types: Types) -> Iterator[Problem]:
    """The problem of a part that cannot be what is needed of it."""
    its_type = type_of(expression, types)
    if wanted is Type.ANY or its_type in (Type.ANY, wanted):
        return
    if not _fits(expression, wanted, its_type):
        key = f"expression.needs-{wanted}"
        yield _problem(key, expression, value=quoted(render(expression)))


def _fits(expression: Expression, wanted: Type, its_type: Type) -> bool:
    """Whether a value of one type can stand for another: an instant for its day, digits, texts."""
    if its_type is Type.TEXT:
        return not isinstance(expression, Text) or _says(expression.value, wanted)
    if its_type is Type.INSTANT:
        return wanted in (Type.INSTANT, Type.DATE, Type.TIME)
    return its_type is wanted


def _says(text: str, wanted: Type) -> bool:
    """Whether a text in quotes says something of another type."""
    return text == "" or any(reads(text) is not None for reads in _READERS.get(wanted, ()))


_READERS: Mapping[Type, tuple[Callable[[Value], Value | None], ...]] = {
    Type.TEXT: (as_text,),
    Type.NUMBER: (as_number,),
    Type.TRUTH: (as_truth,),
    Type.DATE: (as_date,),
    Type.TIME: (as_time,),
    Type.INSTANT: (as_instant, as_date, as_time),
}


def _problem(key: str, expression: Expression, *, value: str = "") -> Problem:
    return Problem(key, value, expression.at.start, expression.at.end)
