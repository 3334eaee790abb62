"""Pieces of flows in the clipboard, as a text that survives between flows, windows and programs."""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.edits import Changes, Point, fresh_ids, on_canvas
from cx_desktop.domain.flow.graph import Flow, Node, NodeId, Note, NoteId, flow_of
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.patch import Change, Document

#: Where the text may also be offered under a type of its own.
MIME_TYPE = "application/x-cx-desktop-flow+json"

#: A piece larger than this is not ours, and is not read.
MAX_TEXT = 16 * 1024 * 1024


class Piece(Struct, frozen=True):
    """Nodes, the links between them, and notes, as they lie in the clipboard."""

    cx_flow_piece: Literal[1]
    nodes: dict[str, Document] = {}
    links: dict[str, dict[str, str]] = {}
    notes: dict[str, Document] = {}


class Pasted(Struct, frozen=True):
    """What a paste adds: its changes, and the new nodes and notes to be selected."""

    changes: Changes
    nodes: tuple[NodeId, ...]
    notes: tuple[NoteId, ...]


def copy(flow: Flow, nodes: Iterable[NodeId], notes: Iterable[NoteId] = ()) -> str:
    """Nodes and notes as a text, with the links that run between the nodes."""
    wanted = set(nodes)
    chosen = {key: node for key, node in flow.nodes.items() if key in wanted}
    piece = Piece(
        1,
        nodes={key: msgspec.to_builtins(node) for key, node in chosen.items()},
        links={
            key: inside
            for key in chosen
            if (
                inside := {
                    str(w): str(t) for w, t in flow.links.get(key, {}).items() if t in chosen
                }
            )
        },
        notes={key: msgspec.to_builtins(flow.notes[key]) for key in notes if key in flow.notes},
    )
    return msgspec.json.encode(piece).decode()


def piece_in(text: str) -> Flow | None:
    """The piece of a flow that a text holds, or ``None`` when it holds something else."""
    if len(text) > MAX_TEXT or not text.lstrip().startswith("{"):
        return None
    try:
        piece = msgspec.json.decode(text.encode(errors="replace"), type=Piece)
        return flow_of({"nodes": piece.nodes, "links": piece.links, "notes": piece.notes})
    except (msgspec.DecodeError, RecursionError):
        return None


def paste(text: str, flow: Flow, at: Point) -> Pasted | None:
    """The piece in a text as new nodes and notes of a flow, its top left corner at a place.

    Ids that the flow has already are made anew; links and jumps inside the piece follow them. A
    second entry is not pasted where the flow has one. ``None`` when the text holds no piece.
    """
    piece = piece_in(text)
    if piece is None:
        return None
    kept = [n for n in piece.nodes.values() if n.kind != "start" or flow.start is None]
    ids = _fresh_ids(flow, kept)
    corner = _corner([*kept, *piece.notes.values()])
    dx, dy = at[0] - corner[0], at[1] - corner[1]
    nodes = [_placed(_retargeted(node, ids), ids[node.id], dx, dy) for node in kept]
    notes = _pasted_notes(flow, piece.notes.values(), dx, dy)
    links = [
        Change(("links", ids[link.node], link.exit), ids[link.target])
        for link in piece.each_link()
        if link.node in ids and link.target in ids
    ]
    return Pasted(
        (
            *(Change(("nodes", node.id), msgspec.to_builtins(node)) for node in nodes),
            *links,
            *(Change(("notes", note.id), msgspec.to_builtins(note)) for note in notes),
        ),
        tuple(node.id for node in nodes),
        tuple(note.id for note in notes),
    )


def duplicate(
    flow: Flow, nodes: Iterable[NodeId], notes: Iterable[NoteId], offset: Point
) -> Pasted:
    """The same nodes and notes once more, a little further."""
    nodes, notes = list(nodes), list(notes)
    things = [flow.nodes[n] for n in nodes if n in flow.nodes and flow.nodes[n].kind != "start"]
    corner = _corner([*things, *(flow.notes[n] for n in notes if n in flow.notes)])
    at = (corner[0] + offset[0], corner[1] + offset[1])
    return paste(copy(flow, nodes, notes), flow, at) or Pasted((), (), ())


def _fresh_ids(flow: Flow, nodes: Collection[Node]) -> dict[NodeId, NodeId]:
    fresh = fresh_ids([node.id for node in nodes], flow.nodes)
    return {node.id: NodeId(name) for node, name in zip(nodes, fresh, strict=True)}


def _corner(things: Collection[Node | Note]) -> Point:
    return min((t.x for t in things), default=0.0), min((t.y for t in things), default=0.0)


def _placed(node: Node, name: NodeId, dx: float, dy: float) -> Node:
    return replace(node, id=name, x=on_canvas(node.x + dx), y=on_canvas(node.y + dy))


def _retargeted(node: Node, ids: Mapping[NodeId, NodeId]) -> Node:
    """The node with its jumps (``goto_node``) to copied nodes led to the copies."""
    jumps = {
        each.name: ids[NodeId(target)]
        for each in kind_of(node).properties
        if each.type is FieldType.REFERENCE
        and each.refers_to == "node"
        and isinstance(target := node.props.get(each.name), str)
        and target in ids
    }
    return replace(node, props=node.props | jumps) if jumps else node


def _pasted_notes(flow: Flow, notes: Collection[Note], dx: float, dy: float) -> list[Note]:
    fresh = fresh_ids([note.id for note in notes], flow.notes)
    return [
        replace(note, id=NoteId(name), x=on_canvas(note.x + dx), y=on_canvas(note.y + dy))
        for note, name in zip(notes, fresh, strict=True)
    ]
