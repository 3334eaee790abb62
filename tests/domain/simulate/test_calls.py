"""Whatever a flow is and whatever happens: a call is made of moves, repeats itself, and ends."""

from datetime import UTC, datetime
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import GRACE, By, Cost, End, Key, Stimulus, moves_of
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.simulate import Call, World, advance, begin, replay, run
from cx_desktop.domain.flow.simulate.events import Came, Ended, Left
from tests.domain.flow.playable import TRULY, project_by, script_by, world_by
from tests.domain.flow.strategies import flows


def call_by(chance: Random) -> tuple[World, list[Stimulus | None]]:
    world = world_by(chance, project_by(chance, chance.randint(2, 12)))
    return world, script_by(chance, 40)


CALLS = TRULY.map(call_by)

#: Leaving so is not up to the step: the caller hung up, or the longest duration was over.
_CUT_SHORT = {By.ON_MAX_DURATION, By.ON_HANGUP, By.ENDING}


def cost_between(entry: Call, after: Call) -> Cost:
    then, now = entry.cost, after.cost
    return Cost(
        now.steps - then.steps,
        now.seconds - then.seconds,
        now.keys - then.keys,
        now.sms - then.sms,
        now.lookups - then.lookups,
    )


def assert_is_a_move(before: Call, entry: Call, after: Call) -> None:
    """That the step was left by one of its moves, at a cost within that move's bounds."""
    new = after.events[len(before.events) :]
    left = [each for each in new if isinstance(each, Left)]
    if not left or any(isinstance(each, Came) and each.is_back for each in new):
        return
    assert len(left) == 1
    if left[0].exit is None and left[0].by in _CUT_SHORT:
        return
    step = before.step
    told = [each for each in moves_of(step) if each.exit == left[0].exit]
    assert told, left
    if step.text("cancel_key") not in ("*", "#"):
        cost = cost_between(entry, after)
        assert any(cost.is_within(each.least, each.most) for each in told), (step.node, cost, told)


def assert_made_of_moves(world: World, script: list[Stimulus | None]) -> Call:
    call = entry = begin("main", world)
    for each in script:
        after = advance(call, each)
        assert_is_a_move(call, entry, after)
        assert after.cost.seconds >= call.cost.seconds
        assert after.events[: len(call.events)] == call.events
        if any(isinstance(event, Left | Came) for event in after.events[len(call.events) :]):
            entry = after
        call = after
    return call


@settings(max_examples=300)
@given(CALLS)
def test_every_step_a_call_takes_is_one_of_the_moves(
    drawn: tuple[World, list[Stimulus | None]],
) -> None:
    world, script = drawn
    once, again = assert_made_of_moves(world, script), replay("main", world, script)
    assert str(once.events) == str(again.events)  # as text: what is no number equals nothing
    assert (once.cost, once.end) == (again.cost, again.end)


@settings(max_examples=60)
@given(CALLS)
def test_a_call_left_to_itself_ends_within_its_longest_duration(
    drawn: tuple[World, list[Stimulus | None]],
) -> None:
    world, script = drawn
    call = replay("main", world, script[:10])
    for _ in range(60_000):
        if call.end is not None:
            break
        call = advance(call)
    assert call.end is not None
    assert isinstance(call.events[-1], Ended)
    assert call.cost.seconds <= call.limit + GRACE
    assert advance(call, Key("1")) is call


@settings(max_examples=50)
@given(flows(), st.builds(script_by, TRULY, st.just(30)))
def test_a_document_that_nobody_should_have_written_is_played_all_the_same(
    flow: Flow, script: list[Stimulus | None]
) -> None:
    world = World(flows={"main": flow}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))
    call = replay("main", world, script)
    for _ in range(50):
        call = advance(run(call, 20))
    if flow.start is None:
        assert call.end is End.DROPPED


@given(st.builds(script_by, TRULY, st.just(20)))
def test_a_script_is_written_into_a_file_and_read_again(script: list[Stimulus | None]) -> None:
    told = [each for each in script if "nan" not in str(each) and "inf" not in str(each)]
    written = msgspec.json.encode(told)
    assert msgspec.json.decode(written, type=list[Stimulus | None]) == told
