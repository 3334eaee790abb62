"""The canvas: shows the flow, and hands mouse and keys to gestures and verbs.

It is a plain widget that paints what is visible itself: a scene of items costs more to hold and to
walk than to draw (``benchmarks/editor.py`` compares). Screen readers and the keyboard have the
outline beside it, and hear what is selected here.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.damage import damage
from cx_desktop.views.flow_editor.drops import Drops
from cx_desktop.views.flow_editor.edge_scroll import EdgeScroll
from cx_desktop.views.flow_editor.gestures import choosing
from cx_desktop.views.flow_editor.gestures.gesture import Gesture
from cx_desktop.views.flow_editor.gestures.pan import Pan
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.hits import ExitHit, Hit, LinkHit, NodeHit, NoteHit, hit_at
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.navigation import Way, beside, neighbour
from cx_desktop.views.flow_editor.painting.easel import Easel
from cx_desktop.views.flow_editor.stage import Pointer, QuickAdd, Stage

_WAYS = {
    Qt.Key.Key_Left: Way.LEFT,
    Qt.Key.Key_Right: Way.RIGHT,
    Qt.Key.Key_Up: Way.UP,
    Qt.Key.Key_Down: Way.DOWN,
}

#: How far the mouse moves before a press becomes a drag.
DRAG_DISTANCE = 4
#: One notch of the wheel, as a factor of scale.
NOTCH = 1.15
#: Beyond so many places the whole canvas is painted anew.
MOST_PLACES = 40


class FlowCanvas(QWidget):
    """Draws the flow of a stage."""

    menu_requested = Signal(object)  # QPoint: where, on the screen

    def __init__(self, stage: Stage, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = stage
        self._easel = Easel(stage, ink)
        self._gesture: Gesture | None = None
        self._pressed: tuple[Hit, Pointer] | None = None
        self._is_hand = False
        self.drops = Drops(stage, self)
        self._edge_scroll = EdgeScroll(stage.viewport, self)
        self._edge_scroll.scrolled.connect(self._on_edge_scrolled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        stage.viewport.changed.connect(self.update)
        stage.changed.connect(self.update)
        stage.selection.changed.connect(self.update)
        stage.geometry.reset.connect(self.update)
        stage.geometry.moved.connect(self._on_places_touched)
        stage.touched.connect(self._on_places_touched)

    def show_severities(self, severities: dict[NodeId, Severity]) -> None:
        """Show a badge on these nodes."""
        if severities != self._easel.severities:
            self._easel.severities = severities
            self.update()

    def pointer_at(self, view: QPointF, modifiers: Qt.KeyboardModifier) -> Pointer:
        """The mouse at a pixel."""
        return Pointer(view, self.stage.viewport.to_scene(view), modifiers)

    def middle(self) -> Pointer:
        """The middle of the canvas, where keyboard verbs put new things."""
        return self.pointer_at(QRectF(self.rect()).center(), Qt.KeyboardModifier.NoModifier)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._easel.paint(self, event.rect())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.stage.viewport.resize(QSizeF(event.size()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        button = event.button()
        if button == Qt.MouseButton.MiddleButton or self._is_hand:
            self._begin(Pan(self.stage, pointer))
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton and self._gesture is None:
            hit = self._hit(pointer)
            self._mark(hit)  # the view may have moved under a mouse that did not
            choosing.press(self.stage, hit, pointer)
            self._pressed = hit, pointer
        elif button == Qt.MouseButton.RightButton:
            self._cancel()
            hit = self._hit(pointer)
            if not self._is_selected(hit):
                choosing.select_only(self.stage, hit)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        if self._gesture is None and self._pressed is not None:
            hit, start = self._pressed
            if (pointer.view - start.view).manhattanLength() < DRAG_DISTANCE:
                return
            self._pressed = None
            gesture = choosing.begin(self.stage, hit, start)
            if gesture is not None:
                self._begin(gesture)
        if self._gesture is not None:
            self._edge_scroll.follow(pointer.view)
            self._gesture.move(pointer)
        elif self._pressed is None:
            self._hover(pointer)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        gesture, self._gesture = self._gesture, None
        pressed, self._pressed = self._pressed, None
        self._edge_scroll.end()
        if gesture is not None:
            gesture.finish(pointer)
        elif pressed is not None and not pointer.modifiers:
            choosing.select_only(self.stage, pressed[0])
        self._hover(pointer)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pointer = self._pointer(event)
        self._pressed = None
        match self._hit(pointer):
            case NodeHit() | NoteHit():
                self.stage.edit_requested.emit()
            case LinkHit(link):
                self.stage.selection.select(links=[link])
                self.stage.quick_add_requested.emit(QuickAdd(pointer.place, pointer.view))
            case ExitHit(slot):
                add = QuickAdd(pointer.place, pointer.view, slot)
                self.stage.quick_add_requested.emit(add)
            case None:
                self.stage.selection.clear()
                self.stage.quick_add_requested.emit(QuickAdd(pointer.place, pointer.view))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        is_zoom = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = angle.y() or angle.x()
            self.stage.viewport.pan_by(QPointF(step / 2, 0))
        elif not pixels.isNull() and not is_zoom:
            self.stage.viewport.pan_by(QPointF(pixels))
        elif angle.y():
            self.stage.viewport.zoom_by(NOTCH ** (angle.y() / 120), event.position())
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.stage.viewport.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_hand = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif event.key() == Qt.Key.Key_Escape:
            if not self._cancel():
                self.stage.selection.clear()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.stage.edit_requested.emit()
        elif not _chord(event) and (way := _WAYS.get(Qt.Key(event.key()))):
            self._walk_to(neighbour(self.stage, way))
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks through the nodes in reading order, and leaves after the last one."""
        node = beside(self.stage, 1 if next else -1)
        if node is None:
            return super().focusNextPrevChild(next)
        self._walk_to(node)
        return True

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_hand = False
            self.unsetCursor()
        else:
            super().keyReleaseEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_hand = False
        self.unsetCursor()
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._mark(None)

    def _pointer(self, event: QMouseEvent) -> Pointer:
        return self.pointer_at(event.position(), event.modifiers())

    def _hit(self, pointer: Pointer) -> Hit:
        return hit_at(self.stage.geometry, pointer.place, self.stage.viewport.scale)

    def _begin(self, gesture: Gesture) -> None:
        self._gesture = gesture
        if not isinstance(gesture, Pan):
            self._edge_scroll.begin()

    def _cancel(self) -> bool:
        """Give the gesture up that is under way; says whether there was one."""
        gesture, self._gesture, self._pressed = self._gesture, None, None
        self._edge_scroll.end()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _hover(self, pointer: Pointer) -> None:
        if self._is_hand:
            return
        hit = self._hit(pointer)
        self._mark(hit)
        match hit:
            case ExitHit():
                self.setCursor(Qt.CursorShape.CrossCursor)
            case NoteHit(_, True):
                self.setCursor(Qt.CursorShape.SizeFDiagCursor)
            case LinkHit():
                self.setCursor(Qt.CursorShape.PointingHandCursor)
            case _:
                self.unsetCursor()

    def _mark(self, hit: Hit) -> None:
        """Show what is under the mouse."""
        marks = self.stage.marks
        slot = hit.slot if isinstance(hit, ExitHit) else None
        hovered = None if hit is None or slot is not None else hit[0]
        if (hovered, slot) != (marks.hovered, marks.hovered_exit):
            marks.hovered = hovered
            marks.hovered_exit = slot
            self.update()

    def _walk_to(self, node: NodeId | None) -> None:
        if node is not None:
            self.stage.selection.select([node])
            self.stage.viewport.reveal(self.stage.geometry.around([node]))

    def _is_selected(self, hit: Hit) -> bool:
        selection = self.stage.selection
        match hit:
            case NodeHit(node):
                return selection.has_node(node)
            case NoteHit(note):
                return selection.has_note(note)
            case LinkHit(link):
                return selection.has_link(link)
        return False

    def _on_edge_scrolled(self, at: QPointF) -> None:
        if self._gesture is not None:
            self._gesture.move(self.pointer_at(at, Qt.KeyboardModifier.NoModifier))

    def _on_places_touched(self, places: list[Bounds]) -> None:
        if len(places) > MOST_PLACES:
            self.update()
            return
        for part in damage(self.stage.viewport, places):
            self.update(part)


def _chord(event: QKeyEvent) -> bool:
    """Whether keys like Ctrl are held; arrows may belong to the number pad."""
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
