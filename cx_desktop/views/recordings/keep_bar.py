"""A name for what is looked for now: one line that comes when it is wanted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_LONGEST = 80


class KeepBar(QFrame):
    """Enter keeps the search under the name, Esc does not."""

    named = Signal(str)
    left = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "note")
        label = Label.of(look, "recordings.search.name", "strong")
        self.field = QLineEdit()
        self.field.setMaxLength(_LONGEST)
        label.setBuddy(self.field)
        look.language.bind(self.field, self.field.setAccessibleName, "recordings.search.name")
        look.language.bind(self.field, self.field.setPlaceholderText, "recordings.search.example")
        self.keep = Button(look, "recordings.search.keep-it", kind="primary")
        self.leave = Button(look, "recordings.search.leave")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(label)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.keep)
        layout.addWidget(self.leave)
        escape = QAction(self)
        escape.setShortcut("Esc")
        escape.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.triggered.connect(self._leave)
        self.addAction(escape)
        self.keep.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self._keep)
        self.keep.clicked.connect(self._keep)
        self.leave.clicked.connect(self._leave)
        self.hide()

    def ask(self) -> None:
        """Ask for a name."""
        self.field.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        name = self.field.text().strip()
        if name:
            self.hide()
            self.named.emit(name)
            self.left.emit()

    def _leave(self) -> None:
        self.hide()
        self.left.emit()
