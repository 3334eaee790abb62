"""The page « Rechercher »: words in all flows, to be replaced; and where something is used."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from cx_desktop.domain.objects import Target
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.everywhere.replacing import Replacing
from cx_desktop.models.everywhere.where_used import WhereUsed
from cx_desktop.overrides import override
from cx_desktop.views.everywhere.replace_panel import ReplacePanel
from cx_desktop.views.everywhere.used_panel import UsedPanel
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import PageHeader


class EverywherePage(Page):
    """What is asked of the whole project."""

    id = "everywhere"
    title_key = "everywhere.page.title"
    icon = "magnifying-glass"
    order = 66
    help_key = "everywhere.help"

    view_requested = Signal()  # somebody wants this page in view
    place_wanted = Signal(object)  # Place: who uses something, and at which node
    subject_wanted = Signal(object)  # Target
    node_wanted = Signal(str, str)  # the ids of a flow and of a node, "" for the flow

    def __init__(
        self,
        look: Look,
        replacing: Replacing,
        used: WhereUsed,
        *,
        commands: Commands,
        current: Callable[[], Target | None],
        parent: QWidget | None = None,
    ) -> None:
        """``current`` says what somebody has before them now, if it can be used anywhere."""
        super().__init__(parent)
        self._look = look
        self._used = used
        self._replacing = replacing
        self._current = current
        self.words = ReplacePanel(look, replacing)
        self.used = UsedPanel(look, used)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.words, "")
        self.tabs.addTab(self.used, "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(
            PageHeader(look, "everywhere.page.title", text_key="everywhere.page.about")
        )
        layout.addWidget(self.tabs, 1)
        self.words.place_wanted.connect(self.node_wanted)
        self.used.place_wanted.connect(self.place_wanted)
        self.used.subject_wanted.connect(self.subject_wanted)
        look.language.follow(self, self._retext)
        self._forget_commands = commands.add(*self._verbs())

    def show_words(self, text: str = "") -> None:
        """Look for words in all flows."""
        self.view_requested.emit()
        self.tabs.setCurrentWidget(self.words)
        self.words.begin(text)

    def show_used(self, target: Target | None = None) -> None:
        """Show who uses something."""
        self.view_requested.emit()
        self.tabs.setCurrentWidget(self.used)
        self.used.choose(target)

    @override
    def activated(self) -> None:
        if self.tabs.currentWidget() is self.words:
            self.words.begin()
        else:
            self.used.field.setFocus()

    @override
    def close_page(self) -> None:
        self._forget_commands()
        self._replacing.cancel()
        self._used.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._used.follow(is_followed=True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._used.follow(is_followed=False)

    def _verbs(self) -> tuple[Command, ...]:
        return (
            Command(
                id="everywhere.words",
                text_key="everywhere.command.words",
                run=self.show_words,
                shortcut="Ctrl+Shift+F",
                icon="magnifying-glass",
                keywords_key="everywhere.command.words.search",
            ),
            Command(
                id="everywhere.used",
                text_key="everywhere.command.used",
                run=lambda: self.show_used(self._current()),
                shortcut="Shift+F12",
                icon="share-network",
                keywords_key="everywhere.command.used.search",
            ),
        )

    def _retext(self) -> None:
        text = self._look.language.text
        self.tabs.setTabText(0, text("everywhere.tab.words"))
        self.tabs.setTabText(1, text("everywhere.tab.used"))
