"""What the cache commits, told on the GUI thread until nobody wants to hear it any more."""

from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cx_desktop.cache import Cache, Changed


class CacheNews(QObject):
    """Follows a cache from its writer thread. After ``close`` nothing is told, not even late."""

    committed = Signal(object)  # Changed
    _heard = Signal(object)

    def __init__(self, cache: Cache, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._is_open = True
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._forget = cache.subscribe(self._hear)

    def close(self) -> None:
        """Tell nothing any more; this object may be deleted then."""
        with self._lock:
            self._is_open = False
        self._forget()

    def _hear(self, changed: Changed) -> None:
        """Writer thread. The lock keeps this object alive until the signal is on its way."""
        with self._lock:
            if self._is_open:
                self._heard.emit(changed)

    @Slot(object)
    def _tell(self, changed: Changed) -> None:
        if self._is_open:
            self.committed.emit(changed)
