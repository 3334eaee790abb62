"""Which variables nodes set and read."""

import pytest
from hypothesis import given

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import KINDS, exits_of, kind_of
from cx_desktop.domain.flow.variables import (
    PREDEFINED,
    Assigned,
    assigned_by,
    covers,
    is_predefined,
    read_by,
)
from cx_desktop.domain.patch import Document, Json
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.strategies import flows


def node(kind: str, **props: Json) -> Node:
    document: Document = props
    return Node(NodeId("n"), kind, props=document)


def sets(kind: str, **props: Json) -> dict[str, list[str] | None]:
    return {
        each.name: None if each.exits is None else list(each.exits)
        for each in assigned_by(node(kind, **props))
    }


def reads(kind: str, **props: Json) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in read_by(node(kind, **props)):
        found.setdefault(each.property, set()).add(each.name)
    return found


def test_what_a_node_sets_and_where() -> None:
    assert sets("collect") == {"digits": ["ok"]}
    assert sets("menu", keys=["1", "*"], result_variable="choice") == {"choice": ["key_1", "key_*"]}
    assert sets("menu") == {}
    assert sets("voicebot", outcomes=[{"id": "a"}], result_variable="x") == {
        "x": ["case:a", "no_match"]
    }
    rows = [{"variable": "a", "expression": "1"}, {"variable": " "}, {"variable": "b"}]
    assert sets("set_var", assignments=rows) == {"a": ["next"], "b": ["next"]}
    assert sets("lookup", mapping=[{"path": "$.x", "variable": "x"}]) == {"x": ["ok"]}
    assert sets("lookup", source="function") == {"$.External.*": ["ok"]}
    assert sets("loop", counter="turn") == {"turn": None}
    outputs = [{"variable": "a", "expression": "b"}]
    assert sets("subflow", outputs=outputs) == {"a": ["next"]}
    assert sets("subflow", outputs=outputs, outcomes=[{"id": "x"}]) == {"a": ["case:x"]}
    assert sets("set_queue", queue="q1") == {"queue": ["next"]}
    assert sets("repeat_caller") == {"repeat_caller": None}
    assert sets("play") == {}


def test_a_step_of_another_product_may_set_anything() -> None:
    origin = Origin("twilio-studio", "run-function", exits=(ExitId("success"),))
    foreign = Node(NodeId("f"), "foreign", origin=origin)
    assert assigned_by(foreign) == (Assigned("*"),)
    assert covers("*", "anything")
    assert covers("$.External.*", "$.External.name")
    assert not covers("$.External.*", "$.Attributes.name")
    assert covers("a", "a")
    assert not covers("a", "ab")
    assert covers("language", "$.Attributes.language")


@pytest.mark.parametrize(
    ("kind", "props", "expected"),
    [
        ("play", {"prompt": [{"type": "text", "text": "{a} et {len(b)}"}]}, {"prompt": {"a", "b"}}),
        ("play", {"prompt": [{"type": "say_as", "text": "{date}"}]}, {"prompt": {"date"}}),
        ("play", {"prompt": [{"type": "ssml", "text": "<p>{a}</p>{ }"}]}, {"prompt": {"a"}}),
        ("play", {"prompt": [{"type": "audio", "ref": "p"}]}, {}),
        ("play", {"prompt": [{"type": "text", "text": "{a"}]}, {}),
        ("menu", {"retry_prompts": [[{"type": "text", "text": "{a}"}]]}, {"retry_prompts": {"a"}}),
        ("switch", {"operand": "a & b"}, {"operand": {"a", "b"}}),
        (
            "switch",
            {"operand": "a", "cases": [{"id": "1", "operator": "equals", "value": "{b}"}]},
            {"operand": {"a"}, "cases": {"b"}},
        ),
        ("switch", {"cases": [{"id": "1", "operator": "matches", "value": "x{2}{n}"}]}, {}),
        (
            "set_var",
            {"assignments": [{"variable": "a", "expression": "a + 1"}, {"variable": "b"}]},
            {"assignments": {"a"}},
        ),
        (
            "lookup",
            {
                "url": "https://x.example/{a}",
                "body": '{"b": "{b}"}',
                "headers": [{"name": "X", "value": "{c}"}],
            },
            {"url": {"a"}, "body": {"b"}, "headers": {"c"}},
        ),
        ("lookup", {"url": "$.External.url"}, {"url": {"$.External.url"}}),
        ("lookup", {"source": "sql", "query": "SELECT {a}", "url": "{b}"}, {"query": {"a"}}),
        ("send_sms", {"message": "{a}"}, {"recipient": {"caller"}, "message": {"a"}}),
        (
            "send_email",
            {"email_to": "{a}", "subject": "{b}"},
            {"email_to": {"a"}, "subject": {"b"}},
        ),
        ("transfer_number", {"number": "+33199001234"}, {}),
        ("transfer_number", {"number": "{a}"}, {"number": {"a"}}),
        ("transfer_number", {"number": "if vip then a else b"}, {"number": {"vip", "a", "b"}}),
        ("collect", {"validation": "pattern", "expected_pattern": r"\p{L}{n}"}, {}),
        ("subflow", {"inputs": [{"variable": "x", "expression": "a"}]}, {"inputs": {"a"}}),
        ("subflow", {"outputs": [{"variable": "x", "expression": "a"}]}, {}),
        ("return", {"values": [{"variable": "x", "expression": "a"}]}, {"values": {"a"}}),
        ("log", {"label": "État {etat}"}, {"label": {"etat"}}),
    ],
)
def test_what_a_node_reads(kind: str, props: Document, expected: dict[str, set[str]]) -> None:
    assert reads(kind, **props) == expected


def test_every_call_has_some_variables() -> None:
    assert is_predefined("caller")
    assert is_predefined("$.CustomerEndpoint.Address")
    assert not is_predefined("$.Attributes.name")
    assert not is_predefined("digits")
    for language in Language:
        catalogue = Catalogue(resources() / "text", language)
        assert all(catalogue.has(f"variable.{name}") for name in PREDEFINED)


@given(flows())
def test_any_node_tells_what_it_sets_and_reads(flow: Flow) -> None:
    for each in flow.nodes.values():
        exits = {way.id for way in exits_of(each)}
        for assigned in assigned_by(each):
            assert assigned.name
            assert assigned.exits is None or set(assigned.exits) <= exits
        declared = {prop.name for prop in kind_of(each).properties}
        for read in read_by(each):
            assert read.name
            assert read.property in declared


def test_every_property_that_names_a_variable_is_set_somewhere() -> None:
    """A kind that stores something says so: nobody forgets a new property of this type."""
    for kind in KINDS.values():
        for each in kind.properties:
            if each.type is FieldType.VARIABLE:
                props: Document = {each.name: "stored"}
                found = assigned_by(Node(NodeId("n"), kind.id, props=props))
                assert "stored" in {assigned.name for assigned in found}, (kind.id, each.name)
