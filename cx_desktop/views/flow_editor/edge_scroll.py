"""Moving the canvas while a gesture reaches for what is out of sight."""

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from cx_desktop.views.flow_editor.viewport import Viewport

#: How near the edge it begins, and how far a step goes, in pixels.
EDGE, STEP = 24.0, 14.0
INTERVAL_MS = 16


class EdgeScroll(QObject):
    """Scrolls for as long as the mouse is held near an edge."""

    scrolled = Signal(QPointF)  # where the mouse is: the flow is elsewhere under it now

    def __init__(self, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._at: QPointF | None = None
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """A gesture begins."""
        self._at = None

    def follow(self, at: QPointF) -> None:
        """The mouse is at this pixel."""
        self._at = at
        if self._push().isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """The gesture is over."""
        self._at = None
        self._timer.stop()

    def _push(self) -> QPointF:
        if self._at is None:
            return QPointF()
        size = self._viewport.size
        return QPointF(_push(self._at.x(), size.width()), _push(self._at.y(), size.height()))

    def _step(self) -> None:
        if self._at is not None:
            self._viewport.pan_by(self._push())
            self.scrolled.emit(self._at)


def _push(at: float, length: float) -> float:
    if at < EDGE:
        return STEP
    return -STEP if at > length - EDGE else 0.0
