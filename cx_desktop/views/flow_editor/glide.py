"""Short movements that show where something went; none when the user wants no motion."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation

from cx_desktop.domain.flow.graph import NodeId, NoteId
from cx_desktop.views.flow_editor.stage import Stage

DURATION_MS = 140
#: More nodes than this jump: moving them would take longer than the movement.
MOST_NODES = 300

Place = tuple[float, float]


class Glide(QObject):
    """Moves the viewport, and nodes after they were tidied."""

    def __init__(
        self,
        stage: Stage,
        is_motion_reduced: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._viewport = stage.viewport
        self._geometry = stage.geometry
        self._is_motion_reduced = is_motion_reduced
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(DURATION_MS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._step: Callable[[float], None] = lambda _share: None
        self._end: Callable[[], None] = lambda: None
        self._animation.valueChanged.connect(lambda share: self._step(float(share)))
        self._animation.finished.connect(self._end)

    def view(self, go: Callable[[], None]) -> None:
        """Let ``go`` move the viewport, and show the way there."""
        self.stop()
        viewport = self._viewport
        scale, origin = viewport.scale, viewport.origin
        go()
        to_scale, to_origin = viewport.scale, viewport.origin
        if self._is_motion_reduced() or (scale, origin) == (to_scale, to_origin):
            return
        size = viewport.size
        begin = QRectF(origin.x(), origin.y(), size.width() / scale, size.height() / scale)
        end = viewport.visible

        def step(share: float) -> None:
            width = begin.width() + (end.width() - begin.width()) * share
            corner = begin.topLeft() + (end.topLeft() - begin.topLeft()) * share
            viewport.show(size.width() / width if width else to_scale, QPointF(corner))

        self._begin(step, lambda: viewport.show(to_scale, to_origin))

    def nodes(self, before: Mapping[NodeId | NoteId, Place]) -> None:
        """Show how nodes came from these places to where they are."""
        self.stop()
        if self._is_motion_reduced() or len(before) > MOST_NODES:
            return
        flow = self._geometry.flow
        ways = {
            key: (place, (flow.nodes[NodeId(key)].x, flow.nodes[NodeId(key)].y))
            for key, place in before.items()
            if key in flow.nodes
        }

        def step(share: float) -> None:
            self._geometry.preview(
                {
                    key: (old[0] + (new[0] - old[0]) * share, old[1] + (new[1] - old[1]) * share)
                    for key, (old, new) in ways.items()
                }
            )

        self._begin(step, lambda: self._geometry.preview({}))

    def stop(self) -> None:
        """Be there at once."""
        if self._animation.state() == QVariantAnimation.State.Running:
            self._animation.stop()
            self._end()

    def _begin(self, step: Callable[[float], None], end: Callable[[], None]) -> None:
        self._step, self._end = step, end
        step(0.0)
        self._animation.start()
