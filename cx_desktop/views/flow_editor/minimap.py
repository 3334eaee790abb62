"""The whole flow in a corner of the canvas, with the part that is seen; a click goes there."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.painting.changes import color_of
from cx_desktop.views.flow_editor.stage import Stage

SIZE = QSize(152, 98)
MARGIN = 8.0
#: How large a change is seen.
DOT = 3.0
#: How long after a move the picture is drawn anew: not while something is being dragged.
REST_MS = 120


class Minimap(QWidget):
    """Draws nodes as blocks, once per change of the flow."""

    def __init__(self, stage: Stage, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage = stage
        self._ink = ink
        self._picture = QPixmap()
        self._flow_rect = QRectF()
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        stage.viewport.changed.connect(self.update)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._forget_picture)
        stage.geometry.moved.connect(self._rest.start)
        stage.geometry.reset.connect(self._rest.start)

    @property
    def is_useful(self) -> bool:
        """Whether a part of the flow is out of sight."""
        return not self._stage.viewport.visible.contains(self._stage.geometry.around())

    def refresh(self) -> None:
        """Draw everything anew: the colours are different."""
        self._forget_picture()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._draw_flow()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self._ink.surface)
        ground.setAlpha(235)
        painter.setBrush(ground)
        painter.setPen(self._ink.pen(self._ink.outline))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.drawPixmap(0, 0, self._picture)
        painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
        seen = self._to_map(self._stage.viewport.visible)
        tint = QColor(self._ink.accent)
        tint.setAlpha(26)
        painter.setBrush(tint)
        painter.setPen(self._ink.pen(self._ink.accent, 1.4))
        painter.drawRoundedRect(seen, 3, 3)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, at: QPointF) -> None:
        scale = self._scale()
        corner = self._flow_rect.center()
        middle = QRectF(self.rect()).center()
        offset = (at - middle) / scale
        self._stage.viewport.center_on(corner + offset)

    def _draw_flow(self) -> None:
        """Draw the nodes into a picture, kept until one of them moves."""
        if not self._picture.isNull():
            return
        geometry = self._stage.geometry
        self._flow_rect = geometry.around()
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap(SIZE * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._picture)
        painter.setPen(Qt.PenStyle.NoPen)
        for shape in geometry.shapes.values():
            rect = self._to_map(shape.rect)
            rect.setSize(rect.size().expandedTo(QSize(2, 2)))
            painter.fillRect(rect, self._ink.family[shape.kind.family])
        self._draw_changes(painter)
        painter.end()

    def _draw_changes(self, painter: QPainter) -> None:
        """What differs between two versions, larger than life."""
        shapes = self._stage.geometry.shapes
        for mark, nodes in self._stage.marks.changes.nodes_by_mark.items():
            color = color_of(self._ink, mark)
            for shape in filter(None, map(shapes.get, nodes)):
                middle = self._to_map(shape.rect).center()
                painter.setPen(self._ink.pen(self._ink.surface, 1.0))
                painter.setBrush(color)
                painter.drawEllipse(middle, DOT, DOT)

    def _forget_picture(self) -> None:
        self._picture = QPixmap()
        self.update()

    def _scale(self) -> float:
        if self._flow_rect.isEmpty():
            return 0.05
        return min(
            (SIZE.width() - 2 * MARGIN) / self._flow_rect.width(),
            (SIZE.height() - 2 * MARGIN) / self._flow_rect.height(),
            0.12,
        )

    def _to_map(self, rect: QRectF) -> QRectF:
        scale = self._scale()
        middle = QRectF(self.rect()).center()
        corner = middle + (rect.topLeft() - self._flow_rect.center()) * scale
        return QRectF(corner, rect.size() * scale)
