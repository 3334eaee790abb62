"""The thread that waits for hints: "something moved", never data.

Failure policy: whatever ends the line (an error, silence for 45 s, the service itself), it is
opened again after a jittered pause, or after the time that whoever refused it asks for; each new
line means a pull, since hints may have been missed.
"""

import threading
from collections.abc import Callable
from random import Random
from typing import Protocol

from cx_desktop.client.errors import retry_after
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Hint
from cx_desktop.sync.core import pause


class Line(Protocol):
    """An open line of hints."""

    def stop(self) -> None:
        """End it, from any thread."""


class HintListener:
    """Holds the line of hints open while the service can be reached."""

    def __init__(
        self, client: ServiceClient, random: Random, told: Callable[[Hint | None], None]
    ) -> None:
        self._client = client
        self._random = random
        self._told = told
        self._lock = threading.Lock()
        self._line: Line | None = None
        self._may_connect = threading.Event()
        self._is_stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen, once ``connect`` was called."""
        self._thread = threading.Thread(target=self._run, name="sync-hints", daemon=True)
        self._thread.start()

    def connect(self) -> None:
        """The service answers: the line may be opened."""
        self._may_connect.set()

    def stop(self) -> None:
        """End the thread, also one that waits on the line."""
        with self._lock:
            self._is_stopped.set()
            self._may_connect.set()
            if self._line is not None:
                self._line.stop()
        if self._thread is not None:
            self._thread.join(5.0)

    def _run(self) -> None:
        failures = 0
        while self._may_connect.wait() and not self._is_stopped.is_set():
            asked_for = 0.0
            try:
                was_open = self._listen()
                failures = 0 if was_open else failures + 1
            except CXError as error:
                failures += 1
                asked_for = retry_after(error)
            self._is_stopped.wait(max(asked_for, pause(failures + 1, self._random.random())))

    def _listen(self) -> bool:
        """Hold one line until it ends; whether anything was heard on it."""
        with self._client.sync.events() as line:
            with self._lock:
                if self._is_stopped.is_set():
                    return False
                self._line = line
            try:
                self._told(None)
                for hint in line:
                    self._told(hint)
            finally:
                with self._lock:
                    self._line = None
        return True
