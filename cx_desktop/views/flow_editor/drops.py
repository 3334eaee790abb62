"""Kinds that are dragged out of the palette: where they would fall, and what falling there does."""

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.flow.graph import Link
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.models.flow_editing import place_for
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.hits import link_at
from cx_desktop.views.flow_editor.stage import Stage

#: What a dragged kind travels as.
MIME_TYPE = "application/x-cx-desktop-kind"
REACH = 30.0


def mime_of(kind: str) -> QMimeData:
    """A kind, ready to be dragged."""
    data = QMimeData()
    data.setData(MIME_TYPE, kind.encode())
    return data


class Drops(QObject):
    """Takes kinds in: onto empty ground, or into a link."""

    def __init__(self, stage: Stage, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._stage = stage
        self._canvas = canvas
        canvas.setAcceptDrops(True)
        canvas.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDragEnterEvent():
                if self.can_take(event.mimeData()):
                    event.acceptProposedAction()
                return True
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                self.drop(event.mimeData(), self._stage.viewport.to_scene(event.position()))
                event.acceptProposedAction()
                self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            case QDragMoveEvent():
                self.move(self._stage.viewport.to_scene(event.position()))
                event.acceptProposedAction()
                return True
            case QDragLeaveEvent():
                self.leave()
                return True
        return False

    def can_take(self, data: QMimeData) -> bool:
        """Whether this may be dropped."""
        return self._kind(data) is not None and self._stage.editing.is_possible

    def move(self, at: QPointF) -> None:
        """Mark the link that the kind would be put into."""
        link = self._link(at)
        if link != self._stage.marks.aimed:
            self._stage.marks.aimed = link
            self._stage.changed.emit()

    def leave(self) -> None:
        """It went away again."""
        self._stage.marks.aimed = None
        self._stage.changed.emit()

    def drop(self, data: QMimeData, at: QPointF) -> None:
        """Add a node of the kind where it was dropped."""
        kind = self._kind(data)
        into = self._link(at)
        self.leave()
        if kind is not None:
            self._stage.editing.add(kind, place_for(kind, (at.x(), at.y())), into=into)

    def _link(self, at: QPointF) -> Link | None:
        return link_at(self._stage.geometry, (at.x(), at.y()), REACH)

    @staticmethod
    def _kind(data: QMimeData) -> str | None:
        kind = bytes(data.data(MIME_TYPE).data()).decode()
        return kind if kind in KINDS else None
