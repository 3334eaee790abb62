"""A whole number as somebody writes it, and the ``+E.164`` numbers that it may be."""

import unicodedata

from cx_desktop.domain.numbers.plan import OVERSEAS_CODES

#: Digits after the 0 of a national number; those of machines have more.
_NATIONAL = (9, 12, 13)
_SHORTEST, _LONGEST = 7, 15
_HOME = "33"


def whole(typed: str) -> tuple[str, ...]:
    """The numbers that may be meant, the mainland's first; none where it is no whole number.

    A number in national form is the mainland's or one overseas: ``0262…`` is ``+262262…``.
    """
    bare = "".join(
        each for each in typed.replace("(0)", "") if unicodedata.category(each)[0] not in "ZCP"
    )
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return ()
    if bare.startswith("+"):
        return _foreign(digits)
    if digits.startswith("00"):
        return _foreign(digits[2:])
    if digits.startswith("0") and len(digits) - 1 in _NATIONAL:
        return tuple(f"{code}{digits[1:]}" for code in (f"+{_HOME}", *OVERSEAS_CODES))
    if digits.startswith(_HOME) and len(digits) - len(_HOME) in _NATIONAL:
        return (f"+{digits}",)
    return ()


def _foreign(digits: str) -> tuple[str, ...]:
    """A number with the code of its country."""
    return (f"+{digits}",) if _SHORTEST <= len(digits) <= _LONGEST and digits[0] != "0" else ()
