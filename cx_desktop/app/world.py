"""What differs between production, the demo and a test; and what they all share."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QApplication

from cx_desktop.models.session import Session
from cx_desktop.models.settings import Settings
from cx_desktop.ports import Clock
from cx_desktop.settings import Folders
from cx_desktop.tasks import Tasks
from cx_desktop.views.shell.window import MainWindow
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from cx_desktop.auth.credentials import Credentials


class Transport(NamedTuple):
    """Which servers may be reached, and how."""

    loopback_only: bool = False
    base: "httpx.BaseTransport | None" = None


class World(NamedTuple):
    """What differs between production, the demo and a test."""

    folders: Folders
    transport: Transport
    credentials: "Callable[[], Credentials]"
    clock: Clock


class House(NamedTuple):
    """What stands as long as the window does."""

    qt: QApplication
    window: MainWindow
    look: Look
    settings: Settings
    session: Session
    tasks: Tasks
    clock: Clock
