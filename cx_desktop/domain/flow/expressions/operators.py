"""How a case compares a value with its own: the operators of switches, callers and queues.

They compare as the signs of the language do, and like them are never wrong, only false.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import phonenumbers
from phonenumbers import PhoneNumberType

from cx_desktop.domain.flow.expressions.evaluating import contains, starts
from cx_desktop.domain.flow.expressions.values import (
    Value,
    as_items,
    as_text,
    equal,
    is_blank,
    order,
)
from cx_desktop.domain.patterns import matches

#: Where a number is at home: France with its overseas departments and territories.
TERRITORY = frozenset({"FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"})

#: Mobile numbers kept for works of fiction, which the tables of numbers leave out.
_FICTION = re.compile(r"\+3363998[0-9]{4}")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_LANDLINE = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def holds(operator: str, value: Value, operand: Value = "") -> bool:
    """Whether a case with this operator and operand takes a value; an unknown operator never does.

    The operand of ``in_list`` is the members of the list, as items or as a text with commas.
    """
    check = OPERATORS.get(operator)
    return check is not None and check(value, operand)


def holds_of_caller(operator: str, caller: Value, operand: Value = "") -> bool:
    """The same of a caller's number, with operands as people write numbers: 06, 0033 6, +33 6."""
    if operator in ("starts", "equals", "in_list"):
        operand = tuple(dialled(as_text(each)) for each in as_items(operand))
        return any(holds(operator, dialled(as_text(caller)), each) for each in operand)
    return holds(operator, caller, operand)


def dialled(number: str) -> str:
    """A number, or how it begins, as the network has it: +336… for 06…."""
    digits = "".join(each for each in number if each in "+0123456789")
    if not digits:
        return number.strip()
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+33{digits[1:]}" if digits.startswith("0") else digits


def region_of(number: Value) -> str:
    """The country of a telephone number by its two letters; "" where it has none."""
    try:
        parsed = phonenumbers.parse(as_text(number)[:40], "FR")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or ""


def _is_type(number: Value, types: tuple[int, ...]) -> bool:
    written = dialled(as_text(number)[:40])
    if _FICTION.fullmatch(written):
        return PhoneNumberType.MOBILE in types
    try:
        parsed = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) in types


def _is_foreign(number: Value, _operand: Value) -> bool:
    region = region_of(number)
    return region != "" and region not in TERRITORY


def _is_from(number: Value, country: Value) -> bool:
    """Countries by their letters, or by the code that is dialled: FR, +33."""
    region = region_of(number)
    wanted = {as_text(each).upper() for each in as_items(country)}
    dialled = f"+{phonenumbers.country_code_for_region(region)}" if region else ""
    return region != "" and (region in wanted or dialled in wanted)


def _is_listed(value: Value, among: Value) -> bool:
    """Whether a value is an item; of numbers, only what is dialled counts."""
    number = as_text(value).replace(" ", "")
    return number != "" and any(
        as_text(each).replace(" ", "") == number for each in as_items(among)
    )


OPERATORS: Mapping[str, Callable[[Value, Value], bool]] = MappingProxyType(
    {
        "equals": equal,
        "not_equals": lambda value, operand: not equal(value, operand),
        "contains": contains,
        "starts": starts,
        "in": lambda value, operand: any(equal(value, each) for each in as_items(operand)),
        "less": lambda value, operand: order(value, operand) == -1,
        "at_most": lambda value, operand: order(value, operand) in (-1, 0),
        "greater": lambda value, operand: order(value, operand) == 1,
        "at_least": lambda value, operand: order(value, operand) in (0, 1),
        "blank": lambda value, _operand: is_blank(value),
        "not_blank": lambda value, _operand: not is_blank(value),
        "matches": lambda value, operand: matches(as_text(operand), as_text(value)),
        "in_list": _is_listed,
        "country": _is_from,
        "mobile": lambda value, _operand: _is_type(value, _MOBILE),
        "landline": lambda value, _operand: _is_type(value, _LANDLINE),
        "foreign": _is_foreign,
    }
)
