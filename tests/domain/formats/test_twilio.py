"""Flows of Twilio Studio: what their widgets become, and that nothing of a file is lost."""

import json
from pathlib import Path

import msgspec
import pytest

from cx_desktop.domain.flow.formats import Imported, cx, twilio
from cx_desktop.domain.flow.formats.detect import format_of, read_all, read_any
from cx_desktop.domain.flow.formats.incoming import text_of
from cx_desktop.domain.flow.formats.twilio.terraform import values_in
from cx_desktop.domain.flow.formats.twilio.wrapping import flows_in
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.patch import Document, Json, apply, change
from tests.domain.formats.samples import DATA, real

OWN = DATA / "twilio"
STUDIO = OWN / "studio.json"
FILES = sorted(OWN.iterdir())
REAL = [each.path for each in real() if each.format == twilio.FORMAT]


def studio() -> Imported:
    return read_any(STUDIO.read_bytes())


def node(name: str) -> Node:
    return studio().flow.nodes[NodeId(name)]


def targets(name: str) -> dict[str, str]:
    return {str(way): str(to) for way, to in studio().flow.links.get(NodeId(name), {}).items()}


def exits(name: str) -> set[str]:
    return {way.id for way in exits_of(node(name))}


def notes(imported: Imported) -> set[tuple[str, str | None]]:
    return {(note.key.removeprefix("import."), note.node) for note in imported.notes}


def states_in(data: bytes) -> dict[str, dict[str, Json]]:
    document = json.loads(data)
    return {state["name"]: state for state in document["states"]}


def definitions_in(path: Path) -> list[Document]:
    """The definitions of a file, taken out of it without our reader."""
    text = text_of(path.read_bytes()).text
    return [each.document for value in values_in(text) for each in flows_in(value)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_form_of_a_studio_flow_is_recognised(path: Path) -> None:
    assert format_of(path.read_text(encoding="utf-8")) == twilio.FORMAT


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Trigger", "start"),
        ("ask-language", "collect"),
        ("by_language", "switch"),
        ("count", "set_var"),
        ("goodbye", "play"),
        ("fetch", "lookup"),
        ("flex", "transfer_queue"),
        ("message", "voicemail"),
        ("ring", "transfer_number"),
        ("sub", "subflow"),
        ("text_back", "send_sms"),
        ("pay", "foreign"),
    ],
)
def test_each_type_of_widget_has_its_kind(name: str, kind: str) -> None:
    assert node(name).kind == kind


def test_a_transition_without_a_target_is_an_exit_without_a_link() -> None:
    assert "ok" not in targets("goodbye")
    assert "next" in exits("goodbye")
    assert {"http_error", "timeout"} <= exits("fetch")
    assert targets("fetch") == {"ok": "flex"}
    assert "speech" in exits("ask-language")
    assert "speech" not in targets("ask-language")
    assert {"success", "maxFailedAttempts", "providerError"} == exits("pay")


def test_one_event_may_be_several_exits_of_ours() -> None:
    assert targets("flex") == {"full": "message", "failed": "message"}
    assert targets("ring") == {"answered": "sub", "no_answer": "sub", "failed": "sub"}


def test_calls_come_in_by_their_own_entrance_and_others_are_exits_beside_it() -> None:
    assert targets("Trigger") == {"next": "ask-language", "incomingMessage": "text_back"}
    assert exits("Trigger") == {"next", "incomingMessage"}


def test_a_flow_that_takes_no_calls_says_by_what_it_begins() -> None:
    night = read_any((OWN / "answer.json").read_bytes())
    assert night.flow.target(NodeId("Trigger"), exits_of(night.flow.nodes[NodeId("Trigger")])[0].id)
    assert ("twilio-entrance", "Trigger") in notes(night)


def test_what_is_gathered_is_asked_once_and_kept_under_the_widgets_name() -> None:
    props = node("ask-language").props
    assert props["variable"] == "widgets.ask-language.Digits"
    assert (props["max_digits"], props["terminator"], props["first_digit_timeout"]) == (
        1,
        "none",
        5,
    )
    assert (props["max_no_input"], props["max_tries"]) == (1, 0)
    assert props["language"] == "en-GB"


def test_conditions_are_cases_in_their_order() -> None:
    props = node("by_language").props
    assert props["operand"] == "`widgets.ask-language.Digits`"
    cases = props["cases"]
    assert isinstance(cases, list)
    assert cases[0] == {"id": "c1", "label": "", "operator": "equals", "value": "1"}
    assert targets("by_language") == {"default": "count", "case:c1": "fetch"}
    assert ("condition-kept", "by_language") in notes(studio())


def test_values_are_filled_in_by_our_formulas() -> None:
    assert node("goodbye").props["prompt"] == [
        {"type": "text", "text": "Goodbye {caller}, {upper(name)} {{sic}}."}
    ]
    assert node("count").props["assignments"] == [
        {"variable": "tries", "expression": 'if tries != "" then tries + 1 else 1'},
        {"variable": "flow.variables.language", "expression": '"en"'},
    ]
    assert node("text_back").props["recipient"] == "caller"
    assert node("text_back").props["message"] == "Please call us: {called}"
    assert node("fetch").props["body"] == '{"from": "{caller}", "vip": {"is": true}}'
    assert node("sub").props["inputs"] == [
        {
            "variable": "trigger.parent.parameters.order",
            "expression": "widgets.fetch.parsed.order.id",
        }
    ]


def test_a_request_gives_what_the_flow_reads_of_its_answer() -> None:
    assert node("fetch").props["mapping"] == [
        {"path": "$.order.id", "variable": "widgets.fetch.parsed.order.id"}
    ]


def test_the_number_that_is_shown_is_the_callers() -> None:
    props = node("ring").props
    assert (props["caller_id"], props["number"], props["record"]) == (
        "caller",
        "+33123456789",
        True,
    )
    assert "presented_number" not in props


def test_messages_are_kept_in_a_box_of_the_widgets_name() -> None:
    props = node("message").props
    assert (props["box"], props["max_length"], props["terminator"]) == ("message", 120, "#")


def test_what_is_kept_or_lost_is_told() -> None:
    told = notes(studio())
    assert ("unknown-step", "pay") in told
    assert ("link-to-nothing", "sub") in told
    assert ("parameters-kept", "fetch") in told


def test_an_answer_of_the_api_names_its_flow_and_stays_around_it() -> None:
    data = (OWN / "answer.json").read_bytes()
    night = read_any(data)
    assert (night.name, night.description) == ("Night line", "At night")
    assert night.handles == ("FW00000000000000000000000000000001",)
    assert json.loads(twilio.write(night.flow)) == json.loads(data)


def test_a_definition_inside_a_text_is_found() -> None:
    inner = json.loads(STUDIO.read_text(encoding="utf-8"))
    outer = json.dumps({"flows": [{"sid": "FW1", "definition": json.dumps(inner)}] * 2}).encode()
    flows = read_all(outer)
    assert len(flows) == 2
    assert flows[0].flow.nodes == studio().flow.nodes


def test_every_flow_of_a_terraform_file_is_read() -> None:
    day, night = read_all((OWN / "main.tf").read_bytes())
    assert day.flow.target(NodeId("Trigger"), exits_of(day.flow.nodes[NodeId("Trigger")])[0].id)
    assert night.flow.nodes.keys() == {"Trigger"}


@pytest.mark.parametrize("path", [*FILES, *REAL], ids=lambda path: path.name)
def test_every_widget_is_kept_and_written_as_it_was_read(path: Path) -> None:
    for imported, source in zip(read_all(path.read_bytes()), definitions_in(path), strict=True):
        states = source["states"]
        assert isinstance(states, list)
        ours = [each for each in imported.flow.nodes.values() if each.origin]
        assert len(ours) == len([each for each in states if isinstance(each, dict)])
        written = twilio.written(imported.flow)
        assert not written.notes
        document = json.loads(written.data)
        assert document.get("definition", document) == source
        again = read_any(written.data)
        assert again.flow == imported.flow


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_lost_on_the_way_through_our_own_format(path: Path) -> None:
    imported = read_any(path.read_bytes())
    ours = cx.read(cx.write(imported.flow, name="x"))
    written, before = (json.loads(twilio.write(each.flow)) for each in (ours, imported))
    for document in (written, before):
        states = document.get("definition", document)["states"]
        states.sort(key=lambda state: json.dumps(state, sort_keys=True))
    assert written == before


def test_real_flows_are_understood() -> None:
    if not REAL:
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    flows = [read_any(path.read_bytes()).flow for path in REAL]
    kinds = [each.kind for flow in flows for each in flow.nodes.values() if each.origin]
    assert kinds.count("foreign") / len(kinds) <= 0.05


def edited(*changes: tuple[tuple[str, ...], Json]) -> dict[str, dict[str, Json]]:
    """The states after changes to the flow's document."""
    flow = studio().flow
    document = msgspec.to_builtins(flow)
    for path, value in changes:
        document = apply(document, [change(document, path, value)])
    return states_in(twilio.write(msgspec.convert(document, Flow)))


def changed(*changes: tuple[tuple[str, ...], Json]) -> dict[str, dict[str, Json]]:
    before = states_in(twilio.write(studio().flow))
    return {name: state for name, state in edited(*changes).items() if state != before.get(name)}


def test_a_property_is_written_into_its_widget_and_nothing_else_is() -> None:
    said: Json = [{"type": "text", "text": "Bye {tries} {caller}"}]
    after = changed((("nodes", "goodbye", "props", "prompt"), said))
    assert after.keys() == {"goodbye"}
    assert after["goodbye"]["properties"] == {
        "offset": {"x": 800, "y": 660},
        "loop": 2,
        "say": "Bye {{flow.variables.tries}} {{trigger.call.From}}",
    }


def test_a_number_stays_a_text_where_the_file_has_one() -> None:
    after = changed((("nodes", "ask-language", "props", "max_digits"), 4))
    properties = after["ask-language"]["properties"]
    assert isinstance(properties, dict)
    assert properties["number_of_digits"] == "4"
    assert properties["hints"] == "english"


def test_a_link_is_written_into_its_transition() -> None:
    after = changed((("links", "goodbye", "next"), "count"))
    assert after["goodbye"]["transitions"] == [{"next": "count", "event": "audioComplete"}]


def test_a_case_is_written_with_what_the_file_said_of_it() -> None:
    cases: Json = [{"id": "c1", "label": "", "operator": "starts", "value": "2"}]
    after = changed((("nodes", "by_language", "props", "cases"), cases))
    transitions = after["by_language"]["transitions"]
    assert isinstance(transitions, list)
    assert transitions[1] == {
        "next": "fetch",
        "event": "match",
        "conditions": [
            {
                "friendly_name": "If value starts_with 2",
                "arguments": ["{{widgets.ask-language.Digits}}"],
                "type": "starts_with",
                "value": "2",
                "note": "kept",
            }
        ],
    }
    assert len(transitions) == 2


def test_variables_are_written_under_their_names_in_studio() -> None:
    rows: Json = [{"variable": "tries", "expression": "tries + 2"}]
    after = changed((("nodes", "count", "props", "assignments"), rows))
    properties = after["count"]["properties"]
    assert isinstance(properties, dict)
    assert properties["variables"] == [
        {"key": "tries", "value": "{{flow.variables.tries | plus: 2}}", "index": "0"}
    ]


def test_what_liquid_cannot_say_is_told_and_not_written() -> None:
    flow = studio().flow
    before = flow.nodes[NodeId("by_language")]
    after = msgspec.structs.replace(before, props=before.props | {"operand": "weekday(now)"})
    nodes = {**flow.nodes, before.id: after}
    written = twilio.written(msgspec.structs.replace(flow, nodes=nodes))
    assert [note.key for note in written.notes] == ["import.twilio-unsayable"]


def test_a_move_changes_the_place_alone() -> None:
    after = changed((("nodes", "pay", "x"), 99.0))
    assert after["pay"]["properties"] == {"offset": {"x": 99, "y": 1100}, "currency": "eur"}
    assert after["pay"]["colour"] == "blue"
