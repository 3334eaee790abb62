"""Links: smooth curves near by, hairlines from afar, with the exit's name on a chosen one."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from cx_desktop.domain.flow.graph import Link
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.geometry import FlowGeometry, LinkLine
from cx_desktop.views.flow_editor.ink import Letter
from cx_desktop.views.flow_editor.painting.frame import Frame

ARROW = QPainterPath(QPointF(-2.5, 0))
ARROW.lineTo(-10.5, -4.6)
ARROW.lineTo(-8.6, 0)
ARROW.lineTo(-10.5, 4.6)
ARROW.closeSubpath()


def paint_links(painter: QPainter, frame: Frame, lines: list[LinkLine]) -> None:
    """Paint links as curves with arrow heads."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    chosen = [line for line in lines if _is_chosen(frame, line.link)]
    ink, selection = frame.ink, frame.selection
    lit: list[LinkLine] = []
    quiet: list[LinkLine] = []
    for line in lines:
        is_lit = selection.has_node(line.link.node) or selection.has_node(line.link.target)
        (lit if is_lit else quiet).append(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for group, pen in ((quiet, ink.pen(ink.link, 1.6)), (lit, ink.pen(ink.accent, 1.8))):
        _curves(painter, pen, group, is_fleeting=frame.is_fleeting)
    for line in chosen:
        _paint_chosen(painter, frame, line)
    _arrows(painter, ink.link, quiet)
    _arrows(painter, ink.accent, lit + chosen)


def _curves(painter: QPainter, pen: QPen, lines: list[LinkLine], *, is_fleeting: bool) -> None:
    if not is_fleeting:
        painter.setPen(pen)
        for line in lines:
            painter.drawPath(line.path)
        return
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)  # round ones would be outlines again
    painter.setPen(pen)
    for line in lines:
        if line.route is None:
            painter.drawLines(curves.straights(line.start, line.end))
        else:
            painter.drawPath(line.path)


def paint_label(painter: QPainter, frame: Frame, line: LinkLine) -> None:
    """The name of the exit on its link, as a small plate."""
    ink = frame.ink
    source = frame.geometry.shapes.get(line.link.node)
    if source is None or frame.scale < 0.4:
        return
    text = frame.words.exit_of(source.node, line.link.exit)
    label = ink.text(text, Letter.LABEL, 150)
    size = label.size()
    x, y = line.middle
    plate = QRectF(
        x - size.width() / 2 - 7, y - size.height() / 2 - 2, size.width() + 14, size.height() + 4
    )
    painter.setPen(ink.pen(ink.accent, 1.0))
    painter.setBrush(ink.surface)
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    painter.setPen(ink.text_color)
    painter.setFont(ink.font(Letter.LABEL))
    painter.drawStaticText(QPointF(plate.left() + 7, plate.top() + 2), label)


def chosen_lines(frame: Frame, lines: list[LinkLine]) -> list[LinkLine]:
    """The links that are selected, under the mouse, or about to take a node in."""
    return [line for line in lines if _is_chosen(frame, line.link)]


def _is_chosen(frame: Frame, link: Link) -> bool:
    marks = frame.marks
    return link in (marks.hovered, marks.aimed) or frame.selection.has_link(link)


def _paint_chosen(painter: QPainter, frame: Frame, line: LinkLine) -> None:
    ink = frame.ink
    if line.link != frame.marks.hovered:
        halo = QColor(ink.accent)
        halo.setAlpha(60)
        painter.setPen(ink.pen(halo, 7.0))
        painter.drawPath(line.path)
    painter.setPen(ink.pen(ink.accent, 2.2))
    painter.drawPath(line.path)


def _arrows(painter: QPainter, color: QColor, lines: list[LinkLine]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for line in lines:
        x, y = line.end
        painter.translate(x, y)
        painter.drawPath(ARROW)
        painter.translate(-x, -y)


class Hairlines:
    """All links of a flow as straight hairlines, kept until one of them moves."""

    def __init__(self) -> None:
        self._version = -1
        self._lines: list[QLineF] = []

    def paint(self, painter: QPainter, frame: Frame, lines: list[LinkLine] | None) -> None:
        """Paint these links, or all of them, in one call."""
        if lines is None:
            self._keep(frame.geometry)
            hairs = self._lines
        else:
            hairs = _hairs(lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(frame.ink.pen(frame.ink.link, 1.0, is_cosmetic=True))
        painter.drawLines(hairs)

    def _keep(self, geometry: FlowGeometry) -> None:
        if self._version != geometry.version:
            self._lines = _hairs(list(geometry.lines.values()))
            self._version = geometry.version


def _hairs(lines: list[LinkLine]) -> list[QLineF]:
    hairs = []
    for line in lines:
        if line.route is None:
            hairs.append(QLineF(*line.start, *line.end))
        else:
            before = line.route[0]
            for after in line.route[1:]:
                hairs.append(QLineF(*before, *after))
                before = after
    return hairs
