"""What each key of a menu stands for: one line per key that is on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.widgets.label import Label


class KeyLabels(QWidget):
    """Edits ``key_labels`` for the keys in ``keys``."""

    edited = Signal(object)  # the rows of key_labels
    settled = Signal()

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._lines: dict[str, QLineEdit] = {}
        self._rows: list[Document] = []
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(6)

    def show_labels(self, keys: Json, labels: Json) -> None:
        """Show the labels of these keys."""
        wanted = [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
        self._rows = [dict(row) for row in rows(labels)]
        said = {row.get("key"): row.get("label") for row in self._rows}
        if wanted != list(self._lines):
            self._build(wanted)
        for key, line in self._lines.items():
            text = said.get(key)
            shown = text if isinstance(text, str) else ""
            if shown != line.text():
                line.setText(shown)

    def _build(self, keys: list[str]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._lines = {}
        for key in keys:
            line = QLineEdit()
            line.setPlaceholderText(self._around.text("editor.field.key-label"))
            line.setAccessibleName(self._around.text("editor.field.label-of-key", key=key))
            line.setReadOnly(self._around.is_read_only)
            line.textEdited.connect(lambda text, key=key: self._set(key, text))
            line.editingFinished.connect(self.settled)
            self._form.addRow(Label(key, "key"), line)
            self._lines[key] = line

    def _set(self, key: str, text: str) -> None:
        others = [row for row in self._rows if row.get("key") != key]
        self._rows = [*others, {"key": key, "label": text}] if text else others
        self.edited.emit(self._rows)
