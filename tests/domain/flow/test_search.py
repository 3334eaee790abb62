"""Finding words in a flow: whatever their accents and case, wherever they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import Flow, Node, NodeId, Note, NoteId
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.search import Match, find, plain
from tests.domain.flow.strategies import flows

FLOW = Flow(
    nodes={
        NodeId("menu"): Node(
            NodeId("menu"),
            "menu",
            "Menu principal",
            {
                "prompt": [{"type": "text", "text": "Pour l’été, tapez 1.\nSinon, tapez 2."}],
                "keys": ["1", "2"],
                "key_labels": [{"key": "1", "label": "Cœur de gamme"}],
                "max_tries": 4,
            },
        ),
        NodeId("queue"): Node(NodeId("queue"), "transfer_queue", props={"queue": "q1"}),
    },
    notes={NoteId("n"): Note(NoteId("n"), text="À revoir en décembre")},
)
KNOWN = Context(queues={"q1": "Réclamations"})


@pytest.mark.parametrize(
    ("needle", "expected"),
    [
        ("PRINCIPAL", [("menu", "")]),
        ("l'ete", [("menu", "prompt")]),
        ("1. sinon", [("menu", "prompt")]),
        ("coeur", [("menu", "key_labels"), ("menu", "")]),
        ("4", [("menu", "max_tries")]),
        ("reclam", [("queue", "queue")]),
        ("q1", [("queue", "queue")]),
        ("queue", [("queue", "id")]),
        ("decembre", [(None, "")]),
        ("  ", []),
        ("introuvable", []),
    ],
)
def test_words_are_found_in_titles_values_exits_references_and_notes(
    needle: str, expected: list[tuple[str | None, str]]
) -> None:
    assert [(each.node, each.property) for each in find(FLOW, needle, KNOWN)] == expected


def test_a_node_without_a_title_is_found_by_what_it_is_called() -> None:
    found = find(FLOW, "groupe", title=lambda node: node.title or "Groupe")
    assert found == (Match("Groupe", node=NodeId("queue")),)


def test_what_was_found_is_shown_with_the_text_around_it() -> None:
    note = Note(NoteId("n"), text="a" * 60 + " Été \n" + "b" * 60)
    (match,) = find(Flow(notes={note.id: note}), "ete")
    assert match == Match(f"…{'a' * 39} Été {'b' * 38}…", note=NoteId("n"))


@given(flows(), st.text(max_size=3))
def test_any_words_can_be_looked_for_in_any_flow(flow: Flow, needle: str) -> None:
    for match in find(flow, needle):
        assert (match.node in flow.nodes) != (match.note in flow.notes)


@given(st.text())
def test_the_plain_form_is_made_letter_by_letter(text: str) -> None:
    assert len(plain(text)) == sum(len(plain(letter)) for letter in text)
    assert plain(plain(text)) == plain(plain(plain(text)))
