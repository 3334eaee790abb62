"""The verbs of sync, for the engine: hello, push, and the streams of what changed."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

from cx_desktop.client.errors import service_errors
from cx_desktop.client.exchange import Exchange, expect
from cx_desktop.client.streams import HintStream, lines
from cx_desktop.client.unpacking import pieces
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Hello, Push, Pushed, Welcome
from cx_desktop.protocol.digest import Digest

NDJSON = "application/x-ndjson"
_HINT_SILENCE = 45.0  # the service's heartbeat comes every 20 s (sync.md 1.8)


class SyncCalls:
    """Typed at the edges; pages come as raw lines, whose checksum and frames are the engine's."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def hello(self, hello: Hello) -> Welcome:
        """Who asks, and what they last knew."""
        return self._exchange.ask("POST", "/sync/hello", Welcome, body=hello)

    def push(self, batch: Push) -> Pushed:
        """A batch of edits; one result each."""
        return self._exchange.ask("POST", "/sync/push", Pushed, body=batch)

    def state(self) -> Document:
        """The tiny answer to "did anything move?", where hints cannot pass."""
        return self._exchange.ask("GET", "/sync/state", Document)

    def changes(
        self, stream: str, cursor: str, limit: int, *, schema: int = 1
    ) -> Generator[bytes, None, None]:
        """The lines of one delta page, as they arrive."""
        params: dict[str, str | int] = {"stream": stream, "cursor": cursor, "limit": limit}
        if schema > 1:
            params["schema"] = schema
        with self._lines("/sync/changes", params) as page:
            yield from page

    def digest(self, stream: str, depth: int, within: Iterable[str] = ()) -> Digest:
        """The checksums of a stream by the ends of its ids, or of a part of a large one."""
        params: dict[str, str | int] = {"stream": stream, "depth": depth}
        if ends := ",".join(within):
            params["within"] = ends
        return self._exchange.ask("GET", "/sync/digest", Digest, params=params)

    def ranges(self, stream: str, depth: int, ends: Iterable[str]) -> Generator[bytes, None, None]:
        """The lines of a page of all rows whose ids end so."""
        params: dict[str, str | int] = {"stream": stream, "depth": depth, "ends": ",".join(ends)}
        with self._lines("/sync/range", params) as page:
            yield from page

    @contextmanager
    def snapshot(
        self,
        stream: str,
        resume: str = "",
        *,
        rows: str = "objects",
        mark: int = 0,
        schema: int = 1,
    ) -> Iterator[Iterator[bytes]]:
        """The lines of a whole stream, from its start or from a resume mark.

        ``rows="arrays"`` asks for rows without the names of their fields, ``mark`` for a mark
        after so many.
        """
        params: dict[str, str | int] = {"stream": stream}
        if rows != "objects":
            params["rows"] = rows
        if mark:
            params["mark"] = mark
        if resume:
            params["resume"] = resume
        if schema > 1:
            params["schema"] = schema
        with self._lines("/sync/snapshot", params) as found:
            yield found

    @contextmanager
    def events(self) -> Iterator[HintStream]:
        """The service's hints; iterate, and ``stop()`` from any thread."""
        headers = {"accept": "text/event-stream", "accept-encoding": "identity"}
        with self._exchange.opened(
            "GET", "/events", headers=headers, silence=_HINT_SILENCE
        ) as response:
            expect(response, "text/event-stream", self._exchange.host)
            yield HintStream(response, host=self._exchange.host)

    @contextmanager
    def _lines(self, path: str, params: dict[str, str | int]) -> Iterator[Iterator[bytes]]:
        with self._exchange.opened(
            "GET", path, params=params, headers={"accept": NDJSON, "accept-encoding": "zstd, gzip"}
        ) as response:
            expect(response, NDJSON, self._exchange.host)
            yield self._translated(lines(pieces(response), host=self._exchange.host))

    def _translated(self, rows: Iterator[bytes]) -> Iterator[bytes]:
        with service_errors(self._exchange.host):
            yield from rows
