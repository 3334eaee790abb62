"""The first day: an invitation becomes an account with a password of one's own."""

import contextlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.access.passwords import MINIMUM_LENGTH, Weakness, weakness
from cx_desktop.domain.errors import CXError
from cx_desktop.models import invitation
from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Guest, Session, Step
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field, PasswordField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle

if TYPE_CHECKING:
    from collections.abc import Callable


class InvitationStep(QWidget):
    """Asks for the invitation and for who one will be; keeps what was typed whatever fails."""

    authority_requested = Signal()
    authority_dropped = Signal()

    def __init__(self, look: Look, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self.invitation = QLineEdit()
        self.server = QLineEdit()
        self.name = QLineEdit()
        self.username = QLineEdit()
        self.password = PasswordField(look)
        self._fields = {
            "invitation": Field(
                look, "sign-in.invitation", self.invitation, help_key="sign-in.invitation-help"
            ),
            "server": Field(look, "sign-in.server", self.server),
            "name": Field(look, "sign-in.name", self.name),
            "username": Field(look, "sign-in.username", self.username),
            "password": Field(look, "sign-in.new-password", self.password),
        }
        self.strength = Label("", "small", wraps=True)
        self._ways: dict[Way, Callable[[], object]] = {
            Way.AUTHORITY: self.authority_requested.emit,
            Way.NO_AUTHORITY: self.authority_dropped.emit,
            Way.RETRY: self.go_on,
        }
        self.note = FaultNote(look, session, *self._ways)
        self.submit = Button(look, "sign-in.accept", kind="primary")
        self.back = Button(look, "sign-in.back", kind="quiet", icon="arrow-left")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Label.of(self._look, "sign-in.invitation-title", "title"))
        for name in ("invitation", "server"):
            layout.addWidget(self._fields[name])
        who = QHBoxLayout()
        who.setSpacing(12)
        for name in ("name", "username"):
            who.addWidget(self._fields[name], 1)
        layout.addLayout(who)
        password = QVBoxLayout()
        password.setSpacing(4)
        password.addWidget(self._fields["password"])
        password.addWidget(self.strength)
        layout.addLayout(password)
        layout.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(self.submit)
        row.addWidget(self.back)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.submit.clicked.connect(self.go_on)
        self.password.returnPressed.connect(self.go_on)
        self.back.clicked.connect(self._session.back)
        self.note.chosen.connect(lambda way: self._ways[way]())
        self.note.waiting_changed.connect(self._show_readiness)
        self.invitation.textChanged.connect(self._on_pasted)
        for editor in (self.server, self.name, self.username, self.password):
            editor.textChanged.connect(self._on_edited)
        self._session.busy_changed.connect(self._show_readiness)
        self._session.step_changed.connect(self._on_step_changed)
        self._look.language.follow(self, self._show_readiness)

    @property
    def guest(self) -> Guest:
        """Who is typed, with the token of what was pasted."""
        return Guest(
            server=self.server.text().strip(),
            token=invitation.read(self.invitation.text()).token,
            username=self.username.text().strip(),
            name=self.name.text().strip(),
            password=self.password.text(),
        )

    def field(self, name: str) -> Field:
        """One of the fields: invitation, server, name, username or password."""
        return self._fields[name]

    def trust(self, ca_file: str) -> None:
        """Know the file whose authorities are believed; none for the well-known ones."""
        self.note.authority = PurePath(ca_file).name

    def take_focus(self) -> None:
        """Put the caret where the first word is missing."""
        editors = (self.invitation, self.server, self.name, self.username, self.password)
        next((each for each in editors if not each.text()), self.password).setFocus()

    def explain(self, fault: Fault | None) -> None:
        """Say what went wrong where it went wrong."""
        place = fault.place if fault is not None else ""
        for name, field in self._fields.items():
            field.set_error(fault.error if fault and place == name else None)
        is_elsewhere = place not in self._fields
        self.note.explain(fault if is_elsewhere else None)
        if fault is not None:
            (self.submit if is_elsewhere else self._fields[place].editor).setFocus()
        self._show_readiness()

    def go_on(self) -> None:
        """Ask the service, if everything is typed."""
        if not self.submit.isEnabled():
            return
        self.explain(None)
        try:
            guest = self.guest
        except CXError as error:
            self.explain(Fault(error))
        else:
            self._session.accept(guest)

    def _on_pasted(self) -> None:
        """A link names the server too; what is no invitation is said when one goes on."""
        self._on_edited()
        with contextlib.suppress(CXError):
            pasted = invitation.read(self.invitation.text())
            if not pasted.server:
                return
            self.server.setText(pasted.server)
            self.invitation.setText(pasted.token)

    def _on_edited(self) -> None:
        """What was said concerned what was typed before."""
        for field in self._fields.values():
            field.set_error(None)
        self.note.explain(None)
        self._show_readiness()

    def _show_readiness(self) -> None:
        is_busy = self._session.is_busy
        found = weakness(self.password.text(), self.username.text())
        editors = (self.invitation, self.server, self.name, self.username, self.password)
        is_typed = all(each.text().strip() for each in editors)
        is_ready = is_typed and found is None and not is_busy and not self.note.is_waiting
        self.submit.setEnabled(is_ready)
        self.submit.say("sign-in.asking" if is_busy else "sign-in.accept")
        for each in editors:
            each.setReadOnly(is_busy)
        self._show_strength(found)

    def _show_strength(self, found: Weakness | None) -> None:
        text = self._look.language.text
        typed = len(self.password.text())
        if found is Weakness.SHORT:
            said = text("sign-in.password-short", typed=typed, minimum=MINIMUM_LENGTH)
        elif found is Weakness.GUESSABLE:
            said = text("sign-in.password-guessable")
        else:
            said = text("sign-in.password-good")
        restyle(self.strength, "role", "ok" if found is None else "small")
        self.strength.setText(said)
        self.strength.setVisible(self._fields["password"].error is None)
        if self._fields["password"].error is None:
            self.password.setAccessibleDescription(said)

    def _on_step_changed(self, step: Step) -> None:
        if step is Step.OPEN:
            self.invitation.clear()
            self.password.clear()
