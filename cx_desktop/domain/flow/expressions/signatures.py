"""The functions of the language: what each one is given and what it gives.

What each one does in words is the catalogue entry ``expression.function.<name>``.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Type(StrEnum):
    """What sort of value something is, as far as it can be told before a call."""

    ANY = "any"
    """Not known: what a caller types or a lookup answers."""
    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    LIST = "list"


class Signature(Struct, frozen=True):
    """One function: its parameters by name, how many of them must be given, its result."""

    name: str
    parameters: Mapping[str, Type]
    result: Type
    optional: int = 0
    example: str = ""

    @property
    def least(self) -> int:
        """How many arguments must be given."""
        return len(self.parameters) - self.optional

    @property
    def most(self) -> int:
        """How many arguments may be given."""
        return len(self.parameters)

    @property
    def usage(self) -> str:
        """How it is called: ``first(text, count)``."""
        names = list(self.parameters)
        required = ", ".join(names[: self.least])
        optional = "".join(f"[, {each}]" for each in names[self.least :])
        return f"{self.name}({required}{optional})"


_T = Type

#: Every function by its name, in the order of the documentation.
SIGNATURES: Mapping[str, Signature] = MappingProxyType(
    {
        each.name: each
        for each in (
            Signature("len", {"value": _T.ANY}, _T.NUMBER, example="len(order) = 8"),
            Signature("blank", {"value": _T.ANY}, _T.TRUTH, example="blank(order)"),
            Signature("number", {"value": _T.ANY}, _T.NUMBER, example='number("007") = 7'),
            Signature("text", {"value": _T.ANY}, _T.TEXT, example="text(2 * 1.50)"),
            Signature("lower", {"text": _T.ANY}, _T.TEXT, example='lower(city) = "paris"'),
            Signature("upper", {"text": _T.ANY}, _T.TEXT, example="upper(code)"),
            Signature("trim", {"text": _T.ANY}, _T.TEXT, example="trim(answer)"),
            Signature("digits", {"text": _T.ANY}, _T.TEXT, example='digits("+33 1") = "331"'),
            Signature(
                "first", {"text": _T.ANY, "count": _T.NUMBER}, _T.TEXT, example="first(order, 2)"
            ),
            Signature(
                "last", {"text": _T.ANY, "count": _T.NUMBER}, _T.TEXT, example="last(caller, 4)"
            ),
            Signature(
                "round",
                {"number": _T.NUMBER, "decimals": _T.NUMBER},
                _T.NUMBER,
                optional=1,
                example="round(total / 3, 2)",
            ),
            Signature(
                "date", {"value": _T.DATE}, _T.DATE, example='date(now) = date("2026-11-11")'
            ),
            Signature("time", {"value": _T.TIME}, _T.TIME, example='time(now) >= "18:00"'),
            Signature("weekday", {"day": _T.DATE}, _T.NUMBER, example="weekday(now) in [6, 7]"),
            Signature("year", {"day": _T.DATE}, _T.NUMBER, example="year(today)"),
            Signature("month", {"day": _T.DATE}, _T.NUMBER, example="month(today) = 8"),
            Signature("day", {"day": _T.DATE}, _T.NUMBER, example="day(today) = 1"),
            Signature("hour", {"time": _T.TIME}, _T.NUMBER, example="hour(now) < 12"),
            Signature("minute", {"time": _T.TIME}, _T.NUMBER, example="minute(now)"),
            Signature(
                "days",
                {"from": _T.DATE, "to": _T.DATE},
                _T.NUMBER,
                example="days(today, delivery) <= 2",
            ),
            Signature(
                "minutes",
                {"from": _T.TIME, "to": _T.TIME},
                _T.NUMBER,
                example="minutes(started, now) > 10",
            ),
        )
    }
)
