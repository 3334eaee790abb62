"""The promise between behaviour and simulator: each move's script is played as it says.

A step stands between a start and one ending for each of its exits; the script of each move is
played on it. Where data decide, the world is given what the case asks for.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    Chosen,
    Cost,
    End,
    Move,
    Stimulus,
    Subject,
    landing,
    moves,
    setting_of,
)
from cx_desktop.domain.flow.expressions import Value, as_text, value_of
from cx_desktop.domain.flow.expressions.examples import counter_example, example_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.flow.simulate import Call, World, advance, begin
from cx_desktop.domain.flow.simulate.events import Left
from tests.domain.flow.playable import LENGTHS, NUMBERS, VARIABLES, playable_nodes

START, STEP = NodeId("start"), NodeId("step")
OPERATOR = NodeId("operator")


def staged(node: Node, *, has_operator: bool = False) -> Flow:
    """The step between a start and one ending for each of its exits."""
    endings = {NodeId(f"to {each.id}"): each.id for each in exits_of(node)}
    made = [
        Node(START, "start", props={"max_call_duration": 14400}),
        node,
        *(Node(ending, "log") for ending in endings),
        Node(OPERATOR, "log"),
    ]
    return Flow(
        meta={"operator": "operator"} if has_operator else {},
        nodes={each.id: each for each in made},
        links={START: {ExitId("next"): STEP}, STEP: {way: to for to, way in endings.items()}},
    )


def value_for(when: Chosen) -> Value | None:
    """A value that the move's case asks for, where one is known."""
    cases = [(each.operator, value_of(each.value)) for each in when.cases]
    of_caller = when.subject is Subject.CALLER
    if when.index is None:
        return counter_example(cases, of_caller=of_caller)
    return example_of(cases, when.index, of_caller=of_caller)


def world_for(flow: Flow, when: Chosen | None) -> World | None:
    """A world in which data decide as the move says; ``None`` where none is known."""
    world = World(
        flows={"main": flow},
        started=datetime(2026, 11, 23, 9, tzinfo=UTC),
        caller=NUMBERS[0],
        lengths=LENGTHS,
    )
    if when is None or when.subject is Subject.METRIC:
        return world
    if any("{" in str(each.value) for each in when.cases):
        return None
    if when.subject is Subject.CALLER and when.index == -1:
        return replace(world, caller="")
    if when.subject is Subject.FORMULA and when.of not in VARIABLES:
        return None
    value = value_for(when)
    if value is None:
        return None
    if when.subject is Subject.CALLER and value == "":
        return None  # only a hidden number would do, and that leaves by an exit of its own
    if when.subject is Subject.CALLER or when.of == "called":
        number = "caller" if when.subject is Subject.CALLER else "called"
        return replace(world, **{number: as_text(value)})
    return replace(world, variables={when.of: value})


def played(call: Call, script: tuple[Stimulus, ...]) -> Call:
    for each in script or (None,):
        assert call.node == STEP, "the script goes on after the step was left"
        assert call.end is None
        call = advance(call, each)
    return call


def assert_played(flow: Flow, move: Move, script: tuple[Stimulus, ...]) -> None:
    world = world_for(flow, move.when)
    if world is None:
        return
    there = advance(begin("main", world))
    assert there.node == STEP
    after = played(there, script)
    left = [each for each in after.events if isinstance(each, Left) and each.node == STEP]
    assert [each.exit for each in left] == [None if move.end is End.ABANDONED else move.exit]
    to = landing(flow, STEP, move)
    assert left[0].by == to.by
    if to.node is not None:
        assert after.node == to.node
    spent = after.cost
    before = there.cost
    cost = Cost(
        spent.steps - before.steps,
        spent.seconds - before.seconds,
        spent.keys - before.keys,
        spent.sms - before.sms,
        spent.lookups - before.lookups,
    )
    assert cost.is_within(move.least, move.most), (cost, move)


#: Steps that are not left by their own moves when played: they lead into other flows.
ELSEWHERE = {"start", "subflow", "goto_flow", "goto_node", "return"}


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in ELSEWHERE])
@settings(max_examples=30)
@given(data=st.data())
def test_the_scripts_of_every_move_leave_the_step_by_it(kind: str, data: st.DataObject) -> None:
    node = data.draw(playable_nodes("step", kinds=[kind]))
    flow = staged(node, has_operator=data.draw(st.booleans()))
    for move in moves(node, setting_of(flow, LENGTHS)):
        if move.is_certain:
            assert_played(flow, move, move.stimuli)
            assert_played(flow, move, move.longest)


@given(playable_nodes("step", kinds=["subflow"]))
def test_a_subflow_that_nobody_has_is_left_as_the_world_says(node: Node) -> None:
    flow = staged(node)
    for move in moves(node, setting_of(flow)):
        assert_played(flow, move, move.stimuli)


@given(playable_nodes("step"))
def test_a_longest_script_costs_no_less_than_the_shortest(node: Node) -> None:
    for move in moves(node):
        assert move.least.seconds <= move.most.seconds
        assume(move.is_certain)
        assert len(move.stimuli) <= len(move.longest) or not move.longest
