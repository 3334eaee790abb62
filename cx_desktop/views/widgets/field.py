"""A field of a form: label above, help below, its error beside it the moment it is known."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import WIDGET_SHORTCUT, Look, restyle, set_enum


class Field(QWidget):
    """An editor with its label, its help and its error."""

    def __init__(
        self,
        look: Look,
        key: str,
        editor: QWidget,
        *,
        help_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._error: CXError | None = None
        self.editor = editor
        self._label = Label("", "strong")
        self._label.setBuddy(editor)
        self._help = Label("", "small", wraps=True)
        self._fault = Label("", "error", wraps=True)
        self._way_out = Label("", "small", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for each in (self._label, editor, self._fault, self._way_out, self._help):
            layout.addWidget(each)
        look.language.bind(self, self._set_label, key)
        if help_key:
            look.language.bind(self, self._set_help, help_key)
        look.language.follow(self, self._show_error)

    @property
    def error(self) -> CXError | None:
        """What is wrong with it, as far as known."""
        return self._error

    @property
    def error_text(self) -> str:
        """How it is said."""
        return self._fault.text()

    def set_error(self, error: CXError | None) -> None:
        """Say what is wrong with it, or that nothing is."""
        self._error = error
        restyle(self.editor, "state", "error" if error else "")
        self._show_error()

    def _show_error(self) -> None:
        has_error = self._error is not None
        self._fault.setVisible(has_error)
        self._way_out.setVisible(has_error)
        self._help.setVisible(not has_error and bool(self._help.text()))
        if self._error is not None:
            title, hint = self._look.language.explain(self._error)
            self._fault.setText(title)
            self._way_out.setText(hint)
            self.editor.setAccessibleDescription(f"{title} {hint}")
        else:
            self.editor.setAccessibleDescription(self._help.text())

    def _set_label(self, text: str) -> None:
        self._label.setText(text)
        self.editor.setAccessibleName(text)
        line = self.editor.lineEdit() if isinstance(self.editor, QComboBox) else None
        if line is not None:
            line.setAccessibleName(text)

    def _set_help(self, text: str) -> None:
        self._help.setText(text)
        self.editor.setAccessibleDescription(text)


class SearchField(QLineEdit):
    """A field that filters what stands below it as one types; Esc empties it."""

    def __init__(
        self,
        look: Look,
        key: str,
        *,
        typed: Callable[[str], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        glass = QAction(look.icons.icon("magnifying-glass", "muted"), "", self)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        escape = QAction(self)
        escape.setShortcut("Esc")
        set_enum(escape, "shortcutContext", WIDGET_SHORTCUT)
        escape.triggered.connect(self.clear)
        self.addAction(escape)
        look.language.bind(self, self.setPlaceholderText, key)
        look.language.bind(self, self.setAccessibleName, key)
        if typed is not None:
            self.textChanged.connect(typed)


class PasswordField(QLineEdit):
    """A field whose letters are hidden until the eye is clicked."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(self)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._eye.triggered.connect(self._turn)
        look.language.follow(self, self._retext)

    def _turn(self) -> None:
        is_hidden = self.echoMode() == QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if is_hidden else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self._retext()

    def _retext(self) -> None:
        is_hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self._eye.setIcon(self._look.icons.icon("eye" if is_hidden else "eye-slash", "muted"))
        key = "widget.show-password" if is_hidden else "widget.hide-password"
        self._eye.setText(self._look.language.text(key))
