"""A person at the program: a real window on the demo, moved by mouse and keys, found by its words.

Journeys and the scripted tour share it. Nothing in the program knows of it.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pyotp
from PySide6.QtCore import QEvent, QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from cx_desktop.app import Application
from cx_desktop.app.run import Program
from cx_desktop.app.workbench import Workbench
from cx_desktop.cache import Row
from cx_desktop.models.demo import Demo
from cx_desktop.models.instance import Instance
from cx_desktop.models.session import CODE_SECONDS, Step
from cx_desktop.models.sync_status import Freshness
from cx_desktop.settings import Folders, Motion, Scheme, Speech
from cx_desktop.views.shell.window import MainWindow

Found = TypeVar("Found", bound=QWidget)

PATIENCE_MS = 30_000


class LostError(AssertionError):
    """What was looked or waited for did not come."""


def wait(until: Callable[[], bool], what: str = "") -> None:
    """Let the program live until something holds."""
    loop = QEventLoop()
    look, patience = QTimer(), QTimer(singleShot=True)
    look.timeout.connect(lambda: loop.quit() if until() else None)
    patience.timeout.connect(loop.quit)
    look.start(10)
    patience.start(PATIENCE_MS)
    if not until():
        loop.exec()
    if not until():
        raise LostError(f"waited in vain: {what or until}")


def settle(milliseconds: int = 250) -> None:
    """Let motions end and pictures be drawn."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Visit:
    """One start of the program on the demo, in folders of its own."""

    def __init__(
        self,
        qt: QApplication,
        folder: Path,
        *,
        language: Speech = Speech.FRENCH,
        theme: Scheme = Scheme.LIGHT,
        recordings: int = 0,
    ) -> None:
        self.qt = qt
        self.folders = Folders(config=folder / "config", data=folder / "data")
        self._app: Application | None = None
        overrides: dict[str, object] = {
            "language": language,
            "theme": theme,
            "motion": Motion.REDUCED,
        }
        instance = Instance(self.folders.demo)
        self.program = Program(qt, self.folders, instance, overrides, recordings=recordings)
        self.program.shown.connect(self._on_shown)
        self.program.open(is_demo=True)
        wait(lambda: self._app is not None and self.demo.is_running, "the service")

    def close(self) -> None:
        """Leave, and wait until everything has ended."""
        self.program.close()
        settle(50)

    @property
    def app(self) -> Application:
        """The program as it stands now; a reset builds another one."""
        if self._app is None:
            raise LostError("no window was painted")
        return self._app

    @property
    def window(self) -> MainWindow:
        """The one window."""
        return self.app.window

    @property
    def demo(self) -> Demo:
        """The embedded service and its accounts."""
        if self.app.demonstration is None:
            raise LostError("this is not the demo")
        return self.app.demonstration.demo

    def _on_shown(self, app: Application) -> None:
        self._app = app
        app.window.resize(1280, 800)
        app.window.activateWindow()  # without a window manager nobody else does

    @property
    def work(self) -> Workbench:
        """What is open once somebody is in."""
        if self.app.workbench is None:
            raise LostError("nobody is in")
        return self.app.workbench

    @property
    def freshness(self) -> Freshness:
        """What the status bar says of sync."""
        return self.work.workspace.sync_status.freshness

    def enter_password(self, username: str) -> None:
        """Choose a demo account at the door and go on."""
        account = next(each for each in self.demo.accounts if each.username == username)
        self.click(self.button(account.name))
        self.press(Qt.Key.Key_Return, on=self.app.sign_in.password_step.password)
        wait(lambda: self.app.session.step is not Step.PASSWORD, "the second step")

    def sign_in(self, username: str) -> None:
        """Both factors, and the first page."""
        self.enter_password(username)
        self.write(self.demo.code(username))
        self.until_open()

    def until_open(self) -> None:
        """Wait for the first page, with everything pulled."""
        wait(lambda: self.app.workbench is not None, "the workspace")
        wait(lambda: self.freshness.is_all_synced, "the first sync")

    def unlock(self, username: str) -> None:
        """Come back to the locked screen with the password."""
        account = next(each for each in self.demo.accounts if each.username == username)
        wait(lambda: not self.app.session.is_busy, "the lock to close")
        field = self.find(QLineEdit, "Mot de passe")
        self.write(account.password, on=field)
        self.press(Qt.Key.Key_Return, on=field)
        wait(lambda: self.app.workbench is not None, "the workspace")

    @property
    def project(self) -> str:
        """The project in view."""
        project = self.work.workspace.project
        return project.name if project is not None else ""

    def choose_project(self, name: str) -> None:
        """Work in this project."""
        workspace = self.work.workspace
        workspace.select(next(each.id for each in workspace.projects if each.name == name))

    def demo_code(self, username: str, *, steps: int = 0) -> str:
        """The digits of an account's authenticator now, or some steps later."""
        account = next(each for each in self.demo.accounts if each.username == username)
        return pyotp.TOTP(account.totp_secret or "").at(
            datetime.now(UTC) + timedelta(seconds=CODE_SECONDS * steps)
        )

    def row(self, entity_type: str, entity_id: str) -> Row:
        """An entity as this computer holds it."""
        row = self.work.workspace.cache.row(entity_type, entity_id)
        if row is None:
            raise LostError(f"there is no {entity_type} {entity_id}")
        return row

    def kill_the_service(self) -> None:
        """End the embedded service at once, as a crash would."""
        os.kill(self.demo.pid, signal.SIGKILL)
        wait(lambda: not self.demo.is_running, "the service to be gone")

    def see(self, words: str) -> None:
        """Find words on the screen."""
        self.find(QWidget, words)

    def write(self, text: str, on: QWidget | None = None) -> None:
        """Type into a field, or where the focus is."""
        wait(lambda: (on or self.qt.focusWidget()) is not None, "a focus")
        field = on or self.qt.focusWidget() or self.window
        for letter in text:  # QTest.keyClicks knows no letter beyond ASCII
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                self.qt.sendEvent(field, event)

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        on: QWidget | None = None,
    ) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(on or self.qt.focusWidget() or self.window, key, modifiers)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click the middle of a widget, or a point of it."""
        wait(widget.isVisible, f"{widget.accessibleName()!r} to be seen")
        place = at if at is not None else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def find(self, kind: type[Found], name: str) -> Found:
        """The visible widget of this kind whose accessible name or text contains these words."""
        found: list[Found] = []

        def look() -> bool:
            found[:] = [each for each in self._seen(kind) if name in words_of(each)]
            return bool(found)

        wait(look, f"a {kind.__name__} named {name!r}")
        return found[0]

    def words(self, key: str) -> str:
        """What the catalogue says in the language on screen."""
        return self.app.language.text(key)

    def button(self, name: str) -> QAbstractButton:
        """A visible button by its words."""
        return self.find(QAbstractButton, name)

    def field(self, name: str) -> QLineEdit:
        """A visible line to type in, by its name."""
        return self.find(QLineEdit, name)

    def picture(self, path: Path) -> None:
        """Save what the window shows, popups and dialogs included."""
        settle()
        screen = self.window.screen()
        screen.grabWindow(0).save(str(path))

    def _seen(self, kind: type[Found]) -> Iterator[Found]:
        modal = self.qt.activeModalWidget()
        for top in [modal] if modal is not None else self.qt.topLevelWidgets():
            if top.isVisible():
                yield from (each for each in top.findChildren(kind) if each.isVisible())


def words_of(widget: QWidget) -> str:
    """What a person reads or hears of a widget."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{widget.accessibleName()}\n{text}"


@contextmanager
def visit(
    qt: QApplication,
    folder: Path,
    *,
    language: Speech = Speech.FRENCH,
    theme: Scheme = Scheme.LIGHT,
    recordings: int = 0,
) -> Iterator[Visit]:
    """A start of the program that is left again whatever happens."""
    person = Visit(qt, folder, language=language, theme=theme, recordings=recordings)
    try:
        yield person
    finally:
        person.close()
