"""Bodies packed with zstd, unpacked in pieces of a bounded size whatever comes."""

from collections.abc import Iterator

import httpx
import zstandard

PIECE = 256 << 10
#: A frame that asks for more memory than this is none of the service's.
_MOST_WINDOW = 16 << 20


def pieces(response: httpx.Response) -> Iterator[bytes]:
    """The body as it arrives, unpacked."""
    if response.headers.get("content-encoding") != "zstd":
        yield from response.iter_bytes()
        return
    source = _Source(response.iter_raw())
    reader = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).stream_reader(
        source,  # type: ignore[arg-type]  # it only reads, and the stub asks for a whole file
        read_size=PIECE,
    )
    try:
        while piece := reader.read1(PIECE):
            yield piece
    except zstandard.ZstdError as error:
        raise httpx.DecodingError(str(error)) from error


class _Source:
    """An iterator of bytes as something to read from."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._parts, b"")
        if size < 0:
            size = len(self._rest)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
