"""Whatever a flow is and whatever happens: a call is made of moves, repeats itself, and ends."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import (
    By,
    Digits,
    End,
    HangUp,
    Key,
    Measured,
    Outcome,
    Silence,
    Speech,
    Stimulus,
    moves_of,
)
from cx_desktop.domain.flow.graph import ExitId, Flow
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.simulate import Call, World, advance, begin, replay, run
from cx_desktop.domain.flow.simulate.events import Came, Ended, Left
from cx_desktop.domain.flow.simulate.onward import GRACE
from tests.domain.flow.playable import projects, worlds
from tests.domain.flow.strategies import flows

_WAYS = sorted({each.id for kind in KINDS.values() for each in kind.exits})
_MOMENTS = st.none() | st.sampled_from([0.0, 1.0, 4.0, 60.0])
STIMULI: st.SearchStrategy[Stimulus | None] = st.one_of(
    st.none(),
    st.builds(Key, st.sampled_from("129*#"), _MOMENTS),
    st.builds(Digits, st.sampled_from(["1234", "12#", "7", "*1", "0199001234"]), _MOMENTS),
    st.just(Silence()),
    st.builds(Speech, st.just("hello there"), st.sampled_from(["", "a"]), _MOMENTS),
    st.builds(Outcome, st.sampled_from(_WAYS).map(ExitId), seconds=_MOMENTS),
    st.builds(Measured, st.integers(0, 5)),
    st.builds(HangUp, _MOMENTS),
)
#: Mostly the caller lets things happen: calls get somewhere.
SCRIPTS = st.lists(st.none() | st.none() | STIMULI, max_size=25)
thorough = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def calls(draw: st.DrawFn) -> tuple[World, list[Stimulus | None]]:
    world = draw(worlds(draw(projects(max_size=6))))
    return world, draw(SCRIPTS)


#: Leaving so is not up to the step: the caller hung up, or the longest duration was over.
_CUT_SHORT = {By.ON_MAX_DURATION, By.ON_HANGUP, By.ENDING}


def assert_is_a_move(before: Call, entry: Call, after: Call) -> None:
    """That the step was left by one of its moves, at a cost within that move's bounds."""
    new = after.events[len(before.events) :]
    left = [each for each in new if isinstance(each, Left)]
    if not left or any(isinstance(each, Came) and each.is_back for each in new):
        return
    assert len(left) == 1
    if left[0].exit is None and left[0].by in _CUT_SHORT:
        return
    told = [each for each in moves_of(before.step) if each.exit == left[0].exit]
    assert told, left
    step = before.step
    if step.kind.id == "subflow" or step.text("cancel_key") in ("*", "#"):
        return
    spent = after.cost.seconds - entry.cost.seconds
    bounds = [(each.least.seconds - 1e-6, each.most.seconds + 1e-6) for each in told]
    assert any(least <= spent <= most for least, most in bounds), (step.node, left, spent, bounds)
    keys = after.cost.keys - entry.cost.keys
    assert any(each.least.keys <= keys <= each.most.keys for each in told), (step.node, keys, told)


@thorough
@given(calls())
def test_every_step_a_call_takes_is_one_of_the_moves(drawn: tuple[World, list[Stimulus]]) -> None:
    world, script = drawn
    call = entry = begin("main", world)
    for each in script:
        after = advance(call, each)
        assert_is_a_move(call, entry, after)
        assert after.cost.seconds >= call.cost.seconds
        assert after.events[: len(call.events)] == call.events
        if any(isinstance(event, Left) for event in after.events[len(call.events) :]):
            entry = after
        call = after


@thorough
@given(calls())
def test_the_same_world_and_stimuli_are_the_same_call(
    drawn: tuple[World, list[Stimulus]],
) -> None:
    world, script = drawn
    assert replay("main", world, script) == replay("main", world, script)


@settings(thorough, max_examples=20)
@given(calls())
def test_a_call_left_to_itself_ends_within_its_longest_duration(
    drawn: tuple[World, list[Stimulus]],
) -> None:
    world, script = drawn
    call = replay("main", world, script)
    for _ in range(60_000):
        if call.end is not None:
            break
        call = advance(call)
    assert call.end is not None
    assert isinstance(call.events[-1], Ended)
    assert call.cost.seconds <= call.limit + GRACE
    assert advance(call, Key("1")) is call


@thorough
@given(flows(), SCRIPTS)
def test_a_document_that_nobody_should_have_written_is_played_all_the_same(
    flow: Flow, script: list[Stimulus | None]
) -> None:
    world = World(flows={"main": flow}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))
    call = replay("main", world, script)
    for _ in range(100):
        call = advance(run(call, 20))
    if flow.start is None:
        assert call.end is End.DROPPED
