"""F1: a small page of help beside the page it is about."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_WIDTH = 320


class HelpPanel(QFrame):
    """Title and text of one page's help, from the catalogue; Esc or F1 closes it."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._key = ""
        self.setProperty("role", "help")
        self.setFixedWidth(round(_WIDTH * look.theme.pixels("body") / 13))
        self._title = Label("", "section", wraps=True)
        self._text = Label("", wraps=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = IconButton(look, "x", "shell.close-help", shortcut="F1")
        close.clicked.connect(self.hide)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self._text)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)
        look.language.follow(self, self._retext)
        self.hide()

    @property
    def title(self) -> str:
        """What it is about."""
        return self._title.text()

    def turn(self, key: str) -> None:
        """Open at this page's help, or close."""
        self._key = key
        self._retext()
        self.setVisible(self.isHidden() and bool(key))

    def follow(self, key: str) -> None:
        """Another page came into view: if help is open, show its help."""
        self._key = key
        self._retext()
        if not key:
            self.hide()

    def _retext(self) -> None:
        if self._key:
            self._title.setText(self._look.language.text(f"{self._key}.title"))
            self._text.setText(self._look.language.text(f"{self._key}.text"))
