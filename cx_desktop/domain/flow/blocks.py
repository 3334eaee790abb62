"""Building blocks: a few nodes that callers know, put into a flow that is being drawn.

Each is a flow file in ``resources/blocks``, one per language of the callers; its start says where
a call comes in and is left out. What only a project has is chosen where there is no choice, and
left to the findings otherwise.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow import clipboard, edits
from cx_desktop.domain.flow.clipboard import Pasted
from cx_desktop.domain.flow.edits import Point
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Slot
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.layout.metrics import size_of
from cx_desktop.domain.flow.linking import can_link
from cx_desktop.domain.flow.references import Context

#: How far a block lies behind the node that leads to it, and from others that are in its way.
GAP, STEP, MARGIN = 304.0, 96.0, 32.0
#: So often a block is moved out of the way of what is there.
_TRIES = 200


class Block(Struct, frozen=True):
    """A piece of a flow, labelled ``block.<id>`` and described by ``block.<id>.about``."""

    id: str
    icon: str

    def path(self, language: str) -> str:
        """The block's file below ``resources``, in a language."""
        return f"blocks/{language}/{self.id}.yaml"


BLOCKS = (
    Block("hours_menu_queue", "ph.storefront"),
    Block("voicemail_notice", "ph.voicemail"),
    Block("survey", "ph.star"),
    Block("callback_offer", "ph.phone-call"),
)


def filled(data: bytes) -> Flow:
    """The flow in a block's file."""
    return cx.read(data).flow


def way_to(flow: Flow, node: NodeId) -> Slot | None:
    """The first exit of a node that leads nowhere yet, by which a block can follow it."""
    if node not in flow.nodes:
        return None
    ways = (each.id for each in exits_of(flow.nodes[node]))
    free = (Slot(node, way) for way in ways if flow.target(node, way) is None)
    return next(free, None)


def inserted(
    flow: Flow, block: Flow, at: Point, *, after: Slot | None = None, around: Context | None = None
) -> Pasted:
    """The block's nodes as new ones, where they cover none; linked from an exit where one is given.

    ``at`` is where its corner goes when it follows no node.
    """
    entry = _entry(block)
    kept = [_chosen(node, around) for node in block.nodes.values() if node.kind != "start"]
    piece = replace(block, nodes={each.id: each for each in kept})
    text = clipboard.copy(piece, piece.nodes, block.notes)
    if after is not None:
        source = flow.nodes[after.node]
        at = (source.x + GAP, source.y)
    pasted = clipboard.paste(text, flow, _free_place(flow, kept, at))
    if pasted is None:
        return Pasted((), (), ())
    names = dict(zip((each.id for each in kept), pasted.nodes, strict=True))
    if after is None or entry not in names:
        return pasted
    whole = flow.with_changes(pasted.changes)
    if can_link(whole, after, names[entry]) is not None:
        return pasted
    return replace(pasted, changes=(*pasted.changes, *edits.link(after, names[entry])))


def _entry(block: Flow) -> NodeId:
    start = block.start
    target = block.target(start, ExitId("next")) if start is not None else None
    return target if target is not None else NodeId("")


def _chosen(node: Node, around: Context | None) -> Node:
    """The node with the project's only queue or schedule, where it needs one."""
    return replace(node, props=node.props | dict(_only(node, around or Context())))


def _only(node: Node, around: Context) -> Iterator[tuple[str, str]]:
    for each in kind_of(node).properties_of(node):
        if each.type is not FieldType.REFERENCE or not each.is_required:
            continue
        names = around.names_of(each.refers_to) or {}
        if len(names) == 1 and not node.props.get(each.name):
            yield each.name, next(iter(names))


def _free_place(flow: Flow, nodes: list[Node], at: Point) -> Point:
    """The place, or the next one below it where nothing is covered."""
    left, top = min(each.x for each in nodes), min(each.y for each in nodes)
    boxes = [
        (
            each.x - left,
            each.y - top,
            each.x - left + size_of(each)[0],
            each.y - top + size_of(each)[1],
        )
        for each in nodes
    ]
    taken = [(each.x, each.y, *size_of(each)) for each in flow.nodes.values()]
    x, y = at
    for _ in range(_TRIES):
        is_free = not any(
            x + box[0] - MARGIN < tx + width
            and tx < x + box[2] + MARGIN
            and y + box[1] - MARGIN < ty + height
            and ty < y + box[3] + MARGIN
            for box in boxes
            for tx, ty, width, height in taken
        )
        if is_free:
            break
        y += STEP
    return x, y
