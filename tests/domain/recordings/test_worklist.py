"""What a team is to hear."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.recordings.worklist import (
    Candidate,
    Drawn,
    draw,
    next_after,
    progress,
    week_of,
)

MONDAY = date(2026, 9, 7)
CALLS = st.lists(
    st.builds(
        Candidate,
        recording_id=st.integers(0, 400).map(str),
        agent=st.sampled_from(["Anaïs", "Bruno", "Chloé"]),
        day=st.integers(0, 20).map(lambda n: MONDAY + timedelta(n)),
        is_done=st.booleans(),
        is_begun=st.booleans(),
        is_here=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda each: each.recording_id,
)
QUOTAS = st.integers(1, 6)


@given(CALLS, QUOTAS, st.randoms(use_true_random=False))
def test_every_computer_draws_the_same_calls(
    calls: list[Candidate], quota: int, random: Random
) -> None:
    mixed = list(calls)
    random.shuffle(mixed)
    assert draw(calls, quota=quota, seed="a") == draw(mixed, quota=quota, seed="a")


@given(CALLS, QUOTAS)
def test_an_agents_week_has_its_quota_or_all_there_is(calls: list[Candidate], quota: int) -> None:
    drawn = draw(calls, quota=quota, seed="a")
    there = Counter((week_of(e.day), e.agent) for e in calls if e.is_here or e.is_done)
    assert Counter((e.week, e.agent) for e in drawn) == {
        key: min(quota, count) for key, count in there.items()
    }
    assert len({each.recording_id for each in drawn}) == len(drawn)
    assert {each.recording_id for each in drawn} <= {each.recording_id for each in calls}


@given(CALLS, QUOTAS)
def test_what_was_heard_counts_before_what_was_not(calls: list[Candidate], quota: int) -> None:
    drawn = draw(calls, quota=quota, seed="a")
    done = Counter((week_of(e.day), e.agent) for e in calls if e.is_done)
    counted = Counter((e.week, e.agent) for e in drawn if e.is_done)
    assert counted == {key: min(quota, count) for key, count in done.items()}


@given(CALLS, QUOTAS, CALLS)
def test_a_call_that_comes_later_changes_one_place_of_its_own_week_at_most(
    calls: list[Candidate], quota: int, others: list[Candidate]
) -> None:
    known = {each.recording_id for each in calls}
    for late in (each for each in others[:1] if each.recording_id not in known):
        before = {each.recording_id for each in draw(calls, quota=quota, seed="a")}
        after = draw([*calls, late], quota=quota, seed="a")
        moved = before ^ {each.recording_id for each in after}
        own = {
            e.recording_id
            for e in (*calls, late)
            if (e.agent, week_of(e.day)) == (late.agent, week_of(late.day))
        }
        assert moved <= own
        assert len(moved) <= 2


@given(CALLS, QUOTAS)
def test_hearing_what_was_drawn_changes_nothing_but_the_count(
    calls: list[Candidate], quota: int
) -> None:
    drawn = draw(calls, quota=quota, seed="a")
    left = next_after(drawn)
    if left is None:
        assert progress(drawn).is_over
        return
    heard = [
        msgspec.structs.replace(
            each, is_done=each.is_done or each.recording_id == left.recording_id
        )
        for each in calls
    ]
    again = draw(heard, quota=quota, seed="a")
    assert {e.recording_id for e in again} == {e.recording_id for e in drawn}
    assert progress(again).done == progress(drawn).done + 1


def test_the_draw_favours_nobody() -> None:
    """Of ten calls three are drawn; over a thousand worklists each call is drawn as often."""
    calls = [Candidate(f"r{n}", "Anaïs", MONDAY) for n in range(10)]
    often = Counter(
        each.recording_id for seed in range(1_000) for each in draw(calls, quota=3, seed=f"{seed}")
    )
    assert sum(often.values()) == 3_000
    assert all(240 < often[f"r{n}"] < 360 for n in range(10))


def test_the_next_one_is_free_and_what_others_began_comes_last() -> None:
    def one(name: str, *, is_done: bool = False, is_begun: bool = False) -> Drawn:
        return Drawn(name, "Anaïs", MONDAY, is_done, is_begun)

    order = (one("a", is_done=True), one("b", is_begun=True), one("c"), one("d"))
    assert [getattr(next_after(order, after), "recording_id", None) for after in "abcd"] == [
        "c",
        "c",
        "d",
        "c",
    ]
    assert next_after(order[:2]) == order[1]
    assert next_after(order[:1]) is None
    assert next_after(order[2:3], "c") is None
