"""Asks before the demo starts over."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class ResetDialog(QDialog):
    """Says what will be erased."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.language.bind(self, self.setWindowTitle, "demo.reset-title")
        self.reset = Button(look, "demo.reset-verb", kind="danger")
        self.keep = Button(look, "demo.cancel")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(Label.of(look, "demo.reset-title", "section"))
        layout.addWidget(Label.of(look, "demo.reset-text", wraps=True))
        layout.addSpacing(4)
        layout.addLayout(row)
        self.setFixedWidth(440)
        self.reset.clicked.connect(self.accept)
        self.keep.clicked.connect(self.reject)
        self.keep.setFocus()
