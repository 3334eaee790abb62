"""The left half of the door: what this program is, over a flow drawn in light lines."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: The picture of a flow: boxes (column, row) and the links between them, on a unit grid.
_BOXES = ((0, 2), (1, 2), (2, 0.6), (2, 2), (2, 3.4), (3, 0.6), (3, 2.7), (3, 4.1))
_LINKS = ((0, 1), (1, 2), (1, 3), (1, 4), (2, 5), (3, 6), (4, 6), (4, 7))
_CLEAR = QColor(0, 0, 0, 0)
_HIGHLIGHTED = frozenset({1, 5})


class Banner(QFrame):
    """The program's name and promise."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "banner")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.setSpacing(8)
        layout.addWidget(Label.of(look, "sign-in.brand", "strong"))
        layout.addStretch(1)
        layout.addWidget(Label.of(look, "sign-in.promise", "display", wraps=True))
        layout.addWidget(Label.of(look, "sign-in.promise-more", wraps=True))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._look.icons.is_loaded:
            return  # the first paint does without: a first QPen makes the whole Qt namespace
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_flow(painter)
        painter.end()

    def _paint_flow(self, painter: QPainter) -> None:
        step_x, step_y = self.width() / 3.6, self.height() / 10.5
        width, height = step_x * 0.66, step_y * 0.62
        corners = [
            QPointF(step_x * (column - 0.12), self.height() * 0.12 + step_y * row)
            for column, row in _BOXES
        ]
        for start, end in _LINKS:
            source = corners[start] + QPointF(width, height / 2)
            target = corners[end] + QPointF(0, height / 2)
            bend = (target.x() - source.x()) / 2
            path = QPainterPath(source)
            path.cubicTo(source + QPointF(bend, 0), target - QPointF(bend, 0), target)
            painter.setPen(QPen(QColor(255, 255, 255, 70), 1.5))
            painter.drawPath(path)
        for index, corner in enumerate(corners):
            rect = QRectF(corner.x(), corner.y(), width, height)
            is_lit = index in _HIGHLIGHTED
            painter.setPen(QPen(QColor(255, 255, 255, 150 if is_lit else 60), 1))
            painter.setBrush(QColor(255, 255, 255, 46 if is_lit else 20))
            painter.drawRoundedRect(rect, 6, 6)
            painter.setPen(_CLEAR)
            painter.setBrush(QColor(255, 255, 255, 170 if is_lit else 80))
            painter.drawRoundedRect(QRectF(rect.x() + 10, rect.y() + 10, width * 0.5, 4), 2, 2)
            painter.setBrush(QColor(255, 255, 255, 50))
            painter.drawRoundedRect(QRectF(rect.x() + 10, rect.y() + 20, width * 0.32, 4), 2, 2)
