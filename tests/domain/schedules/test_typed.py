"""Hours as people type them."""

import pytest

from cx_desktop.domain.schedules.typed import hour_typed


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("9", "09:00"),
        ("9h", "09:00"),
        ("9h30", "09:30"),
        ("9 h 30", "09:30"),
        ("09:30", "09:30"),
        ("9.30", "09:30"),
        ("930", "09:30"),
        ("1845", "18:45"),
        (" 18 ", "18:00"),
        ("24", "24:00"),
        ("24:00", "24:00"),
        ("0", "00:00"),
        ("2pm", "14:00"),
        ("12 am", "00:00"),
        ("12:30 PM", "12:30"),
    ],
)
def test_it_is_understood(typed: str, hour: str) -> None:
    assert hour_typed(typed) == hour


@pytest.mark.parametrize("typed", ["", "25", "9h75", "24:01", "neuf", "13pm", "0 am", "9:3", "-1"])
def test_what_is_no_hour_is_not(typed: str) -> None:
    assert hour_typed(typed) is None
