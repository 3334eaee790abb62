"""Values that a case takes, and values that no case takes: what a witness is made of.

Each value is tried with the operators themselves before it is given, so that none is wrong;
``None`` says that none was found, not that there is none.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from cx_desktop.domain.flow.expressions.operators import dialled, holds, holds_of_caller
from cx_desktop.domain.flow.expressions.specimens import specimens
from cx_desktop.domain.flow.expressions.values import (
    BLANK,
    Value,
    as_date,
    as_items,
    as_number,
    as_text,
    is_blank,
)

#: An operator and its operand.
Case: TypeAlias = tuple[str, Value]

NUMBERS = ("0", "1", "5", "999999999")
#: Numbers that nobody has (Arcep keeps them for works of fiction), then other sorts of numbers.
_CALLERS = (
    "+33199001234",
    "+33639981234",
    "+442079460000",
    "+33801020304",
    "+262692000000",
    "+12025550123",
    "+491711234567",
    "+3225550123",
    "+41443456789",
    BLANK,
)
TEXTS = ("autre", "x", "-", *_CALLERS)


def example(operator: str, operand: Value = BLANK) -> Value | None:
    """A value that a case with this operator and operand takes."""
    return example_of(((operator, operand),), 0)


def example_of(cases: Sequence[Case], index: int, *, of_caller: bool = False) -> Value | None:
    """A value that this case takes and none before it; ``of_caller`` asks for a caller's number."""
    before, (operator, operand) = cases[:index], cases[index]
    takes = holds_of_caller if of_caller else holds
    return next(
        (
            each
            for each in _candidates((cases[index], *before), of_caller=of_caller)
            if takes(operator, each, operand) and not _is_taken(each, before, of_caller=of_caller)
        ),
        None,
    )


def counter_example(cases: Sequence[Case], *, of_caller: bool = False) -> Value | None:
    """A value that no case takes: the one that goes on by ``default``."""
    return next(
        (
            each
            for each in _candidates(cases, of_caller=of_caller)
            if not _is_taken(each, cases, of_caller=of_caller)
        ),
        None,
    )


def _is_taken(value: Value, cases: Sequence[Case], *, of_caller: bool) -> bool:
    takes = holds_of_caller if of_caller else holds
    return any(takes(operator, value, operand) for operator, operand in cases)


def _candidates(cases: Sequence[Case], *, of_caller: bool) -> Iterator[Value]:
    """Values around the operands, those of the first case first; all texts, as calls have them."""
    for operator, operand in cases:
        for item in as_items(operand) if operator in ("in", "in_list", "starts") else (operand,):
            yield from _callers_around(item) if of_caller else _around(operator, item)
    yield from _CALLERS if of_caller else (*NUMBERS, *TEXTS)


def _callers_around(operand: Value) -> Iterator[str]:
    """Numbers that begin as the operand does, filled up to the length of a French one."""
    start = dialled(as_text(operand))
    if start.startswith("+"):
        yield f"{start}{'123456789'[max(0, len(start) - 3) :]}"
    elif start:
        yield start


def _around(operator: str, operand: Value) -> Iterator[Value]:
    if operator == "matches":
        yield from specimens(as_text(operand))
        return
    if operator in _OF_NUMBERS:
        yield from _CALLERS
    yield from near(operand)


def near(operand: Value) -> Iterator[str]:
    """Values close to one: a little more and less, what begins, ends or repeats with it."""
    if is_blank(operand):
        return
    written = as_text(operand)
    number = as_number(operand)
    if number is not None:
        yield from (as_text(number + step) for step in _STEPS)
    elif (day := as_date(operand)) is not None:
        yield from (day.replace(year=year).isoformat() for year in (1990, 2090) if day.day < 29)
    yield from (written, f"{written}0", f"0{written}", f"{written} {written}", written[:-1])


_OF_NUMBERS = frozenset({"country", "mobile", "landline", "foreign"})
_STEPS = (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.5"), Decimal(1000), Decimal(-1000))
