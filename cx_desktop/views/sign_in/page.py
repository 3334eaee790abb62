"""The door as a page: a banner on the left, one step after the other on the right."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Credentials, Session, Step
from cx_desktop.models.settings import Settings
from cx_desktop.overrides import override
from cx_desktop.views.sign_in.banner import Banner
from cx_desktop.views.sign_in.password_step import PasswordStep
from cx_desktop.views.widgets.look import ALWAYS_OFF, NO_FOCUS, Look, set_enum
from cx_desktop.views.widgets.toggles import LanguageToggle, ThemeToggle

if TYPE_CHECKING:
    from cx_desktop.views.sign_in.invitation_step import InvitationStep
    from cx_desktop.views.sign_in.later_steps import LaterStep, MakeStep

_FORM_WIDTH = 400
_NARROW = 860


class SignInPage(QWidget):
    """Follows the session's steps."""

    demo_requested = Signal()
    touched = Signal()  # somebody types or chooses: they are about to sign in

    def __init__(
        self,
        look: Look,
        session: Session,
        settings: Settings,
        *,
        make_step: "MakeStep",
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._look = look
        self._session = session
        self._settings = settings
        self._make_step = make_step
        self._has_own_aside = aside is not None
        self._aside = aside or Banner(look)
        self.password_step = PasswordStep(look, session)
        self._steps: dict[Step, PasswordStep | LaterStep] = {Step.PASSWORD: self.password_step}
        self._stack = QStackedWidget()
        self._stack.addWidget(self.password_step)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._aside, 10)
        layout.addWidget(self._form(), 11)
        self.password_step.offer_servers(settings.now.servers, settings.now.last_server)
        self.password_step.username.setText(settings.now.last_username)
        if settings.set_aside:
            self.password_step.tell(look, "shell.settings-set-aside", name=settings.set_aside)
        self.password_step.demo_requested.connect(self.demo_requested)
        self.password_step.username.textChanged.connect(self.touched)
        self.password_step.password.textChanged.connect(self.touched)
        self._serve(self.password_step)
        session.accepted.connect(self._on_accepted)
        session.step_changed.connect(self._on_step_changed)
        session.failed.connect(self._on_failed)

    @property
    def step_widget(self) -> "PasswordStep | LaterStep":
        """The step on screen."""
        return self._steps[self._shown]

    _shown = Step.PASSWORD

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._aside.setVisible(self._has_own_aside or self.width() >= _NARROW)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.step_widget.take_focus()

    def _form(self) -> QWidget:
        toggles = QHBoxLayout()
        toggles.setContentsMargins(16, 12, 16, 0)
        toggles.addStretch(1)
        toggles.addWidget(LanguageToggle(self._look, self._settings))
        toggles.addWidget(ThemeToggle(self._look, self._settings))
        column = QWidget()
        column.setProperty("role", "page")
        middle = QHBoxLayout(column)
        middle.setContentsMargins(32, 16, 32, 24)
        middle.addStretch(1)
        self._stack.setFixedWidth(_FORM_WIDTH)
        middle.addWidget(self._stack)
        middle.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        set_enum(scroll, "horizontalScrollBarPolicy", ALWAYS_OFF)
        set_enum(scroll, "focusPolicy", NO_FOCUS)
        scroll.setWidget(column)
        form = QWidget()
        layout = QVBoxLayout(form)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(toggles)
        layout.addStretch(2)
        layout.addWidget(scroll, 12)
        return form

    def _on_step_changed(self, step: Step) -> None:
        if step in {Step.OPEN, Step.LOCKED}:
            self.password_step.password.clear()
            return
        if step not in self._steps:
            self._steps[step] = self._make_step(step)
            self._stack.addWidget(self._steps[step])
            if step is Step.INVITATION:
                self._furnish(cast("InvitationStep", self._steps[step]))
        self._shown = step
        widget = self._steps[step]
        self._stack.setCurrentWidget(widget)
        widget.take_focus()

    def _furnish(self, step: "InvitationStep") -> None:
        """An invitation goes to the server that was typed already, or the one used last."""
        step.server.setText(self.password_step.server.text())
        step.invitation.textChanged.connect(self.touched)
        self._serve(step)

    def _serve(self, step: "PasswordStep | InvitationStep") -> None:
        """Let a step that may meet an unknown certificate choose whom to believe."""
        step.authority_requested.connect(self._choose_authority)
        step.authority_dropped.connect(lambda: self.trust(""))
        self._settings.changed.connect(lambda now: step.trust(now.ca_file))
        step.trust(self._settings.now.ca_file)

    def _on_accepted(self, credentials: Credentials) -> None:
        """An invitation became an account: from here on it is a sign-in like any other."""
        self.password_step.server.setText(credentials.server)
        self.password_step.fill(credentials.username, credentials.password)

    def _on_failed(self, fault: Fault) -> None:
        widget = self.step_widget
        if self._session.step is not Step.LOCKED:
            widget.explain(fault)

    def trust(self, ca_file: str) -> None:
        """Believe these authorities and no others, or the well-known ones again; then try."""
        self._settings.set("ca_file", ca_file)
        if self._shown is Step.INVITATION:
            cast("InvitationStep", self.step_widget).go_on()
        else:
            self.password_step.go_on()

    def _choose_authority(self) -> None:
        title = self._look.language.text("sign-in.choose-authority")
        kinds = "*.pem *.crt *.cer"
        path, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), kinds)
        if path:
            self.trust(path)
