"""Moving nodes, comments and frames; a node that stands alone can be dropped into a link."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from cx_desktop.domain.flow.graph import Link, NodeId, NoteId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.views.flow_editor.gestures.snapping import Guide, Snapping
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.hits import link_at
from cx_desktop.views.flow_editor.painting.frame import FAR
from cx_desktop.views.flow_editor.stage import Pointer, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

Place = tuple[float, float]

#: How near a link must pass the middle of a node's header for the node to be put into it.
REACH = 26.0


class DragNodes:
    """Drags the selection; Alt switches the grid and the guides off."""

    def __init__(self, stage: Stage, start: Pointer) -> None:
        self._stage = stage
        self._start = start.scene
        self._begun = _everything_moving(stage)
        moving = frozenset(NodeId(key) for key in self._begun)
        lead = stage.selection.node
        shape = stage.geometry.shapes.get(lead) if lead is not None else None
        self._snapping = Snapping(stage, shape, moving) if shape is not None else None
        self._lead = lead
        self._can_insert = _stands_alone(stage)
        self._places: Mapping[NodeId | NoteId, Place] = {}

    def move(self, pointer: Pointer) -> None:
        """Show everything where it would go."""
        dx, dy = self._shift(pointer)
        self._places = {key: (x + dx, y + dy) for key, (x, y) in self._begun.items()}
        self._stage.geometry.preview(self._places)
        if self._can_insert:
            self._aim()

    def finish(self, pointer: Pointer) -> None:
        """Leave everything there."""
        self.move(pointer)
        into = self._stage.marks.aimed
        places = self._places
        self._end()
        if isinstance(into, Link) and self._lead is not None:
            self._stage.editing.insert(self._lead, into, places)
        else:
            self._stage.editing.move(places)

    def cancel(self) -> None:
        """Put everything back."""
        self._end()

    def _shift(self, pointer: Pointer) -> Place:
        dx = pointer.scene.x() - self._start.x()
        dy = pointer.scene.y() - self._start.y()
        is_free = pointer.has(Qt.KeyboardModifier.AltModifier) or not self._stage.is_snapping
        sketch = self._stage.sketch
        before, sketch.guides = sketch.guides, []
        if self._snapping is not None and self._lead is not None and not is_free:
            x, y = self._begun[self._lead]
            place, sketch.guides = self._snapping.place((x + dx, y + dy))
            dx, dy = place[0] - x, place[1] - y
        if before != sketch.guides:
            self._stage.touched.emit([_bounds(each) for each in (*before, *sketch.guides)])
        return dx, dy

    def _aim(self) -> None:
        """Mark the link that the node would be put into."""
        x, y = self._places[self._lead] if self._lead is not None else (0.0, 0.0)
        link = link_at(self._stage.geometry, (x + WIDTH / 2, y + HEADER / 2), REACH)
        if link != self._stage.marks.aimed:
            self._stage.marks.aimed = link
            self._stage.changed.emit()

    def _end(self) -> None:
        self._stage.geometry.preview({})
        self._stage.marks.aimed = None
        self._stage.sketch.clear()
        self._stage.changed.emit()


def _everything_moving(stage: Stage) -> dict[NodeId | NoteId, Place]:
    """What is selected, and what lies in the frames that are selected, with its place."""
    geometry, flow = stage.geometry, stage.geometry.flow
    begun: dict[NodeId | NoteId, Place] = {}
    for note in stage.selection.notes:
        box = geometry.note_bounds(note)
        begun[note] = (box.left, box.top)
        if flow.notes[note].kind == "frame":
            for shape in geometry.nodes_in(box):
                if _is_inside(shape.bounds, box):
                    begun[shape.node.id] = (shape.x, shape.y)
            for other in flow.notes:
                if other != note and _is_inside(geometry.note_bounds(other), box):
                    begun[other] = geometry.note_bounds(other)[:2]
    for node in stage.selection.nodes:
        shape = geometry.shapes[node]
        begun[node] = (shape.x, shape.y)
    return begun


def _is_inside(inner: Bounds, outer: Bounds) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def _bounds(guide: Guide) -> Bounds:
    one, other = guide
    return Bounds(one.x(), one.y(), other.x(), other.y())


def _stands_alone(stage: Stage) -> bool:
    """Whether one node without links is dragged, that a call can pass through."""
    if len(stage.selection.nodes) != 1 or stage.selection.notes or stage.viewport.scale < FAR:
        return False
    node = stage.selection.nodes[0]
    flow = stage.model.flow
    return (
        not flow.links.get(node)
        and not stage.model.links_into(node)
        and flow.nodes[node].kind != "start"
        and bool(exits_of(flow.nodes[node]))
    )
