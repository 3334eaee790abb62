"""Reads a stream of server-sent events from bytes, without any input or output of its own.

Follows the HTML standard, 9.2.6 (https://html.spec.whatwg.org/multipage/server-sent-events.html).
Failure policy: a line that grows over ``limit`` bytes raises ``CXError``; what is not UTF-8 is
replaced, as the standard asks.
"""

from msgspec import Struct

from cx_desktop.domain.errors import CXError

_BOM = b"\xef\xbb\xbf"


class ServerEvent(Struct, frozen=True):
    """One event of the stream."""

    name: str
    data: str
    id: str


class SseParser:
    """Turns chunks, cut anywhere, into events."""

    def __init__(self, *, limit: int = 1 << 20) -> None:
        self._limit = limit
        self._pending = b""
        self._is_start = True
        self._after_cr = False
        self._name = ""
        self._data: list[str] = []
        self._id = ""

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """The events that this chunk completes."""
        events = []
        for line in self._lines(chunk):
            event = self._line(line)
            if event is not None:
                events.append(event)
        return events

    def _lines(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk completes, ended by CR, LF or both."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        text = self._pending + chunk
        if self._is_start:
            if len(text) < len(_BOM) and _BOM.startswith(text):
                self._pending = text
                return []
            text = text.removeprefix(_BOM)
            self._is_start = False
        self._after_cr = text.endswith(b"\r")
        *lines, self._pending = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        if len(self._pending) > self._limit:
            raise CXError("problem.answer-too-large", retryable=True, host="")
        return lines

    def _line(self, raw: bytes) -> ServerEvent | None:
        if not raw:
            return self._dispatched()
        field, _, value = raw.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
        elif field == "id" and "\0" not in value:
            self._id = value
        return None

    def _dispatched(self) -> ServerEvent | None:
        name, data = self._name or "message", self._data
        self._name, self._data = "", []
        return ServerEvent(name, "\n".join(data), self._id) if data else None
