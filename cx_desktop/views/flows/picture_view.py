"""A flow to look at closely: the wheel zooms to the pointer, dragging moves, keys do both."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QWidget

from cx_desktop.domain.flow.graph import Flow, Link
from cx_desktop.domain.flow.layout import Polyline
from cx_desktop.overrides import override
from cx_desktop.views.flows.drawing import READABLE, FlowDrawing
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.look import Look

_MARGIN = 24.0
_STEP = 1.25
_SMALLEST, _LARGEST = 0.08, 2.0
_CORNER = 12


class PictureView(QAbstractScrollArea):
    """Begins as large as everything fits, but never so small that titles cannot be read."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._drawing = FlowDrawing(look)
        self._is_fitted = True
        self._dragged_from: QPoint | None = None
        self.scale = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self._buttons = _Zoom(look, self)
        self._buttons.closer.clicked.connect(lambda: self.zoom_by(_STEP))
        self._buttons.farther.clicked.connect(lambda: self.zoom_by(1 / _STEP))
        self._buttons.whole.clicked.connect(self.show_whole)
        look.theme.changed.connect(self.viewport().update)
        look.language.follow(self, self._retext)

    def show_flow(self, flow: Flow, routes: Mapping[Link, Polyline]) -> None:
        """Draw this flow, its links along these routes."""
        self._drawing.show(flow, routes)
        self._is_fitted = True
        self._fit(READABLE)
        self._retext()

    def mark(self, node: str | None) -> None:
        """Point out one step, and bring it into view where its title can be read."""
        self._drawing.marked = node
        place = self._drawing.place(node) if node is not None else QRectF()
        if not place.isEmpty():
            self._is_fitted = False
            self._zoom_to(max(self.scale, READABLE))
            self._center(place.center())
        self.viewport().update()

    @property
    def marked(self) -> str | None:
        """The step that is pointed out."""
        return self._drawing.marked

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Come closer or go farther; what is at this place of the view stays there."""
        at = at if at is not None else QRectF(self.viewport().rect()).center()
        kept = self._to_flow(at)
        self._is_fitted = False
        self._zoom_to(self.scale * factor)
        moved = self._to_view(kept) - at
        self._scroll_by(moved.x(), moved.y())

    def show_whole(self) -> None:
        """Show everything, however small."""
        self._is_fitted = False
        self._fit(_SMALLEST)

    def shows(self, node: str) -> bool:
        """Whether the middle of a step is in view."""
        middle = self._to_view(self._drawing.place(node).center())
        return QRectF(self.viewport().rect()).contains(middle)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._look.theme.color("window"))
        if self._drawing.flow.nodes:
            painter.translate(self._to_view(QPointF(0, 0)))
            painter.scale(self.scale, self.scale)
            self._drawing.paint(painter, self.scale, self.font())
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._buttons.adjustSize()
        self._buttons.move(_CORNER, self.viewport().height() - self._buttons.height() - _CORNER)
        if self._is_fitted:
            self._fit(READABLE)
        else:
            self._set_bars()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
            return
        self.zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(_STEP)
            case Qt.Key.Key_Minus:
                self.zoom_by(1 / _STEP)
            case Qt.Key.Key_0:
                self.show_whole()
            case _:
                super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = event.position().toPoint()
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            here = event.position().toPoint()
            moved, self._dragged_from = self._dragged_from - here, here
            self._scroll_by(moved.x(), moved.y())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def _fit(self, least: float) -> None:
        room = QSizeF(self.viewport().size()) - QSizeF(2 * _MARGIN, 2 * _MARGIN)
        self._zoom_to(min(max(self._drawing.fit(room), least), 1.0))
        first = next(iter(self._drawing.flow.nodes), None)
        if first is not None:  # where not all is in view, begin at the beginning
            self._center(self._drawing.place(first).center())

    def _zoom_to(self, scale: float) -> None:
        self.scale = min(max(scale, _SMALLEST), _LARGEST)
        self._set_bars()
        self.viewport().update()

    def _set_bars(self) -> None:
        room, size = self.viewport().size(), self._size
        for bar, whole, seen in (
            (self.horizontalScrollBar(), size.width(), room.width()),
            (self.verticalScrollBar(), size.height(), room.height()),
        ):
            bar.setRange(0, max(0, round(whole) - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(40)

    def _center(self, place: QPointF) -> None:
        moved = self._to_view(place) - QRectF(self.viewport().rect()).center()
        self._scroll_by(moved.x(), moved.y())

    def _scroll_by(self, x: float, y: float) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(x))
        down.setValue(down.value() + round(y))

    @property
    def _size(self) -> QSizeF:
        """The drawing and the margin around it, on the screen."""
        return self._drawing.bounds.size() * self.scale + QSizeF(2 * _MARGIN, 2 * _MARGIN)

    @property
    def _origin(self) -> QPointF:
        """Where the corner of the drawing lies in the view."""
        room, size = self.viewport().size(), self._size
        across = max(0.0, (room.width() - size.width()) / 2) - self.horizontalScrollBar().value()
        down = max(0.0, (room.height() - size.height()) / 2) - self.verticalScrollBar().value()
        return QPointF(across + _MARGIN, down + _MARGIN)

    def _to_view(self, place: QPointF) -> QPointF:
        return self._origin + (place - self._drawing.bounds.topLeft()) * self.scale

    def _to_flow(self, at: QPointF) -> QPointF:
        return (at - self._origin) / self.scale + self._drawing.bounds.topLeft()

    def _retext(self) -> None:
        self.setAccessibleName(self._drawing.words)
        self.setAccessibleDescription(self._look.language.text("flows.picture.keys"))


class _Zoom(QFrame):
    """Closer, farther, everything."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "floating")
        self.farther = IconButton(look, "minus", "flows.picture.farther", shortcut="−")
        self.closer = IconButton(look, "plus", "flows.picture.closer", shortcut="+")
        self.whole = IconButton(look, "corners-out", "flows.picture.whole", shortcut="0")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        for each in (self.farther, self.closer, self.whole):
            layout.addWidget(each)
