"""The exploration: every call stays in it, and it stays small."""

from random import Random

import pytest
from hypothesis import given, settings

from cx_desktop.domain.flow.analysis.exploration import Exploration, explore
from cx_desktop.domain.flow.analysis.moving import Passage
from cx_desktop.domain.flow.analysis.places import UNKNOWN, Place
from cx_desktop.domain.flow.behaviour import End, Outcome, Stimulus
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId
from cx_desktop.domain.flow.simulate import Call, World, advance, begin
from cx_desktop.domain.flow.simulate.events import Entered, Left
from cx_desktop.domain.patch import Document, Json
from tests.domain.analysis.flows import flow, says
from tests.domain.flow.playable import TRULY, project_by, script_by, world_by


def call_by(chance: Random) -> tuple[World, list[Stimulus | None]]:
    world = world_by(chance, project_by(chance, chance.randint(2, 12)))
    return world, script_by(chance, 40)


def assert_stays(call: Call, explored: Exploration) -> None:
    """That a call has gone only where the exploration says calls can go."""
    left = {(each.flow, each.node, each.exit) for each in call.events if isinstance(each, Left)}
    assert {each for each in left if each[2] is not None} <= explored.exits
    come = {(each.flow, each.node) for each in call.events if isinstance(each, Entered)}
    assert come <= explored.nodes
    if call.end not in (None, End.STUCK, End.TOO_LONG):
        assert call.end in explored.ends
    if call.end not in (None, End.STUCK, End.TOO_LONG) and not call.is_alone:
        assert (call.flow, call.node, call.end) in {
            (*left_by(place, each), each.end)
            for place, passages in explored.passages.items()
            for each in passages
        }


def left_by(place: Place, passage: Passage) -> tuple[str, NodeId]:
    """The node that a call leaves last by a passage: a sub-flow's, where that has returned."""
    there = place.frames[-1] if passage.back is not None else place
    return there.flow, there.node


def assert_no_call_leaves(drawn: tuple[World, list[Stimulus | None]]) -> None:
    """That a random call of a random project goes only where the exploration says."""
    world, script = drawn
    explored = explore(world.flows, "main", lengths=world.lengths)
    call = begin("main", world)
    for each in (*script, *([None] * 60)):
        is_told = isinstance(each, Outcome) and call.end is None and call.step.kind.id == "subflow"
        call = advance(call, None if is_told else each)  # sub-flows are gone into, not answered for
    assert_stays(call, explored)


@settings(max_examples=80)
@given(TRULY.map(call_by))
def test_no_call_leaves_the_explored_set(drawn: tuple[World, list[Stimulus | None]]) -> None:
    assert_no_call_leaves(drawn)


@pytest.mark.nightly
@settings(max_examples=5000)
@given(TRULY.map(call_by))
def test_none_of_thousands_of_calls_does(drawn: tuple[World, list[Stimulus | None]]) -> None:
    assert_no_call_leaves(drawn)


COUNTED = "start -next→ loop\nloop -again→ menu / -done→ hangup\nmenu -1→ loop / -no_input→ loop"


def rounds(loops: int) -> Flow:
    return flow(COUNTED, {"loop": {"loops": loops}, "menu": {"prompt": says("Tapez 1.")}})


def test_a_loop_is_gone_through_as_often_as_it_counts() -> None:
    explored = explore({"main": rounds(3)}, "main")
    menus = [each for each in explored.passages if each.node == "menu" and not each.is_overtime]
    assert len(menus) == 3
    assert explored.is_exact
    assert ("main", NodeId("loop"), ExitId("done")) in explored.exits


def test_a_loop_of_many_rounds_is_forgotten_in_the_end() -> None:
    explored = explore({"main": rounds(100)}, "main")
    assert not explored.is_exact
    assert explored.is_complete
    assert len(explored.passages) < 1000
    values = [value for each in explored.passages for _, value in (*each.known, *each.own)]
    assert UNKNOWN in values


def test_what_a_flow_has_set_itself_decides_its_ways() -> None:
    rows: list[Json] = [{"id": "a", "operator": "equals", "value": "2"}]
    props: dict[str, Document] = {
        "set_var": {"assignments": [{"variable": "x", "expression": "1 + 1"}]},
        "switch": {"operand": "x", "cases": rows},
    }
    decided = flow(
        "start -next→ set_var\nset_var -next→ switch / -error→ hangup\n"
        "switch -case:a→ hangup / -default→ play",
        props,
    )
    explored = explore({"main": decided}, "main")
    assert ("main", NodeId("switch"), ExitId("case:a")) in explored.exits
    assert ("main", NodeId("switch"), ExitId("default")) not in explored.exits
    assert ("main", NodeId("play")) not in explored.nodes


def test_what_comes_from_outside_leaves_every_way_open() -> None:
    rows: list[Json] = [{"id": "a", "operator": "equals", "value": "2"}]
    props: dict[str, Document] = {
        "collect": {"variable": "x", "prompt": says("?")},
        "switch": {"operand": "x", "cases": rows},
    }
    asked = flow(
        "start -next→ collect\ncollect -ok→ switch / -no_input→ hangup\n"
        "switch -case:a→ hangup / -default→ play",
        props,
    )
    assert ("main", NodeId("play")) in explore({"main": asked}, "main").nodes


def test_a_sub_flow_comes_back_to_where_it_was_called() -> None:
    outer = flow(
        "start -next→ subflow\nsubflow -next→ subflow_2 / -error→ hangup\n"
        "subflow_2 -next→ hangup / -error→ hangup",
        {"subflow": {"flow": "inner"}, "subflow_2": {"flow": "inner"}},
    )
    inner = flow("start -next→ return")
    explored = explore({"main": outer, "inner": inner}, "main")
    assert ("inner", NodeId("return")) in explored.nodes
    assert {node for name, node in explored.nodes if name == "main"} >= {"subflow_2", "hangup"}
    assert ("main", NodeId("subflow"), ExitId("error")) not in explored.exits


def test_a_flow_that_calls_itself_is_explored_to_its_end() -> None:
    again = flow(
        "start -next→ subflow\nsubflow -next→ hangup / -error→ hangup",
        {"subflow": {"flow": "main"}},
    )
    assert explore({"main": again}, "main").is_complete


def test_a_flow_without_entry_has_no_calls() -> None:
    explored = explore({"main": Flow()}, "main")
    assert explored.start is None
    assert not explored.passages


def test_what_every_call_has_is_not_blank_before_a_flow_sets_it() -> None:
    rows: list[Json] = [{"id": "a", "operator": "equals", "value": "+33199001410"}]
    props: dict[str, Document] = {
        "switch": {"operand": "called", "cases": rows},
        "collect": {"variable": "called", "prompt": says("?")},
    }
    asked = flow(
        "start -next→ switch\nswitch -case:a→ play / -default→ collect\n"
        "collect -ok→ hangup / -no_input→ hangup",
        props,
    )
    assert ("main", NodeId("play")) in explore({"main": asked}, "main").nodes


def test_what_can_matter_no_more_makes_no_difference() -> None:
    """After the last node that looks at it, a variable is forgotten: the ways join again."""
    rows: list[Json] = [{"id": "a", "operator": "equals", "value": "1"}]
    props: dict[str, Document] = {
        "switch": {"operand": "x", "cases": rows},
        "set_var": {"assignments": [{"variable": "x", "expression": '"1"'}]},
        "set_var_2": {"assignments": [{"variable": "x", "expression": '"2"'}]},
    }
    picture = (
        "start -next→ random\nrandom -case:a→ set_var / -case:b→ set_var_2\n"
        "set_var -next→ switch / -error→ hangup\nset_var_2 -next→ switch / -error→ hangup\n"
        "switch -case:a→ log / -default→ log\nlog -next→ hangup"
    )
    shares: list[Json] = [{"id": "a", "weight": 50}, {"id": "b", "weight": 50}]
    explored = explore({"main": flow(picture, props | {"random": {"shares": shares}})}, "main")
    assert len([each for each in explored.passages if each.node == "switch"]) == 2
    assert len([each for each in explored.passages if each.node == "log"]) == 1


def setting(value: str) -> Document:
    return {"assignments": [{"variable": "x", "expression": f'"{value}"'}]}


TWO_WAYS = (
    "start -next→ random\nrandom -case:a→ set_var / -case:b→ set_var_2\n"
    "set_var -next→ {0} / -error→ hangup\nset_var_2 -next→ {0} / -error→ hangup\n"
)
GIVEN: dict[str, Document] = {
    "set_var": setting("1"),
    "set_var_2": setting("2"),
    "switch": {"operand": "x", "cases": [{"id": "a", "operator": "equals", "value": "1"}]},
    "random": {"shares": [{"id": "a", "weight": 50}, {"id": "b", "weight": 50}]},
}
DECIDES = "switch -case:a→ log / -default→ log_2\nlog -next→ hangup\nlog_2 -next→ hangup"


def test_what_a_flow_looks_at_when_its_caller_has_gone_is_not_forgotten() -> None:
    picture = TWO_WAYS.format("log_3") + "log_3 -next→ hangup\n" + DECIDES
    asked = flow(picture, GIVEN, meta={"on_hangup": "switch"})
    assert {node for _, node in explore({"main": asked}, "main").nodes} >= {"log", "log_2"}


def test_what_is_looked_at_behind_a_sub_flow_is_not_forgotten_in_it() -> None:
    picture = TWO_WAYS.format("subflow") + "subflow -next→ switch / -error→ hangup\n" + DECIDES
    asked = flow(picture, GIVEN | {"subflow": {"flow": "inner"}})
    inner = flow("start -next→ log\nlog -next→ return")
    explored = explore({"main": asked, "inner": inner}, "main")
    assert {node for name, node in explored.nodes if name == "main"} >= {"log", "log_2"}


def test_a_hang_up_is_a_goodbye_to_those_who_were_told_something() -> None:
    mute: dict[str, Document] = {"hangup": {"prompt": []}, "play": {"prompt": says("Au revoir.")}}
    told = flow("start -next→ play\nplay -next→ hangup", mute)
    assert End.GOODBYE in explore({"main": told}, "main").ends
    untold = flow("start -next→ log\nlog -next→ hangup", {"hangup": {"prompt": []}})
    assert End.GOODBYE not in explore({"main": untold}, "main").ends
