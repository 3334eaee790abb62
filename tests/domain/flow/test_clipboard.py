"""Copying and pasting pieces of flows, between flows and from anywhere."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.flow import clipboard
from cx_desktop.domain.flow.graph import Flow, Node, NodeId, Note, NoteId, document_of, flow_of
from cx_desktop.domain.patch import Change, apply
from tests.domain.flow.strategies import flows
from tests.fakes import drawing

SHOP = """
    start -next→ menu
    menu -1→ sales / -2→ menu / -no_input→ busy
    sales (transfer_queue) -full→ busy
    busy -next→ hangup
"""


def shop() -> Flow:
    return drawing.flow_of(SHOP)


def ids(*names: str) -> list[NodeId]:
    return [NodeId(name) for name in names]


def pasted(flow: Flow, text: str) -> Flow:
    found = clipboard.paste(text, flow, (0, 0))
    assert found is not None
    return flow.with_changes(found.changes)


def test_a_piece_keeps_the_links_inside_it_and_loses_those_that_leave_it() -> None:
    text = clipboard.copy(shop(), ids("menu", "sales"))
    assert drawing.picture_of(pasted(Flow(), text)) == drawing.drawn("""
        menu -1→ sales / -2→ menu
        sales (transfer_queue)
    """)


def test_pasting_into_the_same_flow_makes_new_ids_and_leads_links_to_the_copies() -> None:
    flow = shop()
    copied = pasted(flow, clipboard.copy(flow, ids("menu", "sales")))
    assert drawing.picture_of(copied) == drawing.drawn(
        SHOP + "\nmenu_2 -1→ sales_2 / -2→ menu_2\nsales_2 (transfer_queue)"
    )


def test_pasting_twice_counts_on() -> None:
    flow = shop()
    text = clipboard.copy(flow, ids("busy"))
    flow = pasted(pasted(flow, text), text)
    assert {"busy", "busy_2", "busy_3"} <= set(flow.nodes)


def test_a_jump_follows_the_copy_of_its_target() -> None:
    jump = Node(NodeId("goto_node"), "goto_node", props={"target": "menu"})
    flow = replace(shop(), nodes=shop().nodes | {jump.id: jump})
    both = pasted(flow, clipboard.copy(flow, ids("goto_node", "menu")))
    assert both.nodes[NodeId("goto_node_2")].props == {"target": "menu_2"}
    alone = pasted(flow, clipboard.copy(flow, ids("goto_node")))
    assert alone.nodes[NodeId("goto_node_2")].props == {"target": "menu"}


def test_the_entry_is_pasted_only_where_there_is_none() -> None:
    text = clipboard.copy(shop(), ids("start", "menu"))
    assert drawing.picture_of(pasted(Flow(), text)) == drawing.drawn("""
        start -next→ menu
        menu -2→ menu
    """)
    assert pasted(shop(), text).start == "start"
    assert "start_2" not in pasted(shop(), text).nodes


def test_the_top_left_corner_lands_where_it_was_dropped() -> None:
    flow = shop()
    flow = flow.with_changes(
        change
        for node, at in (("menu", (100, 50)), ("sales", (40, 80)))
        for change in (
            Change(("nodes", node, "x"), float(at[0])),
            Change(("nodes", node, "y"), float(at[1])),
        )
    )
    found = clipboard.paste(clipboard.copy(flow, ids("menu", "sales")), flow, (1000, 2000))
    assert found is not None
    copied = flow.with_changes(found.changes)
    assert [(copied.nodes[n].x, copied.nodes[n].y) for n in found.nodes] == [
        (1060.0, 2000.0),
        (1000.0, 2030.0),
    ]


def test_notes_are_copied_with_the_nodes() -> None:
    note = Note(NoteId("comment"), text="Nuit", x=5, y=6)
    flow = replace(shop(), notes={note.id: note})
    found = clipboard.duplicate(flow, ids("menu"), [note.id], (10, 20))
    assert found.notes == (NoteId("comment_2"),)
    assert flow.with_changes(found.changes).notes[NoteId("comment_2")] == replace(
        note, id=NoteId("comment_2"), x=15.0, y=26.0
    )


def test_duplicating_leaves_the_entry_alone() -> None:
    found = clipboard.duplicate(shop(), ids("start", "menu"), [], (32, 32))
    assert found.nodes == (NodeId("menu_2"),)


def test_copying_what_is_not_there_gives_an_empty_piece() -> None:
    text = clipboard.copy(shop(), ids("nobody"), [NoteId("nothing")])
    assert clipboard.paste(text, shop(), (0, 0)) == clipboard.Pasted((), (), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour",
        "{",
        "{}",
        '{"cx_flow_piece": 2}',
        '{"cx_flow_piece": 1, "nodes": {"a": {"id": "b", "kind": "play"}}}',
        '{"cx_flow_piece": 1, "nodes": 3}',
        '{"cx_flow_piece": 1, "notes": {"a": {"x": "left"}}}',
        '{"cx_flow_piece": 1, "nodes": {"a": {"id": "a", "kind": "play", "props": '
        + '{"a":' * 5000
        + "1"
        + "}" * 5000
        + "}}}",
        "{" + " " * (16 * 1024 * 1024),
        '{"cx_flow_piece": "\ud800"}',
    ],
    ids=lambda text: text[:30],
)
def test_text_from_anywhere_is_not_pasted(text: str) -> None:
    assert clipboard.paste(text, shop(), (0, 0)) is None


@given(flows(), flows(), st.data())
def test_a_paste_adds_exactly_the_piece_and_touches_nothing_else(
    source: Flow, target: Flow, data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from([*source.nodes]))) if source.nodes else set()
    found = clipboard.paste(clipboard.copy(source, chosen, source.notes), target, (3, 4))
    assert found is not None
    after = flow_of(apply(document_of(target), found.changes))
    assert after == target.with_changes(found.changes)
    kept = [n for n in chosen if source.nodes[n].kind != "start" or target.start is None]
    assert len(after.nodes) == len(target.nodes) + len(kept)
    assert len(after.notes) == len(target.notes) + len(source.notes)
    assert all(after.nodes[key] == node for key, node in target.nodes.items())
    assert all(after.links[key] == ways for key, ways in target.links.items())
    inside = [k for k in source.each_link() if k.node in kept and k.target in kept]
    assert len([*after.each_link()]) == len([*target.each_link()]) + len(inside)


@given(flows())
def test_a_whole_flow_survives_the_clipboard(flow: Flow) -> None:
    piece = clipboard.piece_in(clipboard.copy(flow, flow.nodes, flow.notes))
    assert piece is not None
    assert (piece.nodes, piece.notes) == (flow.nodes, flow.notes)
    assert msgspec.json.decode(clipboard.copy(flow, flow.nodes))
