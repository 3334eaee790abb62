"""What a publication would change, told by steps and links."""

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId, Slot, document_of
from cx_desktop.domain.flow.summary import (
    LinkChange,
    NodeChange,
    NodeName,
    Summary,
    are_same,
    summary,
)
from cx_desktop.domain.patch import Document, apply, change

NEXT = ExitId("next")


def node(key: str, kind: str, title: str = "") -> Node:
    return Node(NodeId(key), kind, title)


FLOW = Flow(
    nodes={
        NodeId("start"): node("start", "start"),
        NodeId("hello"): node("hello", "play", "Bonjour"),
        NodeId("end"): node("end", "hangup", "Fin"),
    },
    links={NodeId("start"): {NEXT: NodeId("hello")}, NodeId("hello"): {NEXT: NodeId("end")}},
)
OLD = document_of(FLOW)


def after(*changes: tuple[tuple[str, ...], object]) -> Document:
    document = OLD
    for path, value in changes:
        document = apply(document, [change(document, path, value)])
    return document


def test_nothing_changed_is_an_empty_summary() -> None:
    assert summary(OLD, OLD) == Summary()
    assert summary(OLD, OLD).is_empty


def test_spelled_out_parts_change_nothing() -> None:
    assert summary(OLD, {**OLD, "notes": {}, "meta": {}}).is_empty


def test_a_new_flow_is_all_added() -> None:
    told = summary({}, OLD)
    assert [each.node for each in told.added] == ["start", "hello", "end"]
    assert [(each.title, each.old, each.new) for each in told.links] == [
        ("start", "", "Bonjour"),
        ("Bonjour", "", "Fin"),
    ]


def test_fields_of_a_node_are_named_once() -> None:
    new = after(
        (("nodes", "hello", "title"), "Bienvenue"),
        (("nodes", "hello", "props", "repeat"), 2),
        (("nodes", "hello", "x"), 40.0),
    )
    assert summary(OLD, new).changed == (
        NodeChange(NodeId("hello"), "Bienvenue", "play", ("title", "repeat")),
    )


def test_a_moved_node_is_only_drawn_elsewhere() -> None:
    told = summary(OLD, after((("nodes", "hello", "x"), 40.0), (("nodes", "hello", "y"), 8.0)))
    assert (told.moved, told.is_heard, told.is_empty) == (1, False, False)


def test_a_link_tells_where_it_led_and_where_it_leads() -> None:
    told = summary(OLD, after((("links", "start", "next"), "end")))
    assert told.links == (LinkChange(Slot(NodeId("start"), NEXT), "start", "Bonjour", "Fin"),)


def test_the_links_of_a_removed_node_go_without_a_word() -> None:
    new = Flow(
        nodes={key: each for key, each in FLOW.nodes.items() if key != "hello"},
        links={NodeId("start"): {NEXT: NodeId("end")}},
    )
    told = summary(OLD, document_of(new))
    assert told.removed == (NodeName(NodeId("hello"), "Bonjour", "play"),)
    assert [each.slot.node for each in told.links] == ["start"]


def test_settings_and_notes_are_counted() -> None:
    note = Note(NoteId("n1"), text="À revoir")
    new = {**after((("meta", "spoken_language"), "en-GB")), "notes": {"n1": document_of_note(note)}}
    told = summary(OLD, new)
    assert (told.settings, told.notes, told.is_heard) == (("spoken_language",), 1, True)


def document_of_note(note: Note) -> Document:
    return {"id": note.id, "text": note.text}


def test_a_flow_edited_there_and_back_again_is_the_same() -> None:
    away = after((("nodes", "start", "title"), "Entrée"), (("nodes", "start", "x"), 40.0))
    back = apply(away, [change(away, ("nodes", "start", "title"), "")])
    back = apply(back, [change(back, ("nodes", "start", "x"), 0)])
    assert not are_same(OLD, away)
    assert back != OLD
    assert are_same(OLD, back)
    assert are_same(OLD, {**OLD, "meta": {}, "links": {**OLD["links"], "end": {}}})  # type: ignore[dict-item]


def test_another_drawing_or_setting_is_not_the_same() -> None:
    assert not are_same(OLD, after((("nodes", "hello", "y"), 12.0)))
    assert not are_same(OLD, after((("meta", "language"), "fr-FR")))
    assert not are_same(OLD, after((("links", "hello", "next"), "start")))
