"""What a collection accepts, and the shortest input that it accepts or refuses.

``date`` is a day that exists, typed as ddmmyy or ddmmyyyy; ``phone`` is a French number of ten
digits, or 00 with a country's code; ``range`` and ``list`` compare the number, or the text.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.expressions.specimens import specimens
from cx_desktop.domain.patterns import matches

#: A pattern is tried with so many inputs before its examples are taken as unknown.
_GUESSES = 300
_CENTURY = 2000
_KEYS = frozenset("0123456789*#")

#: The keys that may close an input.
KEYS_THAT_CLOSE = ("*", "#")


class Check(Struct, frozen=True):
    """What a collection asks of an input."""

    least: int
    most: int
    sort: str
    pattern: str
    lowest: int
    highest: int
    allowed: str
    terminator: str
    cancel: str


def check_of(step: Step) -> Check:
    """What a step asks of an input."""
    return Check(
        step.whole("min_digits"),
        step.whole("max_digits"),
        step.text("validation"),
        step.text("expected_pattern"),
        step.whole("lowest"),
        step.whole("highest"),
        step.text("allowed_values"),
        step.text("terminator"),
        step.text("cancel_key"),
    )


def accepts(check: Check, typed: str) -> bool:
    """Whether an input is accepted, its terminator aside."""
    return check.least <= len(typed) <= check.most and _is_valid(check, typed)


@lru_cache(maxsize=1024)
def shortest(check: Check) -> str | None:
    """The shortest input that is accepted; ``None`` when none was found."""
    fitting = (each for each in _candidates(check) if can_be_typed(check, each))
    return next((each for each in fitting if accepts(check, each)), None)


@lru_cache(maxsize=1024)
def refused(check: Check) -> str | None:
    """A short input that is refused; ``None`` when none was found."""
    most = check.most
    guesses = ("1", "0", "9", "12", "99", "00", "*", *_lengths("1", 1, most), *_numbers(most, 200))
    fitting = (each for each in guesses if len(each) <= most and can_be_typed(check, each))
    return next((each for each in fitting if not accepts(check, each)), None)


def can_be_typed(check: Check, text: str) -> bool:
    """Whether keys make this input: neither the closing key nor the correction key stands in it."""
    if not text:
        return check.terminator in KEYS_THAT_CLOSE
    return all(each in _KEYS and each not in (check.terminator, check.cancel) for each in text)


def _is_valid(check: Check, typed: str) -> bool:
    validates = _CHECKS.get(check.sort)
    return validates is None or validates(check, typed)


def _pattern(check: Check, typed: str) -> bool:
    return matches(check.pattern, typed)


def _luhn(_check: Check, typed: str) -> bool:
    if not (typed.isascii() and typed.isdigit()):
        return False
    doubled = (int(each) * (1 + index % 2) for index, each in enumerate(reversed(typed)))
    return sum(each if each < 10 else each - 9 for each in doubled) % 10 == 0


def _phone(_check: Check, typed: str) -> bool:
    return matches(r"0[1-9]\d{8}|00[1-9]\d{6,14}", typed)


def _date(_check: Check, typed: str) -> bool:
    if not matches(r"\d{6}|\d{8}", typed):
        return False
    day, month, year = int(typed[:2]), int(typed[2:4]), int(typed[4:])
    try:
        date(year + _CENTURY if len(typed) == 6 else year, month, day)
    except ValueError:
        return False
    return True


def _range(check: Check, typed: str) -> bool:
    number = matches(r"\d+", typed)
    return number and check.lowest <= int(typed) <= check.highest


def _list(check: Check, typed: str) -> bool:
    return typed in (line.strip() for line in check.allowed.splitlines())


_CHECKS: Mapping[str, Callable[[Check, str], bool]] = {
    "pattern": _pattern,
    "luhn": _luhn,
    "phone": _phone,
    "date": _date,
    "range": _range,
    "list": _list,
}


def _candidates(check: Check) -> Iterator[str]:
    """Inputs that may be accepted, short ones first."""
    least, most = check.least, check.most
    match check.sort:
        case "luhn":
            yield from ("0" * size for size in range(max(least, 1), most + 1))
        case "phone":
            yield from ("001234567", "0199001234", *_lengths("00", 9, most, filler="1"))
        case "date":
            yield from ("010125", "01012025")
        case "range":
            yield from _in_range(check)
        case "list":
            yield from sorted(_list_of(check), key=len)
        case "pattern":
            yield from specimens(check.pattern)
            yield from _lengths("1", least, most)
            yield from _lengths("0", least, most)
            yield from ("0199001234", "0612345678", "010125", "01012025", "75001")
            yield from _numbers(most, _GUESSES)
        case _:
            yield from ("1" * least, "1" * max(least, 1))


def _in_range(check: Check) -> Iterator[str]:
    lowest, highest = max(check.lowest, 0), check.highest
    if lowest <= highest:
        yield str(lowest).zfill(check.least)


def _list_of(check: Check) -> list[str]:
    return [line.strip() for line in check.allowed.splitlines()]


def _lengths(start: str, least: int, most: int, *, filler: str = "") -> Iterator[str]:
    for size in range(max(least, len(start)), most + 1):
        yield start + (filler or start[-1]) * (size - len(start))


def _numbers(most: int, count: int) -> Iterator[str]:
    for size in range(1, most + 1):
        for number in range(min(10**size, count)):
            yield str(number).zfill(size)
        if 10**size > count:
            return
