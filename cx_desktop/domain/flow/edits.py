"""Edits of a flow, as changes of its document; each one leaves a flow that can exist.

Paths are relative to the flow document; bases are filled by ``patch.based`` where the verbatim
document is known.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import UNSET

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId, Slot
from cx_desktop.domain.flow.kinds import KINDS, default_props, kind_of
from cx_desktop.domain.patch import Change, Json

Changes = tuple[Change, ...]
Point = tuple[float, float]


#: The canvas ends here, in pixels from its origin: far enough for any flow, and always a number.
EDGE = 1_000_000.0


def fresh_node_id(flow: Flow, stem: str) -> NodeId:
    """A short id that no node of the flow has: ``menu``, then ``menu_2``."""
    return NodeId(fresh_ids([stem], flow.nodes)[0])


def fresh_note_id(flow: Flow, stem: str = "comment") -> NoteId:
    """A short id that no note of the flow has."""
    return NoteId(fresh_ids([stem], flow.notes)[0])


def fresh_ids(stems: Iterable[str], taken: Iterable[str]) -> list[str]:
    """An id for each stem that is neither taken nor given to another one."""
    known = set(taken)
    numbers: dict[str, int] = {}
    fresh = []
    for each in stems:
        stem = _NUMBER.sub("", each) or each
        name = stem
        while name in known:
            numbers[stem] = numbers.get(stem, 1) + 1
            name = f"{stem}_{numbers[stem]}"
        known.add(name)
        fresh.append(name)
    return fresh


_NUMBER = re.compile(r"_\d+$")


def add_node(flow: Flow, kind: str, at: Point, *, title: str = "") -> tuple[NodeId, Changes]:
    """A new node of a kind, with what it begins with."""
    node = fresh_node_id(flow, kind)
    declared = KINDS.get(kind)
    new = Node(
        node,
        kind,
        title,
        default_props(declared) if declared else {},
        *_point(at),
    )
    return node, put_node(new)


def put_node(node: Node) -> Changes:
    """A node as a whole."""
    return (Change(("nodes", node.id), msgspec.to_builtins(node)),)


def remove(flow: Flow, nodes: Iterable[NodeId] = (), notes: Iterable[NoteId] = ()) -> Changes:
    """Nodes and notes gone, with every link that began or ended there."""
    gone = [node for node in dict.fromkeys(nodes) if node in flow.nodes]
    doomed = set(gone)
    return (
        *(
            Change(("links", link.node, link.exit), UNSET)
            for link in flow.each_link()
            if link.target in doomed and link.node not in doomed
        ),
        *(Change(("links", node, way), UNSET) for node in gone for way in flow.links.get(node, {})),
        *(Change(("nodes", node), UNSET) for node in gone),
        *(Change(("notes", note), UNSET) for note in dict.fromkeys(notes) if note in flow.notes),
    )


def move(flow: Flow, positions: Mapping[NodeId | NoteId, Point]) -> Changes:
    """Nodes and notes at other places; those that stay where they are need no change."""
    return tuple(
        Change((section, key, axis), value)
        for key, at in positions.items()
        for section, thing in (
            ("nodes", flow.nodes.get(NodeId(key))),
            ("notes", flow.notes.get(NoteId(key))),
        )
        if thing is not None
        for axis, value, was in zip("xy", _point(at), (thing.x, thing.y), strict=True)
        if value != was
    )


def _point(at: Point) -> Point:
    return on_canvas(at[0]), on_canvas(at[1])


def on_canvas(value: float) -> float:
    """A coordinate in tenths of a pixel, within the edges of the canvas."""
    return round(max(-EDGE, min(EDGE, float(value))), 1)


def set_title(node: NodeId, title: str) -> Changes:
    """A node called otherwise."""
    return (Change(("nodes", node, "title"), title),)


def set_prop(flow: Flow, node: NodeId, name: str, value: Json) -> Changes:
    """A property of a node set, or with ``UNSET`` back to its default.

    Exits that go with the old value take their links with them; one that is renamed in its label
    only keeps its link, because its id stays.
    """
    before = flow.nodes[node]
    change = Change(("nodes", node, "props", name), value)
    after = flow.with_changes([change]).nodes[node]
    lost = _ways(before) - _ways(after)
    return (
        change,
        *(Change(("links", node, way), UNSET) for way in flow.links.get(node, {}) if way in lost),
    )


def _ways(node: Node) -> set[ExitId]:
    return {each.id for each in kind_of(node).exits_of(node)}


def link(slot: Slot, target: NodeId) -> Changes:
    """An exit that leads to a node, wherever it led before. Ask ``linking.can_link`` first."""
    return (Change(("links", slot.node, slot.exit), target),)


def unlink(*slots: Slot) -> Changes:
    """Exits that lead nowhere."""
    return tuple(Change(("links", slot.node, slot.exit), UNSET) for slot in slots)


def insert_on_link(flow: Flow, slot: Slot, node: Node) -> Changes:
    """A new node in the middle of a link; it goes on by its main exit, or else its first one."""
    after = flow.target(slot.node, slot.exit)
    kind = kind_of(node)
    ways = [each.id for each in kind.exits_of(node)]
    way = kind.main_exit if kind.main_exit in ways else next(iter(ways), None)
    onward = link(Slot(node.id, way), after) if way is not None and after is not None else ()
    return (*put_node(node), *link(slot, node.id), *onward)


def add_note(flow: Flow, kind: str, at: Point, *, text: str = "") -> tuple[NoteId, Changes]:
    """A comment or a frame on the canvas."""
    note = Note(fresh_note_id(flow, kind), kind, text, *_point(at))
    return note.id, put_note(note)


def put_note(note: Note) -> Changes:
    """A note as a whole."""
    return (Change(("notes", note.id), msgspec.to_builtins(note)),)


def set_note(note: NoteId, name: str, value: Json) -> Changes:
    """One field of a note: its text, its colour, its size."""
    return (Change(("notes", note, name), value),)


def set_meta(name: str, value: Json) -> Changes:
    """A setting of the whole flow, or with ``UNSET`` back to its default."""
    return (Change(("meta", name), value),)
