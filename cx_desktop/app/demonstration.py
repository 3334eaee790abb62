"""The demo around the program: its service, its band, its accounts, its reset."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from cx_desktop.models.demo import Demo, DemoAccount
from cx_desktop.models.session import Session
from cx_desktop.views.shell.demo_band import DemoBand
from cx_desktop.views.shell.demo_reset import ResetDialog
from cx_desktop.views.sign_in.demo_aside import DemoAside
from cx_desktop.views.widgets.look import Look


class Demonstration(QObject):
    """Lives beside an ``Application`` and furnishes it."""

    reset_requested = Signal()  # build everything anew on an empty folder
    account_chosen = Signal(str, str)  # user name and password to type

    def __init__(self, demo: Demo) -> None:
        super().__init__()
        self.demo = demo

    def furnish(
        self, look: Look, session: Session, clipboard: QClipboard
    ) -> tuple[QWidget, QWidget]:
        """The band over the window, and what stands beside the door."""
        band = DemoBand(look, self.demo, session, clipboard)
        aside = DemoAside(look, self.demo, session, clipboard)
        band.reset_requested.connect(lambda: self._ask(look, band.window()))
        aside.account_chosen.connect(self._on_account_chosen)
        return band, aside

    def start(self) -> None:
        """Start the service; the door opens when it listens."""
        self.demo.start()

    def stop(self) -> None:
        """End the service, and wait until it has ended."""
        self.demo.stop()

    def _on_account_chosen(self, account: DemoAccount) -> None:
        self.account_chosen.emit(account.username, account.password)

    def _ask(self, look: Look, window: QWidget) -> None:
        """Ask before everything is erased."""
        dialog = ResetDialog(look, parent=window)
        dialog.accepted.connect(self.reset_requested)
        dialog.open()
