"""The six digits: one field, drawn as six boxes."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

DIGITS = 6
_GAP = 8
_MIDDLE_GAP = 20
_BOX = QSize(40, 48)


class CodeField(QLineEdit):
    """One field for the keyboard, the clipboard and a screen reader; six boxes for the eye.

    Whatever is typed or pasted, only its digits count; ``completed`` comes with the sixth.
    """

    completed = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "digits")
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setMaxLength(64)  # a pasted sentence may hold the code
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._before = ""
        self.textChanged.connect(self._on_text_changed)
        look.theme.changed.connect(self.updateGeometry)

    @property
    def _scale(self) -> float:
        return self._look.theme.pixels("body") / 13

    @override
    def sizeHint(self) -> QSize:
        width = DIGITS * _BOX.width() + (DIGITS - 2) * _GAP + _MIDDLE_GAP
        return QSize(round(width * self._scale) + 4, round(_BOX.height() * self._scale) + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(round(22 * self._scale))
        font.setBold(True)
        painter.setFont(font)
        text, has_error = self.text(), self.property("state") == "error"
        for index in range(DIGITS):
            is_next = self.hasFocus() and index == min(len(text), DIGITS - 1)
            self._paint_box(painter, index, is_next=is_next, has_error=has_error)
            if index < len(text):
                painter.setPen(self._look.theme.color("text"))
                painter.drawText(self._box(index), Qt.AlignmentFlag.AlignCenter, text[index])
        painter.end()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home}:
            return  # the boxes fill from the left; there is no caret to move
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setCursorPosition(len(self.text()))

    def _paint_box(self, painter: QPainter, index: int, *, is_next: bool, has_error: bool) -> None:
        theme = self._look.theme
        if not self.isEnabled():
            color = "outline"
        elif has_error:
            color = "block"
        else:
            color = "accent" if is_next else "control"
        painter.setPen(QPen(theme.color(color), 2 if is_next or has_error else 1))
        painter.setBrush(theme.color("surface" if self.isEnabled() else "window"))
        painter.drawRoundedRect(self._box(index), 6, 6)

    def _box(self, index: int) -> QRectF:
        middle = _MIDDLE_GAP - _GAP if index >= DIGITS // 2 else 0
        left = (index * (_BOX.width() + _GAP) + middle) * self._scale + 2
        return QRectF(left, 2, _BOX.width() * self._scale, _BOX.height() * self._scale)

    def _on_text_changed(self, text: str) -> None:
        digits = "".join(character for character in text if character.isdecimal())[:DIGITS]
        if digits != text:
            self.setText(digits)
            return
        if len(digits) == DIGITS and digits != self._before:
            self.completed.emit(digits)
        self._before = digits
