"""Making a comment or a frame larger or smaller by its corner."""

from cx_desktop.domain.flow.graph import NoteId
from cx_desktop.domain.flow.layout.metrics import GRID
from cx_desktop.views.flow_editor.stage import Pointer, Stage

SMALLEST = (96.0, 48.0)


class ResizeNote:
    """Drags the lower right corner; one undo step however long it takes."""

    def __init__(self, stage: Stage, note: NoteId) -> None:
        self._stage = stage
        self._note = note
        self._merge = stage.editing.typing()
        it = stage.model.flow.notes[note]
        self._before = {"width": it.width, "height": it.height}

    def move(self, pointer: Pointer) -> None:
        """Follow the mouse on the grid."""
        box = self._stage.geometry.note_bounds(self._note)
        width = round((pointer.scene.x() - box.left) / GRID) * GRID
        height = round((pointer.scene.y() - box.top) / GRID) * GRID
        self._resize({"width": max(SMALLEST[0], width), "height": max(SMALLEST[1], height)})

    def finish(self, pointer: Pointer) -> None:
        """Keep the size."""
        self.move(pointer)
        self._stage.model.flush()

    def cancel(self) -> None:
        """Give it the size it had."""
        self._resize(self._before)
        self._stage.model.flush()

    def _resize(self, size: dict[str, float]) -> None:
        self._stage.editing.set_note(self._note, dict(size), merge=self._merge)
