"""One frame of the canvas, layer over layer: ground, frames, links, nodes, notes, gesture."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.graph import NodeId, Note
from cx_desktop.domain.flow.layout.metrics import WIDTH
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.geometry import LinkLine, NodeShape
from cx_desktop.views.flow_editor.painting import calls, changes, links, nodes, nodes_afar, notes
from cx_desktop.views.flow_editor.painting.backdrop import Backdrop
from cx_desktop.views.flow_editor.painting.cards import Cards, draw_middle, draw_near
from cx_desktop.views.flow_editor.painting.frame import MIDDLE, Frame
from cx_desktop.views.flow_editor.stage import Sketch

#: The size of a blocking finding from afar, in pixels.
DOT = 6.0


class CanvasPainter:
    """Paints frames; keeps between them what is the same for all nodes and links."""

    def __init__(self) -> None:
        self._backdrop = Backdrop()
        self._blocks = nodes_afar.Blocks()
        self._hairlines = links.Hairlines()
        self._dots = _Dots()
        self._near_cards = Cards(draw_near)
        self._middle_cards = Cards(draw_middle)

    def paint_still(self, painter: QPainter, frame: Frame, clip: QRectF) -> None:
        """Paint what lies in ``clip``, given in pixels, and is not on the move."""
        self._backdrop.paint(painter, frame, clip)
        painter.setTransform(frame.full)
        geometry, without = frame.geometry, frame.without
        near = [note for note in geometry.notes_in(frame.area) if note.id not in without]
        if frame.is_far and frame.is_whole and not without:
            notes.paint_notes(painter, frame, near)
            self._paint_far(painter, frame, None, None)
            return
        lines = geometry.lines_in(frame.area)
        shapes = geometry.nodes_in(frame.area)
        if without:
            lines = [
                each for each in lines if without.isdisjoint((each.link.node, each.link.target))
            ]
            shapes = [each for each in shapes if each.node.id not in without]
        self._paint_things(painter, frame, _Things(lines, shapes, near))

    def paint_moving(self, painter: QPainter, frame: Frame) -> None:
        """Paint what is on the move, over what is not."""
        painter.setTransform(frame.full)
        geometry, moving = frame.geometry, frame.geometry.moving
        near = [note for note in geometry.notes_in(frame.area) if note.id in moving]
        shapes = [shape for node in moving if (shape := geometry.shapes.get(NodeId(node)))]
        lines = geometry.lines_at(shape.node.id for shape in shapes)
        self._paint_things(painter, frame, _Things(lines, shapes, near))

    def paint_sketch(self, painter: QPainter, frame: Frame, sketch: Sketch) -> None:
        """Paint what a gesture draws over everything."""
        painter.setTransform(frame.full)
        _paint_sketch(painter, frame, sketch)

    def _paint_things(self, painter: QPainter, frame: Frame, things: "_Things") -> None:
        frames = [note for note in things.notes if note.kind == "frame"]
        comments = [note for note in things.notes if note.kind != "frame"]
        notes.paint_notes(painter, frame, frames)
        if frame.is_far:
            self._paint_far(painter, frame, things.lines, things.shapes)
        else:
            self._paint_near(painter, frame, things.lines, things.shapes)
        notes.paint_notes(painter, frame, comments)

    def _paint_near(
        self, painter: QPainter, frame: Frame, lines: list[LinkLine], shapes: list[NodeShape]
    ) -> None:
        links.paint_links(painter, frame, lines)
        calls.paint_links(painter, frame, lines)
        changes.paint_links(painter, frame, lines)
        if frame.scale < MIDDLE:
            nodes_afar.paint_middle(painter, frame, shapes, self._middle_cards)
        else:
            nodes.paint_nodes(painter, frame, shapes, self._near_cards)
        calls.paint_nodes(painter, frame, shapes)
        changes.paint_nodes(painter, frame, shapes)
        for line in links.chosen_lines(frame, lines):
            links.paint_label(painter, frame, line)

    def _paint_far(
        self,
        painter: QPainter,
        frame: Frame,
        lines: list[LinkLine] | None,
        shapes: list[NodeShape] | None,
    ) -> None:
        """Paint blocks and hairlines: these, or all there are."""
        self._hairlines.paint(painter, frame, lines)
        self._blocks.paint(painter, frame, shapes)
        self._dots.paint(painter, frame)
        changes.paint_far(painter, frame)
        geometry, marks = frame.geometry, frame.marks
        wanted = dict.fromkeys((*frame.selection.nodes, *marks.found, *marks.call.nodes))
        for each in (marks.hovered, marks.aimed):
            if isinstance(each, str) and each in geometry.shapes:
                wanted[NodeId(each)] = None
        chosen = [
            geometry.shapes[node]
            for node in wanted
            if node in geometry.shapes and node not in frame.without
        ]
        nodes_afar.paint_chosen(painter, frame, chosen)


class _Things(NamedTuple):
    """What one frame shows."""

    lines: list[LinkLine]
    shapes: list[NodeShape]
    notes: list[Note]


class _Dots:
    """Blocking findings from afar, as dots; kept until a node moves or other findings come."""

    def __init__(self) -> None:
        self._version = -1
        self._severities: dict[NodeId, Severity] = {}
        self._corners: list[QPointF] = []

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint them all, at one size whatever the scale."""
        self._keep(frame)
        if self._corners:
            pen = frame.ink.pen(frame.ink.block, DOT, is_cosmetic=True)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            painter.drawPoints(self._corners)

    def _keep(self, frame: Frame) -> None:
        geometry, severities = frame.geometry, frame.severities
        if self._version == geometry.version and self._severities is severities:
            return
        self._version, self._severities = geometry.version, severities
        self._corners = [
            QPointF(shape.x + WIDTH, shape.y)
            for node, severity in severities.items()
            if severity is Severity.BLOCKING and (shape := geometry.shapes.get(node))
        ]


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
