"""Files, each under the digest of its content."""

import hashlib
from collections.abc import Iterator

import httpx

from cx_desktop.client.exchange import BYTES, Exchange, expect
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.uploads import MOST_BYTES, OFFSET, Announced, UploadView

MAX_BLOB = MOST_BYTES
#: How often a file whose arrival was cut short is asked for again, from where it broke off.
_TRIES = 4
#: What arrives is another file than the one that was asked for, each time.
DAMAGED = "problem.sound-damaged"


class BlobCalls:
    """Sending a file, as a whole or in parts, and reading it as it arrives."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def put(self, project_id: str, sha256: str, content: bytes) -> None:
        """Send a file for a project."""
        path, params = f"/blobs/{sha256}", {"project_id": project_id}
        self._exchange.ask("PUT", path, type(None), body=content, params=params)

    def announce(self, project_id: str, sha256: str, size: int) -> UploadView:
        """Say that a file will come in parts; where it stands."""
        announced = Announced(project_id, sha256, size)
        return self._exchange.ask("POST", "/blobs", UploadView, body=announced)

    def offset(self, upload_id: str) -> int:
        """How much of a file has arrived."""
        with self._exchange.opened("HEAD", f"/uploads/{upload_id}") as response:
            told = response.headers.get(OFFSET, "")
        if not (told.isascii() and told.isdigit()):
            raise CXError("problem.not-the-service", retryable=True, host=self._exchange.host)
        return int(told)

    def add(self, upload_id: str, offset: int, part: bytes) -> UploadView:
        """Send a part that begins where the last one ended."""
        headers = {OFFSET: str(offset)}
        path = f"/uploads/{upload_id}"
        return self._exchange.ask("PATCH", path, UploadView, body=part, headers=headers)

    def read(self, sha256: str) -> bytes:
        """A file that a prompt refers to; what arrived of it is not asked for twice.

        One that arrives with another digest is asked for once more, as a whole.
        """
        content = bytearray()
        was_wrong = False
        for _ in range(_TRIES):
            before = len(content)
            try:
                for start, piece in self.pieces(sha256, before):
                    content[start:] = piece
            except CXError:
                if len(content) <= before:
                    raise
                continue
            if hashlib.sha256(content).hexdigest() == sha256:
                return bytes(content)
            if was_wrong:
                raise CXError(DAMAGED)
            was_wrong = True
            content.clear()
        raise CXError("problem.interrupted", retryable=True, host=self._exchange.host)

    def pieces(self, sha256: str, here: int) -> Iterator[tuple[int, bytes]]:
        """A file as it arrives, from ``here`` on: each piece with the place where it belongs.

        A service that gives no part begins again at 0. Whether it is the file that was asked for
        is its reader's to tell.
        """
        headers = {"accept": BYTES, "accept-encoding": "identity"}
        if here:
            headers |= {"range": f"bytes={here}-", "if-range": f'"{sha256}"'}
        with self._exchange.opened("GET", f"/blobs/{sha256}", headers=headers) as response:
            expect(response, BYTES, self._exchange.host)
            at = start_of(response, here)
            for piece in response.iter_bytes():
                yield at, piece
                at += len(piece)
                if at > MAX_BLOB:
                    raise CXError("problem.answer-too-large", host=self._exchange.host)


def start_of(response: httpx.Response, here: int) -> int:
    """Where the answer begins; one that says nothing of the place asked for is another's."""
    if response.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    if not response.headers.get("content-range", "").startswith(f"bytes {here}-"):
        raise CXError("problem.page-damaged", retryable=True)
    return here
