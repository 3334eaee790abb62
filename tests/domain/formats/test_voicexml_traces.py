"""A flow written as VoiceXML 2.1 treats its callers as it does here: they hear the same."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.behaviour import End, Stimulus
from cx_desktop.domain.flow.formats import voicexml
from cx_desktop.domain.flow.formats.detect import read_all, read_any
from cx_desktop.domain.flow.formats.voicexml.elements import faults_of
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.simulate import Call, World, advance, begin
from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.patch import Document
from cx_desktop.settings import resources
from tests.domain.flow.playable import TRULY, flow_by, playable_flows, stimulus_by, world_by
from tests.domain.flow.strategies import flows
from tests.domain.formats.samples import real
from tests.domain.formats.test_twilio_traces import CHECKS, MENUS, SCRIPTS, line

SAYABLE = tuple(each for each in KINDS if each != "foreign")

#: What of a call's end VoiceXML cannot tell apart: an exit that leads nowhere ends the call as
#: well as a step that does so on purpose.
_OVER = dict.fromkeys((End.DROPPED, End.HUNG_UP, End.REFUSED, End.GOODBYE), "over")


def repeatable(seed: int | str) -> Random:
    return Random(seed)  # noqa: S311 - the same calls each time


def again(flow: Flow) -> Flow:
    """The flow as a document, read back: only VoiceXML 2.1, and no step that is foreign."""
    written = voicexml.written(flow)
    assert not list(faults_of(fromstring(written.data)))
    read = read_any(written.data).flow
    assert all(node.kind != "foreign" for node in read.nodes.values())
    return read


def trace(call: Call) -> list[str]:
    return [" ".join(event.text.split()) for event in call.events if isinstance(event, Said)]


def end(call: Call) -> str:
    return "" if call.end is None else _OVER.get(call.end, str(call.end))


def settled(call: Call) -> Call:
    """The call when it next needs somebody, at a step that asks or where the world decides."""
    for _ in range(120):
        if call.end is not None or call.step.kind.id in _NEEDING:
            return call
        call = advance(call)
    return call


def is_settled(call: Call) -> bool:
    """Whether a call has come to rest: others go round in circles, or last longer than they may.

    VoiceXML knows no longest call, and cuts a message between two of its blocks.
    """
    if call.is_overtime or call.end in (End.STUCK, End.TOO_LONG):
        return False
    return call.end is not None or call.step.kind.id in _NEEDING


_NEEDING = frozenset({"menu", "collect", "voicebot", "voicemail", "callback", "queue_treatment"})


def compare(flow: Flow, other: Flow, world: World, script: list[Stimulus | None]) -> None:
    """Play one script to both: the callers of both hear the same, and come to the same end."""
    ours = settled(begin("main", replace(world, flows={**world.flows, "main": flow})))
    theirs = settled(begin("main", replace(world, flows={**world.flows, "main": other})))
    for stimulus in [*script, None]:
        if not (is_settled(ours) and is_settled(theirs)):
            return
        if ours.is_alone and theirs.is_alone:
            return  # nobody hears what is said now
        assert trace(theirs) == trace(ours)
        assert end(theirs) == end(ours)
        if ours.end is not None:
            return
        assert theirs.step.kind.id == ours.step.kind.id
        ours, theirs = (settled(advance(each, stimulus)) for each in (ours, theirs))


@settings(max_examples=50, deadline=None)
@given(MENUS, MENUS, CHECKS, SCRIPTS)
def test_callers_hear_the_same(
    menu: Document, collect: Document, check: Document, script: list[Stimulus | None]
) -> None:
    flow = line(menu, collect | check)
    read = again(flow)
    kinds = Counter(node.kind for node in read.nodes.values())
    assert kinds["menu"] == kinds["collect"] == kinds["switch"] == 1
    world = World(flows={}, started=world_by(repeatable(1), {}).started, caller="+33123456789")
    compare(flow, read, world, script)


@settings(max_examples=60, deadline=None)
@given(playable_flows(kinds=SAYABLE), TRULY, st.integers(0, 12))
def test_any_flow_that_can_be_walked_gives_the_same_calls(
    flow: Flow, chance: Random, length: int
) -> None:
    world = world_by(chance, {})
    script = [stimulus_by(chance) for _ in range(length)]
    compare(flow, again(flow), world, script)


@settings(max_examples=15, deadline=None)
@given(TRULY)
def test_larger_flows_do_so_as_well(chance: Random) -> None:
    flow = flow_by(chance, 25, SAYABLE)
    compare(flow, again(flow), world_by(chance, {}), [stimulus_by(chance) for _ in range(30)])


@settings(max_examples=50, deadline=None)
@given(flows())
def test_whatever_a_flow_is_it_is_written_as_voicexml_or_refused(flow: Flow) -> None:
    known = {key: node for key, node in flow.nodes.items() if node.kind in SAYABLE}
    again(replace(flow, nodes=known))


def test_a_step_of_another_product_is_refused_by_its_name() -> None:
    flow = Flow(nodes={NodeId("a"): Node(NodeId("a"), "foreign", title="Magic")})
    with pytest.raises(CXError) as refused:
        voicexml.written(flow)
    assert refused.value.key == "problem.voicexml-foreign"
    assert refused.value.params["node"] == "Magic"


DEMO = sorted((resources() / "demo" / "flows").rglob("*.yaml"))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_flows_of_the_demo_give_the_same_calls(path: Path) -> None:
    flow = read_any(path.read_bytes()).flow
    read = again(flow)
    for seed in range(20):
        chance = repeatable(seed)
        script = [stimulus_by(chance) for _ in range(20)]
        compare(flow, read, world_by(chance, {}), script)


VENDORS = [each.path for each in real() if each.format in ("twilio-studio", "connect-flowlang")]


@pytest.mark.parametrize("path", VENDORS[::8], ids=lambda path: path.name)
def test_real_flows_of_other_products_can_be_written_where_all_steps_are_known(path: Path) -> None:
    for imported in read_all(path.read_bytes(), path.name):
        flow = imported.flow
        if any(node.kind == "foreign" for node in flow.nodes.values()):
            continue
        chance = repeatable(path.name)
        script = [stimulus_by(chance) for _ in range(20)]
        compare(flow, again(flow), world_by(chance, {}), script)


def test_a_document_of_our_own_is_written_and_read_without_a_change() -> None:
    first = again(line({}, {}))
    second = again(first)
    kinds = [Counter(node.kind for node in each.nodes.values()) for each in (first, second)]
    for each in kinds:
        del each["hangup"]
    assert kinds[0] == kinds[1]


OWN = [each.path for each in real() if each.format == "voicexml"]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_real_document_is_written_again_with_the_same_steps(path: Path) -> None:
    for imported in read_all(path.read_bytes(), path.name):
        written = voicexml.written(imported.flow)
        assert not list(faults_of(fromstring(written.data)))
        second = read_any(written.data)
        kinds = [
            Counter(node.kind for node in flow.nodes.values() if node.kind != "hangup")
            for flow in (imported.flow, second.flow)
        ]
        assert kinds[0] == kinds[1]


def test_what_voicexml_cannot_say_is_a_dialog_of_the_platform_and_told() -> None:
    nodes = {
        NodeId("start"): Node(NodeId("start"), "start"),
        NodeId("hours"): Node(NodeId("hours"), "schedule", title="Open?", props={"schedule": "s"}),
    }
    written = voicexml.written(Flow(nodes=nodes))
    assert b'src="cx/schedule.vxml"' in written.data
    assert [(note.key, note.params["kind"]) for note in written.notes] == [
        ("import.voicexml-component", "schedule")
    ]
