"""The checks of collections as ECMAScript: a document that needs one brings it along."""

from collections.abc import Mapping

FUNCTIONS: Mapping[str, str] = {
    "cx_luhn": (
        "function cx_luhn(typed) { var sum = 0; "
        "for (var i = 0; i < typed.length; i++) { "
        "var digit = Number(typed.charAt(typed.length - 1 - i)) * (1 + i % 2); "
        "sum += digit < 10 ? digit : digit - 9; } "
        "return /^[0-9]+$/.test(typed) && sum % 10 == 0; }"
    ),
    "cx_phone": (
        "function cx_phone(typed) { return /^(?:0[1-9][0-9]{8}|00[1-9][0-9]{6,14})$/.test(typed); }"
    ),
    "cx_date": (
        "function cx_date(typed) { if (!/^(?:[0-9]{6}|[0-9]{8})$/.test(typed)) { return false; } "
        "var day = Number(typed.substr(0, 2)), month = Number(typed.substr(2, 2)); "
        "var year = Number(typed.substr(4)) + (typed.length == 6 ? 2000 : 0); "
        "var date = new Date(year, month - 1, day); "
        "return year > 0 && date.getMonth() == month - 1 && date.getDate() == day; }"
    ),
}
