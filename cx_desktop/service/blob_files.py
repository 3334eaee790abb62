"""The content of files, by their digest, in a folder beside the database.

A file appears under its name when it is whole, and never changes.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

_PIECE = 64 * 1024


class BlobFiles:
    """The folder of one service. Names are digests that were checked: never what a client typed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sha256: str, content: bytes) -> None:
        """Write a file, unless it is there."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
        try:
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def size(self, sha256: str) -> int | None:
        """How many bytes a file has; none where it is missing."""
        path = self._path(sha256)
        return path.stat().st_size if path.exists() else None

    def read(self, sha256: str, start: int, end: int) -> bytes:
        """The bytes of a file from ``start`` up to ``end``."""
        with self._path(sha256).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def pieces(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The same, piece by piece; a file that is deleted meanwhile is read to its end."""
        with self._path(sha256).open("rb") as file:
            file.seek(start)
            left = end - start
            while left and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece

    def all(self) -> frozenset[str]:
        """What lies there, under whatever name: those of halves, too."""
        return frozenset(path.name for path in self._folder.glob("??/*"))

    def forget(self, sha256: str) -> None:
        """Delete a file, or the half of one."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256
