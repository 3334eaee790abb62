"""Where the sound of a recording comes from: the service, in parts that are kept in memory only.

What lies sealed on this computer is a source of its own (``cache.sounds``).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from cx_desktop.audio import Bytes as SoundSource
from cx_desktop.domain.errors import CXError

__all__ = ["Arriving", "Fetches", "RemoteSound", "SoundSource"]

#: So much is asked for at once: a quarter of a minute of G.711, more than a minute of Opus.
PIECE = 1 << 18
#: So much of a recording is remembered; what one goes back to beyond that is asked for again.
_PIECES = 128
#: How often a part whose arrival was cut short is asked for again.
_TRIES = 3


class Arriving(Protocol):
    """A part of a sound on its way (``client.recordings``)."""

    @property
    def size(self) -> int:
        """Bytes of the whole."""

    @property
    def sha256(self) -> str:
        """Digest of the whole."""

    @property
    def start(self) -> int:
        """Where this part begins."""

    @property
    def chunks(self) -> Iterator[bytes]:
        """What arrives."""


Fetches = Callable[[int, int, str], AbstractContextManager[Arriving]]
"""Asks for the bytes from a place up to another, of the sound that has this digest ("": any)."""


class RemoteSound:
    """The sound of a recording on the service; its first part is asked for at once."""

    def __init__(self, fetches: Fetches) -> None:
        self._fetches = fetches
        self._pieces: OrderedDict[int, bytes] = OrderedDict()
        self._sha256 = ""
        self.size = 0
        self._piece(0)

    def read_at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on; fewer at the end. Blocks while they come."""
        end = min(self.size, offset + count)
        parts = []
        while offset < end:
            number, within = divmod(offset, PIECE)
            part = self._piece(number)[within : within + end - offset]
            if not part:
                break
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Forget what came."""
        self._pieces.clear()

    def _piece(self, number: int) -> bytes:
        piece = self._pieces.get(number)
        if piece is None:
            piece = self._fetched(number * PIECE)
            self._pieces[number] = piece
            while len(self._pieces) > _PIECES:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return piece

    def _fetched(self, start: int) -> bytes:
        """A part; what arrived of it is not asked for twice."""
        got = bytearray()
        for attempt in range(_TRIES):
            try:
                self._fetch(start, got)
            except CXError as error:
                if not error.retryable or attempt == _TRIES - 1:
                    raise
            else:
                break
        return bytes(got)

    def _fetch(self, start: int, got: bytearray) -> None:
        place, end = start + len(got), start + PIECE
        with self._fetches(place, end, self._sha256) as arriving:
            if arriving.start != place or self._sha256 not in {"", arriving.sha256}:
                raise CXError("problem.recording-changed")
            self._sha256, self.size = arriving.sha256, arriving.size
            for chunk in arriving.chunks:
                got += chunk[: PIECE - len(got)]
                if len(got) >= PIECE:
                    break
        if len(got) < min(PIECE, self.size - start):
            raise CXError("problem.interrupted", retryable=True, host="")
