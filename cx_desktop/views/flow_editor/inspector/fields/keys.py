"""The keys of a telephone: pressed ones are exits."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor

#: As on a telephone.
_PAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
_COLUMNS = 3


class KeysEditor(ValueEditor):
    """A keypad; typing a key turns it on or off too."""

    is_composite = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._keys: dict[str, QToolButton] = {}
        self._others: list[Json] = []
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for position, key in enumerate(_PAD):
            button = QToolButton()
            button.setText(key)
            button.setCheckable(True)
            button.setProperty("role", "pad")
            button.setFixedSize(QSize(48, 30))
            button.setAccessibleName(request.around.text("editor.field.key", key=key))
            button.clicked.connect(self._tell)
            layout.addWidget(button, position // _COLUMNS, position % _COLUMNS)
            self._keys[key] = button
        layout.setColumnStretch(_COLUMNS, 1)
        layout.setAlignment(Qt.AlignmentFlag.AlignLeft)

    @override
    def show_value(self, value: Json) -> None:
        pressed = value if isinstance(value, list) else []
        self._others = [each for each in pressed if each not in self._keys]
        for key, button in self._keys.items():
            button.setChecked(key in pressed)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self._keys["1"]

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self._keys.get(event.text())
        if button is not None and self.isEnabled():
            button.click()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        pressed = [key for key in TELEPHONE_KEYS if self._keys[key].isChecked()]
        self.edited.emit([*pressed, *self._others])
        self.settled.emit()
