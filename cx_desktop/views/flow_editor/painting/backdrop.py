"""The ground the flow stands on: a quiet pattern of dots that tells scale and movement."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from cx_desktop.domain.flow.layout.metrics import GRID
from cx_desktop.views.flow_editor.painting.frame import Frame

#: Dots nearer than this many pixels would be noise.
NEAREST = 15.0
#: From this scale down there are no dots.
SMALLEST = 0.2


class Backdrop:
    """Paints the ground; keeps one tile of dots for the present scale."""

    def __init__(self) -> None:
        self._tile = QPixmap()
        self._tile_key: tuple[float, float, int] | None = None

    def paint(self, painter: QPainter, frame: Frame, clip: QRectF) -> None:
        """Fill a part of the canvas, given in pixels."""
        painter.fillRect(clip, frame.ink.window)
        if frame.scale < SMALLEST:
            return
        step = GRID * 2 * frame.scale
        while step < NEAREST:
            step *= 2
        tile = self._dots(frame, step)
        offset = QPointF(
            (clip.left() - frame.transform.dx()) % step, (clip.top() - frame.transform.dy()) % step
        )
        painter.drawTiledPixmap(clip, tile, offset)

    def _dots(self, frame: Frame, step: float) -> QPixmap:
        key = (round(step, 3), frame.ratio, frame.ink.dots.rgb())
        if key != self._tile_key:
            pixels = max(1, round(step * frame.ratio))
            tile = QPixmap(pixels, pixels)
            tile.fill(Qt.GlobalColor.transparent)
            painter = QPainter(tile)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(frame.ink.dots)
            dot = 1.0 * frame.ratio
            painter.drawEllipse(QPointF(dot, dot), dot * 0.85, dot * 0.85)
            painter.end()
            tile.setDevicePixelRatio(pixels / step)
            self._tile, self._tile_key = tile, key
        return self._tile
