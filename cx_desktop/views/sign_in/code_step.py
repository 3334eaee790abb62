"""Second step: the six digits, or a recovery code."""

import math

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Session, Step
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.code_field import CodeField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class CodeStep(QWidget):
    """Asks for the second factor."""

    def __init__(self, look: Look, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self.code = CodeField(look)
        self.recovery = QLineEdit()
        self._code_field = Field(look, "sign-in.code", self.code, help_key="sign-in.code-help")
        self._recovery_field = Field(
            look, "sign-in.recovery-code", self.recovery, help_key="sign-in.recovery-code-help"
        )
        self.note = FaultNote(look, session, Way.RETRY)
        self._next_code = Label("", "small")
        self.verify = Button(look, "sign-in.verify", kind="primary")
        self._back = Button(look, "sign-in.back", kind="quiet", icon="arrow-left")
        self._other = Button(look, "sign-in.use-recovery-code", kind="link")
        self._title = Label.of(look, "sign-in.code-title", "title")
        self._who = Label("", "muted", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        for each in (self._title, self._who, self._code_field, self._next_code):
            layout.addWidget(each)
        layout.addWidget(self._recovery_field)
        layout.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(self.verify)
        row.addWidget(self._back)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self._other, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self._ticks = QTimer(self, interval=250)
        self._connect()
        self.show_recovery(is_shown=False)

    def _connect(self) -> None:
        self.code.completed.connect(self._submit)
        self.recovery.returnPressed.connect(self._submit)
        self.verify.clicked.connect(self._submit)
        self._back.clicked.connect(self._session.back)
        self._other.clicked.connect(lambda: self.show_recovery(is_shown=self.code.isVisible()))
        self.code.textChanged.connect(self._show_readiness)
        self.recovery.textChanged.connect(self._show_readiness)
        self.note.chosen.connect(self._submit)
        self.note.waiting_changed.connect(self._show_readiness)
        self._session.busy_changed.connect(self._show_readiness)
        self._session.step_changed.connect(self._on_step_changed)
        self._ticks.timeout.connect(self._tick)
        self._look.language.follow(self, self._retext)

    @property
    def error(self) -> CXError | None:
        """What was wrong with the code."""
        return self._code_field.error or self._recovery_field.error

    @property
    def waits_for_next_code(self) -> bool:
        """Whether it counts down to the next code."""
        return self._ticks.isActive()

    def take_focus(self) -> None:
        """Put the caret where the code goes."""
        (self.code if self.code.isVisibleTo(self) else self.recovery).setFocus()

    def explain(self, fault: Fault | None) -> None:
        """Say what went wrong where it went wrong; a code that failed is cleared."""
        is_here = fault is not None and fault.place == "code"
        error = fault.error if fault and is_here else None
        is_code = self.code.isVisibleTo(self)
        self._code_field.set_error(error if is_code else None)
        self._recovery_field.set_error(None if is_code else error)
        self.note.explain(None if is_here else fault)
        self._ticks.stop()
        self._next_code.hide()
        if fault is not None and fault.place == "code":
            self.code.clear()
            self.recovery.selectAll()
            if fault.until is not None:
                self._until = fault.until
                self._ticks.start()
                self._tick()
        if fault is not None:
            self.take_focus()

    def _tick(self) -> None:
        seconds = math.ceil((self._until - self._session.now()).total_seconds())
        self._next_code.setVisible(seconds > 0 and self.code.isVisibleTo(self))
        if seconds > 0:
            self._next_code.setText(
                self._look.language.text("sign-in.next-code-in", seconds=seconds)
            )
        else:
            self._ticks.stop()
            self._code_field.set_error(None)

    def _submit(self) -> None:
        self._show_readiness()
        if not self.verify.isEnabled():
            return
        self.explain(None)
        if self.code.isVisibleTo(self):
            self._session.enter_code(self.code.text())
        else:
            self._session.enter_code(recovery_code=self.recovery.text().strip())

    def show_recovery(self, *, is_shown: bool) -> None:
        """Ask for a recovery code instead of the six digits, or the other way round."""
        self._code_field.setVisible(not is_shown)
        self._recovery_field.setVisible(is_shown)
        self._next_code.hide()
        self._other.say("sign-in.use-code" if is_shown else "sign-in.use-recovery-code")
        self._show_readiness()
        self.take_focus()

    def _show_readiness(self) -> None:
        is_busy = self._session.is_busy
        is_code = self.code.isVisibleTo(self)
        is_typed = len(self.code.text()) == 6 if is_code else bool(self.recovery.text().strip())
        self.verify.setEnabled(is_typed and not is_busy and not self.note.is_waiting)
        self.verify.say("sign-in.asking" if is_busy else "sign-in.verify")
        self.code.setReadOnly(is_busy)
        self.recovery.setReadOnly(is_busy)

    def _on_step_changed(self, step: Step) -> None:
        if step is Step.CODE:
            self.code.clear()
            self.recovery.clear()
            self.explain(None)
            self.show_recovery(is_shown=False)
            self._retext()

    def _retext(self) -> None:
        self._who.setText(
            self._look.language.text("sign-in.code-for", username=self._session.username)
        )
