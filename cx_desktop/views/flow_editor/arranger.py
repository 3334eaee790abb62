"""Putting things in order: tidy, align, distribute, nudge."""

from collections.abc import Mapping

from PySide6.QtCore import QObject

from cx_desktop.domain.flow.graph import Flow, NodeId, NoteId
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.flow.layout.metrics import Box
from cx_desktop.models.arranging import Align, aligned, distributed
from cx_desktop.tasks import Errands
from cx_desktop.views.flow_editor.glide import Glide
from cx_desktop.views.flow_editor.stage import Stage

Place = tuple[float, float]


class Arranger(QObject):
    """Moves the selection, or the whole flow, in one undo step each."""

    def __init__(self, stage: Stage, glide: Glide, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._glide = glide
        self._errands = errands

    def tidy(self) -> None:
        """Lay the flow out anew; with several nodes selected, only those."""
        flow = self._stage.model.flow
        chosen = frozenset(self._stage.selection.nodes)
        keep = frozenset(flow.nodes) - chosen if len(chosen) > 1 else frozenset[NodeId]()
        self._errands.run(lambda: tidy(flow, keep=keep), done=lambda at: self._settle(flow, at))

    def align(self, edge: Align) -> None:
        """Give the selected nodes a common edge."""
        self._move(aligned(self._boxes(), edge), "editor.step.align")

    def distribute(self, *, across: bool) -> None:
        """Give the selected nodes equal gaps."""
        self._move(distributed(self._boxes(), across=across), "editor.step.distribute")

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selection a little; presses that follow each other are one step."""
        flow, chosen = self._stage.model.flow, self._stage.selection
        things = [flow.nodes[node] for node in chosen.nodes]
        places: dict[NodeId | NoteId, Place] = {
            each.id: (each.x + dx, each.y + dy) for each in things
        }
        for note in chosen.notes:
            places[note] = (flow.notes[note].x + dx, flow.notes[note].y + dy)
        merge = ("nudge", chosen.nodes, chosen.notes)
        self._stage.editing.move(places, merge=merge)

    def _settle(self, flow: Flow, places: dict[NodeId, Place]) -> None:
        """Take a layout over, unless the flow has become another meanwhile."""
        if self._stage.model.flow is flow:
            self._move(places, "editor.step.tidy")

    def _boxes(self) -> dict[NodeId, Box]:
        shapes = self._stage.geometry.shapes
        return {node: Box(*shapes[node].bounds) for node in self._stage.selection.nodes}

    def _move(self, places: Mapping[NodeId, Place], key: str) -> None:
        flow = self._stage.model.flow
        before: dict[NodeId | NoteId, Place] = {
            node: (flow.nodes[node].x, flow.nodes[node].y) for node in places
        }
        after: dict[NodeId | NoteId, Place] = dict(places.items())
        self._stage.editing.move(after, key=key)
        self._glide.nodes(before)
