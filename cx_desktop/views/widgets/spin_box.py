"""A number with two small arrows."""

from PySide6.QtWidgets import QSpinBox, QWidget


class SpinBox(QSpinBox):
    """A spin box whose text stands as far from its frame as in every other field.

    Qt 6.11 leaves the padding of style sheets out when it places a spin box's text.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setKeyboardTracking(False)
