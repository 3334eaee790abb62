"""How a flow is drawn small: nodes in the colours of their families, and the links between them."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from cx_desktop.domain.flow.graph import Flow, Link, Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.layout import Polyline
from cx_desktop.domain.flow.layout.metrics import HEADER, size_of
from cx_desktop.views.flow_editor.curves import along
from cx_desktop.views.widgets.look import Look

#: Below this scale titles would not be readable: nodes become plain blocks.
READABLE = 0.55


class FlowDrawing:
    """One flow, ready to be painted at any scale."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._paths: list[QPainterPath] = []
        self.flow = Flow()
        self.bounds = QRectF()
        self.marked: str | None = None

    def show(self, flow: Flow, routes: Mapping[Link, Polyline]) -> None:
        """Draw this flow from now on, its links along these routes."""
        self.flow, self.marked = flow, None
        self._paths = [along(points) for points in routes.values() if len(points) > 1]
        self.bounds = QRectF()
        for node in flow.nodes.values():
            self.bounds = self.bounds.united(_box(node))

    def place(self, node: str) -> QRectF:
        """Where a step stands; nowhere when there is none."""
        found = self.flow.nodes.get(NodeId(node))
        return _box(found) if found is not None else QRectF()

    @property
    def words(self) -> str:
        """What is drawn, for those who cannot see it."""
        return self._look.language.plural("flows.picture", len(self.flow.nodes))

    def fit(self, room: QSizeF) -> float:
        """The scale at which everything fits."""
        if self.bounds.isEmpty() or room.isEmpty():
            return 1.0
        return min(room.width() / self.bounds.width(), room.height() / self.bounds.height())

    def paint(self, painter: QPainter, scale: float, font: QFont) -> None:
        """Paint it in its own coordinates; the painter is scaled already."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._look.theme.color("control"), max(1.4, 1.0 / scale))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in self._paths:
            painter.drawPath(path)
        for node in self.flow.nodes.values():
            self._draw_node(painter, node, scale, font)

    def _draw_node(self, painter: QPainter, node: Node, scale: float, font: QFont) -> None:
        theme = self._look.theme
        colour = theme.color(kind_of(node).family.value)
        box = _box(node)
        if node.id == self.marked:
            halo = 6 / scale
            painter.setPen(QPen(theme.color("accent"), 3 / scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-halo, -halo, halo, halo), 12, 12)
        painter.setPen(QPen(colour, max(1.2, 1.0 / scale)))
        if scale < READABLE:
            soft = QColor(colour)
            soft.setAlpha(90)
            painter.setBrush(soft)
            painter.drawRoundedRect(box, 10, 10)
            return
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, 8, 8)
        self._draw_title(painter, node, box, font)

    def _draw_title(self, painter: QPainter, node: Node, box: QRectF, font: QFont) -> None:
        bold = QFont(font)
        bold.setPixelSize(13)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(self._look.theme.color(kind_of(node).family.value))
        line = QRectF(box.left() + 12, box.top(), box.width() - 24, HEADER)
        words = node.title or self._look.language.text(f"kind.{kind_of(node).id}")
        elided = QFontMetricsF(bold).elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)


def _box(node: Node) -> QRectF:
    return QRectF(QPointF(node.x, node.y), QSizeF(*size_of(node)))
