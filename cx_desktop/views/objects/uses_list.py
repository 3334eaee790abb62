"""Who uses an object, each as a way to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.models.objects.uses import Use
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class UsesList(QWidget):
    """« SVI « Accueil » (en service) », a line each."""

    use_wanted = Signal(object)  # Use

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._uses: tuple[Use, ...] = ()
        self._nobody = Label.of(look, "objects.unused", "muted", wraps=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self._nobody)
        self.buttons: list[Button] = []

    def show_uses(self, uses: Sequence[Use]) -> None:
        """Show these."""
        if tuple(uses) == self._uses and self.buttons:
            return
        self._uses = tuple(uses)
        for old in self.buttons:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = [self._button(each) for each in self._uses]
        for button in self.buttons:
            self._column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._nobody.setVisible(not self._uses)

    def _button(self, use: Use) -> Button:
        button = Button(self._look, f"objects.used-by.{use.type}", kind="link")
        state = "" if use.is_live else ".draft"
        button.say(f"objects.used-by.{use.type}{state}", name=use.name)
        button.clicked.connect(lambda: self.use_wanted.emit(use))
        return button
