"""What Connect refers to is a variable of ours, in values, conditions, numbers and texts."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import Template, parse, variables_of
from cx_desktop.domain.flow.formats import connect
from cx_desktop.domain.flow.formats.connect import formulas
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json
from tests.domain.formats.samples import steps_in

PLAYS: Document = {
    "Version": "2019-10-30",
    "StartAction": "hello",
    "Actions": [
        {
            "Identifier": "hello",
            "Type": "MessageParticipant",
            "Parameters": {
                "Text": "Bonjour $.Attributes.prenom, {vous} avez $.External.n messages."
            },
            "Transitions": {"NextAction": "set"},
        },
        {
            "Identifier": "set",
            "Type": "UpdateContactAttributes",
            "Parameters": {"Attributes": {"a": "$.Attributes.prenom", "b": "du texte", "c": "3"}},
            "Transitions": {"NextAction": "call"},
        },
        {
            "Identifier": "call",
            "Type": "TransferParticipantToThirdParty",
            "Parameters": {"ThirdPartyPhoneNumber": "$.Attributes.numero"},
            "Transitions": {},
        },
    ],
}
FILE = json.dumps(PLAYS).encode()


def with_prop(node: str, name: str, value: Json) -> Document:
    """The step of the file after one property of its node was edited."""
    flow = connect.read(FILE).flow
    edited = flow.nodes[NodeId(node)]
    edited = msgspec.structs.replace(edited, props={**edited.props, name: value})
    flow = msgspec.structs.replace(flow, nodes={**flow.nodes, NodeId(node): edited})
    found = steps_in(json.loads(connect.write(flow)))[node]["Parameters"]
    assert isinstance(found, dict)
    return found


def test_references_are_variables_of_ours() -> None:
    nodes = connect.read(FILE).flow.nodes
    assert nodes[NodeId("hello")].props["prompt"] == [
        {"type": "text", "text": "Bonjour {prenom}, {{vous}} avez {$.External.n} messages."}
    ]
    assert nodes[NodeId("set")].props["assignments"] == [
        {"variable": "a", "expression": "prenom"},
        {"variable": "b", "expression": '"du texte"'},
        {"variable": "c", "expression": '"3"'},
    ]
    assert nodes[NodeId("call")].props["number"] == "numero"


def test_what_was_edited_is_written_in_connects_words() -> None:
    said: Json = [{"type": "text", "text": "Au revoir {nom} {{!}} {caller} {len(nom)}"}]
    assert with_prop("hello", "prompt", said)["Text"] == (
        "Au revoir $.Attributes.nom {!} $.CustomerEndpoint.Address {len(nom)}"
    )
    rows: Json = [{"variable": "a", "expression": "nom"}, {"variable": "b", "expression": "4"}]
    assert with_prop("set", "assignments", rows)["Attributes"] == {
        "a": "$.Attributes.nom",
        "b": "4",
    }
    assert with_prop("call", "number", "caller")["ThirdPartyPhoneNumber"] == (
        "$.CustomerEndpoint.Address"
    )
    assert with_prop("call", "number", "+33199001234")["ThirdPartyPhoneNumber"] == "+33199001234"


@pytest.mark.parametrize(
    ("value", "formula"),
    [
        ("$.CustomerEndpoint.Address", "caller"),
        ("$.System.Stored customer input", "StoredCustomerInput"),
        ("$.Attributes.queue", "$.Attributes.queue"),
        ("$.Attributes.in", "`in`"),
        ("$.Attributes.a-b", "`$.Attributes.a-b`"),
        ("$.Lex.Slots.nom", "$.Lex.Slots.nom"),
        ('dit "oui"', '"dit \\"oui\\""'),
        ("$.", '"$."'),
        ("", '""'),
    ],
)
def test_a_value_is_a_reference_or_a_text(value: str, formula: str) -> None:
    assert formulas.formula_of(value) == formula
    parse(formula)


@given(st.text(alphabet='$.{}`" aAéCustomerEndpoint[0]', max_size=30) | st.text())
def test_any_value_and_text_is_understood(value: str) -> None:
    formula = formulas.formula_of(value)
    assert formulas.formula_of(formulas.value_of(formula)) == formula
    for is_markup in (False, True):
        text = formulas.text_of(value, is_markup=is_markup)
        names = Template.tolerant(text) if is_markup else Template.parse(text)
        assert all(variables_of(each) for each in names.expressions)
        if not is_markup:
            assert formulas.text_of(formulas.words_of(text)) == text
