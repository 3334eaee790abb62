"""What lies under the mouse."""

from typing import NamedTuple

from cx_desktop.domain.flow.graph import Link, NodeId, NoteId, Slot
from cx_desktop.domain.flow.layout.metrics import HEADER, ROW, WIDTH
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.geometry import FlowGeometry, NodeShape
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.painting.notes import TITLE

Place = tuple[float, float]

#: How far from a line or a port the mouse may be, in pixels.
REACH = 7.0
PORT_REACH = 11.0
#: The size of the corner by which notes are made larger.
CORNER = 16.0


class NodeHit(NamedTuple):
    """The card of a node."""

    node: NodeId


class ExitHit(NamedTuple):
    """The port of an exit."""

    slot: Slot


class LinkHit(NamedTuple):
    """A link."""

    link: Link


class NoteHit(NamedTuple):
    """A comment, or the edge or title of a frame; or the corner that makes it larger."""

    note: NoteId
    is_corner: bool = False


Hit = NodeHit | ExitHit | LinkHit | NoteHit | None


def hit_at(geometry: FlowGeometry, at: Place, scale: float) -> Hit:
    """The topmost thing at a place of the flow."""
    slack = PORT_REACH / scale
    area = Bounds(at[0] - slack, at[1] - slack, at[0] + slack, at[1] + slack)
    shapes = geometry.nodes_in(area)
    exit_hit = _exit_at(shapes, at, slack)
    if exit_hit is not None:
        return exit_hit
    node = node_at(geometry, at)
    if node is not None:
        return NodeHit(node)
    comment = _note_at(geometry, at, scale, kind="comment")
    if comment is not None:
        return comment
    link = link_at(geometry, at, REACH / scale)
    if link is not None:
        return LinkHit(link)
    return _note_at(geometry, at, scale, kind="frame")


def node_at(geometry: FlowGeometry, at: Place) -> NodeId | None:
    """The node whose card is at a place; the one drawn last wins."""
    shapes = geometry.nodes_in(Bounds(*at, *at))
    return shapes[-1].node.id if shapes else None


def link_at(geometry: FlowGeometry, at: Place, reach: float) -> Link | None:
    """The nearest link within reach of a place."""
    area = Bounds(*at, *at).grown(reach)
    near = [(curves.distance(at, line.points), line.link) for line in geometry.lines_in(area)]
    closest = min(near, default=None, key=lambda each: each[0])
    return closest[1] if closest is not None and closest[0] <= reach else None


def _exit_at(shapes: list[NodeShape], at: Place, reach: float) -> ExitHit | None:
    """The exit whose port is near: a whole row's height beside the card's right edge."""
    for shape in reversed(shapes):
        across = at[0] - shape.x - WIDTH
        if not (-min(reach, 14.0) <= across <= reach):
            continue
        row = int((at[1] - shape.y - HEADER) // ROW)
        if 0 <= row < len(shape.ways) and at[1] >= shape.y + HEADER:
            return ExitHit(Slot(shape.node.id, shape.ways[row].id))
    return None


def _note_at(geometry: FlowGeometry, at: Place, scale: float, *, kind: str) -> NoteHit | None:
    point = Bounds(*at, *at)
    for note in reversed(geometry.flow.notes.values()):
        box = geometry.note_bounds(note.id)
        if (note.kind == "frame") != (kind == "frame") or not box.meets(point):
            continue
        if at[0] > box.right - CORNER and at[1] > box.bottom - CORNER:
            return NoteHit(note.id, is_corner=True)
        if note.kind != "frame" or at[1] < box.top + TITLE or _is_on_edge(box, at, REACH / scale):
            return NoteHit(note.id)
    return None


def _is_on_edge(box: Bounds, at: Place, reach: float) -> bool:
    inner = box.grown(-reach)
    return not inner.meets(Bounds(*at, *at))
