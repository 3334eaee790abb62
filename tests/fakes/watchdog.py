"""Barks when the GUI thread is busy for longer than a person would not notice."""

import faulthandler
import threading
import time
from tempfile import TemporaryFile
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
    It has the stack written and holds no frame of it: whoever lets go of a frame last ends what is
    in it, and a timer of the GUI that ends on another thread takes the program down.
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
        with TemporaryFile("w+") as file:
            while not self._ends.wait(self._limit / 10):
                since = self._busy_since
                if since and since != self._seen_at and time.monotonic() - since > self._limit:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    self._where = _stack_of(self._gui, file.read())
                    self._seen_at = since


def _stack_of(thread: int, stacks: str) -> str:
    """The innermost calls of one thread in what ``faulthandler`` writes of all."""
    name = f"0x{thread:016x}"
    found = next((each for each in stacks.split("\n\n") if name in each.partition("\n")[0]), "")
    return "\n".join(found.splitlines()[:7])
