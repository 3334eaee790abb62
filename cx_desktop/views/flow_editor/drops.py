"""Kinds that are dragged out of the palette: where they would fall, and what falling there does."""

from PySide6.QtCore import QMimeData, QPointF

from cx_desktop.domain.flow.graph import Link
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.models.flow_editing import place_for
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


class Drops:
    """Takes kinds in: onto empty ground, or into a link."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

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
