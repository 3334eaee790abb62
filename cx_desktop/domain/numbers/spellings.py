"""Numbers as people type them into a search: in any spelling, whole or in part."""

from collections.abc import Iterator

from cx_desktop.domain.numbers.plan import OVERSEAS_CODES

_BETWEEN = str.maketrans("", "", " .-/()\u00a0\u202f\u2011")
_NATIONAL = 2
#: Overseas, what follows the 0 of a national number begins like the code of the country, nearly.
_CODES = ("+33", *(code for code in OVERSEAS_CODES if code in {"+590", "+594", "+596", "+262"}))


def pieces(typed: str) -> tuple[str, ...]:
    """What ``+E.164`` numbers hold where they hold what was typed; nothing where it is no number.

    ``06 39 98`` is found in +3363998…, ``0033 6`` too; digits without a beginning anywhere.
    """
    bare = typed.replace("(0)", "").translate(_BETWEEN)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return ()
    return tuple(_pieces(bare, digits))


def _pieces(bare: str, digits: str) -> Iterator[str]:
    if bare.startswith("+"):
        yield bare
        return
    if digits.startswith("00"):
        yield f"+{digits[2:]}"
    elif digits.startswith("0") and len(digits) >= _NATIONAL:
        for code in _CODES:
            yield f"{code}{digits[1:]}"
    if not digits.startswith("0") or len(digits) > _NATIONAL:
        yield digits
