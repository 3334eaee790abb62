"""A long load in the last line of the window: how far it is, and the button that lets it wait."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from cx_desktop.models.language import Language
from cx_desktop.models.sync_status import LoadFacts
from cx_desktop.views.widgets.look import Look

_MINUTE, _HOUR = 60, 3600


class LoadSwitch(QToolButton):
    """Pauses a long load, lets it go on, or loads on a metered line all the same."""

    pause_requested = Signal()
    resume_requested = Signal()

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._load: LoadFacts | None = None
        self.setIconSize(QSize(18, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.hide()
        self.clicked.connect(self._turn)

    def show_load(self, load: LoadFacts | None) -> None:
        """Offer what can be done about this load; nothing when there is none."""
        self._load = load
        self.setVisible(load is not None)
        if load is None:
            return
        key = "load.pause"
        if load.is_held:
            key = "load.go-on" if load.is_paused else "load.anyway"
        words = self._look.language.text(key)
        self.setText(words if load.is_held else "")
        self.setAccessibleName(words)
        self.setToolTip(words)
        name = "play" if load.is_held else "pause"
        self.setIcon(self._look.icons.icon(name, "muted"))

    def _turn(self) -> None:
        if self._load is not None:
            (self.resume_requested if self._load.is_held else self.pause_requested).emit()


def load_words(language: Language, load: LoadFacts) -> str:
    """How far a load is, how fast it comes and how long the rest takes; or why it waits."""
    rows, total = language.number(load.rows), language.number(load.total)
    left = load.seconds_left
    if load.is_held:
        key = "load.paused" if load.is_paused else "load.metered"
        return language.text(key, rows=rows, total=total)
    if left is None:
        return language.text("load.beginning", rows=rows, total=total)
    rate = language.number(_rounded(load.rate))
    return language.text(
        "load.coming", rows=rows, total=total, rate=rate, left=_time(language, left)
    )


def load_tip(load: LoadFacts | None) -> str:
    """Which words explain a load; none where there is none."""
    if load is None:
        return ""
    if load.is_paused:
        return "load.paused-tip"
    return "load.metered-tip" if load.is_metered else "load.tip"


def _rounded(rate: float) -> int:
    """Two digits that count: more would only flicker."""
    if rate < 10:
        return max(1, round(rate))
    scale = int("1" + "0" * (len(str(int(rate))) - 2))
    return round(rate / scale) * scale


def _time(language: Language, seconds: int) -> str:
    if seconds < _MINUTE:
        return language.text("load.seconds", seconds=seconds)
    if seconds < _HOUR:
        minutes, rest = divmod(seconds, _MINUTE)
        return language.text("load.minutes", minutes=minutes, seconds=rest)
    hours, rest = divmod(seconds, _HOUR)
    return language.text("load.hours", hours=hours, minutes=rest // _MINUTE)
