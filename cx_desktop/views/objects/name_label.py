"""A name that can be typed over where it stands."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look

#: How wide a name may grow before it is cut short; the verbs of the line must stay in view.
_NAME_ROOM = 320


class NameLabel(QWidget):
    """A name that becomes a field when it is clicked; Esc leaves it as it was."""

    renamed = Signal(str)

    def __init__(self, look: Look, key: str, *, parent: QWidget | None = None) -> None:
        """``key`` is the verb that gives another name."""
        super().__init__(parent)
        self._look = look
        self._key = key
        self._name = ""
        self.began: str | None = None
        """The name that stood there when another one began to be typed."""
        self._shown = Button(look, key, kind="name")
        self._field = QLineEdit()
        self._field.setMinimumWidth(260)
        self._field.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._shown)
        layout.addWidget(self._field)
        look.language.bind(self, self._field.setAccessibleName, key)
        look.language.follow(self, self._retext)
        self._shown.clicked.connect(self.edit)
        self._field.editingFinished.connect(self._settle)
        escape = QAction(self)
        escape.setShortcut(Qt.Key.Key_Escape)
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(self._leave)
        self._field.addAction(escape)

    def show_name(self, name: str) -> None:
        """Show this name, also when another is being typed."""
        self._name = name
        self._retext()

    def edit(self) -> None:
        """Let another name be typed."""
        self.began = self._name
        self._field.setText(self._name)
        self._shown.hide()
        self._field.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def _leave(self) -> None:
        self._field.setText(self._name)
        self._settle()

    def _settle(self) -> None:
        name = self._field.text().strip()
        self._field.hide()
        self._shown.show()
        if name and name not in (self._name, self.began):
            self.renamed.emit(name)
        self.began = None

    def _retext(self) -> None:
        words = self._look.language.text(self._key)
        metrics = self._shown.fontMetrics()
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, _NAME_ROOM)
        self._shown.setText(shown)
        self._shown.setToolTip(words if shown == self._name else f"{self._name}\n{words}")
        self._shown.setAccessibleName(self._name)
        self._shown.setAccessibleDescription(words)
