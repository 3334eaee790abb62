"""One window per folder of data: a second start raises the first window."""

from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QLockFile


class Instance:
    """Whether this is the first start on a folder.

    The lock file tells at once; the socket of ``instance_call``, whose module takes time to load,
    is only needed by a second start, and listened to after the first paint.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        digest = QCryptographicHash.hash(
            str(folder.resolve()).encode(), QCryptographicHash.Algorithm.Sha256
        )
        self.name = f"cx-desktop-{bytes(digest.toHex().data()).decode()[:16]}"
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)
        self.is_first = self._lock.tryLock(0)

    def close(self) -> None:
        """Let another start be the first."""
        self._lock.unlock()
