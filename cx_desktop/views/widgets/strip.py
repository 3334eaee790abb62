"""A strip above a page's content: something that happened, and what can be done about it."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle


class Way(Struct, frozen=True):
    """One thing that can be done: its words by key, and the verb."""

    key: str
    run: Callable[[], object]
    params: dict[str, str | int] = {}


_ICON_BY_TONE = {
    "info": "info",
    "ok": "check-circle",
    "warn": "warning",
    "block": "warning-octagon",
}


class Strip(QFrame):
    """One message at a time; hidden when there is none. A way that is taken closes it."""

    dismissed = Signal()  # somebody closed it

    def __init__(self, look: Look, *, is_band: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words: Callable[[], str] = str
        self._ways: list[Button] = []
        self.setProperty("role", "note")
        if is_band:  # from edge to edge of the page
            self.setProperty("shape", "band")
        self._icon = QLabel()
        self._tone = "info"
        self._text = Label("", wraps=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = IconButton(look, "x", "flows.close")
        self._close.clicked.connect(self._dismiss)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 4, 4)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._close)
        self.hide()
        look.language.changed.connect(self._retext)
        look.theme.changed.connect(self._redraw)

    @property
    def text(self) -> str:
        """What it says, or "" when it says nothing."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The ways that are offered."""
        return tuple(self._ways)

    def say(self, tone: str, words: Callable[[], str], ways: Sequence[Way] = ()) -> None:
        """Show a message in the tone info, ok, warn or block, with what can be done."""
        self._words = words
        for old in self._ways:
            self._row.removeWidget(old)
            old.deleteLater()
        self._ways = [self._button(way) for way in ways]
        for position, button in enumerate(self._ways):
            self._row.insertWidget(2 + position, button)
        self._tone = tone
        restyle(self, "tone", tone)
        self._redraw()
        self._retext()
        self.show()

    def clear(self) -> None:
        """Say nothing any more."""
        self.hide()

    def _dismiss(self) -> None:
        self.clear()
        self.dismissed.emit()

    def _button(self, way: Way) -> Button:
        button = Button(self._look, way.key, kind="link")
        button.say(way.key, **way.params)
        button.clicked.connect(lambda: self._take(way))
        return button

    def _take(self, way: Way) -> None:
        self.clear()
        way.run()

    def _redraw(self) -> None:
        icon = self._look.icons.icon(_ICON_BY_TONE[self._tone], self._tone)
        self._icon.setPixmap(icon.pixmap(QSize(16, 16), self.devicePixelRatioF()))

    def _retext(self) -> None:
        self._text.setText(self._words())
        self._text.setAccessibleName(self._text.text())
