"""The languages of a prompt: a tab each, which also shows how it is heard in it."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QWidget

from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.prompts import Prompt
from cx_desktop.views.prompts.words import ICON_BY_WAY, language_name, language_title, way_of
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.look import Look


class LanguageBar(QWidget):
    """Chooses a language, adds one, takes one away."""

    chosen = Signal(str)
    added = Signal(str)
    removed = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._prompt = Prompt()
        self._is_showing = False
        self._wanted = ""
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setDocumentMode(True)
        look.language.bind(self.tabs, self.tabs.setAccessibleName, "prompts.languages")
        self.add = Button(look, "prompts.language.add", kind="quiet", icon="plus")
        self.remove = IconButton(look, "trash", "prompts.language.remove")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.tabs)
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.remove)
        self.tabs.currentChanged.connect(self._on_current_changed)
        self.add.clicked.connect(self._pop_languages)
        self.remove.clicked.connect(lambda: self.removed.emit(self.current))
        look.theme.changed.connect(self._draw_icons)

    @property
    def current(self) -> str:
        """The language in view, "" where there is none."""
        return str(self.tabs.tabData(self.tabs.currentIndex()) or "")

    @property
    def missing(self) -> tuple[str, ...]:
        """The languages that can be added."""
        return tuple(each for each in LANGUAGES if each not in self._prompt.languages)

    def choose(self, code: str) -> None:
        """Bring a language into view, now or as soon as it is there."""
        self._wanted = code
        self._choose_wanted()

    def show_prompt(self, prompt: Prompt, *, is_read_only: bool) -> None:
        """Show the languages of a prompt."""
        self._prompt = prompt
        was, codes = self.current, tuple(prompt.languages)
        self._is_showing = True
        if tuple(self.tabs.tabData(at) for at in range(self.tabs.count())) != codes:
            while self.tabs.count():
                self.tabs.removeTab(0)
            for code in codes:
                self.tabs.setTabData(self.tabs.addTab(""), code)
        for at, code in enumerate(codes):
            self.tabs.setTabText(at, language_title(self._look.language, code))
            way = self._look.language.text(
                f"prompts.way.{way_of(prompt.languages[code])}",
                language=language_name(self._look.language, code),
            )
            self.tabs.setTabToolTip(at, way)
            self.tabs.setAccessibleTabName(at, way)
        self._draw_icons()
        self._is_showing = False
        self._wanted = self._wanted or was
        self._choose_wanted()
        self.tabs.setVisible(bool(codes))
        self.add.setVisible(not is_read_only and bool(self.missing))
        self.remove.setVisible(not is_read_only and bool(codes))

    def languages_menu(self) -> QMenu:
        """The languages that can be added."""
        menu = QMenu(self)
        for code in self.missing:
            action = menu.addAction(language_title(self._look.language, code))
            action.triggered.connect(lambda _on=False, code=code: self.added.emit(code))
        return menu

    def _pop_languages(self) -> None:
        menu = self.languages_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _choose_wanted(self) -> None:
        for at in range(self.tabs.count()):
            if self.tabs.tabData(at) == self._wanted:
                self._wanted = ""
                self.tabs.setCurrentIndex(at)
                return

    def _draw_icons(self) -> None:
        for at in range(self.tabs.count()):
            way = way_of(self._prompt.languages[str(self.tabs.tabData(at))])
            self.tabs.setTabIcon(at, self._look.icons.icon(ICON_BY_WAY[way], "muted"))

    def _on_current_changed(self, _index: int) -> None:
        if not self._is_showing and self.current:
            self.chosen.emit(self.current)
