"""The French numbering plan, as far as flows need it: what a number is, and what may be done to it.

Numbers are ``+E.164``. The prefixes are those of the plan in force since 2023-01-01; the rules
``CID-nn`` are those of the contract and of the regulator.
"""

from enum import StrEnum


class Category(StrEnum):
    """What a number is."""

    GEOGRAPHIC = "geographic"
    VERIFIED = "verified"
    """Mainland numbers that automated systems may present."""
    PLATFORM = "platform"
    """Numbers for exchanges with technical platforms."""
    MOBILE = "mobile"
    FREE = "free"
    SPECIAL = "special"
    """080 6–9, 081, 082 and the rest of 08: ordinary or increased price."""
    PREMIUM = "premium"
    """089: increased price, never to be presented."""
    OVERSEAS = "overseas"
    FOREIGN = "foreign"


#: Country codes of the French territories overseas.
OVERSEAS_CODES = ("+590", "+594", "+596", "+262", "+508", "+687", "+689", "+681")

_VERIFIED = (
    *("162", "163", "270", "271", "377", "378", "424", "425", "568", "569"),
    *("948", "949"),
)
_PLATFORM = ("937", "938", "9390", "9391", "9392", "9393", "9394")
_VERIFIED_OVERSEAS = (
    *("9475", "9476", "9477", "9478", "9479"),
    *("5987", "5988", "5989", "2688", "2689"),
)
_OVERSEAS_AT_HOME = (*_VERIFIED_OVERSEAS, "9395", "9396", "9397", "9398", "9399")
#: How numbers begin overseas, after the code of the country, that no company may present.
_PERSONAL_OVERSEAS = ("6", "7", "976")
#: Numbers of machines, after the code of the country: longer than others.
_EXTENDED = "700"
_MOBILE = ("6", "73", "74", "75", "76", "77", "78", "79", "700")
_FREE = ("800", "801", "802", "803", "804", "805")


def category(e164: str) -> Category:
    """What a number is, by how it begins."""
    if e164.startswith(OVERSEAS_CODES):
        return Category.OVERSEAS
    if not e164.startswith("+33"):
        return Category.FOREIGN
    national = e164.removeprefix("+33")
    for prefixes, found in _TABLE:
        if national.startswith(prefixes):
            return found
    return Category.GEOGRAPHIC


_TABLE: tuple[tuple[tuple[str, ...], Category], ...] = (
    (_VERIFIED, Category.VERIFIED),
    (_PLATFORM, Category.PLATFORM),
    (_OVERSEAS_AT_HOME, Category.OVERSEAS),
    (_MOBILE, Category.MOBILE),
    (_FREE, Category.FREE),
    (("89",), Category.PREMIUM),
    (("8",), Category.SPECIAL),
)

#: Numbers of increased price, besides 089.
_INCREASED = ("+3381", "+3382")


def costs_extra(e164: str) -> bool:
    """Whether a call to a number costs more than an ordinary one."""
    return category(e164) is Category.PREMIUM or e164.startswith(_INCREASED)


class Verdict(StrEnum):
    """Whether a number may be presented to those who are called."""

    ALLOWED = "allowed"
    EXCEPTION = "exception"
    """Only with a recorded exception of the regulator."""
    FORBIDDEN = "forbidden"


def presented(e164: str, *, automated: bool) -> tuple[Verdict, str]:
    """Whether a number may be presented, and the rule that says so; ``automated``: by a machine."""
    found = category(e164)
    if found is Category.PREMIUM:
        return Verdict.FORBIDDEN, "CID-05"
    if automated and _is_extended(e164):
        return Verdict.EXCEPTION, "CID-03"
    if found is Category.MOBILE or _is_personal_overseas(e164):
        return Verdict.FORBIDDEN, "CID-02" if automated else "CID-08"
    if not automated or found is Category.VERIFIED:
        return Verdict.ALLOWED, ""
    if found in (Category.FREE, Category.SPECIAL) or _is_verified_overseas(e164):
        return Verdict.EXCEPTION, "CID-03"
    return Verdict.FORBIDDEN, "CID-01"


def _is_extended(e164: str) -> bool:
    code, rest = e164[:_CODE_LENGTH], e164[_CODE_LENGTH:]
    return e164.startswith("+33" + _EXTENDED) or (
        code in OVERSEAS_CODES and rest.startswith(_EXTENDED)
    )


def _is_personal_overseas(e164: str) -> bool:
    code, rest = e164[:_CODE_LENGTH], e164[_CODE_LENGTH:]
    return code in OVERSEAS_CODES[:5] and rest.startswith(_PERSONAL_OVERSEAS)


def _is_verified_overseas(e164: str) -> bool:
    return e164[:_CODE_LENGTH] in OVERSEAS_CODES and e164[_CODE_LENGTH:].startswith(
        _VERIFIED_OVERSEAS
    )


_CODE_LENGTH = 4
