"""The signed-in window: navigation, top bar, pages, status bar."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.settings import Settings
from cx_desktop.models.workspace import Workspace
from cx_desktop.overrides import override
from cx_desktop.views.shell.help import HelpPanel
from cx_desktop.views.shell.navigation import Navigation
from cx_desktop.views.shell.page import Page
from cx_desktop.views.shell.palette import Palette
from cx_desktop.views.shell.status_bar import StatusBar
from cx_desktop.views.shell.top_bar import TopBar
from cx_desktop.views.widgets.look import Look


class Shell(QWidget):
    """Holds the pages; ``add_page`` lists one, ``go`` shows it."""

    def __init__(
        self,
        look: Look,
        workspace: Workspace,
        settings: Settings,
        commands: Commands,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._workspace = workspace
        self._commands = commands
        self._pages: dict[str, Page] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self.navigation = Navigation(look)
        self.top_bar = TopBar(look, workspace, commands)
        self.status_bar = StatusBar(look, settings, workspace.sync_status, now=now)
        self.status_bar.load.pause_requested.connect(workspace.pause_loads)
        self.status_bar.load.resume_requested.connect(workspace.resume_loads)
        self.help = HelpPanel(look)
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.help)
        right.addLayout(middle, 1)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self.navigation)
        top.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top, 1)
        layout.addWidget(self.status_bar)
        self.palette_popup = Palette(look, commands, parent=self)
        self.navigation.page_requested.connect(self.go)
        self.top_bar.search_requested.connect(self.palette_popup.open)
        self._forget_pages = commands.add_source(self._page_commands)
        self._forget_projects = commands.add_source(self._project_commands)
        commands.changed.connect(self._install_shortcuts)
        self._install_shortcuts()

    @property
    def page(self) -> Page | None:
        """The page in view."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def add_page(self, page: Page) -> None:
        """List a page in the navigation."""
        self._pages[page.id] = page
        page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._look.language.bind(page, page.setAccessibleName, page.title_key)
        self._stack.addWidget(page)
        self.navigation.add(page)
        if len(self._pages) == 1:
            self.navigation.mark(page.id)

    def go(self, page_id: str) -> None:
        """Show a page."""
        page = self._pages[page_id]
        self._stack.setCurrentWidget(page)
        self.navigation.mark(page_id)
        self.help.follow(page.help_key)
        page.activated()

    def show_help(self) -> None:
        """Open the help of the page in view, or close it."""
        page = self.page
        self.help.turn(page.help_key if page else "")

    def dismantle(self) -> None:
        """Close the pages, and take back what it gave to the commands."""
        for page in self._pages.values():
            page.close_page()
        self._commands.changed.disconnect(self._install_shortcuts)
        self._forget_pages()
        self._forget_projects()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.palette_popup.isVisible():
            self.palette_popup.place()

    def _install_shortcuts(self) -> None:
        wanted = {
            each.id: each
            for each in self._commands.verbs
            if each.shortcut and each.scope is Scope.WINDOW
        }
        for gone in self._shortcuts.keys() - wanted.keys():
            self._shortcuts.pop(gone).deleteLater()
        for command_id in wanted.keys() - self._shortcuts.keys():
            shortcut = QShortcut(QKeySequence(wanted[command_id].shortcut), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda it=command_id: self._commands.run(it))
            self._shortcuts[command_id] = shortcut

    def _page_commands(self) -> Iterable[Command]:
        for page in sorted(self._pages.values(), key=lambda each: each.order):
            yield Command(
                id=f"go.{page.id}",
                text_key=page.title_key,
                run=partial(self.go, page.id),
                icon=page.icon,
                group_key="palette.group.pages",
            )

    def _project_commands(self) -> Iterable[Command]:
        for project in self._workspace.projects:
            yield Command(
                id=f"project.{project.id}",
                text_key="",
                title=project.name,
                run=partial(self._workspace.select, project.id),
                icon="buildings",
                group_key="palette.group.projects",
            )
