"""The pages, in full words."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look

#: However short its words are; each button has its icon and air around.
_WIDTH, _AROUND = 184, 74


class Navigation(QWidget):
    """One button per page; the arrow keys walk, Enter and Space go."""

    page_requested = Signal(str)  # its id

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons: dict[str, QToolButton] = {}
        self._orders: dict[str, int] = {}
        self.setProperty("role", "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._layout.setSpacing(2)
        self._layout.addStretch(1)
        look.language.bind(self, self.setAccessibleName, "shell.navigation")
        look.language.follow(self, self._fit)

    def add(self, page: Page) -> None:
        """List a page."""
        button = QToolButton()
        button.setProperty("role", "nav")
        button.setCheckable(True)
        button.setIcon(self._look.icons.icon(page.icon, "muted", on_role="accent_strong"))
        button.setIconSize(QSize(18, 18))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look.language.bind(button, lambda text: button.setText(f"  {text}"), page.title_key)
        self._look.language.bind(button, button.setAccessibleName, page.title_key)
        page_id = page.id
        button.clicked.connect(partial(self._on_clicked, page_id))
        place = sum(order <= page.order for order in self._orders.values())
        self._layout.insertWidget(place, button)
        self._buttons[page_id] = button
        self._orders[page_id] = page.order
        self._fit()

    def button(self, page_id: str) -> QToolButton:
        """The button of a page."""
        return self._buttons[page_id]

    def mark(self, page_id: str) -> None:
        """Show which page is in view."""
        for each, button in self._buttons.items():
            button.setChecked(each == page_id)

    def _fit(self) -> None:
        """As wide as the longest word when it is marked, and so in bold type."""
        font = self._look.theme.font(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        words = [button.text().strip() for button in self._buttons.values()]
        longest = max(map(QFontMetrics(font).horizontalAdvance, words), default=0)
        scale = self._look.theme.pixels("body") / 13
        self.setFixedWidth(max(round(_WIDTH * scale), longest + round(_AROUND * scale)))

    def _on_clicked(self, page_id: str) -> None:
        self.mark(page_id)  # a second click must not uncheck it
        self.page_requested.emit(page_id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        buttons = sorted(self._buttons.values(), key=lambda each: each.y())
        focused = next((at for at, each in enumerate(buttons) if each.hasFocus()), None)
        if focused is None:
            super().keyPressEvent(event)
        elif step is not None:
            buttons[(focused + step) % len(buttons)].setFocus()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            buttons[focused].click()
        else:
            super().keyPressEvent(event)
