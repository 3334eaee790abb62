"""One process per profile: a lock that the system drops when its holder dies."""

import contextlib
import os
import sys
from pathlib import Path

from cx_desktop.domain.errors import CXError

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class ProfileLock:
    """Held from ``__init__`` until ``release``; never waits.

    Raises ``problem.profile-in-use`` while another holder lives, in this process or another.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CXError("problem.cannot-write", folder=str(path.parent)) from error
        try:
            _seize(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise CXError("problem.profile-in-use") from None

    def release(self) -> None:
        """Let others in; may be called again."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
