"""One property in the form: label above, help below, what is wrong with it beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.patch import Json
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, Surroundings
from cx_desktop.views.flow_editor.inspector.fields.making import editor_for
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import restyle


class PropertyRow(QWidget):
    """Shows the value of a property and tells its edits."""

    edited = Signal(str, object)  # the property's name, its value
    settled = Signal()

    def __init__(self, declared: Property, around: Surroundings) -> None:
        super().__init__()
        self.declared = declared
        self._around = around
        self.editor = editor_for(Request(declared, around))
        name = around.text(f"prop.{declared.name}")
        help_key = f"prop.{declared.name}.help"
        catalogue = around.look.language.catalogue
        self._help_text = catalogue.text(help_key) if catalogue.has(help_key) else ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if declared.type is not FieldType.TOGGLE:
            label = Label(f"{name} *" if declared.is_required else name, "strong", wraps=True)
            label.setBuddy(self.editor.focus_target)
            layout.addWidget(label)
        layout.addWidget(self.editor)
        self._fault = Label("", "error", wraps=True)
        self._fault.hide()
        layout.addWidget(self._fault)
        if self._help_text:
            layout.addWidget(Label(self._help_text, "small", wraps=True))
        self._mixed = Label(around.text("editor.field.mixed"), "small", wraps=True)
        self._mixed.hide()
        layout.addWidget(self._mixed)
        self._name = name
        self.editor.describe(name, self._help_text)
        self.editor.edited.connect(lambda value: self.edited.emit(declared.name, value))
        self.editor.settled.connect(self.settled)

    def show_values(self, values: Sequence[Json]) -> None:
        """Show the value that all selected nodes have, or that they differ."""
        is_mixed = any(value != values[0] for value in values)
        self._mixed.setVisible(is_mixed)
        self.editor.show_value(None if is_mixed else values[0])

    def show_faults(self, faults: Sequence[str]) -> None:
        """Say what is wrong with it."""
        text = "\n".join(dict.fromkeys(faults))
        self._fault.setText(text)
        self._fault.setVisible(bool(text))
        target = self.editor.focus_target
        restyle(target, "state", "error" if text else "")
        self.editor.describe(self._name, f"{text} {self._help_text}".strip())

    def take_focus(self) -> None:
        """Let the user type here."""
        self.editor.focus_target.setFocus()
