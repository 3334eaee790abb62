"""Numbers as people write them."""

import pytest

from cx_desktop.domain.numbers import spelled


@pytest.mark.parametrize(
    ("e164", "written"),
    [
        ("+33199001234", "01 99 00 12 34"),
        ("+442079460000", "+44 20 7946 0000"),
        ("3900", "3900"),
        ("", ""),
        ("peut-être", "peut-être"),
    ],
)
def test_a_number_is_written_as_people_write_it(e164: str, written: str) -> None:
    assert spelled(e164).replace("\u00a0", " ") == written


def test_a_number_does_not_break_at_the_end_of_a_line() -> None:
    assert " " not in spelled("+33199001234")
