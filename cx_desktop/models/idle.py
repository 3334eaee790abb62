"""Locks the screen when nobody has touched the program for a while."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from cx_desktop.overrides import override

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Idle(QObject):
    """Watches an application's events; ``elapsed`` comes after the given minutes without one.

    What plays or downloads holds it: time counts again when the last hold is let go.
    """

    elapsed = Signal()

    def __init__(self, watched: QObject, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holds = 0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.elapsed)
        watched.installEventFilter(self)

    @property
    def minutes_left(self) -> float:
        """How long until it elapses if nothing is touched."""
        return max(0, self._timer.remainingTime()) / 60_000

    def watch(self, minutes: float) -> None:
        """Count from now on."""
        self._timer.setInterval(round(minutes * 60_000))
        self._restart()

    def rest(self) -> None:
        """Stop counting: nothing is open."""
        self._timer.setInterval(0)
        self._timer.stop()

    def hold(self) -> None:
        """Something goes on that counts as activity."""
        self._holds += 1
        self._timer.stop()

    def let_go(self) -> None:
        """It is over."""
        self._holds -= 1
        self._restart()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._restart()
        return False

    def _restart(self) -> None:
        if self._timer.interval() and not self._holds:
            self._timer.start()
