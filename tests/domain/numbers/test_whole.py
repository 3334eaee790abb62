"""A number in any spelling is the number that is stored."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.numbers.whole import whole

NUMBERS = Path(__file__).parents[4] / "shared" / "rules" / "fr_numbers.csv"


def known() -> list[tuple[str, str]]:
    if not NUMBERS.exists():
        return []
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [(row["input"], row["expected"]) for row in rows if row["expected"][0] == "+"]


@pytest.mark.parametrize(
    "typed",
    [
        "06 39 98 00 01",
        "06.39.98.00.01",
        "06-39-98-00-01",
        "0639980001",
        "+33 6 39 98 00 01",
        "+33 (0)6 39 98 00 01",
        "(+33) 6 39 98 00 01",
        "0033639980001",
        "33639980001",
        "06\u202f39\u202f98\u202f00\u202f01",
        "06\u00a039\u00a098\u00a000\u00a001",
        "\u202a+33639980001\u202c",
        "\t0639\u200b980001 ",
    ],
)
def test_a_number_in_any_spelling_is_the_same_number(typed: str) -> None:
    assert whole(typed)[0] == "+33639980001"


@pytest.mark.parametrize(
    "typed", ["", "+", "06 39 98", "Anaïs", "06 39 98 00 0O", "3639", "+0639980001", "1" * 40]
)
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert whole(typed) == ()


def test_a_number_overseas_is_found_in_national_form() -> None:
    assert "+262262123456" in whole("0262 12 34 56")
    assert whole("+262 262 12 34 56") == ("+262262123456",)


@given(st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True))
def test_what_the_program_shows_can_be_typed_in_again(number: str) -> None:
    assert number in whole(spelled(number))
    assert whole(number) == (number,)


@pytest.mark.skipif(not NUMBERS.exists(), reason="the table lies beside the repository only")
@pytest.mark.parametrize(("typed", "expected"), known())
def test_the_numbers_of_the_table_are_found(typed: str, expected: str) -> None:
    assert expected in whole(typed)
