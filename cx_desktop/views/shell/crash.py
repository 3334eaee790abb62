"""A fault of the program itself: say so once, with a report that can be sent."""

import platform
import traceback
from types import TracebackType

from PySide6.QtCore import qVersion
from PySide6.QtGui import QClipboard, QFontDatabase
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cx_desktop import __version__
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


def report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where it happened, without a word of what was being worked on.

    The exception's own message and every local value may hold personal data, so neither is in it.
    """
    lines = [
        f"CX Desktop {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        "",
    ]
    frames = traceback.extract_tb(trace)
    lines += [f"{_place(each.filename)}:{each.lineno} {each.name}" for each in frames]
    return "\n".join([*lines, kind.__qualname__])


def _place(path: str) -> str:
    """A file without the folders above the program, which may name a person."""
    parts = path.replace("\\", "/").split("/")
    for root in ("site-packages", "cx_desktop"):
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) :])
    return parts[-1]


class CrashDialog(QDialog):
    """What happened, what is safe, and the report."""

    def __init__(
        self, look: Look, clipboard: QClipboard, text: str, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        look.language.bind(self, self.setWindowTitle, "crash.title")
        self.report = QPlainTextEdit(text)
        self.report.setReadOnly(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        look.language.bind(self, self.report.setAccessibleName, "crash.report")
        copy = Button(look, "crash.copy", icon="copy")
        close = Button(look, "crash.go-on", kind="primary")
        copy.clicked.connect(lambda: clipboard.setText(self.report.toPlainText()))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(Label.of(look, "crash.title", "section"))
        layout.addWidget(Label.of(look, "crash.text", wraps=True))
        layout.addWidget(self.report, 1)
        layout.addLayout(row)
        self.resize(560, 420)
        close.setFocus()
