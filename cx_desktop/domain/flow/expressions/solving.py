"""Values of variables with which an expression gives what is wanted: the call that shows a way.

Values near the constants of the expression are tried, a limited number of them; each solution is
one because the expression itself was evaluated with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice, product

from cx_desktop.domain.flow.expressions.evaluating import evaluate
from cx_desktop.domain.flow.expressions.examples import NUMBERS, TEXTS, near
from cx_desktop.domain.flow.expressions.faults import EvaluationError
from cx_desktop.domain.flow.expressions.specimens import specimens
from cx_desktop.domain.flow.expressions.tree import (
    Expression,
    Number,
    Operation,
    Operator,
    Text,
    parts_of,
    variables_of,
)
from cx_desktop.domain.flow.expressions.values import BLANK, Value, as_number, as_text

#: How many assignments of values are tried, and how many values for one variable.
MOST_TRIED = 2_000
_MOST_VALUES = 120
_LONGEST = 64


def solution(
    expression: Expression,
    takes: Callable[[Value], bool],
    *,
    now: datetime,
    known: Mapping[str, Value] | None = None,
    hints: Iterable[Value] = (),
) -> dict[str, Value] | None:
    """Values for the variables that ``known`` leaves open, so that ``takes`` holds of the result.

    ``hints`` are values worth trying: the operands of the cases the result is compared with.
    ``None`` says that nothing was found, not that there is nothing.
    """
    known = known or {}
    free = sorted(variables_of(expression) - known.keys() - {"now", "today"})
    candidates = tuple(islice(_candidates(expression, now, hints), _MOST_VALUES)) if free else ()
    for tried in islice(product(candidates, repeat=len(free)), MOST_TRIED):
        chosen = dict(zip(free, tried, strict=True))
        try:
            if takes(evaluate(expression, {**known, **chosen}, now=now)):
                return chosen
        except EvaluationError:
            continue
    return None


def _candidates(expression: Expression, now: datetime, hints: Iterable[Value]) -> Iterator[Value]:
    """Values to try, each once, the likely ones first."""
    seen: set[str] = set()
    for each in _likely(expression, now, tuple(hints)):
        if isinstance(each, str) and each not in seen:
            seen.add(each)
            yield each


def _likely(expression: Expression, now: datetime, hints: tuple[Value, ...]) -> Iterator[Value]:
    yield from hints
    constants = tuple(_constants(expression))
    yield from (as_text(each) for each in constants)
    yield BLANK
    for pattern in _patterns(expression):
        yield from specimens(pattern)
    for each in (*constants, *hints):
        yield from near(each)
        length = as_number(each)
        if length is not None and 0 < length <= _LONGEST:
            yield "1" * int(length)
            yield (now + timedelta(days=int(length))).date().isoformat()
            yield (now - timedelta(days=int(length))).date().isoformat()
    yield from ("true", "false", *NUMBERS, *TEXTS)
    yield from ((now + timedelta(days=days)).date().isoformat() for days in range(7))


def _constants(expression: Expression) -> Iterator[Value]:
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Text | Number):
            yield each.value
        waiting.extend(parts_of(each))


def _patterns(expression: Expression) -> Iterator[str]:
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Operation) and each.operator is Operator.MATCHES:
            yield from (as_text(found) for found in _constants(each.right))
        waiting.extend(parts_of(each))
