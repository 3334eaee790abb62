"""The locked screen: whose it is, and the password, please."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Credentials, Session, Step
from cx_desktop.overrides import override
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field, PasswordField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import Picture


class LockPage(QWidget):
    """Opens again with the password; nothing of the work is on screen or in memory."""

    other_requested = Signal()

    def __init__(self, look: Look, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self.password = PasswordField(look)
        self._field = Field(look, "sign-in.password", self.password)
        self._title = Label.of(look, "lock.title", "title")
        self._who = Label("", "muted", wraps=True)
        self._until = Label("", "small", wraps=True)
        self._note = FaultNote(look, session, Way.SIGN_IN, Way.RETRY)
        self.unlock = Button(look, "lock.unlock", kind="primary")
        other = Button(look, "lock.other", kind="quiet")
        row = QHBoxLayout()
        row.addWidget(self.unlock)
        row.addWidget(other)
        row.addStretch(1)
        column = QWidget()
        column.setFixedWidth(400)
        inner = QVBoxLayout(column)
        inner.setSpacing(14)
        inner.addWidget(Picture(look, "lock"))
        for each in (self._title, self._who, self._field, self._note):
            inner.addWidget(each)
        inner.addLayout(row)
        inner.addWidget(self._until)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(2)
        other.clicked.connect(self.other_requested)
        self._connect()

    def _connect(self) -> None:
        session = self._session
        self.password.returnPressed.connect(self._submit)
        self.unlock.clicked.connect(self._submit)
        self._note.chosen.connect(self._on_way_chosen)
        session.failed.connect(self._on_failed)
        session.busy_changed.connect(self._show_readiness)
        session.known_changed.connect(self._retext)
        session.step_changed.connect(self._on_step_changed)
        self.password.textChanged.connect(self._show_readiness)
        self._look.language.follow(self, self._retext)
        self._show_readiness()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.password.setFocus()

    @property
    def error(self) -> CXError | None:
        """What is wrong with the password."""
        return self._field.error

    @property
    def note(self) -> FaultNote:
        """What is wrong with everything else."""
        return self._note

    def _on_way_chosen(self, way: Way) -> None:
        if way is Way.SIGN_IN:
            self.other_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if self.unlock.isEnabled():
            self._explain(None)
            session = self._session
            session.unlock(Credentials(session.server, session.username, self.password.text()))

    def _on_step_changed(self, step: Step) -> None:
        self.password.clear()
        self._explain(None)
        if step is Step.LOCKED:
            self._retext()

    def _on_failed(self, fault: Fault) -> None:
        if self._session.step is Step.LOCKED:
            self._explain(fault)

    def _explain(self, fault: Fault | None) -> None:
        is_here = fault is not None and fault.place == "password"
        self._field.set_error(fault.error if fault and is_here else None)
        self._note.explain(None if is_here else fault)
        if fault is not None:
            self.password.setFocus()
            self.password.selectAll()

    def _show_readiness(self) -> None:
        is_busy = self._session.is_busy
        self.unlock.setEnabled(bool(self.password.text()) and not is_busy)
        self.unlock.say("sign-in.asking" if is_busy else "lock.unlock")
        self.password.setReadOnly(is_busy)

    def _retext(self) -> None:
        language, known = self._look.language, self._session.present
        name = known.name if known else self._session.username
        self._who.setText(language.text("lock.who", name=name))
        until = known.until if known else None
        self._until.setVisible(until is not None)
        if until is not None:
            self._until.setText(language.text("lock.until", day=language.day(until)))
