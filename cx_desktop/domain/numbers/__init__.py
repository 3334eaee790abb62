"""Telephone numbers: kept as ``+E.164``, shown as people write them."""

from functools import lru_cache

import phonenumbers

#: Whose own numbers are written without the country's code.
HOME = "FR"
_NO_BREAK = str.maketrans(" ", "\u00a0")


@lru_cache(maxsize=4096)  # a table asks again whenever it is painted
def spelled(e164: str, *, home: str = HOME) -> str:
    """A number as people write it: 01 99 00 12 34, or +44 20 7946 0000 from abroad.

    What is no number stays as it is. Spaces do not break.
    """
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    is_at_home = number.country_code == phonenumbers.country_code_for_region(home)
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if is_at_home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form).translate(_NO_BREAK)
