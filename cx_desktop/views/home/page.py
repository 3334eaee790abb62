"""Home as a page: a greeting, the cards, or the quiet word that nothing needs me."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.home import Card, Cards
from cx_desktop.models.workspace import Project, Workspace
from cx_desktop.overrides import override
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, PageHeader, Skeleton

_TWO_COLUMNS = 760


class _Sign(QWidget):
    """A card's icon in its tone."""

    def __init__(self, look: Look, icon: str, tone: str) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._tone = tone
        self.setFixedSize(36, 36)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        has_tone = self._tone in {"ok", "warn", "block", "info", "accent"}
        theme = self._look.theme
        painter.setBrush(theme.color(f"{self._tone}_soft" if has_tone else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        rect = QRectF(self.rect()).adjusted(9, 9, -9, -9)
        self._look.icons.paint(painter, rect, self._icon, self._tone if has_tone else "muted")
        painter.end()


class CardView(QFrame):
    """One card: sign, title, sentence, verb."""

    def __init__(self, look: Look, card: Card) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.card_id = card.id
        self.title = card.title
        self.needs_me = card.needs_me
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(card.title, "strong", wraps=True))
        words.addWidget(Label(card.text, "muted", wraps=True))
        words.addStretch(1)
        self.verb: QPushButton | None = None
        if card.run is not None:
            self.verb = QPushButton(card.action)
            self.verb.setProperty("kind", "link")
            self.verb.setCursor(Qt.CursorShape.PointingHandCursor)
            self.verb.setAccessibleDescription(card.title)
            self.verb.clicked.connect(card.run)
            words.addWidget(self.verb, alignment=Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(14)
        layout.addWidget(_Sign(look, card.icon, card.tone), alignment=Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is at its verb."""
        return self.verb is not None and self.verb.hasFocus()


class HomePage(Page):
    """Collects what each capability has to say."""

    id = "home"
    title_key = "home.title"
    icon = "house"
    order = 0
    help_key = "help.home"

    def __init__(
        self,
        look: Look,
        workspace: Workspace,
        cards: Cards,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._workspace = workspace
        self._cards = cards
        self._views: list[CardView] = []
        self._header = PageHeader(look, "home.title")
        self._section = Label.of(look, "home.to-do", "section")
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._known_section = Label.of(look, "home.good-to-know", "section")
        self._known_grid = QGridLayout()
        self._known_grid.setSpacing(12)
        self._quiet = EmptyState(look, "check-circle", "home.quiet-title", "home.quiet-text")
        self._empty = EmptyState(look, "buildings", "home.empty-title", "home.empty-text")
        self._loading = Skeleton(look, rows=4)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(16)
        column.addWidget(self._header)
        column.addWidget(self._section)
        column.addLayout(self._grid)
        column.addWidget(self._quiet, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._loading, 1)
        column.addWidget(self._known_section)
        column.addLayout(self._known_grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        cards.changed.connect(self._refresh)
        workspace.project_changed.connect(self._refresh)
        workspace.sync_status.changed.connect(self._refresh)
        look.language.follow(self, self._refresh)

    @property
    def cards(self) -> tuple[CardView, ...]:
        """What is shown."""
        return tuple(self._views)

    def add_verb(self, button: QPushButton, run: Callable[[], object]) -> None:
        """Put a verb beside the greeting."""
        self._header.add_action(button)
        button.clicked.connect(run)

    @override
    def activated(self) -> None:
        super().activated()
        self._refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _refresh(self) -> None:
        language, project = self._look.language, self._workspace.project
        name = self._workspace.user.name.split(" ")[0]
        self._header.title.setText(language.text("home.hello", name=name))
        self._header.set_subtitle(self._project_words(project))
        cards = self._cards.collect()
        focused = next((each.card_id for each in self._views if each.has_focus), "")
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._views = [CardView(self._look, card) for card in cards]
        is_first, needs_me = project is None, any(card.needs_me for card in cards)
        self._section.setVisible(needs_me)
        self._known_section.setVisible(not all(card.needs_me for card in cards))
        self._quiet.setVisible(not needs_me and not is_first)
        is_read = self._workspace.sync_status.freshness.is_all_synced
        self._empty.setVisible(is_first and is_read)
        self._loading.setVisible(is_first and not is_read and not needs_me)
        self._arrange()
        for view in self._views:
            if view.card_id == focused and view.verb is not None:
                view.verb.setFocus()

    def _project_words(self, project: Project | None) -> str:
        if project is None or not project.organisation:
            return project.name if project is not None else ""
        text = self._look.language.text
        return text("home.project", project=project.name, organisation=project.organisation)

    def _arrange(self) -> None:
        columns = 2 if self.width() >= _TWO_COLUMNS else 1
        for grid, needs_me in ((self._grid, True), (self._known_grid, False)):
            views = [view for view in self._views if view.needs_me is needs_me]
            for index, view in enumerate(views):
                grid.addWidget(view, index // columns, index % columns)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, columns - 1)
