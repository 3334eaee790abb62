"""The form of a comment or a frame: its words and its colour."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.graph import NoteId
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.flow_editor.inspector.fields.text import TextBox
from cx_desktop.views.flow_editor.painting.notes import COLOURS
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.label import Label


class NoteForm(QWidget):
    """Edits one note."""

    def __init__(self, stage: Stage, around: Surroundings, note: NoteId) -> None:
        super().__init__()
        self._stage = stage
        self._around = around
        self._note = note
        self._typing = stage.editing.typing()
        it = stage.model.flow.notes[note]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(12)
        name = around.text(f"editor.note.{'frame' if it.kind == 'frame' else 'comment'}")
        layout.addWidget(Label(name, "section"))
        self._line: QLineEdit | None = None
        self._box: TextBox | None = None
        if it.kind == "frame":
            self._line = QLineEdit()
            self._line.textEdited.connect(self._set_text)
            self._line.editingFinished.connect(self._settle)
            layout.addWidget(self._line)
        else:
            self._box = TextBox()
            self._box.typed.connect(self._set_text)
            self._box.left.connect(self._settle)
            layout.addWidget(self._box)
        self._editor: QWidget = self._line or self._box or self
        self._editor.setAccessibleName(around.text("editor.note.text"))
        self._editor.setEnabled(not around.is_read_only)
        layout.addLayout(self._colours(it.colour))
        layout.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show what the note says now."""
        it = self._stage.model.flow.notes.get(self._note)
        if it is None:
            return
        if self._line is not None and self._line.text() != it.text:
            self._line.setText(it.text)
        if self._box is not None:
            self._box.show_text(it.text)

    def focus_text(self) -> None:
        """Let the words be typed."""
        self._editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _colours(self, chosen: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        group = QButtonGroup(self)
        for name in COLOURS:
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(name == chosen)
            button.setIcon(_disc(self._around.look.theme.color(name)))
            button.setIconSize(QSize(16, 16))
            words = self._around.text(f"editor.colour.{name}")
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setEnabled(not self._around.is_read_only)
            button.clicked.connect(
                lambda _on=False, name=name: self._stage.editing.set_note(
                    self._note, {"colour": name}
                )
            )
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _set_text(self, text: str) -> None:
        self._stage.editing.set_note(self._note, {"text": text}, merge=self._typing)

    def _settle(self) -> None:
        self._typing = self._stage.editing.typing()
        self._stage.model.flush()


def _disc(color: QColor) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(3, 3, 26, 26)
    painter.end()
    return QIcon(pixmap)
