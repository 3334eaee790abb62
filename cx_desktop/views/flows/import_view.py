"""Bringing in a flow from a file: choose or drop, see what was understood, keep it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.import_flow import FlowImport, Understood
from cx_desktop.overrides import override
from cx_desktop.views.flows.drops import dropped_file
from cx_desktop.views.flows.file_dialogs import ask_for_file
from cx_desktop.views.flows.import_preview import ImportPreview
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, PageHeader, Picture

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class ImportView(QWidget):
    """One file on its way in."""

    accepted = Signal(object)  # tuple[Preview, ...], with the names that were typed
    left = Signal()

    def __init__(self, look: Look, importing: FlowImport, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._importing = importing
        self._path: Path | None = None
        self.setAcceptDrops(True)
        header = PageHeader(look, "flows.import.title", text_key="flows.import.about")
        back = Button(look, "flows.back")
        back.clicked.connect(self.leave)
        header.add_action(back)
        self._drop = DropArea(look)
        self._progress = ReadingPanel(look)
        self.preview = ImportPreview(look)
        self._error = ErrorPanel(look)
        self._stack = QStackedWidget()
        for each in (self._drop, self._progress, self.preview, self._error):
            self._stack.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(header)
        layout.addWidget(self._stack, 1)
        self._connect()

    def begin(self, path: Path | None = None) -> None:
        """Ask for a file, or read this one at once."""
        self._stack.setCurrentWidget(self._drop)
        self._drop.choose.setFocus()
        if path is not None:
            self._importing.read(path)

    def choose(self) -> None:
        """Let a file be chosen; any may hold a flow, whatever its name."""
        title = self._look.language.text("flows.import.choose")
        ask_for_file(self, title, done=self._importing.read)

    def leave(self) -> None:
        """Go back without a flow."""
        self._importing.cancel()
        self.left.emit()

    def _connect(self) -> None:
        self._drop.choose.clicked.connect(self.choose)
        self.preview.other.clicked.connect(self.choose)
        self._progress.cancel.clicked.connect(self._on_cancelled)
        self._error.retry_requested.connect(self.choose)
        self.preview.accepted.connect(self.accepted)
        self._importing.began.connect(self._on_began)
        self._importing.progressed.connect(self._progress.show_progress)
        self._importing.understood.connect(self._on_understood)
        self._importing.failed.connect(self._on_failed)

    def _on_began(self, path: Path) -> None:
        self._path = path
        self._progress.show_file(path.name)
        self._stack.setCurrentWidget(self._progress)

    def _on_understood(self, understood: Understood) -> None:
        self._stack.setCurrentWidget(self.preview)
        self.preview.show_understood(understood)

    def _on_failed(self, error: "CXError") -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _on_cancelled(self) -> None:
        self._importing.cancel()
        self._stack.setCurrentWidget(self._drop)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self._importing.read(path)


class DropArea(QFrame):
    """Where a file can be dropped, with a button for those who rather choose."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drop")
        self.choose = Button(look, "flows.import.choose", kind="primary")
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(Picture(look, "download-simple"), alignment=middle)
        layout.addWidget(Label.of(look, "flows.import.drop", "section"), alignment=middle)
        formats = Label.of(look, "flows.import.formats", "muted", wraps=True)
        formats.setAlignment(middle)
        formats.setFixedWidth(440)
        layout.addWidget(formats, alignment=middle)
        layout.addSpacing(8)
        layout.addWidget(self.choose, alignment=middle)
        layout.addStretch(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


class ReadingPanel(QWidget):
    """A file that is being read, how far it is, and a way to stop."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._step = "flows.import.step.reading"
        self._file = Label("", "section")
        self._what = Label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 100)
        self._bar.setFixedWidth(320)
        self.cancel = Button(look, "flows.import.cancel")
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for each in (self._file, self._bar, self._what, self.cancel):
            layout.addWidget(each, alignment=middle)
        layout.addStretch(3)
        look.language.follow(self, self._retext)

    def show_file(self, name: str) -> None:
        """A new file is being read."""
        self._file.setText(name)
        self._bar.setValue(0)

    def show_progress(self, progress: tuple[float, str]) -> None:
        """How far it is (0 to 1), and at what."""
        share, self._step = progress
        self._bar.setValue(round(share * 100))
        self._retext()

    def _retext(self) -> None:
        self._what.setText(self._look.language.text(self._step))
        self._bar.setAccessibleName(self._what.text())
