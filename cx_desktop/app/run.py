"""Runs the program: one Qt application, one window, the demo or the real thing."""

import shutil
import signal
import sys
import threading
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStyleFactory

from cx_desktop.app.application import Application, build
from cx_desktop.app.world import Transport, World
from cx_desktop.models.instance import Instance
from cx_desktop.ports import SystemClock
from cx_desktop.settings import Folders, SettingsFile, Speech, spoken

if TYPE_CHECKING:
    from cx_desktop.auth.credentials import Credentials

Overrides = dict[str, object]


def run(*, is_demo: bool = False, overrides: Overrides | None = None) -> int:
    """Open the window and stay until it is closed; the exit code."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("CX Desktop")
    qt.setDesktopFileName("cx-desktop")
    if sys.platform not in {"win32", "darwin"}:
        qt.setStyle(QStyleFactory.create("Fusion"))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    folders = Folders.of_this_user()
    instance = Instance(folders.demo if is_demo else folders.data)
    if not instance.is_first and _call(instance.name):
        return 0
    program = _Program(qt, folders, instance, overrides or {})
    program.open(is_demo=is_demo)
    try:
        return qt.exec()
    finally:
        program.close()


class _Program(QObject):
    """The application in view, and what replaces it: the demo, or the demo anew."""

    _fault_elsewhere = Signal(object)  # (kind, trace) of a bug on another thread

    def __init__(
        self, qt: QApplication, folders: Folders, instance: Instance, overrides: Overrides
    ) -> None:
        super().__init__()
        self._qt = qt
        self._folders = folders
        self._instance = instance
        self._overrides = overrides
        self._app: Application | None = None
        self._has_crashed = False
        self._fault_elsewhere.connect(lambda fault: self._report(*fault))
        sys.excepthook = self._on_bug
        threading.excepthook = self._on_bug_elsewhere

    def open(self, *, is_demo: bool) -> None:
        """Build the program and show its window."""
        file = SettingsFile(self._folders.config / "settings.json")
        if is_demo:
            self._app = self._demo(file)
        else:
            world = World(self._folders, Transport(), _keyring, SystemClock())
            self._app = build(file, world, qt=self._qt, overrides=self._overrides)
        self._app.demo_requested.connect(lambda: self._replace(is_demo=True))
        self._app.window.show()
        QTimer.singleShot(0, self._after_first_paint)

    def close(self) -> None:
        """End what is open."""
        if self._app is not None:
            self._app.close()
        self._instance.close()

    def _replace(self, *, is_demo: bool, is_wiped: bool = False) -> None:
        old, self._app = self._app, None
        if old is not None:
            self._qt.setQuitOnLastWindowClosed(False)
            old.close()
        if is_wiped:
            shutil.rmtree(self._folders.demo / "world", ignore_errors=True)
        self.open(is_demo=is_demo)
        self._qt.setQuitOnLastWindowClosed(True)

    def _reset(self) -> None:
        """Start the demo over: nothing of what was done in it remains."""
        self._replace(is_demo=True, is_wiped=True)

    def _demo(self, file: SettingsFile) -> Application:
        from cx_desktop.app.demonstration import Demonstration
        from cx_desktop.models.demo import Demo
        from cx_desktop.models.demo_credentials import DemoCredentials

        folder, clock = self._folders.demo / "world", SystemClock()
        speech = self._overrides.get("language", file.settings.language)
        demo = Demo(folder, language=spoken(Speech(str(speech))), clock=clock)
        demonstration = Demonstration(demo)
        demonstration.reset_requested.connect(self._reset)
        folders = self._folders._replace(data=folder)
        keyring = partial(DemoCredentials, folder)
        world = World(folders, Transport(loopback_only=True), keyring, clock)
        return build(
            file,
            world,
            qt=self._qt,
            overrides=self._overrides,
            demonstration=demonstration,
        )

    def _after_first_paint(self) -> None:
        from cx_desktop.models.instance_call import Listener

        if self._app is not None:
            self._app.warm_up()
            listener = Listener(self._instance.name, parent=self)
            listener.called.connect(self._app.window.come_forward)

    def _on_bug(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        sys.__excepthook__(kind, error, trace)
        self._report(kind, trace)

    def _on_bug_elsewhere(self, bug: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(bug)
        self._fault_elsewhere.emit((bug.exc_type, bug.exc_traceback))

    def _report(self, kind: type[BaseException], trace: TracebackType | None) -> None:
        from cx_desktop.views.shell.crash import CrashDialog, report

        if self._app is not None and not self._has_crashed:
            self._has_crashed = True
            dialog = CrashDialog(
                self._app.look, self._qt.clipboard(), report(kind, trace), parent=self._app.window
            )
            dialog.finished.connect(self._on_reported)
            dialog.open()

    def _on_reported(self) -> None:
        self._has_crashed = False


def _keyring() -> "Credentials":
    from cx_desktop.app.gatekeeper import keyring

    return keyring()


def _call(name: str) -> bool:
    from cx_desktop.models.instance_call import call

    return call(name)
