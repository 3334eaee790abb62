"""Media keys on Linux desktops, which give them to the player they know (MPRIS 2) and to no window.

The player is known to the desktop from its first sound on until there is no recording in hand. What
is told of a recording is that one plays, and nothing else: no name, no number, no time.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import ClassInfo, Property, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage

from cx_desktop.models.recordings.player import SPEEDS, Player

SERVICE, PATH = "org.mpris.MediaPlayer2.cx_desktop", "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_MICROSECONDS = 1_000_000


def session_bus() -> QDBusConnection | None:
    """The bus of the desktop, where there is one."""
    if not sys.platform.startswith("linux"):
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


class DesktopKeys(QObject):
    """Makes a player known on a bus, and does what the desktop's keys say."""

    def __init__(
        self,
        player: Player,
        find_bus: Callable[[], QDBusConnection | None],
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._find_bus = find_bus
        self._bus: QDBusConnection | None = None
        self._program = _Program(self)
        self._face = _Face(self, player)
        player.changed.connect(self._show)

    def close(self) -> None:
        """Be known no longer."""
        self._player.changed.disconnect(self._show)
        self._leave()

    def _show(self) -> None:
        player = self._player
        if player.heard is None:
            self._leave()
        elif self._bus is not None:
            self._tell(self._bus)
        elif player.is_playing:
            self._enter()

    def _enter(self) -> None:
        bus = self._find_bus()
        if bus is not None and bus.registerObject(PATH, self) and bus.registerService(SERVICE):
            self._bus = bus

    def _tell(self, bus: QDBusConnection) -> None:
        news = QDBusMessage.createSignal(
            PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged"
        )
        status = {"PlaybackStatus": _status(self._player), "Rate": self._player.manner.speed}
        news.setArguments([_PLAYER, status, ["Position"]])
        bus.send(news)

    def _leave(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.unregisterService(SERVICE)
            bus.unregisterObject(PATH)


@ClassInfo({"D-Bus Interface": "org.mpris.MediaPlayer2"})  # type: ignore[call-arg]  # the stub misses it
class _Program(QDBusAbstractAdaptor):  # type: ignore[operator]  # as above
    """What the desktop may ask of the program: its name."""

    Identity = Property(str, lambda _self: "CX Desktop")
    DesktopEntry = Property(str, lambda _self: "cx-desktop")
    CanQuit = Property(bool, lambda _self: False)
    CanRaise = Property(bool, lambda _self: False)
    HasTrackList = Property(bool, lambda _self: False)


@ClassInfo({"D-Bus Interface": _PLAYER})  # type: ignore[call-arg]  # the stub misses it
class _Face(QDBusAbstractAdaptor):  # type: ignore[operator]  # as above
    """What the desktop may ask of the player.

    Slots have the bus's own names: called by a name given to ``Slot``, PySide 6.11.3 crashes.
    """

    def __init__(self, parent: QObject, player: Player) -> None:
        super().__init__(parent)
        self._player = player

    PlaybackStatus = Property(str, lambda self: _status(self._player))
    Rate = Property(float, lambda self: self._player.manner.speed)
    MinimumRate = Property(float, lambda _self: SPEEDS[0])
    MaximumRate = Property(float, lambda _self: SPEEDS[-1])
    CanGoNext = Property(bool, lambda _self: True)
    CanGoPrevious = Property(bool, lambda _self: True)
    CanPlay = Property(bool, lambda _self: True)
    CanPause = Property(bool, lambda _self: True)
    CanSeek = Property(bool, lambda _self: True)
    CanControl = Property(bool, lambda _self: True)

    @Slot()
    def PlayPause(self) -> None:  # noqa: N802  (the name on the bus)
        """The key for both."""
        self._player.toggle()

    @Slot()
    def Play(self) -> None:  # noqa: N802  (the name on the bus)
        """Play on."""
        self._player.play()

    @Slot()
    def Pause(self) -> None:  # noqa: N802  (the name on the bus)
        """Hold still."""
        self._player.pause()

    @Slot()
    def Stop(self) -> None:  # noqa: N802  (the name on the bus)
        """Hold still, at the start."""
        self._player.pause()
        self._player.seek(0)

    @Slot()
    def Next(self) -> None:  # noqa: N802  (the name on the bus)
        """The next recording."""
        self._player.step_wanted.emit(1)

    @Slot()
    def Previous(self) -> None:  # noqa: N802  (the name on the bus)
        """The recording before."""
        self._player.step_wanted.emit(-1)

    @Slot("qlonglong")
    def Seek(self, microseconds: int) -> None:  # noqa: N802  (as above)
        """On, or back."""
        self._player.skip(microseconds / _MICROSECONDS)


def _status(player: Player) -> str:
    return "Playing" if player.is_playing else "Paused"
