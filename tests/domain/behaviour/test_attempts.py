"""The automaton of tries, against every sequence of failures there is."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour.attempts import (
    INVALID,
    MAX_TRIES,
    NO_INPUT,
    Fault,
    Faults,
    Limits,
    Tries,
    after,
    before_leaving,
    before_success,
)
from cx_desktop.domain.flow.graph import ExitId

LIMITS = st.builds(
    Limits,
    no_input=st.integers(1, 4),
    invalid=st.integers(1, 4),
    together=st.integers(0, 8),
    can_be_silent=st.booleans(),
    can_be_invalid=st.booleans(),
)
Run = tuple[Fault, ...]


def runs(limits: Limits, tries: Tries, done: Run = ()) -> Iterator[tuple[Run, ExitId | None]]:
    """Every sequence of failures, and the exit it leaves by; ``None``: it may still succeed."""
    yield done, None
    for fault in Fault:
        if limits.can_be_silent if fault is Fault.SILENCE else limits.can_be_invalid:
            now = after(limits, tries, fault)
            if isinstance(now, Tries):
                yield from runs(limits, now, (*done, fault))
            else:
                yield (*done, fault), now


def bounds(found: list[Run]) -> tuple[Tries, Tries]:
    silences = [each.count(Fault.SILENCE) for each in found]
    invalids = [each.count(Fault.INVALID) for each in found]
    return Tries(min(silences), min(invalids)), Tries(max(silences), max(invalids))


def agrees(told: Faults, found: list[Run]) -> None:
    assert told.shortest in found
    assert told.longest in found
    assert len(told.shortest) == min(map(len, found))
    assert len(told.longest) == max(map(len, found))
    assert (told.least, told.most) == bounds(found)


@settings(max_examples=300)
@given(LIMITS)
def test_what_is_told_of_tries_is_what_they_lead_to(limits: Limits) -> None:
    every = list(runs(limits, Tries()))
    agrees(before_success(limits), [run for run, way in every if way is None])
    for way in (NO_INPUT, INVALID, MAX_TRIES):
        found = [run for run, left in every if left == way]
        told = before_leaving(limits, way)
        assert (told is None) == (not found)
        if told is not None:
            agrees(told, found)


def test_the_limit_of_all_tries_weighs_more_than_the_other_two() -> None:
    limits = Limits(no_input=2, invalid=2, together=3)
    once = after(limits, Tries(1, 0), Fault.INVALID)
    assert once == Tries(1, 1)
    assert after(limits, Tries(1, 1), Fault.SILENCE) == MAX_TRIES
    assert after(limits, Tries(1, 0), Fault.SILENCE) == NO_INPUT
    assert after(limits, Tries(0, 1), Fault.INVALID) == INVALID


def test_tries_that_fail_alike_as_often_as_they_may_leave_by_their_own_exit() -> None:
    limits = Limits(no_input=3, invalid=3, together=3)
    assert after(limits, Tries(2, 0), Fault.SILENCE) == NO_INPUT
    assert after(limits, Tries(0, 2), Fault.INVALID) == INVALID
    assert after(limits, Tries(2, 0), Fault.INVALID) == MAX_TRIES
    assert after(Limits(no_input=3, invalid=3, together=2), Tries(1, 0), Fault.SILENCE) == MAX_TRIES


def test_without_a_limit_of_all_tries_there_are_only_the_other_two() -> None:
    limits = Limits(no_input=3, invalid=3, together=0)
    assert before_leaving(limits, MAX_TRIES) is None
    assert len(before_success(limits).longest) == 4
