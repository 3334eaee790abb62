"""Watches the end of the leave to work offline while a window stays open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from cx_desktop.auth import lease as leases
from cx_desktop.domain.errors import CXError

if TYPE_CHECKING:
    from cx_desktop.auth.opened import Opened
    from cx_desktop.protocol import Lease, Welcome

_EACH_MS = 20_000


class LeaseWatch(QObject):
    """Knows the latest lease, and says when it has ended by a clock that cannot go back."""

    over = Signal(object)  # CXError: the words for it
    renewed = Signal(object)  # Lease
    _heard = Signal(object)

    def __init__(self, opened: "Opened", *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self.lease: Lease = opened.lease
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._ticks = QTimer(self, interval=_EACH_MS)
        self._ticks.timeout.connect(self.look)
        self._ticks.start()

    def hear(self, welcome: "Welcome") -> None:
        """The service was there, perhaps with a fresh lease; called on the engine's thread."""
        lease = self._opened.heard(welcome.server_time, welcome.lease)
        if lease is not None:
            self._heard.emit(lease)

    def look(self) -> None:
        """See whether it has ended."""
        leave = self._opened.leave
        try:
            leases.check(self.lease, now=leave.floor.now(), device_id=self._opened.device_id)
        except CXError as error:
            self.over.emit(error)

    def rest(self) -> None:
        """Look no more: nothing is open."""
        self._ticks.stop()

    def _on_heard(self, lease: "Lease") -> None:
        self.lease = lease
        self.renewed.emit(lease)
