"""What has come of files that are sent in parts, in a folder beside the database.

Failure policy: what was answered for is on the disk. A part that a crash cut short leaves its
beginning, which counts; nobody takes a file for whole before its digest was reckoned.
"""

import hashlib
import os
from pathlib import Path

_PIECE = 1 << 20


class UploadFiles:
    """The folder of one service. Names are ids that the service gave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, upload_id: str) -> int:
        """How many bytes have come."""
        path = self._path(upload_id)
        return path.stat().st_size if path.exists() else 0

    def append(self, upload_id: str, content: bytes) -> int:
        """Add a part at the end; the bytes that are there now, for good."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path(upload_id), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        return self.size(upload_id)

    def digest(self, upload_id: str) -> str:
        """The digest of what has come."""
        reckoned = hashlib.sha256()
        path = self._path(upload_id)
        if path.exists():
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    reckoned.update(piece)
        return reckoned.hexdigest()

    def whole(self, upload_id: str) -> bytes:
        """All that has come."""
        path = self._path(upload_id)
        return path.read_bytes() if path.exists() else b""

    def forget(self, upload_id: str) -> None:
        """Delete what has come."""
        self._path(upload_id).unlink(missing_ok=True)

    def all(self) -> frozenset[str]:
        """The ids of which something lies here."""
        found = self._folder.glob("*.part") if self._folder.is_dir() else ()
        return frozenset(path.stem for path in found)

    def _path(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.part"
