"""The floor clock never goes back: not by the wall clock, a restart, or a tampered file."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.auth.floor import ClockFloor
from tests.fakes.clock import FakeClock

LEASE_START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_follows_the_wall_clock(tmp_path: Path) -> None:
    clock = FakeClock()
    floor = ClockFloor(tmp_path, clock, at_least=LEASE_START)
    assert floor.now() == clock.now()
    clock.advance(HOUR)
    assert floor.now() == clock.now()


def test_a_wall_clock_set_back_does_not_stop_it(tmp_path: Path) -> None:
    clock = FakeClock()
    floor = ClockFloor(tmp_path, clock, at_least=LEASE_START)
    before = floor.now()
    clock.set(before - timedelta(days=3650))
    assert floor.now() == before
    clock.advance(HOUR)
    assert floor.now() == before + HOUR


def test_the_service_s_time_lifts_it(tmp_path: Path) -> None:
    clock = FakeClock()
    floor = ClockFloor(tmp_path, clock, at_least=LEASE_START)
    ahead = clock.now() + timedelta(days=2)
    floor.heard(ahead)
    floor.heard(ahead - timedelta(days=9))
    assert floor.now() == ahead


def test_it_is_kept_over_a_restart_with_the_clock_set_back(tmp_path: Path) -> None:
    clock = FakeClock()
    ClockFloor(tmp_path, clock, at_least=LEASE_START).save()
    before = clock.now()
    restarted = FakeClock(before - timedelta(days=400))
    assert ClockFloor(tmp_path, restarted, at_least=LEASE_START).now() == before


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\x00", b"{}", b'{"floor": "1990"}', b'{"floor":"2020-01-01T00:00"}'],
)
def test_a_file_that_is_gone_or_damaged_restarts_it_at_the_lease(
    tmp_path: Path, content: bytes | None
) -> None:
    ClockFloor(tmp_path, FakeClock(), at_least=LEASE_START).save()
    if content is None:
        (tmp_path / "floor").unlink()
    else:
        (tmp_path / "floor").write_bytes(content)
    set_back = FakeClock(datetime(2001, 1, 1, tzinfo=UTC))
    assert ClockFloor(tmp_path, set_back, at_least=LEASE_START).now() == LEASE_START


def test_a_full_sign_in_cures_a_clock_that_was_far_ahead(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2099, 1, 1, tzinfo=UTC))
    floor = ClockFloor(tmp_path, clock, at_least=LEASE_START)
    assert floor.now().year == 2099
    truth = datetime(2026, 11, 16, tzinfo=UTC)
    clock.set(truth)
    assert floor.now().year == 2099
    floor.set_by_service(truth)
    assert floor.now() == truth
    assert ClockFloor(tmp_path, clock, at_least=LEASE_START).now() == truth


STEPS = st.one_of(
    st.tuples(st.just("pass"), st.integers(0, 10**6)),
    st.tuples(st.just("set"), st.integers(-(10**8), 10**8)),
    st.tuples(st.just("hear"), st.integers(-(10**8), 10**8)),
    st.tuples(st.just("restart"), st.integers(-(10**8), 10**8)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_it_never_goes_back(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), FakeClock()
        start = clock.now()
        floor = ClockFloor(folder, clock, at_least=LEASE_START)
        highest = floor.now()
        for what, seconds in steps:
            moment = start + timedelta(seconds=seconds)
            if what == "pass":
                clock.advance(timedelta(seconds=seconds))
            elif what == "set":
                clock.set(moment)
            elif what == "hear":
                floor.heard(moment)
            else:
                floor.save()
                clock = FakeClock(moment)
                floor = ClockFloor(folder, clock, at_least=LEASE_START)
            now = floor.now()
            assert now >= highest
            highest = now
