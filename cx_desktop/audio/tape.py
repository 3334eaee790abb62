"""A source of bytes as the file that libsndfile wants, with what failed kept for its reader."""

from collections import OrderedDict
from typing import Protocol

from cx_desktop.domain.errors import CXError

_PIECE = 1 << 16
#: So many pieces are remembered: decoders look at the head, at the end, and around where they are.
_PIECES = 12
_FROM_HERE, _FROM_END = 1, 2


class Bytes(Protocol):
    """Bytes that lie somewhere: on this computer under a key of their own, or on the service.

    ``read_at`` blocks, so only threads of the pool call it, one at a time.
    """

    @property
    def size(self) -> int:
        """How many there are."""

    def read_at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on; fewer at the end."""

    def close(self) -> None:
        """Let go of them."""


class Tape:
    """A source as a file. What it raises would be lost inside the decoder: ``check`` tells it."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self._pieces: OrderedDict[int, bytes] = OrderedDict()
        self._open, self._open_at = b"", 0
        self._at = 0
        self._fault: CXError | None = None
        self.size = source.size

    def check(self) -> None:
        """Raise what went wrong since the last time."""
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        start = {0: 0, _FROM_HERE: self._at, _FROM_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def read(self, count: int) -> bytes:
        """So many bytes from here on."""
        buffer = bytearray(count)
        return bytes(buffer[: self.readinto(memoryview(buffer))])

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer; none of it when the source failed."""
        start = self._at - self._open_at
        end = start + len(buffer)
        if start >= 0 and end <= len(self._open):  # an hour of MP3 comes here 100,000 times
            buffer[:] = self._open[start:end]
            self._at += end - start
            return end - start
        room = memoryview(buffer)
        done = 0
        try:
            while done < len(room):
                number, within = divmod(self._at, _PIECE)
                self._open, self._open_at = self._piece(number), number * _PIECE
                part = self._open[within : within + len(room) - done]
                if not part:
                    break
                room[done : done + len(part)] = part
                done += len(part)
                self._at += len(part)
        except CXError as error:
            self._fault = error
            return 0
        return done

    def _piece(self, number: int) -> bytes:
        piece = self._pieces.get(number)
        if piece is None:
            start = number * _PIECE
            count = min(_PIECE, self.size - start)
            piece = self._source.read_at(start, count) if count > 0 else b""
            self._pieces[number] = piece
            while len(self._pieces) > _PIECES:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return piece


class Shifted:
    """A tape whose head is followed by what lies further on."""

    def __init__(self, tape: Tape, head: int, skipped: int) -> None:
        self._tape = tape
        self._head = head
        self._skipped = skipped
        self._size = max(head, tape.size - skipped)
        self._at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        start = {0: 0, _FROM_HERE: self._at, _FROM_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer, as far as the head goes or from what follows it."""
        room = memoryview(buffer)
        is_head = self._at < self._head
        if is_head:
            room = room[: self._head - self._at]
        self._tape.seek(self._at if is_head else self._at + self._skipped)
        done = self._tape.readinto(room)
        self._at += done
        if is_head and done == len(room) and len(buffer) > done:
            return done + self.readinto(memoryview(buffer)[done:])
        return done
