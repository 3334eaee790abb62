"""The program as one value: the window and what lives as long as it."""

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from cx_desktop.app.door import Door
from cx_desktop.app.world import House, World
from cx_desktop.models.fault import Fault
from cx_desktop.models.language import Language
from cx_desktop.models.session import Session, Step
from cx_desktop.models.settings import Settings
from cx_desktop.models.theme import Theme
from cx_desktop.ports import Clock
from cx_desktop.settings import SettingsFile, resources
from cx_desktop.tasks import Tasks
from cx_desktop.views.shell.window import MainWindow
from cx_desktop.views.sign_in.page import SignInPage
from cx_desktop.views.widgets.icons import Icons
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.app.demonstration import Demonstration
    from cx_desktop.app.workbench import Workbench
    from cx_desktop.auth.opened import Opened
    from cx_desktop.domain.errors import CXError
    from cx_desktop.models.workspace import Opening
    from cx_desktop.views.shell.lock_page import LockPage
    from cx_desktop.views.sign_in.later_steps import LaterStep

#: How often what may not be kept any longer is looked for while nobody is in.
_PURGE_MS = 600_000
#: Loaded on the pool once the window is there, so that the first click does not wait for it.
_SOON = (
    "cx_desktop.app.gatekeeper",
    "cx_desktop.views.sign_in.later_steps",
    "cx_desktop.app.workbench",
)


class Application(QObject):
    """The window from the first paint to its end. Built by ``build``, also in tests."""

    demo_requested = Signal()
    closed = Signal()

    def __init__(
        self,
        qt: QApplication,
        *,
        settings: Settings,
        tasks: Tasks,
        door: Door,
        clock: Clock,
        demonstration: "Demonstration | None" = None,
    ) -> None:
        super().__init__()
        self.qt = qt
        self._system_font = qt.font()
        self._translator = QTranslator(self)
        self._lock_page: LockPage | None = None
        self._purges = QTimer(self, interval=_PURGE_MS)
        self._purges.timeout.connect(self.purge)
        self.tasks = tasks
        self.clock = clock
        self.settings = settings
        self.workbench: Workbench | None = None
        self.language = Language(resources() / "text", settings.tongue, parent=self)
        self.theme = Theme(
            qt.styleHints(),
            resources() / "theme.qss",
            settings.now,
            system_reduces_motion=lambda: _reduces_motion(qt),
            parent=self,
        )
        self.look = Look(self.language, self.theme, Icons(self.theme))
        self._door = door
        self.session = Session(door, tasks=tasks, clock=clock, parent=self)
        self.demonstration = demonstration
        self._dress()
        band, aside = (
            demonstration.furnish(self.look, self.session, qt.clipboard())
            if demonstration
            else (None, None)
        )
        self.window = MainWindow(self.look, settings, band=band)
        self.sign_in = SignInPage(
            self.look, self.session, settings, make_step=self._later_step, aside=aside
        )
        self.window.show_only(self.sign_in)
        self._style()  # once the widgets stand: each change of parent would style them again
        self._connect()
        if demonstration is not None:
            self.sign_in_to("")
            demonstration.demo.ready.connect(self.sign_in_to)
            demonstration.demo.ready.connect(self._sync_now)
            demonstration.demo.stopped.connect(self._sync_now)
            demonstration.account_chosen.connect(self._fill)
            demonstration.start()

    def sign_in_to(self, server: str) -> None:
        """Offer this server and no other."""
        self.sign_in.password_step.set_only_server(server)

    def _connect(self) -> None:
        self.settings.changed.connect(self._follow_settings)
        self.theme.changed.connect(self._dress)
        self.theme.changed.connect(self._style)
        self.language.changed.connect(self._speak_qt)
        self.session.opened.connect(self._on_opened)
        self.session.closing.connect(self._on_closing)
        self.sign_in.demo_requested.connect(self.demo_requested)
        self.sign_in.touched.connect(self._warm_up)
        self.window.closed.connect(self.closed)

    def settle(self) -> None:
        """The first paint is done: what it did not need."""
        self.look.icons.load()
        self.window.update()
        self._speak_qt()
        self.tasks.run(self._door.go_on, done=self._say_what_was_done, failed=lambda _error: None)
        self.purge()
        self._purges.start()

    def purge(self) -> None:
        """What may be kept no longer goes also while nobody has unlocked anything."""
        self.tasks.run(self._door.purge, failed=lambda _error: None)

    def _say_what_was_done(self, words: "tuple[CXError, ...]") -> None:
        """An order of the service that was cut off, or not heard of, is finished now."""
        for each in words:
            self.session.failed.emit(Fault(each))

    def _warm_up(self) -> None:
        """Somebody begins to type: load what the answer will need, while they go on."""
        self.sign_in.touched.disconnect(self._warm_up)
        self.session.look_around()
        for name in _SOON:
            self.tasks.run(partial(import_module, name))

    def close(self) -> None:
        """End everything, and wait until it has ended."""
        self._purges.stop()
        if self.workbench is not None:
            self.window.drop(self.workbench.shell)
            close_work = self.workbench.close()
            close_work()
            self.workbench.bury()
        if self.demonstration is not None:
            self.demonstration.stop()
        self.tasks.close()
        self.tasks.let_go()
        self.session.end()
        self.qt.removeTranslator(self._translator)
        self.window.hide()
        self.window.deleteLater()
        self.deleteLater()

    def _on_opened(self, opened: "Opened") -> None:
        if self.demonstration is None:
            self.settings.remember(server=self.session.server, username=self.session.username)
        clock = self.clock
        self.tasks.run(
            lambda: _open_cache(opened, clock), done=self._set_up, failed=self.session.give_up
        )

    def _later_step(self, step: Step) -> "LaterStep":
        from cx_desktop.views.sign_in.later_steps import later_step

        return later_step(self.look, self.session, self.qt.clipboard(), step)

    def _fill(self, username: str, password: str) -> None:
        """Type for whoever chose a demo account."""
        if self.session.step is not Step.PASSWORD:
            self.session.back()
        self.sign_in.password_step.fill(username, password)

    def _sync_now(self) -> None:
        """The demo's service came or went: look at once."""
        if self.workbench is not None:
            self.workbench.workspace.sync_now()

    def _set_up(self, opening: "Opening") -> None:
        from cx_desktop.app.workbench import Workbench

        if self.session.step is not Step.OPEN:
            opening.cache.close()
            return
        house = House(
            qt=self.qt,
            window=self.window,
            look=self.look,
            settings=self.settings,
            session=self.session,
            tasks=self.tasks,
            clock=self.clock,
        )
        self.workbench = Workbench(house, opening, parent=self)
        self.window.show_only(self.workbench.shell)
        self.workbench.start()

    def _on_closing(self, step: Step) -> None:
        workbench, self.workbench = self.workbench, None
        if workbench is not None:
            self.window.drop(workbench.shell)
            self.session.attach(workbench.close(), workbench.bury)
        if step is Step.LOCKED:
            self.window.show_only(self.lock_page)
        else:
            self.window.show_only(self.sign_in)

    @property
    def lock_page(self) -> "LockPage":
        """The locked screen."""
        from cx_desktop.views.shell.lock_page import LockPage

        if self._lock_page is None:
            self._lock_page = LockPage(self.look, self.session)
            self._lock_page.other_requested.connect(self._change_user)
        return self._lock_page

    def _change_user(self) -> None:
        self.session.back()
        self.window.show_only(self.sign_in)

    def _follow_settings(self) -> None:
        settings = self.settings.now
        self.language.switch(self.settings.tongue)
        if self.theme.differs(settings):
            self.theme.apply(settings)

    def _dress(self) -> None:
        self.qt.setPalette(self.theme.palette())
        self.qt.setFont(self.theme.font(self._system_font))

    def _style(self) -> None:
        self.qt.setStyleSheet(self.theme.style_sheet())

    def _speak_qt(self) -> None:
        """Qt's own words and number formats follow the language too."""
        QLocale.setDefault(self.language.locale)
        self.qt.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(self.language.locale, "qtbase", "_", folder):
            self.qt.installTranslator(self._translator)


def _reduces_motion(qt: QApplication) -> bool:
    """What the system says, asked when something is about to move."""
    from PySide6.QtCore import Qt

    return not qt.isEffectEnabled(Qt.UIEffect.UI_General)


def _open_cache(opened: "Opened", clock: Clock) -> "Opening":
    """On the pool: what opens the cache may still have to be imported."""
    from cx_desktop.app.workbench import open_cache

    return open_cache(opened, clock=clock)


def build(
    settings: SettingsFile,
    world: World,
    *,
    qt: QApplication,
    overrides: dict[str, object] | None = None,
    demonstration: "Demonstration | None" = None,
) -> Application:
    """Put the program together."""
    tasks = Tasks()
    held = Settings(settings, tasks, overrides=overrides)
    door = Door(
        profiles=world.folders.profiles,
        transport=world.transport,
        credentials=world.credentials,
        clock=world.clock,
        settings=lambda: held.now,
    )
    return Application(
        qt, settings=held, tasks=tasks, door=door, clock=world.clock, demonstration=demonstration
    )
