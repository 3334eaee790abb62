"""The designed states of a page: first use, loading, nothing found, failed."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.overrides import override
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class Picture(QWidget):
    """An icon in a disc of its tone, large."""

    def __init__(self, look: Look, icon: str, tone: str = "accent", size: int = 56) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._tone = tone
        self.setFixedSize(size, size)
        look.theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color(f"{self._tone}_soft"))
        painter.drawEllipse(self.rect())
        inset = self.width() / 4
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        self._look.icons.paint(painter, rect, self._icon, self._tone)
        painter.end()


class EmptyState(QWidget):
    """What a list is, or which filter hides its rows, with one thing to do."""

    action_requested = Signal()

    def __init__(
        self,
        look: Look,
        icon: str,
        title_key: str,
        text_key: str,
        *,
        action_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(Picture(look, icon), alignment=middle)
        title = Label.of(look, title_key, "section")
        title.setAlignment(middle)
        layout.addWidget(title, alignment=middle)
        text = Label.of(look, text_key, "muted", wraps=True)
        layout.addLayout(_paragraph(text))
        if action_key:
            self.action = Button(look, action_key, kind="primary")
            self.action.clicked.connect(self.action_requested)
            layout.addSpacing(8)
            layout.addWidget(self.action, alignment=middle)
        layout.addStretch(3)


class ErrorPanel(QWidget):
    """What went wrong, what to do, and a way to try again."""

    retry_requested = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._error: CXError | None = None
        self._title = Label("", "section")
        self._hint = Label("", "muted", wraps=True)
        self._retry = Button(look, "widget.retry")
        self._retry.clicked.connect(self.retry_requested)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._title.setAlignment(middle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(Picture(look, "warning-circle", "block"), alignment=middle)
        layout.addWidget(self._title, alignment=middle)
        layout.addLayout(_paragraph(self._hint))
        layout.addWidget(self._retry, alignment=middle)
        layout.addStretch(3)
        look.language.follow(self, self._retext)

    def explain(self, error: CXError) -> None:
        """Say what went wrong."""
        self._error = error
        self._retext()

    def _retext(self) -> None:
        if self._error is not None:
            title, hint = self._look.language.explain(self._error)
            self._title.setText(title)
            self._hint.setText(hint)


def _paragraph(label: Label) -> QHBoxLayout:
    """A centred paragraph of a readable width, as high as its words need."""
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setFixedWidth(440)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label)
    row.addStretch(1)
    return row


class Skeleton(QWidget):
    """Grey bars where rows will stand; shown only when loading takes more than 150 ms."""

    def __init__(self, look: Look, *, rows: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows = rows
        self._is_due = False
        self._wait = QTimer(self, interval=150, singleShot=True)
        self._wait.timeout.connect(self._on_due)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.language.bind(self, self.setAccessibleName, "widget.loading")

    @override
    def setVisible(self, visible: bool) -> None:
        self._is_due = False
        if visible:
            self._wait.start()
        else:
            self._wait.stop()
        super().setVisible(visible)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_due:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("hover"))
        for row in range(self._rows):
            top, width = 16 + row * 36, self.width() - 32
            share = (0.42, 0.31, 0.5, 0.36)[row % 4]
            painter.drawRoundedRect(QRectF(16, top, width * share, 12), 4, 4)
            painter.drawRoundedRect(QRectF(16 + width * 0.6, top, width * 0.18, 12), 4, 4)
            painter.drawRoundedRect(QRectF(16 + width * 0.85, top, width * 0.12, 12), 4, 4)
        painter.end()

    def _on_due(self) -> None:
        self._is_due = True
        self.update()


class PageHeader(QWidget):
    """A page's title with what it says of itself below, and its verbs on the right."""

    def __init__(
        self, look: Look, title_key: str, *, text_key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = Label.of(look, title_key, "title")
        self.subtitle = Label("", "muted", wraps=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self._verbs = QHBoxLayout()
        self._verbs.setSpacing(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(words, 1)
        layout.addLayout(self._verbs)
        layout.setAlignment(self._verbs, Qt.AlignmentFlag.AlignTop)
        self.subtitle.hide()
        if text_key:
            look.language.bind(self, self.set_subtitle, text_key)

    def add_action(self, widget: QWidget) -> None:
        """Put a verb at the right end."""
        self._verbs.addWidget(widget)

    def insert_action(self, widget: QWidget) -> None:
        """Put a verb before those that are there."""
        self._verbs.insertWidget(0, widget)

    def set_subtitle(self, text: str) -> None:
        """Say something below the title."""
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))
