"""One window per folder of data: a second start raises the first window."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile


class Instance:
    """Whether this is the first start on a folder.

    The lock file tells at once; the socket of ``instance_call``, whose module takes time to load,
    is only needed by a second start, and listened to after the first paint.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self.name = f"cx-desktop-{digest}"
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)
        self.is_first = self._lock.tryLock(0)

    def close(self) -> None:
        """Let another start be the first."""
        self._lock.unlock()
