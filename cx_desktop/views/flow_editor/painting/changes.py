"""What became of nodes and links between two versions; by sign and line as well as by colour."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cx_desktop.domain.flow.diff import Mark
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.geometry import FlowGeometry, LinkLine, NodeShape
from cx_desktop.views.flow_editor.ink import RADIUS, Ink
from cx_desktop.views.flow_editor.marks import ChangeMarks
from cx_desktop.views.flow_editor.painting.frame import Frame

#: The sign of each mark, its colour by name, and how its line runs.
SIGN_BY_MARK = {
    Mark.ADDED: "plus-circle-fill",
    Mark.REMOVED: "minus-circle-fill",
    Mark.CHANGED: "pencil-simple-fill",
    Mark.MOVED: "arrows-out-cardinal-fill",
}
ROLE_BY_MARK = {
    Mark.ADDED: "info",
    Mark.REMOVED: "block",
    Mark.CHANGED: "warn",
    Mark.MOVED: "muted",
}
_LINE_BY_MARK = {
    Mark.ADDED: Qt.PenStyle.SolidLine,
    Mark.REMOVED: Qt.PenStyle.DashLine,
    Mark.CHANGED: Qt.PenStyle.SolidLine,
    Mark.MOVED: Qt.PenStyle.DotLine,
}
#: How far outside a card its ring lies, how large its sign is seen, and the least size from afar.
GAP, SIGN, LEAST = 4.0, 22.0, 5.0
#: From afar: how much what is the same is faded, of 255; the size of signs; how many are drawn.
VEIL, FAR_SIGN, MOST_SIGNS = 150, 12.0, 300


def paint_links(painter: QPainter, frame: Frame, lines: list[LinkLine]) -> None:
    """Paint the links that are new, and those that are gone as ghosts."""
    changes = frame.marks.changes
    if changes.is_empty:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(frame.ink.pen(color_of(frame.ink, Mark.ADDED), 3.0))
    for line in lines:
        if line.link in changes.added:
            painter.drawPath(line.path)
    painter.setPen(_dashed(frame, 2.2))
    for start, end in ghosts(frame.geometry, changes):
        if curves.bounds(start, end).meets(frame.area):
            painter.drawPath(curves.curve(start, end))


def paint_nodes(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    """Paint a ring and a sign at each node that is not as it was."""
    changes = frame.marks.changes
    if changes.is_empty:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(1.0)
    for shape in shapes:
        mark = changes.mark_of(shape.node.id)
        if mark is not None:
            _ring(painter, frame, shape, mark)


def paint_far(painter: QPainter, frame: Frame) -> None:
    """From afar: blocks in the colours of the marks, never smaller than can be seen."""
    changes = frame.marks.changes
    if changes.is_empty:
        return
    least = LEAST / frame.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    veil = QColor(frame.ink.window)
    veil.setAlpha(VEIL)
    area = frame.area
    painter.fillRect(
        QRectF(area.left, area.top, area.right - area.left, area.bottom - area.top), veil
    )
    for mark, nodes in changes.nodes_by_mark.items():
        rects = [
            _at_least(shape.rect, least)
            for node in nodes
            if (shape := frame.geometry.shapes.get(node)) is not None
        ]
        color = color_of(frame.ink, mark)
        painter.setPen(frame.ink.pen(color, 1.0, is_cosmetic=True))
        painter.setBrush(color if mark is not Mark.REMOVED else Qt.BrushStyle.NoBrush)
        painter.drawRects(rects)
        if len(nodes) <= MOST_SIGNS:
            _signs(painter, frame, mark, rects)
    painter.setPen(_dashed(frame, 1.4 / frame.scale))
    for start, end in ghosts(frame.geometry, changes):
        painter.drawLine(QPointF(*start), QPointF(*end))


def _signs(painter: QPainter, frame: Frame, mark: Mark, rects: list[QRectF]) -> None:
    """The sign of a mark at the corner of each block, of one size whatever the scale."""
    size = FAR_SIGN / frame.scale
    for rect in rects:
        place = QRectF(rect.right() - size / 2, rect.top() - size / 2, size, size)
        frame.ink.icon(
            painter,
            place,
            SIGN_BY_MARK[mark],
            role=ROLE_BY_MARK[mark],
            device_scale=frame.device_scale,
        )


def ghosts(
    geometry: FlowGeometry, changes: ChangeMarks
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Where the links ran that are gone."""
    shapes = geometry.shapes
    return [
        (source.way_out(link.exit), target.entry)
        for link in changes.removed
        if (source := shapes.get(link.node)) and (target := shapes.get(link.target))
    ]


def color_of(ink: Ink, mark: Mark) -> QColor:
    """The colour of a mark."""
    return {
        Mark.ADDED: ink.note_colors["info"],
        Mark.REMOVED: ink.block,
        Mark.CHANGED: ink.warn,
        Mark.MOVED: ink.muted,
    }[mark]


def _ring(painter: QPainter, frame: Frame, shape: NodeShape, mark: Mark) -> None:
    ink = frame.ink
    rect = QRectF(shape.x - GAP, shape.y - GAP, WIDTH + 2 * GAP, shape.height + 2 * GAP)
    is_present = frame.selection.has_node(NodeId(shape.node.id))
    pen = ink.pen(color_of(ink, mark), (4.0 if is_present else 2.4) / min(frame.scale, 1.0))
    pen.setStyle(_LINE_BY_MARK[mark])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, RADIUS + GAP, RADIUS + GAP)
    size = min(SIGN / min(frame.scale, 1.0), HEADER * 1.6)
    place = QRectF(shape.x + WIDTH - size * 0.6, shape.y - size * 0.55, size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.surface)
    painter.drawEllipse(place)
    ink.icon(
        painter, place, SIGN_BY_MARK[mark], role=ROLE_BY_MARK[mark], device_scale=frame.device_scale
    )


def _dashed(frame: Frame, width: float) -> QPen:
    pen = frame.ink.pen(color_of(frame.ink, Mark.REMOVED), width)
    pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _at_least(rect: QRectF, least: float) -> QRectF:
    grow_x, grow_y = max(least - rect.width(), 0) / 2, max(least - rect.height(), 0) / 2
    return rect.adjusted(-grow_x, -grow_y, grow_x, grow_y)
