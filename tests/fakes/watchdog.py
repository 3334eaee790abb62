"""Barks when the GUI thread is busy for longer than a person would not notice."""

import sys
import threading
import time
import traceback
from types import TracebackType
from typing import NamedTuple, Self

from PySide6.QtCore import QAbstractEventDispatcher, Qt

LIMIT = 0.050


class Bite(NamedTuple):
    """The GUI thread was busy this long, and where it was when the limit passed."""

    seconds: float
    where: str


class Watchdog:
    """Use it with ``with`` around a journey; ``bites`` is what it found in our own code.

    A thread looks at the GUI thread's stack when it has not come back to its event loop in time.
    """

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit
        self._gui = threading.get_ident()
        self._busy_since = 0.0
        self._seen_at = 0.0
        self._where = ""
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self.bites: list[Bite] = []

    def __enter__(self) -> Self:
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        self._dispatcher = dispatcher
        direct = Qt.ConnectionType.DirectConnection
        dispatcher.awake.connect(self._on_awake, direct)
        dispatcher.aboutToBlock.connect(self._on_rest, direct)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dispatcher.awake.disconnect(self._on_awake)
        self._dispatcher.aboutToBlock.disconnect(self._on_rest)
        self._ends.set()
        self._thread.join()

    def _on_awake(self) -> None:
        self._on_rest()
        self._busy_since = time.monotonic()

    def _on_rest(self) -> None:
        since, self._busy_since = self._busy_since, 0.0
        if since and self._seen_at == since and "cx_desktop" in self._where:
            self.bites.append(Bite(time.monotonic() - since, self._where))
        self._seen_at = 0.0

    def _watch(self) -> None:
        while not self._ends.wait(self._limit / 10):
            since = self._busy_since
            if since and since != self._seen_at and time.monotonic() - since > self._limit:
                frame = sys._current_frames().get(self._gui)
                self._where = "".join(traceback.format_stack(frame)[-6:])
                self._seen_at = since
