"""A small drawing of a flow: nodes in the colours of their families, and the links between them."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cx_desktop.domain.flow.graph import Flow, Link, Node
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.layout import Polyline
from cx_desktop.domain.flow.layout.metrics import HEADER, size_of
from cx_desktop.views.flow_editor.curves import along
from cx_desktop.views.widgets.look import Look

#: Below this scale titles would not be readable: nodes become plain blocks.
_READABLE = 0.55
_MARGIN = 14.0


class FlowPicture(QWidget):
    """Shows a whole flow at once, as large as it fits and never larger than life."""

    def __init__(
        self, look: Look, *, height: int = 120, largest: float = 1.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._flow = Flow()
        self._paths: list[QPainterPath] = []
        self._marked: str | None = None
        self._height = height
        self._largest = largest
        self.setMinimumHeight(height)
        look.theme.changed.connect(self.update)
        look.language.follow(self, self._retext)

    def show_flow(self, flow: Flow, routes: Mapping[Link, Polyline]) -> None:
        """Draw this flow, its links along these routes."""
        self._flow = flow
        self._marked = None
        self._paths = [along(points) for points in routes.values() if len(points) > 1]
        self._retext()
        self.update()

    def mark(self, node: str | None) -> None:
        """Point out one step."""
        self._marked = node
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._height * 2, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("window"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self._flow.nodes:
            scale = self._place(painter)
            self._draw_links(painter, scale)
            for node in self._flow.nodes.values():
                self._draw_node(painter, node, scale)
        painter.end()

    def _place(self, painter: QPainter) -> float:
        """Move the painter so that the whole flow fits; gives the scale."""
        bounds = QRectF()
        for node in self._flow.nodes.values():
            bounds = bounds.united(QRectF(QPointF(node.x, node.y), _size(node)))
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / bounds.width(), room.height() / bounds.height(), self._largest)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-bounds.center())
        return scale

    def _draw_links(self, painter: QPainter, scale: float) -> None:
        pen = QPen(self._look.theme.color("control"), max(1.4, 1.0 / scale))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in self._paths:
            painter.drawPath(path)

    def _draw_node(self, painter: QPainter, node: Node, scale: float) -> None:
        theme = self._look.theme
        colour = theme.color(kind_of(node).family.value)
        box = QRectF(QPointF(node.x, node.y), _size(node))
        if node.id == self._marked:
            halo = 6 / scale
            painter.setPen(QPen(theme.color("accent"), 3 / scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-halo, -halo, halo, halo), 12, 12)
        painter.setPen(QPen(colour, max(1.2, 1.0 / scale)))
        if scale < _READABLE:
            soft = QColor(colour)
            soft.setAlpha(90)
            painter.setBrush(soft)
            painter.drawRoundedRect(box, 10, 10)
            return
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, 8, 8)
        self._draw_title(painter, node, box, colour)

    def _draw_title(self, painter: QPainter, node: Node, box: QRectF, colour: QColor) -> None:
        font = QFont(self.font())
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour)
        line = QRectF(box.left() + 12, box.top(), box.width() - 24, HEADER)
        words = node.title or self._look.language.text(f"kind.{kind_of(node).id}")
        elided = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)

    def _retext(self) -> None:
        count = len(self._flow.nodes)
        self.setAccessibleName(self._look.language.plural("flows.picture", count))


def _size(node: Node) -> QSizeF:
    return QSizeF(*size_of(node))
