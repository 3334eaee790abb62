"""A call that was played by hand becomes a script that plays it again."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import Key, Outcome, Stimulus
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate import Call, advance, begin
from cx_desktop.domain.flow.testing import Act, Beat, given_of, met, play, recorded
from cx_desktop.domain.flow.testing.playing import MOST_BEATS
from tests.domain.flow.playable import TRULY, project_by, script_by, world_by
from tests.domain.testing.shop import world


def by_hand(call: Call, script: list[Stimulus | None]) -> tuple[list[Beat], Call]:
    """A call played step by step, then in silence to its end."""
    beats: list[Beat] = []
    for did in [*script, *[None] * MOST_BEATS]:
        if call.end is not None:
            break
        if len(beats) == MOST_BEATS:
            break
        beats.append(Beat(call, did))
        call = advance(call, did)
    return beats, call


@given(chance=TRULY, length=st.integers(0, 25))
@settings(max_examples=25, deadline=None)
def test_what_was_played_by_hand_happens_again(chance: Random, length: int) -> None:
    flows = project_by(chance, 4)
    there = world_by(chance, flows)
    beats, call = by_hand(begin("main", there), script_by(chance, length))
    record = recorded("main", beats, given_of(there, there))
    again = play("main", met(there, record.given), record.script)
    assert [type(each) for each in again.call.events] == [type(each) for each in call.events]
    assert again.call.end is call.end
    assert again.left_over == 0


def test_silences_at_the_end_are_not_written_down() -> None:
    beats, _call = by_hand(begin("main", world()), [])
    assert recorded("main", beats, given_of(world(), world())).script == ()


def test_what_the_world_always_did_is_given_once() -> None:
    shut = Outcome(ExitId("closed"))
    beats, call = by_hand(begin("main", world()), [None, shut])
    record = recorded("main", beats, given_of(world(), world()))
    assert record.script == ()
    assert record.given.outcomes == {"hours": shut}
    assert play("main", met(world(), record.given), ()).call.events == call.events


def test_the_script_is_told_by_turns_of_the_caller() -> None:
    beats, _call = by_hand(begin("main", world()), [None, None, Key("1")])
    assert recorded("main", beats, given_of(world(), world())).script == (Act(Key("1")),)
