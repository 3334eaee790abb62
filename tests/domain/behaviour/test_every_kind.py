"""Each kind has a behaviour, and a move for each of its exits."""

import inspect

import pytest
from hypothesis import given

from cx_desktop.domain.flow.behaviour import BEHAVIOURS, OPERATOR, moves
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kind import Kind
from cx_desktop.domain.flow.kinds import KINDS, default_props, exits_of
from tests.domain.flow.strategies import nodes


def test_every_kind_behaves() -> None:
    assert set(BEHAVIOURS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_fresh_step_can_be_left_by_each_of_its_exits(kind: Kind) -> None:
    fresh = Node(NodeId("n"), kind.id, props=default_props(kind))
    missing = {each.id for each in exits_of(fresh)} - {each.exit for each in moves(fresh)}
    assert missing == ({"max_tries"} if kind.id == "collect" else set())


def test_tries_run_out_only_where_no_other_limit_comes_first() -> None:
    def can_run_out(**props: object) -> bool:
        return any(
            each.exit == "max_tries" for each in moves(Node(NodeId("n"), "collect", props=props))
        )

    assert not can_run_out(max_no_input=2, max_tries=3), "everything typed is accepted"
    assert can_run_out(max_no_input=2, max_invalid=2, max_tries=3, min_digits=4)
    assert not can_run_out(max_no_input=2, max_invalid=2, max_tries=4, min_digits=4)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_behaviour_is_told_in_words(kind: Kind) -> None:
    said = inspect.getdoc(BEHAVIOURS[kind.id])
    assert said
    assert said.rstrip().endswith(".")


@given(nodes("n"))
def test_moves_are_told_of_any_node_by_exits_it_has(any_node: Node) -> None:
    told = moves(any_node)
    assert told
    assert {each.exit for each in told} <= {
        None,
        OPERATOR,
        *(each.id for each in exits_of(any_node)),
    }
    keys = [each.key for each in told if each.exit != "ok"]
    assert len(set(keys)) == len(keys)
    for move in told:
        assert move.least.is_within(move.least, move.most)
