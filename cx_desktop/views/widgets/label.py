"""Text on a page."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from cx_desktop.views.widgets.look import Look, restyle


class Label(QLabel):
    """Text in one of the style sheet's roles: title, section, strong, muted, small, error, mono."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        if wraps:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    @classmethod
    def of(
        cls, look: Look, key: str, role: str = "", *, wraps: bool = False, **params: str | int
    ) -> "Label":
        """A label that follows the language."""
        label = cls("", role, wraps=wraps)
        look.language.bind(label, label.setText, key, **params)
        return label


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


class Badge(QLabel):
    """A word or a count in a pill; its tone is ok, warn, block, info, accent or nothing."""

    def __init__(self, text: str = "", tone: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tone: str = "") -> None:
        """Say something else, in another tone; nothing hides the badge."""
        self.setText(text)
        self.setVisible(bool(text))
        restyle(self, "tone", tone)


class Line(QFrame):
    """A thin line between two things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "line")
