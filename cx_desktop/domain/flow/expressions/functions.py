"""What each function of the language does; ``signatures.py`` says what it is given."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from types import MappingProxyType

from cx_desktop.domain.flow.expressions.faults import quoted
from cx_desktop.domain.flow.expressions.values import (
    LONGEST_VALUE,
    Value,
    as_date,
    as_instant,
    as_number,
    as_text,
    as_time,
    as_truth,
    is_blank,
)

#: How numbers are calculated: exactly to 28 digits, never a number without end.
CALCULATION = Context(
    prec=28,
    rounding=ROUND_HALF_UP,
    Emin=-60,
    Emax=60,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


class ImpossibleError(Exception):
    """A function or operator that has no result for what it is given: a catalogue key."""

    def __init__(self, key: str, *, value: str | int = "") -> None:
        super().__init__(key, value)
        self.key = key
        self.value = value


def the_number(value: Value) -> Decimal:
    """The number to calculate with; a blank is 0, so that no counter need be set first."""
    if is_blank(value):
        return Decimal(0)
    number = as_number(value)
    if number is None:
        raise ImpossibleError("expression.not-a-number", value=quoted(as_text(value)))
    return number


def the_count(value: Value, *, most: int = LONGEST_VALUE) -> int:
    """A number of things: whole, not below zero, not beyond ``most``."""
    number = the_number(value)
    return int(min(max(number, Decimal(0)), Decimal(most)))


def the_truth(value: Value) -> bool:
    """Yes or no."""
    truth = as_truth(value)
    if truth is None:
        raise ImpossibleError("expression.not-yes-or-no", value=quoted(as_text(value)))
    return truth


def the_date(value: Value) -> date:
    """A day."""
    day = as_date(value)
    if day is None:
        raise ImpossibleError("expression.not-a-date", value=quoted(as_text(value)))
    return day


def the_time(value: Value) -> time:
    """A time of day."""
    found = as_time(value)
    if found is None:
        raise ImpossibleError("expression.not-a-time", value=quoted(as_text(value)))
    return found


def _length(value: Value) -> Decimal:
    return Decimal(len(value) if isinstance(value, tuple) else len(as_text(value)))


def _number(value: Value) -> Decimal:
    number = as_number(value.strip() if isinstance(value, str) else value)
    if number is None:
        raise ImpossibleError("expression.not-a-number", value=quoted(as_text(value)))
    return number


def _digits(value: Value) -> str:
    return "".join(each for each in as_text(value) if each.isascii() and each.isdigit())


def _first(value: Value, count: Value) -> str:
    return as_text(value)[: the_count(count)]


def _last(value: Value, count: Value) -> str:
    text, kept = as_text(value), the_count(count)
    return text[max(0, len(text) - kept) :]


def _round(value: Value, decimals: Value = 0) -> Decimal:
    step = Decimal(1).scaleb(-the_count(decimals, most=12))
    return the_number(value).quantize(step, context=CALCULATION)


def _days(start: Value, end: Value) -> Decimal:
    return Decimal((the_date(end) - the_date(start)).days)


def _minutes(start: Value, end: Value) -> Decimal:
    one, other = as_instant(start), as_instant(end)
    if one is not None and other is not None:
        if one.utcoffset() is None or other.utcoffset() is None:
            one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
        return _whole_minutes(other - one)
    midnight = date(2000, 1, 1)
    return _whole_minutes(
        datetime.combine(midnight, the_time(end)) - datetime.combine(midnight, the_time(start))
    )


def _whole_minutes(duration: timedelta) -> Decimal:
    seconds = duration.days * 86_400 + duration.seconds
    return Decimal(abs(seconds) // 60 * (1 if seconds >= 0 else -1))


FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "len": _length,
        "blank": is_blank,
        "number": _number,
        "text": as_text,
        "lower": lambda value: as_text(value).lower(),
        "upper": lambda value: as_text(value).upper(),
        "trim": lambda value: as_text(value).strip(),
        "digits": _digits,
        "first": _first,
        "last": _last,
        "round": _round,
        "date": the_date,
        "time": the_time,
        "weekday": lambda value: Decimal(the_date(value).isoweekday()),
        "year": lambda value: Decimal(the_date(value).year),
        "month": lambda value: Decimal(the_date(value).month),
        "day": lambda value: Decimal(the_date(value).day),
        "hour": lambda value: Decimal(the_time(value).hour),
        "minute": lambda value: Decimal(the_time(value).minute),
        "days": _days,
        "minutes": _minutes,
    }
)
