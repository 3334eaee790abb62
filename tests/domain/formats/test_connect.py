"""Amazon Connect: every step, every way out and every word of a file is kept."""

import json
from pathlib import Path

import msgspec
import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.formats import Unreadable, connect
from cx_desktop.domain.flow.formats.detect import read_all, read_any
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Slot
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import has_overlaps
from cx_desktop.domain.patch import Document, Json
from tests.domain.formats.samples import (
    OWN,
    document_in,
    own_connect,
    real_connect,
    steps_in,
    transitions_in,
)

LANGUAGE = (OWN / "language.json").read_bytes()
LEGACY = (OWN / "legacy").read_bytes()

each_file = pytest.mark.parametrize(
    "path", [*own_connect(), *real_connect()], ids=lambda path: path.name
)


def flow_in(data: bytes) -> Flow:
    return connect.read(data).flow


def with_props(flow: Flow, node: str, **props: Json) -> Flow:
    changed = msgspec.structs.replace(
        flow.nodes[NodeId(node)], props={**flow.nodes[NodeId(node)].props, **props}
    )
    return msgspec.structs.replace(flow, nodes={**flow.nodes, NodeId(node): changed})


def linked(flow: Flow, node: str, way: str, target: str) -> Flow:
    ways = {**flow.links.get(NodeId(node), {}), ExitId(way): NodeId(target)}
    return msgspec.structs.replace(flow, links={**flow.links, NodeId(node): ways})


def written_step(flow: Flow, step: str) -> Document:
    return steps_in(json.loads(connect.write(flow)))[step]


def parameters_of(step: Document) -> Document:
    found = step["Parameters"]
    assert isinstance(found, dict)
    return found


def test_the_corpus_is_read_where_it_is_there() -> None:
    if not real_connect():
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    assert len(real_connect()) > 50


@each_file
def test_every_step_is_a_node_with_its_exits(path: Path) -> None:
    document = document_in(path.read_bytes())
    flow = read_any(path.read_bytes()).flow
    kept = {key for key, node in flow.nodes.items() if node.origin}
    assert kept == set(steps_in(document))
    for node, ways in flow.links.items():
        assert set(ways) <= {way.id for way in exits_of(flow.nodes[node])}


@each_file
def test_every_transition_is_a_link(path: Path) -> None:
    document = document_in(path.read_bytes())
    flow = read_any(path.read_bytes()).flow
    led = {(link.node, link.target) for link in flow.each_link() if link.node != flow.start}
    assert led == transitions_in(document)


@each_file
def test_an_unedited_file_is_written_back_word_for_word(path: Path) -> None:
    assert json.loads(connect.write(read_any(path.read_bytes()).flow)) == document_in(
        path.read_bytes()
    )


@each_file
def test_reading_what_was_written_gives_an_equal_flow(path: Path) -> None:
    flow = read_any(path.read_bytes()).flow
    assert flow_in(connect.write(flow)) == flow


@each_file
def test_no_node_of_an_imported_flow_covers_another(path: Path) -> None:
    assert not has_overlaps(read_any(path.read_bytes()).flow)


def test_nine_of_ten_steps_of_real_flows_have_a_kind() -> None:
    if not real_connect():
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    kinds = [
        node.kind
        for path in real_connect()
        for node in read_any(path.read_bytes()).flow.nodes.values()
        if node.origin
    ]
    assert kinds.count("foreign") <= len(kinds) / 10


KINDS = {
    "log": "config",
    "voice": "config",
    "rec": "recording",
    "hours": "schedule",
    "welcome": "play",
    "menu": "menu",
    "tries": "loop",
    "ask": "collect",
    "find": "lookup",
    "state": "switch",
    "sent": "play",
    "queue": "set_queue",
    "staff": "queue_status",
    "hook": "config",
    "attr": "set_var",
    "share": "random",
    "transfer": "transfer_queue",
    "later": "set_var",
    "call back": "callback",
    "survey": "subflow",
    "pause": "wait",
    "patient": "queue_treatment",
    "number": "transfer_number",
    "robot": "voicebot",
    "profile": "lookup",
    "view": "foreign",
    "other": "goto_flow",
    "closed": "play",
    "bye": "hangup",
}


def test_each_step_becomes_the_kind_our_users_know() -> None:
    nodes = flow_in(LANGUAGE).nodes
    assert {key: node.kind for key, node in nodes.items() if node.origin} == KINDS


@pytest.mark.parametrize(
    ("node", "exits"),
    [
        ("menu", {"key_1": "ask", "key_2": "queue", "no_input": "tries", "invalid": "tries"}),
        ("hours", {"open": "welcome", "closed": "closed", "error": "closed"}),
        ("tries", {"again": "menu", "done": "bye"}),
        ("find", {"ok": "state", "http_error": "queue", "timeout": "queue"}),
        ("share", {"case:c1": "survey", "case:rest": "transfer"}),
        ("patient", {"interrupted": "number", "error": "bye"}),
        ("number", {"answered": "robot", "no_answer": "bye", "failed": "bye"}),
        ("profile", {"ok": "view", "not_found": "bye", "MultipleFoundError": "view"}),
        ("view", {"Next": "other", "Back": "robot", "TimeLimitExceeded": "bye"}),
    ],
)
def test_each_way_out_becomes_the_exit_it_is(node: str, exits: dict[str, str]) -> None:
    ways = flow_in(LANGUAGE).links[NodeId(node)]
    assert {way: ways.get(ExitId(way)) for way in exits} == exits


def test_silence_in_a_collect_is_a_stored_value_and_no_exit() -> None:
    node = flow_in(LANGUAGE).nodes[NodeId("ask")]
    assert node.props["store_timeout"] is True
    assert "no_input" not in {way.id for way in exits_of(node)}


def test_the_first_generation_reads_like_the_second() -> None:
    flow = flow_in(LEGACY)
    kinds = {str(key): node.kind for key, node in flow.nodes.items() if node.origin}
    assert kinds["m3"] == "menu"
    assert kinds["m4"] == "collect"
    assert kinds["m12"] == "foreign"
    assert flow.nodes[NodeId("m10")].props["operand"] == "$.External.etat"
    assert flow.links[NodeId("m3")][ExitId("no_input")] == "m8"
    assert flow.nodes[NodeId("m6")].title == "Ventes"


def test_what_was_not_understood_is_told_with_its_place() -> None:
    notes = {note.node: note for note in connect.read(LANGUAGE).notes if note.node}
    assert notes["view"].key == "import.unknown-step"
    assert notes["view"].params == {"place": "Actions[25]", "type": "ShowView"}
    assert notes["voice"].params["names"] == "TextToSpeechEngine"


@pytest.mark.parametrize(
    ("node", "prop", "value", "path", "expected"),
    [
        ("find", "function", "arn:other", ("LambdaFunctionARN",), "arn:other"),
        ("find", "lookup_timeout", 7, ("InvocationTimeLimitSeconds",), "7"),
        ("log", "logging", "off", ("FlowLoggingBehavior",), "Disabled"),
        ("welcome", "prompt", [{"type": "text", "text": "Bonjour"}], ("Text",), "Bonjour"),
        ("welcome", "prompt", [{"type": "audio", "ref": "arn:p"}], ("PromptId",), "arn:p"),
        (
            "ask",
            "max_digits",
            6,
            ("InputValidation", "CustomValidation", "MaximumLength"),
            "6",
        ),
        (
            "attr",
            "assignments",
            [{"variable": "a", "expression": "1"}],
            ("Attributes",),
            {"a": "1"},
        ),
        ("hook", "queue_flow", "arn:new", ("EventHooks", "CustomerQueue"), "arn:new"),
        (
            "later",
            "assignments",
            [{"variable": "CallbackNumber", "expression": "$.Attributes.n"}],
            ("CallbackNumber",),
            "$.Attributes.n",
        ),
        (
            "profile",
            "query",
            "GetCustomerProfile\nProfileRequestData.IdentifierName = _email",
            ("ProfileRequestData", "IdentifierName"),
            "_email",
        ),
        (
            "patient",
            "prompts",
            [[{"type": "text", "text": "Encore"}]],
            ("Messages",),
            [{"Text": "Encore"}],
        ),
    ],
)
def test_an_edited_property_is_written_into_the_parameters(
    node: str, prop: str, value: Json, path: tuple[str, ...], expected: Json
) -> None:
    flow = with_props(flow_in(LANGUAGE), node, **{prop: value})
    found: Json = parameters_of(written_step(flow, node))
    for key in path:
        assert isinstance(found, dict)
        found = found[key]
    assert found == expected


def test_an_edit_leaves_every_other_step_alone() -> None:
    flow = with_props(flow_in(LANGUAGE), "find", function="arn:other")
    before, after = steps_in(json.loads(LANGUAGE)), steps_in(json.loads(connect.write(flow)))
    assert {key for key in before if before[key] != after[key]} == {"find"}


def test_a_new_link_is_written_and_read_again() -> None:
    flow = linked(flow_in(LANGUAGE), "menu", "key_2", "closed")
    assert flow_in(connect.write(flow)).links == flow.links


def test_the_default_that_connect_repeats_follows_the_exit() -> None:
    flow = linked(flow_in(LANGUAGE), "state", "default", "bye")
    transitions = written_step(flow, "state")["Transitions"]
    assert isinstance(transitions, dict)
    assert transitions["NextAction"] == "bye"
    assert transitions["Errors"] == [{"NextAction": "bye", "ErrorType": "NoMatchingCondition"}]


def test_a_key_that_was_added_or_removed_is_a_condition_more_or_less() -> None:
    flow = with_props(flow_in(LANGUAGE), "menu", keys=["1", "9"])
    flow = linked(flow, "menu", "key_9", "closed")
    ways = {key: each for key, each in flow.links[NodeId("menu")].items() if key != "key_2"}
    flow = msgspec.structs.replace(flow, links={**flow.links, NodeId("menu"): ways})
    again = flow_in(connect.write(flow))
    assert again.nodes[NodeId("menu")].props["keys"] == ["1", "9"]
    assert again.links[NodeId("menu")] == ways


def test_cases_keep_the_order_they_are_tried_in() -> None:
    flow = flow_in(LANGUAGE)
    cases = flow.nodes[NodeId("state")].props["cases"]
    assert isinstance(cases, list)
    flow = with_props(flow, "state", cases=[cases[2], {**cases[0], "value": "partie"}])
    transitions = written_step(flow, "state")["Transitions"]
    assert isinstance(transitions, dict)
    assert [each["Condition"]["Operands"] for each in transitions["Conditions"]] == [
        ["3"],
        ["partie"],
    ]


def test_a_moved_node_is_drawn_there_by_the_vendor_too() -> None:
    flow = flow_in(LANGUAGE)
    node = msgspec.structs.replace(flow.nodes[NodeId("bye")], x=8.0, y=-800.0)
    flow = msgspec.structs.replace(flow, nodes={**flow.nodes, node.id: node})
    metadata = json.loads(connect.write(flow))["Metadata"]["ActionMetadata"]
    assert metadata["bye"] == {"position": {"x": 8.0, "y": -800.0}, "isFriendlyName": True}


def test_the_start_can_be_linked_elsewhere() -> None:
    flow = linked(flow_in(LANGUAGE), "start", "next", "welcome")
    assert json.loads(connect.write(flow))["StartAction"] == "welcome"


@pytest.mark.parametrize("data", [LANGUAGE, LEGACY], ids=["language", "legacy"])
def test_a_deleted_node_is_gone_and_so_are_its_links(data: bytes) -> None:
    flow = flow_in(data)
    victim = next(key for key, node in flow.nodes.items() if node.kind == "loop")
    flow = flow.with_changes(edits.remove(flow, (victim,)))
    again = flow_in(connect.write(flow))
    assert victim not in again.nodes
    assert set(again.each_link()) == set(flow.each_link())


@pytest.mark.parametrize(
    ("node", "prop", "value"),
    [
        ("m3", "prompt", [{"type": "text", "text": "Tapez 3."}]),
        ("m5", "function", "arn:other"),
        ("m10", "operand", "autre"),
        ("m11", "assignments", [{"variable": "x", "expression": "$.External.y"}]),
        ("m1", "logging", "off"),
        ("m8", "loops", 5),
    ],
)
def test_an_edited_legacy_module_reads_as_it_was_edited(node: str, prop: str, value: Json) -> None:
    flow = with_props(flow_in(LEGACY), node, **{prop: value})
    assert flow_in(connect.write(flow)).nodes[NodeId(node)].props == flow.nodes[NodeId(node)].props


def test_a_legacy_link_is_written_as_a_branch() -> None:
    flow = linked(flow_in(LEGACY), "m3", "key_1", "m9")
    assert flow_in(connect.write(flow)).links == flow.links


def made_flow(*nodes: Node) -> Flow:
    ways = {
        node.id: {way.id: nodes[-1].id for way in exits_of(node)}
        for node in nodes
        if node is not nodes[-1]
    }
    start = Node(id=NodeId("start"), kind="start")
    return Flow(
        nodes={start.id: start, **{node.id: node for node in nodes}},
        links={start.id: {ExitId("next"): nodes[0].id}, **ways},
    )


def test_a_flow_made_here_is_written_in_connects_words() -> None:
    flow = made_flow(
        Node(
            id=NodeId("hello"),
            kind="play",
            props={"prompt": [{"type": "text", "text": "Bonjour"}]},
        ),
        Node(id=NodeId("menu"), kind="menu", props={"keys": ["1", "2"], "max_tries": 0}),
        Node(
            id=NodeId("ask"),
            kind="lookup",
            props={"source": "function", "function": "arn:f"},
        ),
        Node(
            id=NodeId("share"),
            kind="random",
            props={"shares": [{"id": "a", "weight": 30}, {"id": "rest", "weight": 70}]},
        ),
        Node(id=NodeId("bye"), kind="hangup"),
    )
    again = flow_in(connect.write(flow))
    assert {key: node.kind for key, node in again.nodes.items()} == {
        key: node.kind for key, node in flow.nodes.items()
    }
    assert parameters_of(written_step(flow, "hello")) == {"Text": "Bonjour"}
    assert again.nodes[NodeId("menu")].props["keys"] == ["1", "2"]
    lookup = again.links[NodeId("ask")]
    assert {lookup[ExitId(way)] for way in ("ok", "http_error", "timeout")} == {"bye"}
    assert again.nodes[NodeId("share")].props["shares"] == [
        {"id": "c1", "label": "", "weight": 30},
        {"id": "rest", "label": "", "weight": 70},
    ]


def test_links_that_connect_cannot_say_are_told() -> None:
    flow = made_flow(
        Node(id=NodeId("menu"), kind="menu", props={"keys": ["1"]}),
        Node(id=NodeId("bye"), kind="hangup"),
    )
    notes = connect.written(flow).notes
    lost = {note.params["exit"] for note in notes if note.key == "import.exit-not-written"}
    assert lost == {"max_tries", "hangup"}


def test_properties_that_connect_cannot_say_are_told() -> None:
    flow = made_flow(
        Node(
            id=NodeId("hello"),
            kind="play",
            props={"prompt": [{"type": "text", "text": "Hello"}], "repeat": 3, "barge_in": True},
        ),
        Node(id=NodeId("bye"), kind="hangup"),
    )
    flow = msgspec.structs.replace(flow, meta={"operator": "bye"})
    told = {note.node: note.params["fields"] for note in connect.written(flow).notes}
    assert told == {None: "operator", "hello": "barge_in, repeat"}


def test_a_step_that_connect_does_not_have_is_refused_by_name() -> None:
    flow = made_flow(
        Node(id=NodeId("box"), kind="voicemail", title="Répondeur"),
        Node(id=NodeId("bye"), kind="hangup"),
    )
    with pytest.raises(CXError) as refusal:
        connect.write(flow)
    assert refusal.value.params["node"] == "Répondeur"


def test_a_flow_inside_an_answer_of_the_service_is_read_with_its_name() -> None:
    imported = read_any((OWN / "wrapped.json").read_bytes())
    assert (imported.name, imported.description) == ("Accueil", "Le jour")
    assert imported.flow.nodes[NodeId("a")].kind == "play"


def test_every_flow_of_a_cloudformation_template_is_read() -> None:
    day, night = read_all((OWN / "template.yaml").read_bytes())
    assert (day.name, night.name) == ("Jour", "Nuit")
    assert day.flow.nodes[NodeId("a")].props == {"flow": "${Night}"}


def test_a_terraform_template_is_read_with_its_placeholders() -> None:
    node = read_any((OWN / "terraform.tftpl").read_bytes()).flow.nodes[NodeId("a")]
    assert node.props["function"] == "${lambda_arn}"


def test_a_western_file_is_read_and_said_to_be_one() -> None:
    imported = read_any((OWN / "western.json").read_bytes())
    assert imported.flow.nodes[NodeId("a")].props["prompt"] == [
        {"type": "text", "text": "Été à la carte"}
    ]
    assert imported.notes[0].key == "import.western-encoding"


def document(*actions: Document, start: str = "a") -> bytes:
    return json.dumps(
        {"Version": "2019-10-30", "StartAction": start, "Actions": list(actions)}
    ).encode()


def action(name: str, following: str = "") -> Document:
    transitions = {"NextAction": following} if following else {}
    return {
        "Identifier": name,
        "Type": "MessageParticipant",
        "Parameters": {},
        "Transitions": transitions,
    }


def test_two_steps_of_one_id_are_both_kept() -> None:
    data = document(action("a", "a"), action("a"))
    imported = connect.read(data)
    assert set(imported.flow.nodes) == {"start", "a", "a_2"}
    assert imported.notes[0].key == "import.duplicate-id"
    assert json.loads(connect.write(imported.flow)) == json.loads(data)


def test_a_link_to_nothing_is_told_and_kept_in_the_file() -> None:
    data = document(action("a", "nowhere"))
    imported = connect.read(data)
    assert imported.notes[0].params == {
        "place": "Actions[0]",
        "exit": "NextAction",
        "target": "nowhere",
    }
    assert json.loads(connect.write(imported.flow)) == json.loads(data)


def test_a_missing_start_is_told() -> None:
    assert connect.read(document(action("b"))).notes[0].key == "import.start-missing"


def test_steps_in_a_circle_are_read() -> None:
    flow = flow_in(document(action("a", "b"), action("b", "a")))
    assert flow.target(*Slot(NodeId("b"), ExitId("next"))) == "a"


def test_a_step_named_start_leaves_the_entry_another_name() -> None:
    flow = flow_in(document(action("start"), start="start"))
    assert flow.start == "start_2"
    assert flow_in(connect.write(flow)) == flow


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"Actions": 3}, "Actions"),
        ({"Actions": ["a"]}, "Actions[0]"),
        ({"Actions": [{}]}, "Actions[0].Identifier"),
        ({"Actions": [{"Identifier": "a"}]}, "Actions[0].Type"),
        (
            {"Actions": [{"Identifier": "a", "Type": "T", "Transitions": {"Errors": [[]]}}]},
            "Actions[0].Transitions.Errors[0]",
        ),
        ({"modules": [{"id": "a", "type": "T", "branches": {}}]}, "modules[0].branches"),
        ({"modules": [{"id": 7}]}, "modules[0].id"),
    ],
)
def test_a_misshapen_file_is_refused_with_its_place(value: Document, place: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        connect.read(json.dumps(value).encode())
    assert refusal.value.place == place
