"""A simulated call on the canvas, and what tests go through; never by colour alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.layout.metrics import WIDTH
from cx_desktop.views.flow_editor.geometry import LinkLine, NodeShape
from cx_desktop.views.flow_editor.ink import RADIUS, Letter
from cx_desktop.views.flow_editor.painting.frame import Frame

#: How far outside a card its ring lies.
GAP = 4.0
#: The size of a small sign at a corner of a card.
SIGN = 18.0
#: Below this scale shares cannot be read, and are not shown.
LEAST_SCALE = 0.2


def paint_links(painter: QPainter, frame: Frame, lines: list[LinkLine]) -> None:
    """Paint the links that a call has gone by."""
    walked = frame.marks.call.links
    if not walked:
        return
    tint = QColor(frame.ink.accent)
    tint.setAlpha(150)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(frame.ink.pen(tint, 5.0))
    for line in lines:
        if line.link in walked:
            painter.drawPath(line.path)


def paint_nodes(painter: QPainter, frame: Frame, shapes: list[NodeShape]) -> None:
    """Paint where a call is and has been, where it will stop, and what tests go through."""
    call, covered = frame.marks.call, frame.marks.covered
    if not (call.nodes or call.breakpoints or covered):
        return
    painter.setOpacity(1.0)
    for shape in shapes:
        node = shape.node.id
        if node in call.nodes:
            _ring(painter, frame, shape, is_present=node == call.present)
        if node in call.breakpoints:
            size = _steady(frame, SIGN)
            place = QRectF(shape.x - size / 2, shape.y - size / 2, size, size)
            frame.ink.icon(
                painter, place, "flag-fill", role="block", device_scale=frame.device_scale
            )
        if node in covered and frame.scale >= LEAST_SCALE:
            _share(painter, frame, shape, covered[NodeId(node)])


def _ring(painter: QPainter, frame: Frame, shape: NodeShape, *, is_present: bool) -> None:
    rect = QRectF(shape.x - GAP, shape.y - GAP, WIDTH + 2 * GAP, shape.height + 2 * GAP)
    pen = frame.ink.pen(frame.ink.accent, 3.5 if is_present else 1.6)
    if not is_present:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, RADIUS + GAP, RADIUS + GAP)
    if is_present:
        size = _steady(frame, 22)
        place = QRectF(shape.x + (WIDTH - size) / 2, shape.y - size - GAP, size, size)
        frame.ink.icon(
            painter, place, "phone-call-fill", role="accent", device_scale=frame.device_scale
        )


def _share(painter: QPainter, frame: Frame, shape: NodeShape, share: float) -> None:
    """How much of a node is gone through, as words on a plate below it."""
    ink = frame.ink
    words = "\u2013" if share < 0 else f"{share:.0%}".replace("%", "\u202f%")
    color = ink.muted
    if share >= 0:
        color = ink.note_colors["ok"] if share >= 1 else ink.warn if share > 0 else ink.block
    label = ink.text(words, Letter.LABEL, 80)
    size = label.size()
    plate = QRectF(0, 0, size.width() + 12, size.height() + 4)
    painter.save()
    painter.translate(shape.x + 8, shape.y + shape.height - 2)
    painter.scale(_steady(frame, 1), _steady(frame, 1))
    painter.setPen(ink.pen(color, 1.6))
    painter.setBrush(ink.surface)
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    painter.setPen(color)
    painter.setFont(ink.font(Letter.LABEL))
    painter.drawStaticText(QPointF(6, 2), label)
    painter.restore()


def _steady(frame: Frame, size: float) -> float:
    """A length of the flow that is never seen smaller than so many pixels."""
    return size / min(frame.scale, 1.0)
