"""Hints: what moved, told at once to whoever listens. Never data, never waiting for a listener."""

import asyncio
from collections.abc import Callable, Iterable
from threading import Lock

from cx_desktop.service.store import Moved

MayKnow = Callable[[str, str], bool]
"""Whether somebody may know that something moved: in a stream, of a project."""


class Listener:
    """One open event stream: collects what moved since it last looked."""

    def __init__(self, may_know: MayKnow) -> None:
        self._may_know = may_know
        self._loop = asyncio.get_running_loop()
        self._stirred = asyncio.Event()
        self._lock = Lock()
        self._moved: dict[tuple[str, str], int] = {}
        self.is_closed = False

    def tell(self, moved: Iterable[Moved]) -> None:
        """Something was committed (any thread)."""
        with self._lock:
            for each in moved:
                if self._may_know(each.stream, each.project_id):
                    place = each.stream, each.project_id
                    self._moved[place] = max(each.seq, self._moved.get(place, 0))
            is_news = bool(self._moved)
        if is_news:
            self._stir()

    def close(self) -> None:
        """The service ends (any thread)."""
        self.is_closed = True
        self._stir()

    async def wait(self, seconds: float) -> dict[tuple[str, str], int]:
        """What moved by stream and project, as soon as something did; empty after a quiet while."""
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return {}
        self._stirred.clear()
        with self._lock:
            moved, self._moved = self._moved, {}
        return moved

    def _stir(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stirred.set)


class Hub:
    """Everybody who listens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._is_closed = False

    def listen(self, may_know: MayKnow) -> Listener:
        """A new listener for what somebody may know of."""
        listener = Listener(may_know)
        with self._lock:
            self._listeners.add(listener)
            listener.is_closed = self._is_closed
        return listener

    def leave(self, listener: Listener) -> None:
        """This one went away."""
        with self._lock:
            self._listeners.discard(listener)

    def tell(self, moved: tuple[Moved, ...]) -> None:
        """Tell everybody what was committed."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.tell(moved)

    def close(self) -> None:
        """Send everybody home."""
        with self._lock:
            self._is_closed = True
            listeners = list(self._listeners)
        for listener in listeners:
            listener.close()
