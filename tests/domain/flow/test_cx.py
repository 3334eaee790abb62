"""Our own flow files: one written form per flow, read back equal, refused with a place."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from cx_desktop.domain.flow.formats import ImportNote, Unreadable, cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId, Origin
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.references import Context, to_ids
from tests.domain.flow.strategies import flows

FILE = """\
format: 1
name: Accueil
description: Le premier contact.
settings:
  operator: queue
nodes:
  start:
    kind: start
    exits:
      next: menu
  menu:
    kind: menu
    title: Menu principal
    props:
      prompt:
      - type: text
        text: Tapez 1.
      keys:
      - '1'
    exits:
      key_1: queue
      no_input: menu
  queue:
    kind: transfer_queue
    props:
      queue: Ventes
notes:
  comment:
    kind: comment
    text: À revoir
positions:
  nodes:
    start: [0, 0]
    menu: [280, 0]
    queue: [560, 12.5]
  notes:
    comment: [0, -100, 240, 96]
"""
VENTES = Context(queues={"q1": "Ventes"})


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        cx.read(text.encode())
    return caught.value


def test_a_file_is_read() -> None:
    found = cx.read(FILE.encode())
    assert (found.format, found.name, found.description) == ("cx", "Accueil", "Le premier contact.")
    assert found.notes == ()
    assert found.flow == Flow(
        {"operator": "queue"},
        {
            NodeId("start"): Node(NodeId("start"), "start"),
            NodeId("menu"): Node(
                NodeId("menu"),
                "menu",
                "Menu principal",
                {"prompt": [{"type": "text", "text": "Tapez 1."}], "keys": ["1"]},
                280.0,
            ),
            NodeId("queue"): Node(
                NodeId("queue"), "transfer_queue", "", {"queue": "Ventes"}, 560.0, 12.5
            ),
        },
        {
            NodeId("start"): {ExitId("next"): NodeId("menu")},
            NodeId("menu"): {ExitId("key_1"): NodeId("queue"), ExitId("no_input"): NodeId("menu")},
        },
        {NoteId("comment"): Note(NoteId("comment"), "comment", "À revoir", 0.0, -100.0)},
    )


def test_a_flow_is_written_with_names_for_ids() -> None:
    flow = to_ids(cx.read(FILE.encode()).flow, VENTES)
    assert flow.nodes[NodeId("queue")].props == {"queue": "q1"}
    written = cx.write(flow, VENTES, name="Accueil", description="Le premier contact.")
    assert written.decode() == FILE


def test_the_written_form_does_not_depend_on_the_order_things_came_in() -> None:
    flow = cx.read(FILE.encode()).flow
    menu = flow.nodes[NodeId("menu")]
    turned = Flow(
        flow.meta,
        dict(reversed(flow.nodes.items()))
        | {menu.id: replace(menu, props=dict(reversed(menu.props.items())))},
        {node: dict(reversed(ways.items())) for node, ways in reversed(flow.links.items())},
        flow.notes,
    )
    assert cx.write(turned) == cx.write(flow)


def test_ids_are_sorted_as_people_count() -> None:
    names = ["menu_10", "menu_2", "start", "menu"]
    flow = Flow(nodes={NodeId(n): Node(NodeId(n), n.split("_")[0]) for n in names})
    lines = cx.write(flow).decode().splitlines()
    assert [line.strip(" :") for line in lines if line.startswith("  ") and line.endswith(":")][
        :4
    ] == ["start", "menu", "menu_2", "menu_10"]


def test_moving_a_step_changes_one_line() -> None:
    flow = cx.read(FILE.encode()).flow
    menu = replace(flow.nodes[NodeId("menu")], x=300.0)
    before = cx.write(flow).decode().splitlines()
    after = cx.write(replace(flow, nodes=flow.nodes | {menu.id: menu})).decode().splitlines()
    assert [line for line in after if line not in before] == ["    menu: [300, 0]"]


def test_a_step_of_a_newer_program_keeps_its_exits_linked_or_not() -> None:
    text = """\
format: 1
nodes:
  start:
    kind: start
    exits:
      next: t
  t:
    kind: teleport
    props:
      where: Mars
    exits:
      there: null
      back: start
positions:
  nodes:
    start: [0, 0]
    t: [0, 0]
"""
    found = cx.read(text.encode())
    node = found.flow.nodes[NodeId("t")]
    assert [each.id for each in exits_of(node)] == ["there", "back"]
    assert found.notes == (ImportNote("import.cx-unknown-kind", {"kind": "teleport"}, "t"),)
    assert cx.write(found.flow).decode() == text


def test_what_another_product_said_of_a_step_is_kept_verbatim() -> None:
    origin = Origin("connect-flowlang", "Odd", {"b": [1, {"a": None}], "a": "x"}, (ExitId("ok"),))
    node = Node(NodeId("f"), "foreign", origin=origin)
    assert cx.read(cx.write(Flow(nodes={node.id: node}))).flow.nodes[node.id] == node


def test_what_the_flow_cannot_hold_is_told() -> None:
    text = FILE.replace("    kind: start\n", "    kind: start\n    colour: red\n").replace(
        "key_1: queue", "key_1: gone"
    )
    assert cx.read(f"{text}author: Léa\n".encode()).notes == (
        ImportNote("import.cx-unknown-field", {"field": "author"}),
        ImportNote("import.cx-unknown-field", {"field": "colour"}, "start"),
        ImportNote("import.cx-lost-target", {"target": "gone"}, "menu"),
    )


@pytest.mark.parametrize(
    ("change", "what", "place", "line"),
    [
        (("format: 1", "format: 2"), "newer", "format", 1),
        (("format: 1", "format: one"), "no-format", "format", 1),
        (("format: 1", "format: 0"), "no-format", "format", 1),
        (("format: 1", "format: true"), "no-format", "format", 1),
        (("format: 1\n", ""), "no-format", "format", 1),
        (("kind: menu", "kind: 12"), "shape", "nodes.menu.kind", 12),
        (("    kind: menu\n", ""), "shape", "nodes.menu", 11),
        (("title: Menu principal", "title: [a]"), "shape", "nodes.menu.title", 13),
        (("no_input: menu", "no_input: 3"), "shape", "nodes.menu.exits", 20),
        (("menu: [280, 0]", "menu: [280]"), "shape", "positions.nodes", 32),
        (("text: À revoir", "text: 3"), "shape", "notes.comment.text", 30),
        (("name: Accueil", "name: {}"), "shape", "name", 2),
        (("settings:\n  operator: queue", "settings: 3"), "shape", "settings", 4),
        (("Menu principal", "Menu: principal"), "syntax", "13:16", 13),
    ],
)
def test_what_is_not_a_flow_is_refused_with_its_place(
    change: tuple[str, str], what: str, place: str, line: int
) -> None:
    refused = refusal(FILE.replace(*change))
    assert (refused.key, refused.place, refused.line) == (f"problem.flow-file-{what}", place, line)


def test_what_has_no_position_stands_at_the_origin() -> None:
    bare = cx.read(FILE[: FILE.index("positions:")].encode()).flow
    assert {(node.x, node.y) for node in bare.nodes.values()} == {(0.0, 0.0)}
    assert bare.notes[NoteId("comment")] == Note(NoteId("comment"), "comment", "À revoir")


def test_a_newer_format_is_refused_with_both_numbers() -> None:
    assert refusal("format: 3").params | {"line": 0, "column": 0} == {
        "place": "format",
        "line": 0,
        "column": 0,
        "version": 3,
        "known": 1,
    }


def test_a_flow_beyond_measure_is_refused() -> None:
    nodes = "".join(f"  n{number}: {{kind: log}}\n" for number in range(cx.MAX_NODES + 1))
    assert refusal(f"format: 1\nnodes:\n{nodes}").key == "problem.flow-file-too-many-nodes"


@given(flows())
def test_write_read_write_is_identical_and_nothing_is_lost(flow: Flow) -> None:
    written = cx.write(flow, name="n", description="d")
    found = cx.read(written)
    assert cx.write(found.flow, name=found.name, description=found.description) == written
    assert found.flow.links == flow.links
    assert found.flow.notes == flow.notes
    assert found.flow.meta == flow.meta
    assert {key: told(node) for key, node in found.flow.nodes.items()} == {
        key: told(node) for key, node in flow.nodes.items()
    }


def told(node: Node) -> Node:
    """A node without the origin that our own file gives to an unknown kind."""
    is_own = node.origin is not None and node.origin.format == "cx"
    return replace(node, origin=None) if is_own else node
