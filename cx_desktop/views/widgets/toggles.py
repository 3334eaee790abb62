"""Two small switches that every page has: the language, and light or dark."""

from PySide6.QtWidgets import QToolButton, QWidget

from cx_desktop.models.settings import Settings
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.look import TAB_FOCUS, Look, set_enum


class LanguageToggle(QToolButton):
    """Shows the language spoken; a click speaks the other."""

    def __init__(self, look: Look, settings: Settings, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._settings = settings
        set_enum(self, "focusPolicy", TAB_FOCUS)
        self.clicked.connect(self._turn)
        look.language.follow(self, self._retext)

    def _turn(self) -> None:
        is_french = self._look.language.current is Tongue.FRENCH
        self._settings.speak(Tongue.ENGLISH if is_french else Tongue.FRENCH)

    def _retext(self) -> None:
        self.setText(self._look.language.current.value.upper())
        words = self._look.language.text("widget.other-language")
        self.setToolTip(words)
        self.setAccessibleName(words)


class ThemeToggle(IconButton):
    """Shows the sun or the moon; a click turns the light on or off."""

    def __init__(self, look: Look, settings: Settings, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "moon", "widget.go-dark", parent=parent)
        self._theme = look.theme
        self.clicked.connect(lambda: settings.turn_theme(is_dark=not look.theme.is_dark))
        look.theme.changed.connect(self._show_theme)
        self._show_theme()

    def _show_theme(self) -> None:
        self.show_icon("sun" if self._theme.is_dark else "moon")
        self.say("widget.go-light" if self._theme.is_dark else "widget.go-dark")
