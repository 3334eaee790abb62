"""What is said in one language: the text, its variables, its words and units as one types."""

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cx_desktop.domain.flow.variables import PREDEFINED
from cx_desktop.domain.prompts import Spoken
from cx_desktop.views.flow_editor.inspector.fields.fault_mark import TextMark
from cx_desktop.views.flow_editor.inspector.fields.text import TextBox
from cx_desktop.views.prompts.words import count_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: What was typed is saved when the hands rest as long.
REST_MS = 600
_MOST = 10_000


class TextPanel(QWidget):
    """One text. What is being typed is not overwritten."""

    edited = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kept = ""
        self.box = TextBox()
        look.language.bind(self.box, self.box.setAccessibleName, "prompts.text")
        look.language.bind(self.box, self.box.setPlaceholderText, "prompts.text.hint")
        self.mark = TextMark(self.box, look)
        self.count = Label("", "small")
        self.insert = Button(look, "prompts.variable.insert", kind="quiet", icon="brackets-curly")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch(1)
        below.addWidget(self.insert)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(Label.of(look, "prompts.text", "section"))
        layout.addWidget(self.box)
        layout.addLayout(below)
        self.box.typed.connect(self._on_typed)
        self.box.left.connect(self.settle)
        self._rest.timeout.connect(self.settle)
        self.insert.clicked.connect(self._pop_variables)
        look.language.follow(self, self._show_count)

    def show_spoken(self, spoken: Spoken, *, is_read_only: bool, is_other: bool) -> None:
        """Show a text; of the same prompt and language only what somebody else changed."""
        if is_other or not self._rest.isActive():
            self._rest.stop()
            self._kept = spoken.text
            self.box.show_text(spoken.text)
        self.box.setReadOnly(is_read_only)
        self.insert.setVisible(not is_read_only)
        self._show_count()

    def settle(self) -> None:
        """Hand out what was typed last."""
        self._rest.stop()
        text = self.box.toPlainText()[:_MOST]
        if text != self._kept and not self.box.isReadOnly():
            self._kept = text
            self.edited.emit(text)

    def variables_menu(self) -> QMenu:
        """The variables that every call has."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for name in PREDEFINED:
            action = menu.addAction(f"{{{name}}}  {self._look.language.text(f'variable.{name}')}")
            action.triggered.connect(
                lambda _on=False, name=name: self.box.insertPlainText(f"{{{name}}}")
            )
        return menu

    def _pop_variables(self) -> None:
        menu = self.variables_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.insert.mapToGlobal(QPoint(0, self.insert.height())))

    def _on_typed(self) -> None:
        self._rest.start()
        self._show_count()

    def _show_count(self) -> None:
        self.count.setText(count_words(self._look.language, self.box.toPlainText()))
