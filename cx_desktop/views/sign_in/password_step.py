"""First step: which server, who, and the password."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Credentials, Session
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from cx_desktop.views.sign_in.server_field import ServerField
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field, PasswordField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable


class PasswordStep(QWidget):
    """Asks for the first factor; keeps what was typed whatever fails."""

    demo_requested = Signal()
    authority_requested = Signal()
    authority_dropped = Signal()

    def __init__(self, look: Look, session: Session, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fault: Fault | None = None
        self.server = ServerField(look)
        self.username = QLineEdit()
        self.password = PasswordField(look)
        self._fields = {
            "server": Field(look, "sign-in.server", self.server, help_key="sign-in.server-help"),
            "username": Field(look, "sign-in.username", self.username),
            "password": Field(look, "sign-in.password", self.password),
        }
        self._ways: dict[Way, Callable[[], object]] = {
            Way.OFFLINE: self._open_offline,
            Way.AUTHORITY: self.authority_requested.emit,
            Way.NO_AUTHORITY: self.authority_dropped.emit,
            Way.THIS_TIME_ONLY: self._go_on_this_time_only,
            Way.AFRESH: lambda: session.start_afresh(self.credentials),
            Way.RETRY: self.go_on,
        }
        self.note = FaultNote(look, session, *self._ways)
        self.submit = Button(look, "sign-in.continue", kind="primary")
        self._stop = Button(look, "sign-in.stop", kind="quiet")
        self.invited = Button(look, "sign-in.invited", kind="link")
        self._demo = Button(look, "sign-in.discover", kind="link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(Label.of(look, "sign-in.title", "title"))
        for field in self._fields.values():
            layout.addWidget(field)
        layout.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(self.submit)
        row.addWidget(self._stop)
        row.addStretch(1)
        layout.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self.invited)
        below.addWidget(self._demo)
        below.addStretch(1)
        layout.addLayout(below)
        self._news = Label("", "small", wraps=True)
        self._news.hide()
        layout.addWidget(self._news)
        layout.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.submit.clicked.connect(self.go_on)
        self.username.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.go_on)
        self._stop.clicked.connect(self._session.cancel)
        self.invited.clicked.connect(self._session.invite)
        self._demo.clicked.connect(self.demo_requested)
        self.note.chosen.connect(lambda way: self._ways[way]())
        self.note.waiting_changed.connect(self._show_readiness)
        self.password.textEdited.connect(self._show_readiness)
        self.username.textChanged.connect(self._on_somebody_else)
        self.server.textChanged.connect(self._on_somebody_else)
        self._session.busy_changed.connect(self._show_readiness)
        self._session.known_changed.connect(self._on_known)
        self._show_readiness()

    @property
    def credentials(self) -> Credentials:
        """What is typed."""
        return Credentials(
            self.server.text().strip(), self.username.text().strip(), self.password.text()
        )

    def field(self, name: str) -> Field:
        """One of the fields: server, username or password."""
        return self._fields[name]

    def tell(self, look: Look, key: str, **params: str | int) -> None:
        """Say something that happened before the door opened."""
        look.language.bind(self._news, self._news.setText, key, **params)
        self._news.show()

    def offer_servers(self, servers: tuple[str, ...], last: str) -> None:
        """List the servers used before."""
        self.server.offer(servers)
        self.server.setText(last)

    def set_only_server(self, server: str) -> None:
        """Sign in there and nowhere else; with nothing to sign in to yet, wait."""
        self.server.setText(server)
        self._fields["server"].hide()
        self._demo.hide()
        self.invited.hide()
        self._show_readiness()

    def trust(self, ca_file: str) -> None:
        """Know the file whose authorities are believed; none for the well-known ones."""
        self.note.authority = PurePath(ca_file).name

    def take_focus(self) -> None:
        """Put the caret where the first word is missing."""
        for editor in (self.server, self.username, self.password):
            if editor.isVisibleTo(self) and not editor.text():
                editor.setFocus()
                return
        self.password.setFocus()
        self.password.selectAll()

    def fill(self, username: str, password: str) -> None:
        """Type for somebody: a demo account was chosen."""
        self.username.setText(username)
        self.password.setText(password)
        self._show_readiness()
        self.submit.setFocus()

    def explain(self, fault: Fault | None) -> None:
        """Say what went wrong where it went wrong, and put the caret there."""
        self._fault = fault
        place = self._show_fault()
        if place in self._fields:
            editor = self._fields[place].editor
            editor.setFocus()
            if isinstance(editor, QLineEdit):
                editor.selectAll()
        elif fault is not None:
            (self.submit if self.submit.isEnabled() else self.password).setFocus()

    def _show_fault(self) -> str:
        """The field at which the fault stands, "" where it stands below them.

        Whom this computer knows may be read after the fault; there is one way out more then.
        """
        fault, is_known = self._fault, self._session.present is not None
        place = "" if fault is None or (is_known and fault.is_of_the_network) else fault.place
        for name, field in self._fields.items():
            field.set_error(fault.error if fault and place == name else None)
        is_elsewhere = place not in self._fields
        self.note.explain(fault if is_elsewhere else None, can_open_offline=is_known)
        return place

    def _on_known(self) -> None:
        self._show_readiness()
        if self._fault is not None:
            self._show_fault()

    def _on_somebody_else(self) -> None:
        """What was said concerned another user or another server."""
        self.explain(None)
        self._show_readiness()

    def go_on(self) -> None:
        """Ask the service, if everything is typed."""
        if self.submit.isEnabled():
            self.explain(None)
            self._session.begin(self.credentials)

    def _open_offline(self) -> None:
        credentials = self.credentials
        self.explain(None)
        self._session.unlock(credentials)

    def _go_on_this_time_only(self) -> None:
        self._session.use_this_time_only()
        self.go_on()

    def _show_readiness(self) -> None:
        is_busy = self._session.is_busy
        self.submit.setEnabled(all(self.credentials) and not is_busy and not self.note.is_waiting)
        self.submit.say("sign-in.asking" if is_busy else "sign-in.continue")
        self._stop.setVisible(is_busy)
        for editor in (self.server, self.username, self.password):
            editor.setReadOnly(is_busy)
