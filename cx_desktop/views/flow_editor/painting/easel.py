"""What the canvas paints with: frames of the stage, and what is kept from one to the next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QWidget

from cx_desktop.views.flow_editor.damage import BLEED
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.painting.canvas_painter import CanvasPainter
from cx_desktop.views.flow_editor.painting.frame import Frame
from cx_desktop.views.flow_editor.painting.ground import Ground
from cx_desktop.views.flow_editor.stage import Stage

if TYPE_CHECKING:
    from cx_desktop.domain.finding import Severity
    from cx_desktop.domain.flow.graph import NodeId

#: When more things than this are dragged, everything is painted anew at each step.
MOST_MOVING = 200

_IDENTITY = QTransform()


class Easel:
    """Paints the stage; while something is dragged, all that stays is painted once."""

    def __init__(self, stage: Stage, ink: Ink) -> None:
        self._stage = stage
        self._ink = ink
        self._painter = CanvasPainter()
        self._ground = Ground()
        self.severities: dict[NodeId, Severity] = {}

    def paint(self, widget: QWidget, clip: QRect) -> None:
        """Paint a part of the widget."""
        painter = QPainter(widget)
        try:
            self._paint(painter, widget, clip)
        finally:
            painter.end()  # a painter that outlives its paint event takes the process down

    def _paint(self, painter: QPainter, widget: QWidget, clip: QRect) -> None:
        frame = self._frame(widget, clip)
        moving = self._stage.geometry.moving
        if moving and len(moving) <= MOST_MOVING:
            self._show_ground(widget, painter, clip, moving)
            self._painter.paint_moving(painter, frame)
        else:
            self._ground.forget()
            self._painter.paint_still(painter, frame, QRectF(clip))
        self._painter.paint_sketch(painter, frame, self._stage.sketch)
        if widget.hasFocus():
            painter.setTransform(_IDENTITY)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(self._ink.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(widget.rect().adjusted(0, 0, -1, -1))

    def _frame(
        self, widget: QWidget, clip: QRect, *, without: frozenset[str] = frozenset()
    ) -> Frame:
        """What the part of the canvas in ``clip`` is painted from."""
        stage, viewport = self._stage, self._stage.viewport
        corner = viewport.to_scene(QPointF(clip.topLeft()))
        width, height = clip.width() / viewport.scale, clip.height() / viewport.scale
        area = Bounds(corner.x(), corner.y(), corner.x() + width, corner.y() + height)
        transform = viewport.transform
        return Frame(
            geometry=stage.geometry,
            selection=stage.selection,
            ink=self._ink,
            words=stage.words,
            marks=stage.marks,
            severities=self.severities,
            area=area.grown(BLEED),
            transform=transform,
            base=_IDENTITY,
            full=transform,
            without=without,
            scale=viewport.scale,
            ratio=widget.devicePixelRatioF(),
            is_whole=clip.width() * clip.height() * 2 > widget.width() * widget.height(),
        )

    def _show_ground(
        self, widget: QWidget, painter: QPainter, clip: QRect, moving: frozenset[str]
    ) -> None:
        stage, viewport, marks = self._stage, self._stage.viewport, self._stage.marks
        key = (
            (viewport.scale, viewport.origin.toTuple(), viewport.size.toTuple()),
            (stage.geometry.still_version, self._ink.version, moving),
            (marks.hovered, marks.hovered_exit, marks.aimed, marks.found, marks.current),
            (marks.call, marks.covered),
            (stage.selection.nodes, stage.selection.notes, stage.selection.links),
        )

        def draw(ground: QPainter) -> None:
            whole = self._frame(widget, widget.rect(), without=moving)
            self._painter.paint_still(ground, whole, QRectF(widget.rect()))

        self._ground.show(painter, clip, key=key, size=widget.size(), draw=draw)
