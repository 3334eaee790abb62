"""A flow written for Twilio Studio treats its callers as it does here: they hear the same."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import Digits, Key, Silence, Stimulus
from cx_desktop.domain.flow.formats import twilio
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import Call, World, advance, begin, run
from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.patch import Document, Json
from cx_desktop.settings import resources

STARTED = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Paris"))


def said(text: str) -> list[Json]:
    return [{"type": "text", "text": text}]


def flow_of(nodes: dict[str, tuple[str, Document, dict[str, str]]]) -> Flow:
    """Nodes by id: the kind, the properties, where each exit leads."""
    return Flow(
        nodes={
            NodeId(key): Node(NodeId(key), kind, title=key, props=props, x=at * 300.0)
            for at, (key, (kind, props, _)) in enumerate(nodes.items())
        },
        links={
            NodeId(key): {ExitId(way): NodeId(to) for way, to in ways.items()}
            for key, (_, _, ways) in nodes.items()
            if ways
        },
    )


def line(menu: Document, collect: Document) -> Flow:
    return flow_of(
        {
            "start": ("start", {}, {"next": "hello"}),
            "hello": ("play", {"prompt": said("Hello {caller}")}, {"next": "answer"}),
            "answer": ("answer", {}, {"next": "menu"}),
            "menu": (
                "menu",
                {"prompt": said("Press 1 or 2"), "keys": ["1", "2"], **menu},
                {
                    "key_1": "ask",
                    "key_2": "rounds",
                    "no_input": "silent",
                    "invalid": "wrong",
                    "max_tries": "enough",
                },
            ),
            "ask": (
                "collect",
                {"prompt": said("Your order?"), "variable": "order", "max_digits": 4, **collect},
                {"ok": "which", "no_input": "silent", "invalid": "wrong", "max_tries": "enough"},
            ),
            "which": (
                "switch",
                {
                    "operand": "order",
                    "cases": [{"id": "a", "label": "", "operator": "starts", "value": "12"}],
                },
                {"case:a": "kept", "default": "menu"},
            ),
            "kept": (
                "set_var",
                {"assignments": [{"variable": "said", "expression": '"no. " & order'}]},
                {"next": "thanks"},
            ),
            "thanks": ("hangup", {"prompt": said("Thanks for {said}")}, {}),
            "rounds": ("loop", {"loops": 2}, {"again": "menu", "done": "enough"}),
            "silent": ("hangup", {"prompt": said("Are you there?")}, {}),
            "wrong": ("hangup", {"prompt": said("No such choice")}, {}),
            "enough": ("hangup", {"prompt": said("Too often")}, {}),
        }
    )


def texts(call: Call) -> list[str]:
    return [event.text for event in call.events if isinstance(event, Said)]


def begun(flow: Flow) -> Call:
    world = World(flows={"f": flow}, started=STARTED, caller="+33123456789")
    return run(begin("f", world))


def studios(flow: Flow) -> Flow:
    """The flow as Studio has it, read back."""
    written = twilio.written(flow)
    assert {note.key for note in written.notes} <= {"import.twilio-check"}
    again = read_any(written.data).flow
    assert all(node.kind != "foreign" for node in again.nodes.values())
    return again


def compare(flow: Flow, script: list[Stimulus]) -> None:
    """Play one script to both flows: the callers of both hear the same."""
    ours, theirs = begun(flow), begun(studios(flow))
    for stimulus in script:
        assert texts(theirs) == texts(ours)
        assert (theirs.end is None) == (ours.end is None)
        if ours.end is not None:
            return
        is_menu = ours.step.kind.id == "menu"
        does = Key(stimulus.keys[0]) if isinstance(stimulus, Digits) and is_menu else stimulus
        ours, theirs = (run(advance(each, does)) for each in (ours, theirs))
    assert texts(theirs) == texts(ours)
    assert theirs.variables.get("order") == ours.variables.get("order")


MENUS = st.fixed_dictionaries(
    {
        "max_no_input": st.integers(1, 3),
        "max_invalid": st.integers(1, 3),
        "max_tries": st.integers(0, 4),
        "retry_prompts": st.sampled_from([[], [said("Again")], [said("Again"), said("Once more")]]),
    }
)
CHECKS = st.sampled_from(
    [
        {},
        {"min_digits": 3},
        {"validation": "pattern", "expected_pattern": "1[0-9]*"},
        {"validation": "list", "allowed_values": "12\n34"},
    ]
)
SCRIPTS = st.lists(
    st.just(Silence()) | st.text("1239", min_size=1, max_size=4).map(Digits), max_size=10
)


@settings(max_examples=150, deadline=None)
@given(MENUS, MENUS, CHECKS, SCRIPTS)
def test_callers_hear_the_same_in_studio(
    menu: Document, collect: Document, check: Document, script: list[Stimulus]
) -> None:
    compare(line(menu, collect | check), script)


def test_a_step_that_studio_lacks_is_asked_of_a_function() -> None:
    nodes: dict[str, tuple[str, Document, dict[str, str]]] = {
        "start": ("start", {}, {"next": "hours"}),
        "hours": ("schedule", {"schedule": "s"}, {"open": "desk", "closed": "night"}),
        "desk": ("transfer_queue", {"queue": "q", "max_wait": 0}, {"failed": "night"}),
        "night": ("hangup", {"prompt": said("We are closed")}, {}),
    }
    written = twilio.written(flow_of(nodes))
    assert {note.key for note in written.notes} == {"import.twilio-function"}
    again = read_any(written.data).flow
    assert again.nodes[NodeId("hours")].kind == "lookup"
    cases = again.nodes[NodeId("hours_way")].props["cases"]
    assert isinstance(cases, list)
    values = [case["value"] for case in cases if isinstance(case, dict)]
    assert values[:2] == ["open", "closed"]
    assert again.links[NodeId("hours_way")][ExitId("case:c2")] == "night"


@pytest.mark.parametrize(
    ("status", "end"),
    [("completed", "after"), ("busy", "busy"), ("no-answer", "nobody"), ("failed", "wrong")],
)
def test_how_a_call_to_a_number_ended_is_split_upon(status: str, end: str) -> None:
    ways = {"answered": "after", "busy": "busy", "no_answer": "nobody", "failed": "wrong"}
    nodes: dict[str, tuple[str, Document, dict[str, str]]] = {
        "start": ("start", {}, {"next": "ring"}),
        "ring": ("transfer_number", {"number": "+33123456789", "transfer_mode": "return"}, ways),
        **{name: ("hangup", {"prompt": said(name)}, {}) for name in ways.values()},
    }
    again = read_any(twilio.write(flow_of(nodes))).flow
    split = again.nodes[NodeId("ring_outcome")]
    assert split.props["operand"] == "widgets.ring.DialCallStatus"
    cases = split.props["cases"]
    assert isinstance(cases, list)
    named = {row["value"]: f"case:{row['id']}" for row in cases if isinstance(row, dict)}
    way = ExitId(named.get(status, "default"))
    assert again.links[split.id][way] == end


def test_the_calls_that_are_compared_go_on_for_a_while() -> None:
    call = begun(studios(line({}, {})))
    for stimulus in (Silence(), Key("9"), Key("1"), Digits("1234")):
        call = run(advance(call, stimulus))
    assert texts(call) == [
        "Hello +33123456789",
        "Press 1 or 2",
        "Press 1 or 2",
        "Press 1 or 2",
        "Your order?",
        "Thanks for no. 1234",
    ]


DEMO = sorted((resources() / "demo" / "flows" / "en").glob("*.yaml"))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_flow_of_the_demo_can_be_written_and_read_back(path: Path) -> None:
    again = read_any(twilio.write(read_any(path.read_bytes()).flow))
    assert len(again.flow.nodes) > 3
    assert all(node.kind != "foreign" for node in again.flow.nodes.values())
    assert not [note for note in again.notes if note.key == "import.link-to-nothing"]
