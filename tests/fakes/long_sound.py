"""Hours of sound that lie nowhere: made up as they are read."""

import struct

from tests.fakes.recorded import RATE, as_file, tones

_HEAD = 44


class LongSound:
    """A WAV file of so many hours, the same ten seconds over and over; counts what is read."""

    def __init__(self, hours: float) -> None:
        content = as_file(tones(10.0))
        self._body = content[_HEAD:]
        self.data = int(hours * 3600 * RATE) * 4
        shape = content[8 : _HEAD - 4]
        riff = b"RIFF" + struct.pack("<I", 36 + self.data)
        self._head = riff + shape + struct.pack("<I", self.data)
        self.size = _HEAD + self.data
        self.bytes_read = 0

    def read_at(self, offset: int, count: int) -> bytes:
        count = max(0, min(count, self.size - offset))
        self.bytes_read += count
        head = self._head[offset : offset + count]
        start = max(0, offset - _HEAD) % len(self._body)
        times = (start + count) // len(self._body) + 1
        return (head + (self._body * times)[start:])[:count]

    def close(self) -> None:
        """It lies nowhere."""
