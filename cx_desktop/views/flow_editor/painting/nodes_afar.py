"""Nodes from further away: first only their titles, in letters that stay readable; then blocks."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from cx_desktop.domain.flow.kind import Family
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.views.flow_editor.geometry import FlowGeometry, NodeShape
from cx_desktop.views.flow_editor.ink import RADIUS, SEVERITY_ICON, SEVERITY_ROLE, Letter
from cx_desktop.views.flow_editor.painting.cards import Cards, Face
from cx_desktop.views.flow_editor.painting.frame import Frame

#: Titles are not drawn on cards narrower than this many pixels.
NARROWEST = 62.0


def paint_middle(painter: QPainter, frame: Frame, shapes: list[NodeShape], cards: Cards) -> None:
    """Paint cards with their titles alone."""
    cards.begin(frame.ink, frame.scale, frame.ratio)
    painter.setTransform(frame.base)
    for shape in shapes:
        painter.setOpacity(0.35 if shape.node.id in frame.marks.greyed else 1.0)
        corner = frame.transform.map(QPointF(shape.x, shape.y))
        cards.paint(painter, frame.ink, corner, Face(shape.kind.family, shape.height))
    painter.setTransform(frame.full)
    painter.setOpacity(1.0)
    _titles(painter, frame, shapes)
    _badges(painter, frame, shapes)
    paint_chosen(painter, frame, shapes)


def _titles(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    """Titles in pixels of the screen, so that they stay crisp and readable."""
    width = WIDTH * frame.scale
    if width < NARROWEST:
        return
    ink = frame.ink
    painter.setTransform(frame.base)
    painter.setFont(ink.font(Letter.AFAR))
    painter.setPen(ink.text_color)
    for shape in shapes:
        corner = frame.transform.map(QPointF(shape.x, shape.y))
        label = ink.text(frame.words.title(shape.node), Letter.AFAR, (width - 10) // 4 * 4)
        height = min(shape.height, HEADER * 1.6) * frame.scale
        painter.drawStaticText(
            QPointF(corner.x() + 7, corner.y() + (height - label.size().height()) / 2), label
        )
    painter.setTransform(frame.full)


def _badges(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    size = 15 / frame.scale
    for shape in shapes:
        severity = frame.severities.get(shape.node.id)
        if severity is not None:
            frame.ink.icon(
                painter,
                QRectF(shape.x + WIDTH - size * 0.7, shape.y - size * 0.4, size, size),
                SEVERITY_ICON[severity],
                role=SEVERITY_ROLE[severity],
                device_scale=frame.device_scale,
            )


class Blocks:
    """All nodes of a flow as rectangles by colour, kept until one of them moves."""

    def __init__(self) -> None:
        self._version = -1
        self._bodies: dict[Family, list[QRectF]] = {}
        self._heads: dict[Family, list[QRectF]] = {}

    def paint(self, painter: QPainter, frame: Frame, shapes: list[NodeShape] | None) -> None:
        """Paint these nodes, or all of them, in a few calls."""
        if shapes is None:
            self._keep(frame.geometry)
            bodies, heads = self._bodies, self._heads
        else:
            bodies, heads = _blocks(shapes)
        ink = frame.ink
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        for family, rects in bodies.items():
            painter.setBrush(ink.family_far[family])
            painter.drawRects(rects)
        for family, rects in heads.items():
            painter.setBrush(ink.family[family])
            painter.drawRects(rects)

    def _keep(self, geometry: FlowGeometry) -> None:
        if self._version != geometry.version:
            self._bodies, self._heads = _blocks(list(geometry.shapes.values()))
            self._version = geometry.version


def _blocks(
    shapes: list[NodeShape],
) -> tuple[dict[Family, list[QRectF]], dict[Family, list[QRectF]]]:
    bodies: dict[Family, list[QRectF]] = {}
    heads: dict[Family, list[QRectF]] = {}
    for shape in shapes:
        family = shape.kind.family
        bodies.setdefault(family, []).append(shape.rect)
        heads.setdefault(family, []).append(QRectF(shape.x, shape.y, WIDTH, HEADER))
    return bodies, heads


def paint_chosen(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    """Edges of the nodes that are selected, aimed at, found or under the mouse."""
    ink, marks = frame.ink, frame.marks
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shape in shapes:
        node = shape.node.id
        if node == marks.aimed or frame.selection.has_node(node):
            painter.setPen(ink.pen(ink.accent, 2.2, is_cosmetic=True))
        elif node in marks.found:
            width = 3.0 if node == marks.current else 1.6
            painter.setPen(ink.pen(ink.warn, width, is_cosmetic=True))
        elif node == marks.hovered:
            painter.setPen(ink.pen(ink.control, 1.4, is_cosmetic=True))
        else:
            continue
        painter.drawRoundedRect(shape.rect, RADIUS, RADIUS)
