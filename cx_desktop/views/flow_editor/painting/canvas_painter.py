"""One frame of the canvas, layer over layer: ground, frames, links, nodes, notes, gesture."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.painting import links, nodes, nodes_afar, notes
from cx_desktop.views.flow_editor.painting.backdrop import Backdrop
from cx_desktop.views.flow_editor.painting.frame import FAR, MIDDLE, Frame
from cx_desktop.views.flow_editor.stage import Sketch


class CanvasPainter:
    """Paints frames; keeps between them what is the same for all nodes and links."""

    def __init__(self) -> None:
        self._backdrop = Backdrop()
        self._blocks = nodes_afar.Blocks()
        self._hairlines = links.Hairlines()

    def paint(self, painter: QPainter, frame: Frame, sketch: Sketch, clip: QRectF) -> None:
        """Paint what lies in ``clip``, given in pixels."""
        self._backdrop.paint(painter, frame, clip)
        painter.setTransform(frame.transform, combine=True)
        near_notes = frame.geometry.notes_in(frame.area)
        notes.paint_notes(painter, frame, [note for note in near_notes if note.kind == "frame"])
        if frame.scale < FAR:
            self._paint_far(painter, frame)
        else:
            self._paint_near(painter, frame)
        notes.paint_notes(painter, frame, [note for note in near_notes if note.kind != "frame"])
        _paint_sketch(painter, frame, sketch)

    def _paint_near(self, painter: QPainter, frame: Frame) -> None:
        lines = frame.geometry.lines_in(frame.area)
        shapes = frame.geometry.nodes_in(frame.area)
        links.paint_links(painter, frame, lines)
        if frame.scale < MIDDLE:
            nodes_afar.paint_middle(painter, frame, shapes)
        else:
            nodes.paint_nodes(painter, frame, shapes)
        for line in links.chosen_lines(frame, lines):
            links.paint_label(painter, frame, line)

    def _paint_far(self, painter: QPainter, frame: Frame) -> None:
        geometry = frame.geometry
        if frame.is_whole:
            self._hairlines.paint(painter, frame, None)
            self._blocks.paint(painter, frame, None)
        else:
            self._hairlines.paint(painter, frame, geometry.lines_in(frame.area))
            self._blocks.paint(painter, frame, geometry.nodes_in(frame.area))
        _paint_dots(painter, frame)
        marks = frame.marks
        candidates = dict.fromkeys((*frame.selection.nodes, *marks.found))
        for each in (marks.hovered, marks.aimed):
            if isinstance(each, str) and each in geometry.shapes:
                candidates[NodeId(each)] = None
        chosen = [geometry.shapes[node] for node in candidates if node in geometry.shapes]
        nodes_afar.paint_chosen(painter, frame, chosen)


def _paint_dots(painter: QPainter, frame: Frame) -> None:
    """Blocking findings from afar, as dots."""
    size = 6 / frame.scale
    dots = [
        QRectF(shape.x + shape.rect.width() - size / 2, shape.y - size / 2, size, size)
        for node, severity in frame.severities.items()
        if severity is Severity.BLOCKING and (shape := frame.geometry.shapes.get(node))
    ]
    if dots:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(frame.ink.block)
        painter.drawRects(dots)


def _paint_sketch(painter: QPainter, frame: Frame, sketch: Sketch) -> None:
    ink = frame.ink
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sketch.guides:
        painter.setPen(ink.pen(ink.accent, 1.0, is_cosmetic=True))
        for one, other in sketch.guides:
            painter.drawLine(one, other)
    if sketch.line is not None:
        color = ink.block if sketch.is_line_refused else ink.accent
        pen = ink.pen(color, 2.0)
        if sketch.is_line_refused:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPath(curves.curve(*sketch.line))
        painter.setBrush(color)
        painter.drawEllipse(QPointF(*sketch.line[1]), 3.5, 3.5)
    if sketch.band is not None:
        tint = QColor(ink.accent)
        tint.setAlpha(32)
        painter.setPen(ink.pen(ink.accent, 1.0, is_cosmetic=True))
        painter.setBrush(tint)
        painter.drawRect(sketch.band)
