"""Answers that arrive over time: lines of NDJSON, and the service's hints.

Failure policy: a body that ends inside a line, or a line over the limit, raises ``CXError``. Hints
that go quiet for longer than the service promises raise ``problem.timeout``: connect again and
pull. ``HintStream.stop`` may be called from any thread and wakes a reader that waits.
"""

import contextlib
import socket
from collections.abc import Iterable, Iterator

import httpcore
import httpx
import msgspec

from cx_desktop.client.errors import service_errors
from cx_desktop.client.sse import SseParser
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Hint

MAX_LINE = 64 << 20


def lines(chunks: Iterable[bytes], *, host: str, limit: int = MAX_LINE) -> Iterator[bytes]:
    """The whole lines of a body, without their line feeds."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        parts.append(first)
        size += len(first)
        if size > limit:
            raise CXError("problem.answer-too-large", host=host)
        if rest:
            yield b"".join(parts)
            *whole, last = rest
            yield from whole
            parts, size = [last], len(last)
    if size:
        raise CXError("problem.interrupted", retryable=True, host=host)


class HintStream:
    """The service's hints as they come; ends when the service ends it or ``stop`` is called."""

    def __init__(self, response: httpx.Response, *, host: str) -> None:
        self._response = response
        self._host = host
        self._is_stopped = False

    def __iter__(self) -> Iterator[Hint]:
        parser = SseParser()
        try:
            with service_errors(self._host):
                for chunk in self._response.iter_bytes():
                    for event in parser.feed(chunk):
                        if event.name == "hint":
                            yield msgspec.json.decode(event.data, type=Hint)
        except CXError:
            if not self._is_stopped:
                raise

    def stop(self) -> None:
        """End the stream; a thread that waits for the next hint leaves its loop at once."""
        self._is_stopped = True
        stream = self._response.extensions.get("network_stream")
        if isinstance(stream, httpcore.NetworkStream):
            connection = stream.get_extra_info("socket")
            with contextlib.suppress(OSError):  # it may be closed already
                # The base class's: SSLSocket's own would drop the TLS state under the reader.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
