"""Buttons: a verb, maybe an icon."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from cx_desktop.views.widgets.look import TAB_FOCUS, Look, set_enum

#: An icon of 16 pixels with the gap to the words after it, which style sheets cannot set.
BESIDE_WORDS = QSize(20, 16)

_ROLE_BY_KIND = {"primary": "on_accent", "danger": "block", "link": "accent"}


class Button(QPushButton):
    """A verb to click; its kind is primary, danger, quiet, link or nothing."""

    def __init__(
        self,
        look: Look,
        key: str,
        *,
        kind: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._look = look
        self._params: dict[str, str | int] = {}
        if kind:
            self.setProperty("kind", kind)
        if icon:
            self.setIcon(look.icons.icon(icon, _ROLE_BY_KIND.get(kind, "text")))
            self.setIconSize(BESIDE_WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        look.language.follow(self, self._retext)

    def say(self, key: str, **params: str | int) -> None:
        """Carry another verb."""
        self._key, self._params = key, params
        self._retext()

    def _retext(self) -> None:
        self.setText(self._look.language.text(self._key, **self._params))


class IconButton(QToolButton):
    """A verb shown by its icon; its words are the tooltip and what a screen reader says."""

    def __init__(
        self,
        look: Look,
        icon: str,
        key: str,
        *,
        role: str = "muted",
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._key = key
        self._shortcut = shortcut
        self._role = role
        self.setIconSize(QSize(16, 16))
        set_enum(self, "focusPolicy", TAB_FOCUS)
        self.show_icon(icon)
        look.language.follow(self, self._retext)

    def show_icon(self, icon: str) -> None:
        """Carry another icon."""
        self.setIcon(self._look.icons.icon(icon, self._role, on_role="accent_strong"))

    def say(self, key: str) -> None:
        """Carry another verb."""
        self._key = key
        self._retext()

    def _retext(self) -> None:
        words = self._look.language.text(self._key)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({self._shortcut})" if self._shortcut else words)
