"""Nodes as people read them: a card with its colour, icon, title, exits and findings."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.layout.metrics import HEADER, ROW, WIDTH
from cx_desktop.views.flow_editor.geometry import NodeShape
from cx_desktop.views.flow_editor.ink import (
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
    Ink,
    Letter,
)
from cx_desktop.views.flow_editor.painting.cards import Cards, Face
from cx_desktop.views.flow_editor.painting.frame import Frame

#: How strongly a node is drawn that an exit cannot lead to.
GREYED = 0.35


def paint_nodes(painter: QPainter, frame: Frame, shapes: list[NodeShape], cards: Cards) -> None:
    """Paint cards in full."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cards.begin(frame.ink, frame.scale, frame.ratio)
    for shape in shapes:
        _Card(painter, frame, shape, cards).paint()


class _Card:
    """One card, painted from its own corner."""

    def __init__(self, painter: QPainter, frame: Frame, shape: NodeShape, cards: Cards) -> None:
        self._cards = cards
        self._painter = painter
        self._frame = frame
        self._ink: Ink = frame.ink
        self._shape = shape

    def paint(self) -> None:
        """Paint it where it lies."""
        painter, shape = self._painter, self._shape
        is_greyed = shape.node.id in self._frame.marks.greyed
        if is_greyed:
            painter.setOpacity(GREYED)
        corner = self._frame.transform.map(QPointF(shape.x, shape.y))
        painter.setTransform(self._frame.base)
        node = shape.node.id
        is_chosen = node == self._frame.marks.aimed or self._frame.selection.has_node(node)
        face = Face(shape.kind.family, shape.height, is_chosen)
        self._cards.paint(painter, self._ink, corner, face)
        painter.setTransform(self._frame.full)
        painter.translate(shape.x, shape.y)
        self._ring()
        self._header()
        self._exits()
        severity = self._frame.severities.get(shape.node.id)
        if severity is not None:
            self._ink.icon(
                painter,
                BADGE,
                SEVERITY_ICON[severity],
                role=SEVERITY_ROLE[severity],
                device_scale=self._frame.device_scale,
            )
        if is_greyed:
            painter.setOpacity(1.0)
        painter.translate(-shape.x, -shape.y)

    def _ring(self) -> None:
        """Paint the edge of a card that is found or under the mouse."""
        painter, ink, node = self._painter, self._ink, self._shape.node.id
        painter.setBrush(Qt.BrushStyle.NoBrush)
        marks = self._frame.marks
        halo = QRectF(-3.5, -3.5, WIDTH + 7, self._shape.height + 7)
        if node in marks.found:
            tint = QColor(ink.warn)
            tint.setAlpha(255 if node == marks.current else 110)
            painter.setPen(ink.pen(tint, 3.0))
            painter.drawRoundedRect(halo, RADIUS + 3, RADIUS + 3)
        is_chosen = node == marks.aimed or self._frame.selection.has_node(node)
        if node == marks.hovered and not is_chosen:
            painter.setPen(ink.pen(ink.control, 1.2))
            painter.drawPath(ink.card(self._shape.height)[0])

    def _header(self) -> None:
        painter, ink, shape = self._painter, self._ink, self._shape
        family = shape.kind.family
        ink.icon(
            painter,
            ICON.adjusted(3, 3, -3, -3),
            shape.kind.icon,
            role=family.value,
            device_scale=self._frame.device_scale,
        )
        words = self._frame.words
        title, subtitle = words.title(shape.node), words.subtitle(shape.node)
        painter.setPen(ink.text_color)
        painter.setFont(ink.font(Letter.TITLE))
        at = TITLE if subtitle else TITLE + QPointF(0, 8)
        painter.drawStaticText(at, ink.text(title, Letter.TITLE, TITLE_WIDTH))
        if subtitle:
            painter.setPen(ink.muted)
            painter.setFont(ink.font(Letter.SMALL))
            painter.drawStaticText(SUBTITLE, ink.text(subtitle, Letter.SMALL, TITLE_WIDTH))

    def _exits(self) -> None:
        painter, ink, shape = self._painter, self._ink, self._shape
        targets = self._frame.geometry.flow.links.get(shape.node.id, {})
        painter.setFont(ink.font(Letter.LABEL))
        for row, way in enumerate(shape.ways):
            is_linked = way.id in targets
            label = ink.text(self._frame.words.exit(way), Letter.LABEL, WIDTH - 32)
            painter.setPen(ink.text_color if is_linked or way.is_required else ink.muted)
            top = HEADER + ROW * row
            painter.drawStaticText(
                QPointF(WIDTH - 14 - label.size().width(), top + (ROW - label.size().height()) / 2),
                label,
            )
            self._port(QPointF(WIDTH, top + ROW / 2), way, is_linked=is_linked)
        if shape.kind.id != "start":
            painter.setPen(ink.pen(ink.link, 1.4))
            painter.setBrush(ink.surface)
            painter.drawEllipse(ENTRY, PORT - 0.5, PORT - 0.5)

    def _port(self, at: QPointF, way: Exit, *, is_linked: bool) -> None:
        """Full when linked; hollow and red when it must be linked; hollow and quiet otherwise."""
        painter, ink = self._painter, self._ink
        is_pointed = self._is_pointed(way.id)
        if is_linked:
            painter.setPen(ink.pen(ink.surface, 1.2))
            painter.setBrush(ink.accent if is_pointed else ink.family[self._shape.kind.family])
        else:
            tint = ink.block if way.unlinked is Unlinked.REFUSED else ink.control
            painter.setPen(ink.pen(ink.accent if is_pointed else tint, 1.6))
            painter.setBrush(ink.surface)
        radius = PORT + 2 if is_pointed else PORT
        painter.drawEllipse(at, radius, radius)

    def _is_pointed(self, way: ExitId) -> bool:
        pointed = self._frame.marks.hovered_exit
        return pointed is not None and pointed == (self._shape.node.id, way)
