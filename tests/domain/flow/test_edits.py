"""Edits of a flow: what they change, that a flow is left, and that the inverse takes them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from cx_desktop.domain import patch
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.edits import Changes
from cx_desktop.domain.flow.graph import (
    ATOM_DEPTH,
    ExitId,
    Flow,
    Node,
    NodeId,
    Note,
    NoteId,
    Slot,
    document_of,
    flow_of,
)
from cx_desktop.domain.flow.kinds import KINDS
from tests.domain.flow.strategies import flows
from tests.fakes import drawing

SHOP = """
    start -next→ menu
    menu -1→ sales / -2→ help / -no_input→ menu
    sales (transfer_queue) -full→ busy
    help (transfer_queue) -full→ busy
    busy -next→ hangup
"""


def shop() -> Flow:
    return drawing.flow_of(SHOP)


def after(flow: Flow, changes: Changes) -> str:
    return drawing.picture_of(flow.with_changes(changes))


def slot(node: str, way: str) -> Slot:
    return Slot(NodeId(node), ExitId(way))


def test_a_new_node_gets_a_short_id_and_its_defaults() -> None:
    flow = shop()
    node, changes = edits.add_node(flow, "menu", (12.34, -7))
    added = flow.with_changes(changes).nodes[node]
    assert added == Node(NodeId("menu_2"), "menu", "", {"keys": ["1", "2"]}, 12.3, -7.0)


@pytest.mark.parametrize(
    ("stems", "taken", "fresh"),
    [
        (["menu"], [], ["menu"]),
        (["menu", "menu"], [], ["menu", "menu_2"]),
        (["menu"], ["menu", "menu_2"], ["menu_3"]),
        (["menu_7"], ["menu", "menu_7"], ["menu_2"]),
        (["_2"], [], ["_2"]),
        (["a", "a_2", "a"], ["a"], ["a_2", "a_3", "a_4"]),
    ],
)
def test_fresh_ids_count_up_from_their_stem(
    stems: list[str], taken: list[str], fresh: list[str]
) -> None:
    assert edits.fresh_ids(stems, taken) == fresh


def test_removing_a_node_takes_its_links_along_on_both_sides() -> None:
    flow = shop()
    assert after(flow, edits.remove(flow, [NodeId("sales"), NodeId("menu")])) == drawing.drawn("""
        start
        help (transfer_queue) -full→ busy
        busy -next→ hangup
    """)


def test_removing_touches_single_slots_so_that_another_edit_of_the_node_is_not_lost() -> None:
    flow = shop()
    changes = edits.remove(flow, [NodeId("sales")])
    assert {each.path for each in changes} == {
        ("links", "menu", "key_1"),
        ("links", "sales", "full"),
        ("nodes", "sales"),
    }


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert edits.remove(shop(), [NodeId("nobody")], [NoteId("nothing")]) == ()


def test_a_note_is_added_changed_and_removed() -> None:
    flow = shop()
    note, changes = edits.add_note(flow, "frame", (5, 6), text="Nuit")
    flow = flow.with_changes(changes)
    assert flow.notes[note] == Note(NoteId("frame"), "frame", "Nuit", 5.0, 6.0)
    flow = flow.with_changes(edits.set_note(note, "text", "Jour"))
    assert flow.notes[note].text == "Jour"
    assert edits.add_note(flow, "frame", (0, 0))[0] == "frame_2"
    assert not flow.with_changes(edits.remove(flow, notes=[note])).notes


def test_moving_writes_only_the_axes_that_moved() -> None:
    flow = shop()
    changes = edits.move(flow, {NodeId("menu"): (10.04, 0.0), NodeId("gone"): (1, 1)})
    assert changes == (patch.Change(("nodes", "menu", "x"), 10.0),)


def test_moving_notes_and_nodes_together() -> None:
    flow = shop()
    note, changes = edits.add_note(flow, "comment", (0, 0))
    flow = flow.with_changes(changes)
    assert [each.path for each in edits.move(flow, {NodeId("menu"): (1, 2), note: (3, 0)})] == [
        ("nodes", "menu", "x"),
        ("nodes", "menu", "y"),
        ("notes", "comment", "x"),
    ]


@pytest.mark.parametrize("far", [1e12, -1e12, float("inf"), float("-inf")])
def test_nothing_leaves_the_canvas(far: float) -> None:
    assert abs(edits.on_canvas(far)) == edits.EDGE


def test_removing_a_key_takes_its_link_along_and_keeps_the_others() -> None:
    flow = shop()
    assert after(flow, edits.set_prop(flow, NodeId("menu"), "keys", ["2", "3"])) == drawing.drawn(
        SHOP.replace("-1→ sales / ", "")
    )


def test_renaming_a_case_keeps_its_link() -> None:
    flow = drawing.flow_of("start -next→ switch\nswitch -default→ hangup")
    node = NodeId("switch")
    case = {"id": "a", "label": "Paris", "operator": "equals", "value": "75"}
    flow = flow.with_changes(edits.set_prop(flow, node, "cases", [case]))
    flow = flow.with_changes(edits.link(slot("switch", "case:a"), NodeId("hangup")))
    changes = edits.set_prop(flow, node, "cases", [case | {"label": "Île-de-France"}])
    assert flow.with_changes(changes).links[node][ExitId("case:a")] == "hangup"


def test_a_property_goes_back_to_its_default() -> None:
    flow = shop()
    changes = edits.set_prop(flow, NodeId("menu"), "max_tries", 0)
    flow = flow.with_changes(changes)
    flow = flow.with_changes(edits.set_prop(flow, NodeId("menu"), "max_tries", UNSET))
    assert "max_tries" not in flow.nodes[NodeId("menu")].props


def test_linking_anew_and_unlinking() -> None:
    flow = shop()
    flow = flow.with_changes(edits.link(slot("menu", "key_1"), NodeId("help")))
    flow = flow.with_changes(edits.unlink(slot("menu", "no_input"), slot("sales", "full")))
    assert drawing.picture_of(flow) == drawing.drawn("""
        start -next→ menu
        menu -1→ help / -2→ help
        sales (transfer_queue)
        help (transfer_queue) -full→ busy
        busy -next→ hangup
    """)


def test_a_node_put_into_a_link_goes_on_where_the_link_led() -> None:
    flow = shop()
    message = Node(NodeId("wait"), "wait")
    assert after(flow, edits.insert_on_link(flow, slot("menu", "key_1"), message)) == drawing.drawn(
        SHOP.replace("-1→ sales", "-1→ wait") + "\nwait -next→ sales"
    )


@pytest.mark.parametrize(
    ("kind", "way"), [("schedule", "open"), ("switch", "default"), ("random", "case:a")]
)
def test_a_node_with_several_exits_goes_on_by_its_main_one(kind: str, way: str) -> None:
    flow = shop()
    _node, changes = edits.add_node(flow, kind, (0, 0))
    added = flow.with_changes(changes).nodes[_node]
    flow = flow.with_changes(edits.insert_on_link(flow, slot("menu", "key_1"), added))
    assert flow.links[_node] == {way: "sales"}


def test_an_end_put_into_a_link_leads_nowhere() -> None:
    flow = shop()
    end = Node(NodeId("hangup_2"), "hangup")
    flow = flow.with_changes(edits.insert_on_link(flow, slot("menu", "key_1"), end))
    assert flow.target(NodeId("menu"), ExitId("key_1")) == "hangup_2"
    assert NodeId("hangup_2") not in flow.links


def test_settings_of_the_flow_are_set_and_left_to_their_default() -> None:
    flow = shop().with_changes(edits.set_meta("operator", "help"))
    assert flow.meta == {"operator": "help"}
    assert flow.with_changes(edits.set_meta("operator", UNSET)).meta == {}


@st.composite
def edited(draw: st.DrawFn) -> tuple[Flow, Changes]:
    """A flow and one edit of it."""
    flow = draw(flows())
    node = draw(st.sampled_from([*flow.nodes])) if flow.nodes else None
    kind = draw(st.sampled_from([*KINDS]))
    fresh, added = edits.add_node(flow, kind, draw(st.tuples(st.floats(), st.floats())))
    options: list[Changes] = [
        added,
        edits.remove(flow, draw(st.sets(st.sampled_from([*flow.nodes, fresh]))), flow.notes),
        edits.add_note(flow, "comment", (1, 2), text="x")[1],
        edits.set_meta("operator", node or "x"),
        edits.move(flow, dict.fromkeys([*flow.nodes, *flow.notes], (3.0, 4.0))),
    ]
    if node is not None:
        name = draw(st.sampled_from([*(p.name for p in KINDS[kind].properties), "other"]))
        options += [
            edits.set_title(node, "Neuf"),
            edits.set_prop(flow, node, name, draw(st.sampled_from([UNSET, 0, [], "x"]))),
            edits.link(Slot(node, ExitId("next")), fresh),
            edits.insert_on_link(flow, Slot(node, ExitId("next")), Node(fresh, kind)),
        ]
    return flow, draw(st.sampled_from(options))


@given(edited())
def test_every_edit_is_taken_back_by_its_inverse(case: tuple[Flow, Changes]) -> None:
    flow, changes = case
    document = document_of(flow)
    known = patch.based(document, changes)
    done = patch.apply(document, known)
    assert flow_of(patch.apply(done, patch.inverse(known))) == flow_of(document)


@given(edited())
def test_every_edit_leaves_a_flow_and_writes_atoms_or_whole_entries(
    case: tuple[Flow, Changes],
) -> None:
    flow, changes = case
    changed = flow.with_changes(changes)
    assert flow_of(document_of(changed)) == changed
    assert changed == flow_of(patch.apply(document_of(flow), changes))
    for each in changes:
        whole = each.path[0] in {"nodes", "notes"} and len(each.path) == 2
        assert whole or len(each.path) <= ATOM_DEPTH[each.path[0]]
