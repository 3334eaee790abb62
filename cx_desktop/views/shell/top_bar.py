"""The line above the page: project, search, account."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from cx_desktop.models.commands import Commands
from cx_desktop.models.workspace import Project, Workspace
from cx_desktop.views.widgets.button import BESIDE_WORDS
from cx_desktop.views.widgets.label import Badge
from cx_desktop.views.widgets.look import Look

#: The verbs of the account menu, in its order; "" draws a line.
_ACCOUNT_VERBS = ("shell.lock", "shell.sign-out", "", "shell.settings", "shell.help", "shell.about")


class TopBar(QWidget):
    """Which project, everything that can be searched, and who is signed in."""

    search_requested = Signal()

    def __init__(
        self,
        look: Look,
        workspace: Workspace,
        commands: Commands,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._workspace = workspace
        self._commands = commands
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.project = self._menu_button("buildings")
        self._state = Badge()
        self._state.hide()
        self.account = self._menu_button("user-circle")
        self.account.menu().aboutToShow.connect(self._fill_account)
        self.search = QPushButton()
        self.search.setProperty("kind", "search")
        self.search.setIcon(look.icons.icon("magnifying-glass", "muted"))
        self.search.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMaximumWidth(420)
        self.search.clicked.connect(self.search_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.project)
        layout.addWidget(self._state)
        layout.addStretch(1)
        layout.addWidget(self.search, 3)
        layout.addStretch(1)
        layout.addWidget(self.account)
        workspace.projects_changed.connect(self._fill_projects)
        workspace.project_changed.connect(self._show_project)
        commands.changed.connect(self._show_shortcut)
        look.language.follow(self, self._retext)

    def _menu_button(self, icon: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._look.icons.icon(icon, "muted"))
        button.setIconSize(BESIDE_WORDS)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(QMenu(button))
        return button

    def _retext(self) -> None:
        language = self._look.language
        self._show_shortcut()
        self.search.setAccessibleName(language.text("palette.name"))
        name = self._workspace.user.name
        self.account.setText(f"{name}  ▾")
        self.account.setAccessibleName(language.text("shell.account", name=name))
        self._fill_projects()
        self._show_project(self._workspace.project)

    def _show_shortcut(self) -> None:
        palette = self._commands.get("shell.palette")
        shortcut = palette.shortcut_text if palette else ""
        self.search.setText(self._look.language.text("shell.search", shortcut=shortcut))

    def _show_project(self, project: Project | None) -> None:
        language = self._look.language
        if project is None:
            self.project.setText(language.text("shell.no-project"))
            self.project.setAccessibleName(language.text("shell.no-project"))
            return
        self.project.setText(f"{project.name}  ▾")
        self.project.setToolTip(project.organisation)
        self.project.setAccessibleName(language.text("shell.project", name=project.name))
        is_active = project.state == "active"
        words = "" if is_active else language.text(f"shell.project-{project.state}")
        self._state.show_text(words, "block")
        for action in self.project.menu().actions():
            action.setChecked(action.data() == project.id)

    def _fill_projects(self) -> None:
        menu = self.project.menu()
        menu.clear()
        for project in self._workspace.projects:
            action = QAction(project.name, menu)
            action.setCheckable(True)
            action.setData(project.id)
            project_id = project.id
            action.triggered.connect(lambda _=False, it=project_id: self._workspace.select(it))
            menu.addAction(action)

    def _fill_account(self) -> None:
        menu = self.account.menu()
        menu.clear()
        for verb in _ACCOUNT_VERBS:
            command = self._commands.get(verb)
            if command is None:
                menu.addSeparator()
                continue
            icon = self._look.icons.icon(command.icon, "muted")
            action = QAction(icon, command.words(self._look.language), menu)
            action.setShortcut(command.shortcut)
            action.setEnabled(command.is_enabled())
            action.triggered.connect(command.run)
            menu.addAction(action)
