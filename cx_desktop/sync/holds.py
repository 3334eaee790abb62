"""What keeps large loads waiting: a person who paused them, or a line that is paid by volume.

Edits, settings and what changed since the last time are never held.
"""

import threading
from collections.abc import Callable

from msgspec import Struct

from cx_desktop.cache import Cache

_PAUSED = "sync.loads-paused"


class Hold(Struct, frozen=True):
    """Why large loads wait, if they do."""

    is_paused: bool = False
    """A person paused them; that outlives the program."""
    is_metered: bool = False
    """The line is paid by volume, and nobody said "load anyway"."""

    @property
    def stops_loads(self) -> bool:
        """Whether the long history of large streams waits."""
        return self.is_paused or self.is_metered

    @property
    def stops_files(self) -> bool:
        """Whether files are not brought now."""
        return self.is_metered


class Holds:
    """The port through which persons and the system hold large loads; from any thread.

    ``paused`` and ``released`` write to the cache, and are no work for the GUI's thread.
    """

    def __init__(self, cache: Cache, told: Callable[[], None]) -> None:
        self._cache = cache
        self._told = told
        self._lock = threading.Lock()
        self._is_paused = cache.meta(_PAUSED) == "1"
        self._is_metered = False
        self._is_anyway = False

    @property
    def now(self) -> Hold:
        """What holds them at this moment."""
        with self._lock:
            return Hold(self._is_paused, self._is_metered and not self._is_anyway)

    def pause(self) -> None:
        """A person wants them to wait, also after the next start."""
        self._set_paused(is_paused=True)

    def go_on(self) -> None:
        """A person wants them now, on whatever line."""
        with self._lock:
            self._is_anyway = self._is_metered
        self._set_paused(is_paused=False)

    def line(self, *, is_metered: bool) -> None:
        """The system says what the line costs; "load anyway" was said of the one before."""
        with self._lock:
            if is_metered == self._is_metered:
                return
            self._is_metered, self._is_anyway = is_metered, False
        self._told()

    def _set_paused(self, *, is_paused: bool) -> None:
        with self._lock:
            self._is_paused = is_paused
        self._cache.set_meta(_PAUSED, "1" if is_paused else "")
        self._told()
