"""Text that gives way where room is scarce."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from cx_desktop.overrides import override
from cx_desktop.views.widgets.label import Label


class ElidedLabel(Label):
    """One line that gives way: cut short where room is scarce, whole in its tooltip then."""

    @override
    def minimumSizeHint(self) -> QSize:
        room = self.fontMetrics().averageCharWidth() * 4
        return QSize(min(room, self.sizeHint().width()), super().minimumSizeHint().height())

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.shown)

    @property
    def shown(self) -> str:
        """What there is room for."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )

    def _tell_whole(self) -> None:
        self.setToolTip(self.text() if self.shown != self.text() else "")
