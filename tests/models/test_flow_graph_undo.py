"""Any sequence of gestures: undo all of them is the start, redo all of them the end."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import ExitId, Link, NodeId, Slot
from cx_desktop.domain.flow.kinds import exits_of
from tests.fakes.drawing import flow_of
from tests.models.open_flow import OpenObject

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURE = """
start -next→ menu
menu -1→ play / -2→ help / -no_input→ menu
play -next→ help
help (hangup)
"""
KINDS = ("play", "menu", "hangup", "random", "schedule")
TITLES = ("", "A", "Accueil")

pytestmark = pytest.mark.usefixtures("qapp")

Gesture = tuple[str, int, int]

gesture = st.tuples(
    st.sampled_from(
        (
            "add",
            "add-after",
            "insert",
            "delete",
            "duplicate",
            "cut-paste",
            "move",
            "link",
            "unlink",
            "title",
            "type",
            "keys",
            "note",
            "frame",
            "undo",
            "redo",
        )
    ),
    st.integers(0, 1000),
    st.integers(0, 1000),
)


def do(flow: OpenObject, name: str, one: int, other: int) -> None:
    """Make one gesture on whatever the numbers point to."""
    nodes, links = list(flow.model.flow.nodes), list(flow.model.flow.each_link())
    node = nodes[one % len(nodes)] if nodes else None
    link = links[other % len(links)] if links else None
    if name in {"undo", "redo"}:
        (flow.undo if name == "undo" else flow.redo)()
    elif name == "add":
        flow.editing.add(KINDS[one % len(KINDS)], (float(one), float(other)))
    elif name == "note":
        flow.editing.add_note((float(one), float(other)), "note")
    elif node is not None:
        _on_node(flow, name, node, other)
        if link is not None:
            _on_link(flow, name, link, one)


def _on_node(flow: OpenObject, name: str, node: NodeId, number: int) -> None:
    nodes = list(flow.model.flow.nodes)
    flow.selection.select({node, nodes[number % len(nodes)]})
    editing, place = flow.editing, (float(number), float(number % 7))
    keys = [str(key) for key in range(number % 4)]
    deeds: dict[str, Callable[[], object]] = {
        "delete": editing.delete,
        "duplicate": editing.duplicate,
        "cut-paste": lambda: _cut_and_paste(flow, place),
        "move": lambda: editing.move({node: place}),
        "title": lambda: editing.set_title(node, TITLES[number % 3]),
        "type": lambda: editing.set_title(node, TITLES[number % 3], merge=("t", node)),
        "keys": lambda: editing.set_prop([node], "keys", keys),
        "frame": lambda: editing.frame("cadre"),
    }
    if name in deeds:
        deeds[name]()
        return
    ways = exits_of(flow.model.flow.nodes[node])
    if ways and name in {"link", "add-after"}:
        slot = Slot(node, ways[number % len(ways)].id)
        if name == "link":
            editing.link(slot, nodes[number % len(nodes)])
        else:
            editing.add(KINDS[number % len(KINDS)], (0.0, 0.0), after=slot)


def _cut_and_paste(flow: OpenObject, place: tuple[float, float]) -> None:
    text = flow.editing.copy()
    flow.editing.delete()
    flow.editing.paste(text, place)


def _on_link(flow: OpenObject, name: str, link: Link, number: int) -> None:
    match name:
        case "unlink":
            flow.editing.unlink([Slot(link.node, link.exit)])
        case "insert":
            flow.editing.add(KINDS[number % len(KINDS)], (0.0, 0.0), into=link)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(gesture, max_size=14))
def test_undo_all_is_the_start_and_redo_all_the_end(gestures: list[Gesture]) -> None:
    flow = OpenObject(PICTURE)
    start = flow_of(PICTURE)
    for name, one, other in gestures:
        do(flow, name, one, other)
    flow.model.flush()
    stack = flow.model.undo_stack
    while stack.canRedo():
        flow.redo()
    last = flow.model.flow
    while stack.canUndo():
        flow.undo()
    assert flow.model.flow == start
    while stack.canRedo():
        flow.redo()
    assert flow.model.flow == last
    assert flow.refused == []
    assert flow.kept["nodes"] == flow.model.document["nodes"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(gesture, max_size=10))
def test_the_index_of_links_never_differs_from_the_flow(gestures: list[Gesture]) -> None:
    flow = OpenObject(PICTURE)
    for name, one, other in gestures:
        do(flow, name, one, other)
    now = flow.model
    for node in now.flow.nodes:
        assert set(now.links_into(node)) == set(now.flow.links_into(node))


def test_typing_in_two_fields_is_two_steps() -> None:
    flow = OpenObject(PICTURE)
    flow.editing.set_title(NodeId("menu"), "A", merge="one")
    flow.editing.set_title(NodeId("help"), "B", merge="two")
    flow.undo()
    assert flow.model.flow.nodes[NodeId("help")].title == ""
    assert flow.model.flow.nodes[NodeId("menu")].title == "A"


def test_a_step_is_named_by_a_key_of_the_catalogue() -> None:
    flow = OpenObject(PICTURE)
    flow.editing.unlink([Slot(NodeId("menu"), ExitId("key_1"))])
    assert flow.model.undo_stack.undoText() == "editor.step.unlink"
