"""Values while a call runs, and how they compare: never an error, only yes or no.

What callers type and lookups answer is text. A text of digits compares with a number as a number
and with a text as a text, so that ``"007" = 7`` and ``"007" != "7"``.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, TypeAlias

from cx_desktop.domain.patch import Json

Value: TypeAlias = str | Decimal | int | bool | datetime | date | time | tuple["Value", ...]

#: Nothing: what a variable holds that was never set.
BLANK = ""

#: No text grows longer while a call runs, no list either.
LONGEST_VALUE = 10_000
MOST_ITEMS = 1_000
_DEEPEST_JSON = 20

#: Digits of a text that still count as a number.
_NUMBER = re.compile(r"-?[0-9]{1,28}(?:\.[0-9]{1,28})?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")

Order: TypeAlias = Literal[-1, 0, 1]


def is_blank(value: Value) -> bool:
    """Whether there is nothing in it."""
    return value in (BLANK, ())


def as_number(value: Value) -> Decimal | None:
    """The number that a value is or that a text says in digits; ``None`` where there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def as_truth(value: Value) -> bool | None:
    """Yes or no; a blank is no."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False, BLANK: False}.get(value)
    return None


def as_date(value: Value) -> date | None:
    """The day that a value is or that a text says: 2026-11-11, or 11112026 as it is typed."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    if found := _DATE.fullmatch(value[:10]):
        year, month, day = found.groups()
        is_whole = len(value) == 10 or as_instant(value) is not None
        return _date(year, month, day) if is_whole else None
    if found := _TYPED_DATE.fullmatch(value):
        day, month, year = found.groups()
        return _date(year, month, day)
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def as_time(value: Value) -> time | None:
    """The time of day that a value is or that a text says: 18:00."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return None
    found = _TIME.fullmatch(value)
    if found is None:
        instant = as_instant(value)
        return instant.time() if instant else None
    hour, minute, second = found.groups()
    try:
        return time(int(hour), int(minute), int(second or 0))
    except ValueError:
        return None


def as_instant(value: Value) -> datetime | None:
    """The instant that a value is or that a text says: 2026-11-11T09:00."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > 40 or value[10:11] != "T":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def as_text(value: Value) -> str:
    """A value as it is said, sent or put into a text."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal() | int():
            return _digits(Decimal(value))
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case _:
            return ", ".join(as_text(each) for each in value)


def _digits(number: Decimal) -> str:
    """A number without exponent and without zeros at the end of its decimals."""
    if not number.is_finite():
        return BLANK
    written = f"{number:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written


def as_items(value: Value) -> tuple[Value, ...]:
    """The items of a list, or of a text with commas between them."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return tuple(each for part in value.split(",") if (each := part.strip()))
    return (value,)


def value_of(answer: Json, *, depth: int = 0) -> Value:
    """A value for what a lookup answered; what has no meaning in a call is blank."""
    match answer:
        case str():
            return answer[:LONGEST_VALUE]
        case bool() | int():
            return answer if isinstance(answer, bool) else Decimal(answer)
        case float():
            number = Decimal(repr(answer))
            return number if number.is_finite() else BLANK
        case list() if depth < _DEEPEST_JSON:
            return tuple(value_of(each, depth=depth + 1) for each in answer[:MOST_ITEMS])
        case _:
            return BLANK


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same to somebody who reads them."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return (
            not (is_blank(left) or is_blank(right))
            and as_truth(left) is as_truth(right) is not None
        )
    return order(left, right) == 0


def order(left: Value, right: Value) -> Order | None:
    """Which of two values comes first; ``None`` where none does, as always beside a blank."""
    one, other = as_number(left), as_number(right)
    if one is not None and other is not None:
        return _sign(one > other, one < other)
    if isinstance(left, date | time) or isinstance(right, date | time):
        return _order_in_time(left, right)
    if one is not None or other is not None:
        return None
    if isinstance(left, str) and isinstance(right, str) and left and right:
        return _sign(left > right, left < right)
    return None


def _order_in_time(left: Value, right: Value) -> Order | None:
    if isinstance(left, time) or isinstance(right, time):
        return _order_of_times(as_time(left), as_time(right))
    one, other = as_instant(left), as_instant(right)
    if one is not None and other is not None:
        return _order_of_instants(one, other)
    first, second = as_date(left), as_date(right)
    if first is None or second is None:
        return _order_of_times(as_time(left), as_time(right))
    return _sign(first > second, first < second)


def _order_of_instants(one: datetime, other: datetime) -> Order:
    """An instant without a zone is in the zone of the one it is compared with."""
    if one.utcoffset() is None:
        one = one.replace(tzinfo=other.tzinfo)
    elif other.utcoffset() is None:
        other = other.replace(tzinfo=one.tzinfo)
    return _sign(one > other, one < other)


def _order_of_times(one: time | None, other: time | None) -> Order | None:
    if one is None or other is None:
        return None
    return _sign(one > other, one < other)


def _sign(is_after: bool, is_before: bool) -> Order:  # noqa: FBT001  (two facts, one answer)
    return 1 if is_after else -1 if is_before else 0
