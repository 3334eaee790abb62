"""The demo around the program: its service, its band, its accounts, its reset."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.models.demo import Demo, DemoAccount
from cx_desktop.models.session import Step
from cx_desktop.views.shell.demo_band import DemoBand
from cx_desktop.views.shell.demo_reset import ResetDialog
from cx_desktop.views.sign_in.demo_aside import DemoAside

if TYPE_CHECKING:
    from cx_desktop.app.application import Application


class Demonstration(QObject):
    """Lives beside an ``Application`` and furnishes it."""

    reset_requested = Signal()  # build everything anew on an empty folder

    def __init__(self, demo: Demo) -> None:
        super().__init__()
        self.demo = demo

    def furnish(self, app: "Application") -> tuple[QWidget, QWidget]:
        """The band over the window, and what stands beside the door."""
        clipboard = app.qt.clipboard()
        band = DemoBand(app.look, self.demo, app.session, clipboard)
        aside = DemoAside(app.look, self.demo, app.session, clipboard)
        band.reset_requested.connect(lambda: self.ask_reset(app))
        aside.account_chosen.connect(lambda account: _fill(app, account))
        self.demo.ready.connect(app.sign_in_to)
        return band, aside

    def start(self) -> None:
        """Start the service; the door opens when it listens."""
        self.demo.start()

    def stop(self) -> None:
        """End the service, and wait until it has ended."""
        self.demo.stop()

    def ask_reset(self, app: "Application") -> None:
        """Ask before everything is erased."""
        dialog = ResetDialog(app.look, parent=app.window)
        dialog.accepted.connect(self.reset_requested)
        dialog.open()


def _fill(app: "Application", account: DemoAccount) -> None:
    """Type the account's name and password for whoever chose it."""
    if app.session.step is not Step.PASSWORD:
        app.session.back()
    app.sign_in.password_step.fill(account.username, account.password)
