"""Nodes as people read them: a card with its colour, icon, title, exits and findings."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.layout.metrics import HEADER, ROW, WIDTH
from cx_desktop.views.flow_editor.geometry import NodeShape
from cx_desktop.views.flow_editor.look import (
    BADGE,
    ENTRY,
    ICON,
    PORT,
    RADIUS,
    SEVERITY_ICON,
    SEVERITY_ROLE,
    SUBTITLE,
    TITLE,
    TITLE_WIDTH,
    Letter,
    Look,
)
from cx_desktop.views.flow_editor.painting.frame import Frame

#: How strongly a node is drawn that an exit cannot lead to.
GREYED = 0.35


def paint_nodes(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    """Paint cards in full."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in shapes:
        _Card(painter, frame, shape).paint()


class _Card:
    """One card, painted from its own corner."""

    def __init__(self, painter: QPainter, frame: Frame, shape: NodeShape) -> None:
        self._painter = painter
        self._frame = frame
        self._look: Look = frame.look
        self._shape = shape

    def paint(self) -> None:
        """Paint it where it lies."""
        painter, shape = self._painter, self._shape
        painter.translate(shape.x, shape.y)
        is_greyed = shape.node.id in self._frame.marks.greyed
        if is_greyed:
            painter.setOpacity(GREYED)
        self._body()
        self._header()
        self._exits()
        severity = self._frame.severities.get(shape.node.id)
        if severity is not None:
            self._look.icon(
                painter,
                BADGE,
                SEVERITY_ICON[severity],
                role=SEVERITY_ROLE[severity],
                device_scale=self._frame.device_scale,
            )
        if is_greyed:
            painter.setOpacity(1.0)
        painter.translate(-shape.x, -shape.y)

    def _body(self) -> None:
        painter, look, height = self._painter, self._look, self._shape.height
        card, bar = look.card(height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.shadow)
        painter.drawRoundedRect(QRectF(-0.5, 1.5, WIDTH + 1, height + 1), RADIUS, RADIUS)
        painter.setBrush(look.surface)
        painter.drawPath(card)
        painter.setBrush(look.family[self._shape.kind.family])
        painter.drawPath(bar)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._ring()
        painter.drawPath(card)

    def _ring(self) -> None:
        """Choose the pen of the card's edge, and paint the halo of a chosen one."""
        painter, look, node = self._painter, self._look, self._shape.node.id
        marks = self._frame.marks
        halo = QRectF(-3.5, -3.5, WIDTH + 7, self._shape.height + 7)
        if node in marks.found:
            tint = QColor(look.warn)
            tint.setAlpha(255 if node == marks.current else 110)
            painter.setPen(look.pen(tint, 3.0))
            painter.drawRoundedRect(halo, RADIUS + 3, RADIUS + 3)
        if node == marks.aimed or self._frame.selection.has_node(node):
            tint = QColor(look.accent)
            tint.setAlpha(70)
            painter.setPen(look.pen(tint, 4.0))
            painter.drawRoundedRect(QRectF(-2, -2, WIDTH + 4, self._shape.height + 4), 10, 10)
            painter.setPen(look.pen(look.accent, 1.6))
        elif node == marks.hovered:
            painter.setPen(look.pen(look.control, 1.2))
        else:
            painter.setPen(look.pen(look.outline, 1.0))

    def _header(self) -> None:
        painter, look, shape = self._painter, self._look, self._shape
        family = shape.kind.family
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.family_soft[family])
        painter.drawRoundedRect(ICON, 6, 6)
        look.icon(
            painter,
            ICON.adjusted(3, 3, -3, -3),
            shape.kind.icon,
            role=family.value,
            device_scale=self._frame.device_scale,
        )
        words = self._frame.words
        title, subtitle = words.title(shape.node), words.subtitle(shape.node)
        painter.setPen(look.text_color)
        painter.setFont(look.font(Letter.TITLE))
        at = TITLE if subtitle else TITLE + QPointF(0, 8)
        painter.drawStaticText(at, look.text(title, Letter.TITLE, TITLE_WIDTH))
        if subtitle:
            painter.setPen(look.muted)
            painter.setFont(look.font(Letter.SMALL))
            painter.drawStaticText(SUBTITLE, look.text(subtitle, Letter.SMALL, TITLE_WIDTH))

    def _exits(self) -> None:
        painter, look, shape = self._painter, self._look, self._shape
        if shape.ways:
            painter.setPen(look.pen(look.outline, 1.0))
            painter.drawLine(QPointF(12, HEADER + 0.5), QPointF(WIDTH - 8, HEADER + 0.5))
        targets = self._frame.geometry.flow.links.get(shape.node.id, {})
        painter.setFont(look.font(Letter.LABEL))
        for row, way in enumerate(shape.ways):
            is_linked = way.id in targets
            label = look.text(self._frame.words.exit(way), Letter.LABEL, WIDTH - 32)
            painter.setPen(look.text_color if is_linked or way.is_required else look.muted)
            top = HEADER + ROW * row
            painter.drawStaticText(
                QPointF(WIDTH - 14 - label.size().width(), top + (ROW - label.size().height()) / 2),
                label,
            )
            self._port(QPointF(WIDTH, top + ROW / 2), way, is_linked=is_linked)
        if shape.kind.id != "start":
            painter.setPen(look.pen(look.link, 1.4))
            painter.setBrush(look.surface)
            painter.drawEllipse(ENTRY, PORT - 0.5, PORT - 0.5)

    def _port(self, at: QPointF, way: Exit, *, is_linked: bool) -> None:
        """Full when linked; hollow and red when it must be linked; hollow and quiet otherwise."""
        painter, look = self._painter, self._look
        is_pointed = self._is_pointed(way.id)
        if is_linked:
            painter.setPen(look.pen(look.surface, 1.2))
            painter.setBrush(look.accent if is_pointed else look.family[self._shape.kind.family])
        else:
            tint = look.block if way.unlinked is Unlinked.REFUSED else look.control
            painter.setPen(look.pen(look.accent if is_pointed else tint, 1.6))
            painter.setBrush(look.surface)
        radius = PORT + 2 if is_pointed else PORT
        painter.drawEllipse(at, radius, radius)

    def _is_pointed(self, way: ExitId) -> bool:
        pointed = self._frame.marks.hovered_exit
        return pointed is not None and pointed == (self._shape.node.id, way)
