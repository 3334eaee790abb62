"""The keys of a telephone, for the mouse and for the keyboard."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
COLUMNS = 3


class Keypad(QWidget):
    """What a caller can do: press keys, say nothing, hang up."""

    pressed = Signal(str)
    silent = Signal()
    hung_up = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(4)
        for at, key in enumerate(KEYS):
            button = QPushButton(key)
            button.setAutoDefault(False)
            button.setMinimumWidth(40)
            look.language.bind(button, button.setAccessibleName, "simulator.key", key=key)
            button.clicked.connect(lambda _checked=False, key=key: self.pressed.emit(key))
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self.keys[key] = button
        self.silence = Button(look, "simulator.silence", icon="speaker-slash")
        self.hang_up = Button(look, "simulator.hang-up", kind="danger", icon="phone-disconnect")
        self.silence.clicked.connect(self.silent)
        self.hang_up.clicked.connect(self.hung_up)
        grid.addWidget(self.silence, 4, 0, 1, COLUMNS)
        grid.addWidget(self.hang_up, 5, 0, 1, COLUMNS)
        grid.setRowStretch(6, 1)

    def show_keys(self, useful: frozenset[str], *, is_possible: bool) -> None:
        """Mark the keys that lead somewhere; none works when the call is over."""
        for key, button in self.keys.items():
            button.setEnabled(is_possible)
            font = button.font()
            font.setBold(key in useful)
            button.setFont(font)
        self.silence.setEnabled(is_possible)
        self.hang_up.setEnabled(is_possible)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in self.keys:
            self.pressed.emit(event.text())
        else:
            super().keyPressEvent(event)
