"""Structured data without a field of its own: its JSON, taken over when it can be read."""

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.patch import Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor
from cx_desktop.views.flow_editor.inspector.fields.text import TextBox
from cx_desktop.views.widgets.label import Label


class DataEditor(ValueEditor):
    """A box of JSON; what is half typed stays here and changes nothing."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._value: Json = None
        self.box = TextBox()
        self.box.setProperty("role", "mono")
        self._fault = Label.of(request.around.look, "editor.field.not-json", "error", wraps=True)
        self._fault.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self._fault)
        self.setFocusProxy(self.box)
        self.box.typed.connect(self._read)
        self.box.left.connect(self.settled)

    @override
    def show_value(self, value: Json) -> None:
        if value != self._value or not self.box.toPlainText():
            self._value = value
            text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
            self.box.show_text("" if value is None else text)
            self._fault.hide()

    @override
    def lock(self) -> None:
        self.box.setReadOnly(True)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self.box

    def _read(self, text: str) -> None:
        try:
            value: Json = msgspec.json.decode(text) if text.strip() else None
        except msgspec.DecodeError:
            self._fault.show()
            return
        self._fault.hide()
        self._value = value
        self.edited.emit(value)
