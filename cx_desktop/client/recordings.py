"""The sound of recordings, as it arrives."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from msgspec import Struct

from cx_desktop.client.blobs import start_of
from cx_desktop.client.exchange import BYTES, Exchange, expect
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Purpose


class Arriving(Struct, frozen=True):
    """A sound, or a part of it, that is on its way."""

    size: int
    """Bytes of the whole sound."""
    sha256: str
    """Of the whole sound."""
    start: int
    """Where this part begins: at 0 where the sound is another one than was asked for."""
    chunks: Iterator[bytes]


class RecordingCalls:
    """Hearing recordings; the service writes down who did, and why."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    @contextmanager
    def sound(
        self,
        recording_id: str,
        *,
        purpose: Purpose,
        start: int = 0,
        end: int | None = None,
        sha256: str = "",
        reason: str = "",
    ) -> Iterator[Arriving]:
        """A sound from ``start`` up to ``end``, piece by piece.

        With the digest of what is here already, a sound that is another one begins anew at 0.
        Whether the whole is what its digest says is for the reader to tell.
        """
        headers = {"accept": BYTES, "accept-encoding": "identity"}
        if start or end is not None:
            headers["range"] = f"bytes={start}-{'' if end is None else end - 1}"
            headers |= {"if-range": f'"{sha256}"'} if sha256 else {}
        params = {"purpose": purpose.value} | ({"reason": reason} if reason else {})
        path = f"/recordings/{recording_id}/sound"
        with self._exchange.opened("GET", path, params=params, headers=headers) as response:
            expect(response, BYTES, self._exchange.host)
            yield Arriving(
                size=_size(response, self._exchange.host),
                sha256=response.headers.get("etag", "").strip('"'),
                start=start_of(response, start),
                chunks=response.iter_bytes(),
            )


def _size(response: httpx.Response, host: str) -> int:
    """How long the whole is; an answer that does not say so is somebody else's."""
    told = response.headers.get("content-length", "")
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        told = response.headers.get("content-range", "").rpartition("/")[2]
    if not (told.isascii() and told.isdigit()):
        raise CXError("problem.not-the-service", retryable=True, host=host)
    return int(told)
