"""A small picture of a whole flow, as on the card of a template."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.flow.graph import Flow, Link
from cx_desktop.domain.flow.layout import Polyline
from cx_desktop.overrides import override
from cx_desktop.views.flows.drawing import FlowDrawing
from cx_desktop.views.widgets.look import Look

_MARGIN = 14.0


class FlowPicture(QWidget):
    """Shows a whole flow at once, as large as it fits and never larger than life."""

    def __init__(
        self, look: Look, *, height: int = 120, largest: float = 1.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._drawing = FlowDrawing(look)
        self._height = height
        self._largest = largest
        self.setMinimumHeight(height)
        look.theme.changed.connect(self.update)
        look.language.follow(self, self._retext)

    def show_flow(self, flow: Flow, routes: Mapping[Link, Polyline]) -> None:
        """Draw this flow, its links along these routes."""
        self._drawing.show(flow, routes)
        self._retext()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._height * 2, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("window"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        drawing = self._drawing
        if drawing.flow.nodes:
            room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            scale = min(drawing.fit(room.size()), self._largest)
            painter.translate(room.center())
            painter.scale(scale, scale)
            painter.translate(-drawing.bounds.center())
            drawing.paint(painter, scale, self.font())
        painter.end()

    def _retext(self) -> None:
        self.setAccessibleName(self._drawing.words)
