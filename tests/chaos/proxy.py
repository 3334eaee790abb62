"""A line that does to bytes what lines do: cuts, delays, throttles, corrupts, and is away.

It stands between one client and the service, knows nothing of what it carries, and lives on a
thread of its own so that the weather can be changed from outside at any moment.
"""

import asyncio
import threading
from collections.abc import Coroutine
from random import Random
from typing import Self

from msgspec import Struct

_PIECE = 16 << 10


class Weather(Struct, frozen=True):
    """How the line is for a while. Chances are per piece of at most 16 KiB."""

    is_away: bool = False
    """Nobody answers: connections are refused, those that were open are gone."""
    delay: float = 0.0
    """Up to so many seconds before each piece."""
    rate: float = 0.0
    """So many bytes a second; 0 for as many as there are."""
    cut: float = 0.0
    """The chance that a connection ends here, in the middle of a piece."""
    corrupt: float = 0.0
    """The chance that one bit is another."""


CALM = Weather()


class Proxy:
    """Use it with ``with``; ``port`` leads to the service's port, in whatever weather."""

    def __init__(self, seed: int) -> None:
        self.port = 0
        self.target = 0
        """The port of the service, which may be told later."""
        self.damaged = self.cuts = 0
        self._weather = CALM
        self._random = Random(seed)  # noqa: S311  (repeatable weather)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._server: asyncio.Server | None = None

    def change(self, weather: Weather) -> None:
        """Another weather; what is open ends, unless it only becomes slower."""
        is_harsh = weather.is_away or weather == CALM
        self._on_loop(self._changed(weather, ends_all=is_harsh))

    def __enter__(self) -> Self:
        self._thread.start()
        self._on_loop(self._listen())
        return self

    def __exit__(self, *_fault: object) -> None:
        self._on_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        self._abort_all()
        me = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not me]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _changed(self, weather: Weather, *, ends_all: bool) -> None:
        self._weather = weather
        if ends_all:
            self._abort_all()

    def _abort_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self._weather.is_away:
                return
            there, away = await asyncio.open_connection("127.0.0.1", self.target)
            self._open.add(away)
            try:
                await asyncio.gather(self._pump(reader, away), self._pump(there, writer))
            finally:
                self._open.discard(away)
                away.transport.abort()
        except OSError:
            pass  # a line that breaks is what this is for
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(_PIECE):
            weather = self._weather
            await asyncio.sleep(self._pause(weather, len(piece)))
            if self._random.random() < weather.cut:
                self.cuts += 1
                sink.write(piece[: self._random.randrange(len(piece))])
                await sink.drain()
                raise ConnectionResetError
            sink.write(self._damaged(piece) if self._random.random() < weather.corrupt else piece)
            await sink.drain()
        raise ConnectionResetError  # one side is done, and so are both

    def _pause(self, weather: Weather, size: int) -> float:
        slow = size / weather.rate if weather.rate else 0.0
        return slow + weather.delay * self._random.random()

    def _damaged(self, piece: bytes) -> bytes:
        self.damaged += 1
        other = bytearray(piece)
        other[self._random.randrange(len(other))] ^= 1 << self._random.randrange(8)
        return bytes(other)
