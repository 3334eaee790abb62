"""What another product can say of a flow, it says alike again: nothing foreign, the same calls.

Any flow that calls can walk is written and read back; that is as much of it as the product can say.
Without a word of where it came from it is written once more: then nothing may be lost any more.
"""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Written, connect, twilio
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.flow.simulate import World
from tests.domain.flow.playable import TRULY, flow_by, playable_flows, stimulus_by, world_by
from tests.domain.formats.test_voicexml_traces import compare

Writer = Callable[[Flow], Written]

WRITERS: dict[str, Writer] = {"connect": connect.written, "twilio": twilio.written}


def sayable(write: Writer) -> tuple[str, ...]:
    """The kinds of nodes that a product has a step for, whatever they say."""

    def is_refused(kind: str) -> bool:
        try:
            write(Flow(nodes={NodeId("n"): Node(NodeId("n"), kind)}))
        except CXError:
            return True
        return False

    return tuple(kind for kind in KINDS if kind != "foreign" and not is_refused(kind))


KINDS_OF = {name: sayable(write) for name, write in WRITERS.items()}


def again(flow: Flow, write: Writer) -> Flow:
    """The flow as the product has it, read back: no step of it is foreign."""
    read = read_any(write(flow).data).flow
    assert all(node.kind != "foreign" for node in read.nodes.values())
    return read


def without_origin(flow: Flow) -> Flow:
    """The flow as if it had been drawn here, with the exits that its kinds have."""
    nodes = {key: replace(node, origin=None) for key, node in flow.nodes.items()}
    own = {key: {each.id for each in exits_of(node)} for key, node in nodes.items()}
    links = {
        key: {way: target for way, target in ways.items() if way in own[key]}
        for key, ways in flow.links.items()
    }
    return Flow(nodes=nodes, links={key: ways for key, ways in links.items() if ways})


def hold_still(flow: Flow, write: Writer, world: World, chance: Random, length: int) -> None:
    try:
        said = without_origin(again(flow, write))
        read = without_origin(again(said, write))
    except CXError as refused:
        assert refused.key == "problem.import-no-such-step"  # noqa: PT017  (which one is the point)
        return
    compare(said, read, world, [stimulus_by(chance) for _ in range(length)])


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), chance=TRULY, length=st.integers(0, 12))
def test_any_flow_that_can_be_walked_comes_to_rest(
    name: str, data: st.DataObject, chance: Random, length: int
) -> None:
    flow = data.draw(playable_flows(kinds=KINDS_OF[name]))
    hold_still(flow, WRITERS[name], world_by(chance, {}), chance, length)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=60, deadline=None)
@given(TRULY, st.integers(1, 3), st.integers(0, 8))
def test_what_is_written_without_a_word_gives_the_same_calls(
    name: str, chance: Random, size: int, length: int
) -> None:
    flow = flow_by(chance, size, KINDS_OF[name])
    try:
        written = WRITERS[name](flow)
    except CXError:
        return
    read = without_origin(read_any(written.data).flow)
    # Studio asks for keys and splits on them: how its menus are heard is tried in its own tests.
    is_alike = all(
        key in read.nodes and read.nodes[key].kind == each.kind
        for key, each in flow.nodes.items()
        if each.kind != "start"
    )
    if is_alike and not written.notes:
        script = [stimulus_by(chance) for _ in range(length)]
        compare(flow, read, world_by(chance, {}), script)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=10, deadline=None)
@given(TRULY)
def test_larger_flows_do_so_as_well(name: str, chance: Random) -> None:
    flow = flow_by(chance, 20, KINDS_OF[name])
    hold_still(flow, WRITERS[name], world_by(chance, {}), chance, 30)


@pytest.mark.parametrize("name", WRITERS)
def test_most_kinds_can_be_said(name: str) -> None:
    assert len(KINDS_OF[name]) > len(KINDS) // 2


def test_studio_stays_in_a_transfer_that_would_be_given_away() -> None:
    """Its caller may meet a number that nobody answers: that it is so is told."""
    given = Node(NodeId("n"), "transfer_number", props={"transfer_mode": "blind"})
    kept = replace(given, props={"transfer_mode": "attended"})
    assert [each.key for each in twilio.written(Flow(nodes={given.id: given})).notes] == [
        "import.twilio-blind"
    ]
    assert not twilio.written(Flow(nodes={kept.id: kept})).notes
