"""Small private files that are whole or absent: mode 0600 in folders of mode 0700.

Failure policy: a write goes to a neighbour, is flushed to the disk, and takes the name in one step;
a crash leaves the old file or the new one. A full or read-only disk raises ``CXError``.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cx_desktop.domain.errors import CXError

MAX_BYTES = 1 << 20
_UNFINISHED = ".unfinished-"


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it, that only this user can open."""
    with _disk_errors(folder):
        for each in reversed([folder, *folder.parents]):
            if not each.exists():
                each.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file's content as one step that survives power loss."""
    with _disk_errors(path):
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}{_UNFINISHED}")
        try:
            with os.fdopen(descriptor, "wb") as neighbour:
                neighbour.write(content)
                neighbour.flush()
                os.fsync(neighbour.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        _sync_folder(path.parent)


def read_small(path: Path) -> bytes | None:
    """A file's content, or None when there is no such file; never more than ``MAX_BYTES``."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CXError("problem.unreadable-file", file=path.name) from error


def remove(path: Path) -> None:
    """Remove a file if it is there."""
    with _disk_errors(path):
        path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a crash in the middle of a write left; only for the holder of the folder."""
    with _disk_errors(folder):
        for each in folder.glob(f".*{_UNFINISHED}*"):
            each.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CXError("problem.cannot-write", folder=str(path.parent)) from error
