"""Runs the program: one Qt application, one window, the demo or the real thing."""

import gc
import signal
import sys
import threading
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QApplication, QStyleFactory

from cx_desktop.app.application import Application, build
from cx_desktop.app.collector import Collector
from cx_desktop.app.world import Transport, World
from cx_desktop.models.instance import Instance
from cx_desktop.ports import SystemClock
from cx_desktop.settings import AppSettings, Folders, SettingsFile, Speech, spoken
from cx_desktop.views.shell.window import FirstPaint

if TYPE_CHECKING:
    from collections.abc import Callable

    from cx_desktop.auth.credentials import Credentials
    from cx_desktop.models.instance_call import Listener

Overrides = dict[str, object]


def run(
    *,
    is_demo: bool = False,
    recordings: int = 0,
    overrides: Overrides | None = None,
    shown: "Callable[[Application], object] | None" = None,
) -> int:
    """Open the window and stay until it is closed; the exit code.

    A demo gets at least so many ``recordings``.
    ``shown`` is told of each window after its first paint: benchmarks and pictures hang on to it.
    """
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
    program = Program(qt, folders, instance, overrides or {}, recordings=recordings)
    if shown is not None:
        program.shown.connect(shown)
    program.watch_for_bugs()
    program.open(is_demo=is_demo)
    try:
        return qt.exec()
    finally:
        program.close()


class Program(QObject):
    """The application in view, and what replaces it: the demo, or the demo anew."""

    shown = Signal(object)  # Application, after its first paint
    _fault_elsewhere = Signal(object)  # (kind, trace) of a bug on another thread

    def __init__(
        self,
        qt: QApplication,
        folders: Folders,
        instance: Instance,
        overrides: Overrides,
        *,
        recordings: int = 0,
    ) -> None:
        super().__init__()
        self._recordings = recordings
        self._qt = qt
        self._folders = folders
        self._instance = instance
        self._overrides = overrides
        self._app: Application | None = None
        self._listener: Listener | None = None
        self._collector: Collector | None = None  # from the first paint on
        self._has_crashed = False
        self._fault_elsewhere.connect(lambda fault: self._report(*fault))

    @property
    def app(self) -> Application:
        """The application in view."""
        if self._app is None:
            raise RuntimeError("no window is open")
        return self._app

    def watch_for_bugs(self) -> None:
        """Tell of every exception that nobody expected."""
        sys.excepthook = self._on_bug
        threading.excepthook = self._on_bug_elsewhere

    def open(self, *, is_demo: bool, place: QByteArray | None = None) -> None:
        """Build the program and show its window, where the one before it was."""
        file = SettingsFile(self._folders.config / "settings.json")
        if is_demo:
            self._app = self._demo(file.settings)
        else:
            world = World(self._folders, Transport(), _keyring, SystemClock())
            self._app = build(file, world, qt=self._qt, overrides=self._overrides)
        self._app.demo_requested.connect(self.enter_demo)
        if place is not None:
            self._app.window.restoreGeometry(place)
        FirstPaint(self._app.window).done.connect(self._after_first_paint)
        self._app.window.show()

    def close(self) -> None:
        """End what is open."""
        if self._app is not None:
            self._app.close()
        self._instance.close()

    def _replace(self, *, is_demo: bool, is_wiped: bool = False) -> None:
        old, self._app = self._app, None
        place = old.window.saveGeometry() if old is not None else None
        if old is not None:
            self._qt.setQuitOnLastWindowClosed(False)
            old.close()
        if is_wiped:
            import shutil

            for folder in self._folders.demo.glob("??"):
                shutil.rmtree(folder, ignore_errors=True)
        self.open(is_demo=is_demo, place=place)
        self._qt.setQuitOnLastWindowClosed(True)

    def enter_demo(self) -> None:
        """From the door into the demo; if it has a window already, that one comes forward."""
        instance = Instance(self._folders.demo)
        if not instance.is_first and _call(instance.name):
            return
        self._instance.close()
        self._instance = instance
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._replace(is_demo=True)

    def reset(self) -> None:
        """Start the demo over: nothing of what was done in it remains."""
        self._replace(is_demo=True, is_wiped=True)

    def _demo(self, own: AppSettings) -> Application:
        """The demo, which looks like the program and leaves no trace in its settings."""
        from cx_desktop.app.demonstration import Demonstration
        from cx_desktop.models.demo import Demo
        from cx_desktop.models.demo_credentials import DemoCredentials

        file = SettingsFile(self._folders.demo / "settings.json", default=own.appearance)
        speech = self._overrides.get("language", file.settings.language)
        language, clock = spoken(Speech(str(speech))), SystemClock()
        folder = self._folders.demo / language  # the demo's data speaks one language
        demo = Demo(folder, language=language, clock=clock, recordings=self._recordings)
        demonstration = Demonstration(demo)
        demonstration.reset_requested.connect(self.reset)
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
        gc.freeze()  # what the window is made of stays: no collection needs to look at it again
        self._collector = self._collector or Collector(self)
        if self._app is None:
            return
        self.shown.emit(self._app)
        self._app.settle()
        if self._listener is None:
            from cx_desktop.models.instance_call import Listener

            self._listener = Listener(self._instance.name, parent=self)
            self._listener.called.connect(self._come_forward)

    def _come_forward(self) -> None:
        if self._app is not None:
            self._app.window.come_forward()

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
