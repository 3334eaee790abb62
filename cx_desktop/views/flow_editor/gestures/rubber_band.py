"""Selecting with a rectangle."""

from PySide6.QtCore import QRectF, Qt

from cx_desktop.domain.flow.graph import NoteId
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.stage import Pointer, Stage


class RubberBand:
    """Selects what the rectangle touches; frames only when it holds them whole."""

    def __init__(self, stage: Stage, start: Pointer) -> None:
        self._stage = stage
        self._start = start.scene
        chosen = stage.selection
        is_adding = start.has(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        )
        self._kept_nodes = chosen.nodes if is_adding else ()
        self._kept_notes = chosen.notes if is_adding else ()
        self._before = chosen.nodes, chosen.notes, chosen.links
        if not is_adding:
            chosen.clear()

    def move(self, pointer: Pointer) -> None:
        """Select what is inside now."""
        band = QRectF(self._start, pointer.scene).normalized()
        self._stage.sketch.band = band
        area = Bounds(band.left(), band.top(), band.right(), band.bottom())
        nodes = [shape.node.id for shape in self._stage.geometry.nodes_in(area)]
        self._stage.selection.select(
            dict.fromkeys((*self._kept_nodes, *nodes)),
            notes=dict.fromkeys((*self._kept_notes, *self._notes_in(area))),
        )
        self._stage.changed.emit()

    def finish(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        del pointer
        self._end()

    def cancel(self) -> None:
        """Select what was selected before."""
        nodes, notes, links = self._before
        self._stage.selection.select(nodes, notes=notes, links=links)
        self._end()

    def _notes_in(self, area: Bounds) -> list[NoteId]:
        geometry = self._stage.geometry
        return [
            note.id
            for note in geometry.notes_in(area)
            if note.kind != "frame" or _holds(area, geometry.note_bounds(note.id))
        ]

    def _end(self) -> None:
        self._stage.sketch.clear()
        self._stage.changed.emit()


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )
