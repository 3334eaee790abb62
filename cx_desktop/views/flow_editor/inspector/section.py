"""A part of the form that can be folded away."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cx_desktop.views.widgets.look import Look


class Section(QWidget):
    """A heading that opens and closes what is below it."""

    opened = Signal()  # it is open for the first time: now its content is needed

    def __init__(self, look: Look, text: str, *, is_open: bool) -> None:
        super().__init__()
        self._look = look
        self.head = QToolButton()
        self.head.setText(text)
        self.head.setCheckable(True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setIconSize(QSize(12, 12))
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.setProperty("role", "section")
        self.body = QWidget()
        self.content = QVBoxLayout(self.body)
        self.content.setContentsMargins(0, 4, 0, 8)
        self.content.setSpacing(14)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.body)
        self._was_open = False
        self.head.toggled.connect(self._fold)
        self.head.setChecked(is_open)
        self._fold(is_open)

    @property
    def is_open(self) -> bool:
        """Whether its content is seen."""
        return self.head.isChecked()

    def unfold(self) -> None:
        """Open it."""
        self.head.setChecked(True)

    def _fold(self, is_open: bool) -> None:  # noqa: FBT001  (the signature of Qt's signal)
        self.body.setVisible(is_open)
        name = "caret-down" if is_open else "caret-right"
        self.head.setIcon(self._look.icons.icon(name, "muted"))
        if is_open and not self._was_open:
            self._was_open = True
            self.opened.emit()
