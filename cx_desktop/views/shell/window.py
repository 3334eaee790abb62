"""The one window: the door, the locked screen or the shell, under the demo's band."""

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.models.settings import Settings
from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look


class FirstPaint(QObject):
    """Tells when a window has been painted for the first time; then it is gone."""

    done = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        self.done.emit()
        self.deleteLater()


class MainWindow(QMainWindow):
    """Shows one thing at a time; remembers its place."""

    closed = Signal()

    def __init__(self, look: Look, settings: Settings, *, band: QWidget | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._stack = QStackedWidget()
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if band is not None:
            layout.addWidget(band)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        look.language.bind(self, self.setWindowTitle, "app.name" if band is None else "demo.window")
        self.setMinimumSize(720, 480)
        if not self.restoreGeometry(QByteArray.fromBase64(settings.now.window.encode())):
            self.resize(1240, 780)

    def show_only(self, widget: QWidget) -> None:
        """Put this on screen instead of what is there."""
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    def drop(self, widget: QWidget) -> None:
        """Take something out and destroy it."""
        self._stack.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def come_forward(self) -> None:
        """Somebody started the program again: here it is."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        place = bytes(self.saveGeometry().toBase64().data()).decode()
        self._settings.set("window", place)
        self.closed.emit()
        super().closeEvent(event)
