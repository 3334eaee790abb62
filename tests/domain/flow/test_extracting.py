"""Nodes made a flow of their own: a call hears the same afterwards, or it is refused with why."""

from random import Random

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import End, Stimulus
from cx_desktop.domain.flow.extracting import Extracted, extract
from cx_desktop.domain.flow.findings import findings, is_publishable
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.linking import Refusal
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.simulate import World, advance, begin
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.events import Assigned, Ended, Said
from cx_desktop.domain.patch import Document, Json
from tests.domain.flow.playable import TRULY, flow_by, script_by, world_by

START, ASK, CHECK, SALES, SORRY = map(NodeId, ("start", "ask", "check", "sales", "sorry"))
TEXT: Json = [{"type": "text", "text": "Bonjour."}]


def drawn(**props: Document) -> Flow:
    """start → ask → check, which leads to sales or sorry; ask leads to sorry, too."""
    kinds = {START: "start", ASK: "collect", CHECK: "switch", SALES: "hangup", SORRY: "hangup"}
    given: dict[str, Document] = {
        "ask": {"prompt": TEXT, "variable": "code", "min_digits": 2, "max_digits": 4},
        "check": {
            "operand": "code",
            "cases": [{"id": "yes", "operator": "equals", "value": "1234"}],
        },
        "sales": {"prompt": TEXT},
        "sorry": {"prompt": TEXT},
        **props,
    }
    nodes = {
        name: Node(name, kind, props=given.get(name, {}), x=300.0 * at)
        for at, (name, kind) in enumerate(kinds.items())
    }
    asked = ("no_input", "invalid", "max_tries")
    links = {
        START: {ExitId("next"): ASK},
        ASK: {ExitId("ok"): CHECK, **{ExitId(each): SORRY for each in asked}},
        CHECK: {ExitId("case:yes"): SALES, ExitId("default"): SORRY},
    }
    return Flow(nodes=nodes, links=links)


def extracted(flow: Flow, *nodes: NodeId) -> Extracted:
    made = extract(flow, nodes, flow_id="new", title="Saisir le code")
    assert isinstance(made, Extracted)
    return made


def refused(flow: Flow, *nodes: NodeId) -> Refusal:
    made = extract(flow, nodes, flow_id="new", title="Saisir le code")
    assert isinstance(made, Refusal)
    return made


def test_the_nodes_are_replaced_by_one_call_with_their_exits() -> None:
    flow = drawn()
    made = extracted(flow, ASK, CHECK)
    outer = flow.with_changes(made.changes)
    assert ASK not in outer.nodes
    assert outer.links[START] == {"next": made.call}
    call = outer.nodes[made.call]
    assert (call.kind, call.title, call.props["flow"]) == ("subflow", "Saisir le code", "new")
    assert outer.links[made.call] == {
        "case:sorry": SORRY,
        "case:sales": SALES,
        "error": NodeId("hangup"),
    }
    assert made.inner.nodes.keys() >= {ASK, CHECK}
    start = made.inner.start
    assert start is not None
    assert made.inner.links[start] == {"next": ASK}
    ends = {node.props["outcome"] for node in made.inner.nodes.values() if node.kind == "return"}
    assert ends == {"sales", "sorry"}


def test_both_flows_can_be_published() -> None:
    flow = drawn()
    made = extracted(flow, ASK, CHECK)
    around = Context(flows={"new": "Saisir le code"})
    assert is_publishable(findings(flow.with_changes(made.changes), around))
    assert is_publishable(findings(made.inner, around))


def test_nodes_from_which_no_call_comes_back_are_called_all_the_same() -> None:
    flow = drawn()
    made = extracted(flow, ASK, CHECK, SALES, SORRY)
    outer = flow.with_changes(made.changes)
    assert outer.links[made.call].keys() == {"next", "error"}
    assert is_publishable(findings(outer, Context(flows={"new": "x"})))


def test_variables_of_the_flow_alone_are_handed_in_and_back() -> None:
    own: Document = {
        "scope": "flow",
        "assignments": [{"variable": "total", "expression": "before + shop"}],
    }
    first, then, last = NodeId("first"), NodeId("then"), NodeId("last")
    flow = Flow(
        nodes={
            START: Node(START, "start"),
            first: Node(
                first,
                "set_var",
                props={
                    "scope": "flow",
                    "assignments": [{"variable": "before", "expression": "1"}],
                },
            ),
            then: Node(then, "set_var", props=own),
            last: Node(
                last, "hangup", props={"prompt": [{"type": "text", "text": "{total} {caller}"}]}
            ),
        },
        links={
            START: {ExitId("next"): first},
            first: {ExitId("next"): then},
            then: {ExitId("next"): last},
        },
    )
    made = extracted(flow, then)
    call = flow.with_changes(made.changes).nodes[made.call]
    assert call.props["inputs"] == [
        {"variable": "before", "expression": "before"},
        {"variable": "shop", "expression": "shop"},  # nobody sets it here: it was handed in
    ]
    assert call.props["outputs"] == [{"variable": "total", "expression": "total"}]


def test_notes_beside_the_nodes_go_with_them() -> None:
    flow = drawn()
    flow = Flow(flow.meta, flow.nodes, flow.links, {NoteId("n"): Note(NoteId("n"), text="Ici")})
    made = extract(flow, [ASK], [NoteId("n")], flow_id="new", title="x")
    assert isinstance(made, Extracted)
    assert made.inner.notes.keys() == {"n"}
    assert flow.with_changes(made.changes).notes == {}


def test_two_ways_in_are_refused_and_named() -> None:
    flow = drawn()
    refusal = refused(flow, CHECK, SORRY)
    assert (refusal.key, refusal.params["count"]) == ("refusal.extract-entries", 2)
    assert "sorry" in str(refusal.params["names"])


@pytest.mark.parametrize(
    ("nodes", "key"),
    [
        ((START, ASK), "refusal.extract-start"),
        ((), "refusal.extract-nothing"),
        ((NodeId("gone"),), "refusal.extract-nothing"),
    ],
)
def test_what_cannot_be_taken_out_is_refused(nodes: tuple[NodeId, ...], key: str) -> None:
    assert refused(drawn(), *nodes).key == key


@pytest.mark.parametrize("setting", ["operator", "on_hangup", "on_max_duration"])
def test_steps_that_take_calls_without_a_link_stay_within_reach(setting: str) -> None:
    flow = drawn()
    flow = Flow({setting: SORRY}, flow.nodes, flow.links)
    assert refused(flow, ASK).key == f"refusal.extract-{setting.replace('_', '-')}"


def test_a_return_and_a_jump_outside_are_refused() -> None:
    flow = drawn()
    back = {**flow.nodes, SORRY: Node(SORRY, "return")}
    assert refused(Flow({}, back, flow.links), SORRY).key == "refusal.extract-return"
    jump = {**flow.nodes, SORRY: Node(SORRY, "goto_node", props={"target": ASK})}
    assert refused(Flow({}, jump, flow.links), SORRY).key == "refusal.extract-jump"
    made = extracted(Flow({}, jump, flow.links), ASK, CHECK)
    outer = Flow({}, jump, flow.links).with_changes(made.changes)
    assert outer.nodes[SORRY].props["target"] == made.call


def test_a_count_of_rounds_that_would_begin_anew_is_refused() -> None:
    again = {**drawn().nodes, CHECK: Node(CHECK, "loop", props={"loops": 2})}
    links = drawn().links | {CHECK: {ExitId("again"): SALES, ExitId("done"): SORRY}}
    assert isinstance(extract(Flow({}, again, links), [CHECK], flow_id="n", title=""), Extracted)
    back = links | {SALES: {ExitId("next"): CHECK}}
    again |= {SALES: Node(SALES, "play", props={"prompt": TEXT})}
    assert refused(Flow({}, again, back), CHECK).key == "refusal.extract-loop"
    again[CHECK] = Node(CHECK, "loop", props={"loops": 2, "counter": "rounds"})
    assert isinstance(extract(Flow({}, again, back), [CHECK], flow_id="n", title=""), Extracted)


#: Chance goes by the place of a node, and a flow that calls itself is deeper by one.
KINDS_OF_CALLS = [each for each in KINDS if each not in ("random", "subflow")]


def heard(call: Call) -> list[object]:
    """What callers hear, what is kept, and how it ends."""
    said: list[object] = []
    for each in call.events:
        match each:
            case Said():
                said.append([part.text for part in each.parts])
            case Assigned():
                said.append((each.variable, each.value))
            case Ended():
                said.append(each.end)
            case _:
                pass
    return said


def played(world: World, script: list[Stimulus | None], old: Flow) -> list[object]:
    """A call by a script; at the nodes that the change has added nothing is done."""

    def passes(call: Call) -> bool:
        if call.end is not None:
            return False
        node = call.graph.nodes[call.node]
        is_added = call.flow == "new" and node.kind in ("start", "return")
        return is_added or call.node not in old.nodes

    call = begin("main", world)
    while passes(call):
        call = advance(call)
    for stimulus in script:
        if call.end is None:
            call = advance(call, stimulus)
        while passes(call):
            call = advance(call)
    return heard(call)


@settings(max_examples=150)
@given(TRULY)
def test_a_call_hears_the_same_before_and_after(chance: Random) -> None:
    flow = flow_by(chance, chance.randint(2, 8), KINDS_OF_CALLS)
    others = [each for each in flow.nodes if each != flow.start]
    nodes = chance.sample(others, min(len(others), chance.randint(1, 4)))
    made = extract(flow, nodes, flow_id="new", title="x")
    if isinstance(made, Refusal):
        return
    outer = flow.with_changes(made.changes)
    world, script = world_by(chance, {}), script_by(chance, 20)
    before = played(replace(world, flows={"main": flow}), script, flow)
    after = played(replace(world, flows={"main": outer, "new": made.inner}), script, flow)
    if End.TOO_LONG not in (*before, *after):  # time passes a step sooner or later
        assert before == after
