"""The whole program in this process, put together as it is for people, over a real service."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cx_desktop.app import Application, Transport, World, build
from cx_desktop.app.workbench import Workbench
from cx_desktop.models.session import Step
from cx_desktop.settings import Folders, SettingsFile, Speech
from cx_desktop.views.sign_in.code_step import CodeStep
from cx_desktop.views.sign_in.enrolment_step import EnrolmentStep
from cx_desktop.views.sign_in.invitation_step import InvitationStep
from cx_desktop.views.sign_in.password_step import PasswordStep
from cx_desktop.views.sign_in.recovery_step import RecoveryStep
from tests.fakes.credentials import MemoryCredentials
from tests.fakes.service import RunningService
from tests.fakes.waiting import wait_until


class Program:
    """One start of the program by one person; ``restarted`` is the next one on the same data."""

    def __init__(
        self,
        qt: QApplication,
        folder: Path,
        service: RunningService,
        *,
        keyring: MemoryCredentials | None = None,
    ) -> None:
        self._qt = qt
        self.folder = folder
        self.service = service
        self._is_closed = False
        self.keyring = keyring or MemoryCredentials()
        world = World(
            folders=Folders(config=folder / "config", data=folder / "data"),
            transport=Transport(loopback_only=True),
            credentials=lambda: self.keyring,
            clock=service.clock,
        )
        file = SettingsFile(folder / "config" / "settings.json")
        self.app: Application = build(file, world, qt=qt, overrides={"language": Speech.FRENCH})
        self.app.settle()
        self.app.window.show()

    @property
    def workbench(self) -> Workbench:
        assert self.app.workbench is not None, "nobody is signed in"
        return self.app.workbench

    def until(self, true: Callable[[], bool]) -> None:
        wait_until(true)

    def rest(self) -> None:
        """Wait until no answer is awaited."""
        self.until(lambda: not self.app.session.is_busy)

    def step(self, step: Step) -> None:
        self.until(lambda: self.app.session.step is step and not self.app.session.is_busy)

    def enter_password(self, username: str, password: str) -> PasswordStep:
        form = self.app.sign_in.password_step
        form.server.setText(self.service.url)
        form.fill(username, password)
        form.submit.click()
        self.rest()
        return form

    def give_password(self, username: str = "claire.martin") -> None:
        account = next(each for each in self.service.accounts if each.username == username)
        self.enter_password(account.username, account.password)

    def password_of(self, username: str) -> str:
        return next(each.password for each in self.service.accounts if each.username == username)

    def fresh_code(self, username: str) -> str:
        """A code that was not used yet."""
        self.service.clock.advance(timedelta(seconds=30))
        return self.service.code(username)

    @property
    def invitation_step(self) -> InvitationStep:
        widget = self.app.sign_in.step_widget
        assert isinstance(widget, InvitationStep)
        return widget

    @property
    def code_step(self) -> CodeStep:
        widget = self.app.sign_in.step_widget
        assert isinstance(widget, CodeStep)
        return widget

    @property
    def enrolment_step(self) -> EnrolmentStep:
        widget = self.app.sign_in.step_widget
        assert isinstance(widget, EnrolmentStep)
        return widget

    @property
    def recovery_step(self) -> RecoveryStep:
        widget = self.app.sign_in.step_widget
        assert isinstance(widget, RecoveryStep)
        return widget

    def sign_in(self, username: str = "claire.martin") -> Workbench:
        self.give_password(username)
        self.step(Step.CODE)
        self.code_step.code.setText(self.fresh_code(username))
        return self.opened()

    def unlock(self, username: str) -> Workbench:
        """Give the password to the locked screen."""
        self.step(Step.LOCKED)
        self.app.lock_page.password.setText(self.password_of(username))
        self.app.lock_page.unlock.click()
        return self.opened()

    def opened(self) -> Workbench:
        self.until(lambda: self.app.workbench is not None)
        self.until(lambda: bool(self.workbench.workspace.projects))
        return self.workbench

    def restarted(self) -> "Program":
        self.close()
        return Program(self._qt, self.folder, self.service, keyring=self.keyring)

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.app.close()
