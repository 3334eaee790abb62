"""Numbers are found as people type them, whole or in part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.numbers.spellings import pieces

FRENCH = st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True)
BETWEEN = st.sampled_from([" ", ".", "-", "\u00a0", "\u202f", "", "/"])


def is_found(number: str, typed: str) -> bool:
    return any(piece in number for piece in pieces(typed))


@given(FRENCH, BETWEEN)
def test_a_number_is_found_as_it_is_written_at_home_and_abroad(number: str, between: str) -> None:
    national = f"0{number[3:]}"
    pairs = between.join(national[at : at + 2] for at in range(0, 10, 2))
    for typed in (number, pairs, spelled(number), f"00{number[1:]}", f"+33 (0){number[3:]}"):
        assert is_found(number, typed), typed


@given(FRENCH, st.data())
def test_any_digits_in_a_row_are_found(number: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, 9))
    length = data.draw(st.integers(3, 12 - start))
    assert is_found(number, number[start : start + length])


@given(FRENCH, st.integers(2, 10))
def test_the_beginning_of_a_number_is_found(number: str, length: int) -> None:
    assert is_found(number, f"0{number[3:]}"[:length])


@pytest.mark.parametrize("typed", ["", "Farid", "06a", "+", "0", "٣٤٥", "(0)"])
def test_what_is_no_number_is_looked_for_as_words(typed: str) -> None:
    assert pieces(typed) == ()


def test_a_number_overseas_is_found_as_it_is_dialled_there() -> None:
    assert is_found("+262262123456", "0262 12 34 56")
