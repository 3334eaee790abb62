"""How long a recording may be kept (REC-01)."""

from datetime import date

import pytest

from cx_desktop.domain.recordings import delete_by


@pytest.mark.parametrize(
    ("recorded", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 29), 6, date(2027, 2, 28)),
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
    ],
)
def test_whole_months_end_on_the_last_day_where_a_month_is_shorter(
    recorded: date, months: int, expected: date
) -> None:
    assert delete_by(recorded, months) == expected


@pytest.mark.parametrize("months", [-1, 0, 7])
def test_nobody_keeps_a_recording_longer_than_six_months(months: int) -> None:
    with pytest.raises(ValueError, match="one to six"):
        delete_by(date(2026, 1, 1), months)
