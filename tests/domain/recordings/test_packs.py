"""Packs of minutes: more at once, fewer next month, and what happens when they are used up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.recordings.packs import Packs, Volume, volume


def asked(first: int, *wanted: int) -> Packs:
    packs = Packs(first, first, "2026-11")
    for each in wanted:
        packs = packs.ask(each)
    return packs


@pytest.mark.parametrize(
    ("first", "wanted", "active", "coming"),
    [
        (3, (1,), 3, 1),
        (3, (1, 4), 4, 4),
        (3, (5,), 5, 5),
        (3, (5, 2), 5, 2),
        (3, (1, 3), 3, 3),
        (3, (1, 2), 3, 2),
        (3, (0,), 3, 0),
    ],
)
def test_what_was_committed_is_due_and_the_last_word_holds(
    first: int, wanted: tuple[int, ...], active: int, coming: int
) -> None:
    packs = asked(first, *wanted)
    assert (packs.active, packs.coming) == (active, coming)
    assert packs.at("2026-11") == packs
    assert packs.at("2026-12") == Packs(coming, coming, "2026-12")
    assert packs.at("2027-02").at("2027-03").active == coming


@given(st.integers(0, 20), st.lists(st.integers(0, 20)))
def test_within_a_month_packs_only_grow(first: int, wanted: list[int]) -> None:
    packs = asked(first, *wanted)
    assert packs.active == max([first, *wanted])
    assert packs.coming == ([first, *wanted])[-1]


def test_packs_are_counted_from_nought_up() -> None:
    with pytest.raises(ValueError, match="nought"):
        Packs(1, 1).ask(-1)


@pytest.mark.parametrize(
    ("seconds", "allowed", "found"),
    [
        (0, False, Volume.ENOUGH),
        (47_999, False, Volume.ENOUGH),
        (48_000, False, Volume.NEARLY),
        (59_999, False, Volume.NEARLY),
        (60_000, False, Volume.OVER),
        (60_000, True, Volume.BEYOND),
        (90_000, False, Volume.OVER),
    ],
)
def test_recording_stops_at_the_limit_unless_more_is_allowed(
    seconds: int, *, allowed: bool, found: Volume
) -> None:
    here = volume(seconds, 2, 500, is_overage_allowed=allowed)
    assert here is found
    assert here.records is (found is not Volume.OVER)


def test_without_a_pack_nothing_is_recorded() -> None:
    assert volume(0, 0, 500, is_overage_allowed=False) is Volume.OVER
