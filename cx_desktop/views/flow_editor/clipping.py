"""Cut, copy and paste through the system's clipboard, as text: also between flows and windows."""

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard

from cx_desktop.domain.flow.clipboard import MIME_TYPE, piece_in
from cx_desktop.views.flow_editor.stage import Stage

#: How far a piece that is pasted again lies from the one before.
STEP = 32.0


class Clipping(QObject):
    """Carries pieces of flows."""

    def __init__(self, stage: Stage, clipboard: QClipboard, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._clipboard = clipboard
        self._last: tuple[str, tuple[float, float]] | None = None

    def copy(self) -> None:
        """Copy the selection."""
        text = self._stage.editing.copy()
        data = QMimeData()
        data.setText(text)
        data.setData(MIME_TYPE, text.encode())
        self._clipboard.setMimeData(data)

    def cut(self) -> None:
        """Copy the selection and delete it."""
        self.copy()
        self._stage.editing.delete()

    def paste(self, at: tuple[float, float]) -> None:
        """Add what was copied, near a place; once more, and it lies a little further."""
        text = self._clipboard.text()
        piece = piece_in(text)
        if piece is None:
            return
        xs = [node.x for node in piece.nodes.values()] + [note.x for note in piece.notes.values()]
        place = (at[0] - (max(xs, default=0) - min(xs, default=0)) / 2, at[1] - 40)
        if self._last is not None and self._last[0] == text and _near(self._last[1], place):
            place = (self._last[1][0] + STEP, self._last[1][1] + STEP)
        place = (round(place[0] / 8) * 8, round(place[1] / 8) * 8)
        if self._stage.editing.paste(text, place):
            self._last = (text, place)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 12 * STEP and abs(one[1] - other[1]) < 12 * STEP
