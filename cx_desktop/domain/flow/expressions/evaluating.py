"""The value of an expression at one moment of a call.

Comparisons are never wrong, only false; what cannot be calculated raises ``EvaluationError`` with
its place, and nothing else is ever raised, whatever the values are.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import assert_never

from cx_desktop.domain.flow.expressions.faults import EvaluationError, quoted
from cx_desktop.domain.flow.expressions.functions import (
    CALCULATION,
    FUNCTIONS,
    ImpossibleError,
    the_number,
    the_truth,
)
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
from cx_desktop.domain.flow.expressions.values import (
    BLANK,
    LONGEST_VALUE,
    Value,
    as_items,
    as_text,
    equal,
    order,
)
from cx_desktop.domain.patterns import compiles, matches

Values = Mapping[str, Value]


def evaluate(expression: Expression, values: Values, *, now: datetime) -> Value:
    """The value of an expression; a variable that ``values`` does not hold is blank.

    ``now`` is the instant of the call with its zone: the variables ``now`` and ``today``.
    """
    try:
        return _Moment(values, now).value(expression)
    except RecursionError:
        raise EvaluationError("expression.too-deep", 0, 0) from None


def is_true(expression: Expression, values: Values, *, now: datetime) -> bool:
    """Whether a condition holds; raises ``EvaluationError`` for what is neither yes nor no."""
    found = evaluate(expression, values, now=now)
    try:
        return the_truth(found)
    except ImpossibleError as reason:
        at = expression.at
        raise EvaluationError(reason.key, at.start, at.end, value=reason.value) from None


class _Moment:
    """The values at one moment."""

    def __init__(self, values: Values, now: datetime) -> None:
        self._values = values
        self._now = now

    def value(self, expression: Expression) -> Value:
        try:
            return self._value(expression)
        except ImpossibleError as reason:
            key, value = reason.key, reason.value
        except ZeroDivisionError:
            key, value = "expression.division-by-zero", ""
        except (DecimalException, OverflowError):
            key, value = "expression.too-large", ""
        raise EvaluationError(key, expression.at.start, expression.at.end, value=value)

    def _value(self, expression: Expression) -> Value:
        match expression:
            case Text(value) | Number(value) | Truth(value):
                return value
            case Variable(name):
                return self._variable(name)
            case Items(items):
                return tuple(self.value(each) for each in items)
            case Call(function, arguments):
                return FUNCTIONS[function](*(self.value(each) for each in arguments))
            case Negative(operand):
                return CALCULATION.minus(the_number(self.value(operand)))
            case Operation(operator, left, right):
                return _OPERATIONS[operator](self.value(left), self.value(right))
            case _:
                return self._decided(expression)

    def _decided(self, expression: Not | AllOf | AnyOf | Choice) -> Value:
        """Conditions look no further than they must."""
        match expression:
            case Not(operand):
                return not the_truth(self.value(operand))
            case AllOf(parts):
                return all(the_truth(self.value(each)) for each in parts)
            case AnyOf(parts):
                return any(the_truth(self.value(each)) for each in parts)
            case Choice(condition, chosen, otherwise):
                return self.value(chosen if the_truth(self.value(condition)) else otherwise)
            case _:
                assert_never(expression)

    def _variable(self, name: str) -> Value:
        found = self._values.get(name)
        if found is not None:
            return found
        if name == "now":
            return self._now
        return self._now.date() if name == "today" else BLANK


def contains(whole: Value, part: Value) -> bool:
    """Whether a text holds another one, or a list an item; nothing is found in anything."""
    if isinstance(whole, tuple):
        return any(equal(each, part) for each in whole)
    wanted = as_text(part)
    return wanted != BLANK and wanted in as_text(whole)


def starts(whole: Value, part: Value) -> bool:
    """Whether a text begins with another one; nothing begins with nothing."""
    wanted = as_text(part)
    return wanted != BLANK and as_text(whole).startswith(wanted)


def ends(whole: Value, part: Value) -> bool:
    """Whether a text ends with another one; nothing ends with nothing."""
    wanted = as_text(part)
    return wanted != BLANK and as_text(whole).endswith(wanted)


def is_in(value: Value, among: Value) -> bool:
    """Whether a value is one of a list, or of a text with commas."""
    return any(equal(value, each) for each in as_items(among))


def _matches(text: Value, pattern: Value) -> bool:
    written = as_text(pattern)
    if not compiles(written):
        raise ImpossibleError("expression.pattern", value=quoted(written))
    return matches(written, as_text(text))


def _joined(left: Value, right: Value) -> str:
    text = as_text(left) + as_text(right)
    if len(text) > LONGEST_VALUE:
        raise ImpossibleError("expression.too-large")
    return text


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, date):
        return _later(left, the_number(right))
    if isinstance(right, date):
        return _later(right, the_number(left))
    return CALCULATION.add(the_number(left), the_number(right))


def _minus(left: Value, right: Value) -> Value:
    if isinstance(left, datetime) and isinstance(right, datetime):
        return Decimal((left.date() - right.date()).days)
    if isinstance(left, date) and isinstance(right, date):
        return Decimal((_day(left) - _day(right)).days)
    if isinstance(left, date):
        return _later(left, -the_number(right))
    return CALCULATION.subtract(the_number(left), the_number(right))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _later(start: date, days: Decimal) -> date:
    """So many whole days later."""
    return start + timedelta(days=int(days))


def _over(left: Value, right: Value) -> Value:
    divisor = the_number(right)
    if not divisor:
        raise ZeroDivisionError
    return CALCULATION.divide(the_number(left), divisor)


def _remainder(left: Value, right: Value) -> Value:
    divisor = the_number(right)
    if not divisor:
        raise ZeroDivisionError
    return CALCULATION.remainder(the_number(left), divisor)


_OPERATIONS: Mapping[Operator, Callable[[Value, Value], Value]] = {
    Operator.EQUAL: equal,
    Operator.NOT_EQUAL: lambda left, right: not equal(left, right),
    Operator.LESS: lambda left, right: order(left, right) == -1,
    Operator.AT_MOST: lambda left, right: order(left, right) in (-1, 0),
    Operator.GREATER: lambda left, right: order(left, right) == 1,
    Operator.AT_LEAST: lambda left, right: order(left, right) in (0, 1),
    Operator.CONTAINS: contains,
    Operator.STARTS: starts,
    Operator.ENDS: ends,
    Operator.MATCHES: _matches,
    Operator.IN: is_in,
    Operator.JOIN: _joined,
    Operator.PLUS: _plus,
    Operator.MINUS: _minus,
    Operator.TIMES: lambda left, right: CALCULATION.multiply(the_number(left), the_number(right)),
    Operator.OVER: _over,
    Operator.REMAINDER: _remainder,
}
