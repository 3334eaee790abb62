"""A real line between two sockets that breaks after so many bytes, either way."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from tests.fakes.faults import Send

_PIECE = 16 * 1024


class CuttingLine:
    """Forwards every connection to a port of this computer; ``cuts`` say when some break."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.cuts_down: list[int] = []
        """After how many bytes of answers the next connections break."""
        self.cuts_up: list[int] = []
        """After how many bytes of questions the next connections break."""
        self.broken = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for each in self._open:
            _break(each)
        for thread in self._threads:
            thread.join(5)

    def through(self, request: httpx.Request, send: Send) -> httpx.Response:
        """Send a request over this line, each over a connection of its own."""
        request.headers["connection"] = "close"
        request.url = request.url.copy_with(port=self.port)
        return send(request)

    def _begin(self, run: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._open += [near, far]
            up = self.cuts_up.pop(0) if self.cuts_up else None
            down = self.cuts_down.pop(0) if self.cuts_down else None
            self._begin(self._pump, near, far, up)
            self._begin(self._pump, far, near, down)

    def _pump(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                sink.sendall(piece if left is None else piece[:left])
                if left is not None:
                    left -= len(piece)
                    if left <= 0:
                        self.broken += 1
                        break
        _break(source)
        _break(sink)


def _break(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
