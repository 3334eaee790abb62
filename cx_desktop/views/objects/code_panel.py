"""A fresh verification code before something callers will hear."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.guarded import Guarded, GuardedStep
from cx_desktop.models.step_up import StepUps
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.code_field import DIGITS, CodeField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class CodePanel(QWidget):
    """Asks for the six digits; counts down where the present code is used up."""

    left = Signal()

    def __init__(
        self,
        look: Look,
        guarded: Guarded,
        step_ups: StepUps,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._guarded = guarded
        self._step_ups = step_ups
        self._seconds = 0
        self.code = CodeField(look)
        self._field = Field(look, "flows.code", self.code, help_key="flows.code.help")
        self._next = Label("", "small")
        self.confirm = Button(look, "flows.code.confirm", kind="primary")
        self._back = Button(look, "flows.back")
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(self._back)
        verbs.addWidget(self.confirm)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(Label.of(look, "flows.code.title", "title"))
        column.addWidget(Label.of(look, "flows.code.about", "muted", wraps=True))
        column.addWidget(self._field)
        column.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addLayout(column, 3)
        across.addStretch(1)
        layout.addStretch(2)
        layout.addLayout(across)
        layout.addStretch(3)
        layout.addLayout(verbs)
        self._connect()

    def begin(self) -> None:
        """Ask for a code from now on."""
        self.code.clear()
        self._field.set_error(None)
        self._step_ups.watch()
        self._show_readiness()
        self.code.setFocus()

    def explain(self, error: "CXError") -> None:
        """Say why a code was not taken, and ask for another."""
        self.code.clear()
        self._field.set_error(error)
        self._show_readiness()
        self.code.setFocus()

    def say(self, key: str, **params: str | int) -> None:
        """What confirming does, such as « Publier la version 13 »."""
        self.confirm.say(key, **params)

    def _connect(self) -> None:
        self.code.completed.connect(self._enter)
        self.code.textChanged.connect(self._show_readiness)
        self.confirm.clicked.connect(self._enter)
        self._back.clicked.connect(self.left)
        self._step_ups.ticked.connect(self._on_ticked)
        self._guarded.step_changed.connect(self._show_readiness)
        self._look.language.follow(self, self._retext)

    def _enter(self) -> None:
        is_waiting = self._guarded.step is GuardedStep.CODE_WANTED
        if is_waiting and len(self.code.text()) == DIGITS:
            self._field.set_error(None)
            self._guarded.enter_code(self.code.text())

    def _on_ticked(self, seconds: int) -> None:
        self._seconds = seconds
        self._retext()

    def _show_readiness(self) -> None:
        is_waiting = self._guarded.step is GuardedStep.CODE_WANTED
        self.code.setEnabled(is_waiting)
        self.confirm.setEnabled(is_waiting and len(self.code.text()) == DIGITS)

    def _retext(self) -> None:
        self._next.setVisible(self._seconds > 0)
        if self._seconds > 0:
            self._next.setText(self._look.language.plural("flows.code.next-in", self._seconds))
