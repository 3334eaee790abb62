"""What this program is, and what it is made of."""

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cx_desktop import __version__
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label, Line
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import Picture


class AboutDialog(QDialog):
    """Version, licence, parts."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.language.bind(self, self.setWindowTitle, "shell.about")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 20)
        layout.setSpacing(8)
        layout.addWidget(Picture(look, "tree-structure"))
        layout.addWidget(Label.of(look, "app.name", "title"))
        layout.addWidget(Label.of(look, "about.version", "muted", version=__version__))
        layout.addWidget(Label.of(look, "about.text", wraps=True))
        layout.addWidget(Line())
        parts = Label.of(
            look,
            "about.parts",
            "small",
            wraps=True,
            python=platform.python_version(),
            qt=qVersion(),
        )
        layout.addWidget(parts)
        close = Button(look, "about.close", kind="primary")
        close.clicked.connect(self.accept)
        layout.addSpacing(8)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(440)
