"""The verbs of an open flow: each makes one undoable step and leaves the right things selected."""

from collections.abc import Hashable, Iterable, Mapping
from itertools import count

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.flow import blocks, clipboard, edits
from cx_desktop.domain.flow.extracting import Extracted
from cx_desktop.domain.flow.graph import Flow, Link, Node, NodeId, Note, NoteId, Slot
from cx_desktop.domain.flow.kinds import KINDS, default_props
from cx_desktop.domain.flow.layout.metrics import height_for, size_of
from cx_desktop.domain.flow.linking import Refusal, can_link
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Change, Json
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_selection import FlowSelection

Point = tuple[float, float]

#: How far a copy lies from its original.
STEP = 32.0
#: Room between the edge of a frame and the nodes in it, and for its title.
FRAME_MARGIN, FRAME_TITLE = 24.0, 32.0


class FlowEditing(QObject):
    """What a user can do to the open flow."""

    refused = Signal(object)  # Refusal: the domain says why something cannot be

    def __init__(
        self, model: FlowGraphModel, selection: FlowSelection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._selection = selection
        self._typing = count()

    @property
    def model(self) -> FlowGraphModel:
        """The flow the verbs change."""
        return self._model

    @property
    def is_possible(self) -> bool:
        """Whether the flow may be changed at all."""
        return not self._model.is_read_only

    def typing(self) -> Hashable:
        """A mark for edits that belong together: those made while one field has the focus."""
        return next(self._typing)

    def add(
        self, kind: str, at: Point, *, after: Slot | None = None, into: Link | None = None
    ) -> NodeId | None:
        """Add a node; linked from an exit, or put into a link, in the same step."""
        flow = self._model.flow
        node = Node(
            edits.fresh_node_id(flow, kind), kind, "", default_props(KINDS[kind]), *_tenths(at)
        )
        changes = edits.put_node(node)
        if into is not None and kind != "start":
            changes = edits.insert_on_link(flow, Slot(into.node, into.exit), node)
        elif after is not None and can_link(flow.with_changes(changes), after, node.id) is None:
            changes += edits.link(after, node.id)
        if not self._model.do("editor.step.add", changes):
            return None
        self._selection.select([node.id])
        return node.id

    def link(self, slot: Slot, target: NodeId) -> Refusal | None:
        """Lead an exit to a node, or say why that cannot be."""
        refusal = can_link(self._model.flow, slot, target)
        if refusal is None:
            self._model.do("editor.step.link", edits.link(slot, target))
        else:
            self.refused.emit(refusal)
        return refusal

    def unlink(self, slots: Iterable[Slot]) -> None:
        """Have exits lead nowhere."""
        self._model.do("editor.step.unlink", edits.unlink(*slots))

    def insert(self, node: NodeId, into: Link, at: Mapping[NodeId | NoteId, Point]) -> None:
        """Put a node that stands alone into a link, where it was dropped."""
        flow = self._model.flow
        changes = edits.insert_on_link(flow, Slot(into.node, into.exit), flow.nodes[node])
        links = tuple(each for each in changes if each.path[0] == "links")
        self._model.do("editor.step.insert", (*edits.move(flow, at), *links))

    def delete(self) -> None:
        """Delete what is selected."""
        chosen = self._selection
        changes = edits.remove(self._model.flow, chosen.nodes, chosen.notes)
        gone = {each.path for each in changes}
        changes += tuple(
            each
            for each in edits.unlink(*(Slot(link.node, link.exit) for link in chosen.links))
            if each.path not in gone
        )
        self._model.do("editor.step.delete", changes)

    def copy(self) -> str:
        """The selection as a text for the clipboard."""
        return clipboard.copy(self._model.flow, self._selection.nodes, self._selection.notes)

    def paste(self, text: str, at: Point) -> bool:
        """Add what a text holds, its corner at a place; says whether it holds anything."""
        pasted = clipboard.paste(text, self._model.flow, at)
        return pasted is not None and self._keep("editor.step.paste", pasted)

    def duplicate(self) -> bool:
        """Add the selection once more, a little further."""
        chosen = self._selection
        pasted = clipboard.duplicate(self._model.flow, chosen.nodes, chosen.notes, (STEP, STEP))
        return self._keep("editor.step.duplicate", pasted)

    def insert_block(self, block: Flow, at: Point, around: Context) -> bool:
        """Add a building block: behind the one node that is selected, else at a place."""
        flow, chosen = self._model.flow, self._selection.nodes
        after = blocks.way_to(flow, chosen[0]) if len(chosen) == 1 else None
        pasted = blocks.inserted(flow, block, at, after=after, around=around)
        return self._keep("editor.step.block", pasted)

    def take_out(self, made: Extracted) -> bool:
        """Leave to another flow what was made of some nodes."""
        done = self._model.do("editor.step.extract", made.changes)
        if done:
            self._selection.select([made.call])
        return done

    def move(
        self,
        positions: Mapping[NodeId | NoteId, Point],
        *,
        key: str = "editor.step.move",
        merge: Hashable | None = None,
    ) -> None:
        """Put nodes and notes elsewhere."""
        self._model.do(key, edits.move(self._model.flow, positions), merge=merge)

    def set_title(self, node: NodeId, title: str, *, merge: Hashable | None = None) -> None:
        """Call a node otherwise."""
        self._model.do("editor.step.title", edits.set_title(node, title), merge=merge)

    def set_prop(
        self, nodes: Iterable[NodeId], name: str, value: Json, *, merge: Hashable | None = None
    ) -> None:
        """Set a property of one or several nodes."""
        changes: tuple[Change, ...] = ()
        for node in nodes:
            changes += edits.set_prop(self._model.flow, node, name, value)
        self._model.do("editor.step.prop", changes, merge=merge)

    def set_meta(self, name: str, value: Json, *, merge: Hashable | None = None) -> None:
        """Set something of the whole flow."""
        self._model.do("editor.step.meta", edits.set_meta(name, value), merge=merge)

    def add_note(self, at: Point, text: str = "") -> NoteId | None:
        """Add a comment."""
        note, changes = edits.add_note(self._model.flow, "comment", _tenths(at), text=text)
        if not self._model.do("editor.step.note", changes):
            return None
        self._selection.select(notes=[note])
        return note

    def frame(self, text: str = "") -> NoteId | None:
        """Put a frame around the selected nodes."""
        flow = self._model.flow
        boxes = [
            (node.x, node.y, node.x + width, node.y + height)
            for node in (flow.nodes[each] for each in self._selection.nodes)
            for width, height in [size_of(node)]
        ]
        if not boxes:
            return None
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        note = Note(
            edits.fresh_note_id(flow, "frame"),
            "frame",
            text,
            left - FRAME_MARGIN,
            top - FRAME_MARGIN - FRAME_TITLE,
            right - left + 2 * FRAME_MARGIN,
            bottom - top + 2 * FRAME_MARGIN + FRAME_TITLE,
        )
        if not self._model.do("editor.step.frame", edits.put_note(note)):
            return None
        self._selection.select(notes=[note.id])
        return note.id

    def set_note(
        self, note: NoteId, values: Mapping[str, Json], *, merge: Hashable | None = None
    ) -> None:
        """Change the text, colour or size of a note."""
        changes: tuple[Change, ...] = ()
        for name, value in values.items():
            changes += edits.set_note(note, name, value)
        self._model.do("editor.step.note-edit", changes, merge=merge)

    def _keep(self, key: str, pasted: clipboard.Pasted) -> bool:
        done = self._model.do(key, pasted.changes)
        if done:
            self._selection.select(pasted.nodes, notes=pasted.notes)
        return done


def place_for(kind: str, middle: Point) -> Point:
    """Where the corner of a new node goes, for its middle to be at a place; on the grid."""
    declared = KINDS[kind]
    node = Node(NodeId("new"), kind, props=default_props(declared))
    height = height_for(len(declared.exits_of(node)))
    return (
        round((middle[0] - size_of(node)[0] / 2) / 8) * 8,
        round((middle[1] - min(height, 80) / 2) / 8) * 8,
    )


def _tenths(at: Point) -> Point:
    return edits.on_canvas(at[0]), edits.on_canvas(at[1])
