"""The demo authenticator's face: six digits in a ring that runs out."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look


class CountdownRing(QWidget):
    """A ring that shows which share of a time is left; the last fifth changes colour."""

    def __init__(
        self,
        look: Look,
        share: Callable[[], float],
        *,
        size: int = 20,
        color: str = "accent",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._share = share
        self._color = color
        self.setFixedSize(QSize(size, size))
        look.theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(2.0, self.width() / 9)
        rect = QRectF(self.rect()).adjusted(width, width, -width, -width)
        color = self._look.theme.color(self._color)
        track = self._look.theme.color(self._color)
        track.setAlphaF(0.25)
        painter.setPen(QPen(track, width))
        painter.drawEllipse(rect)
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(rect, 90 * 16, round(360 * 16 * self._share()))
        painter.end()
