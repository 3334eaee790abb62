"""Files, each under the digest of its content."""

import hashlib

import httpx

from cx_desktop.client.exchange import BYTES, Exchange, expect
from cx_desktop.domain.errors import CXError

MAX_BLOB = 64 << 20
#: How often a file whose arrival was cut short is asked for again, from where it broke off.
_TRIES = 4
#: What arrives is another file than the one that was asked for, each time.
DAMAGED = "problem.sound-damaged"


class BlobCalls:
    """Sending a file and reading it; what arrives is held to its digest."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def put(self, project_id: str, sha256: str, content: bytes) -> None:
        """Send a file for a project."""
        path, params = f"/blobs/{sha256}", {"project_id": project_id}
        self._exchange.ask("PUT", path, type(None), body=content, params=params)

    def read(self, sha256: str) -> bytes:
        """A file that a prompt refers to; what arrived of it is not asked for twice.

        One that arrives with another digest is asked for once more, as a whole.
        """
        content = bytearray()
        was_wrong = False
        for _ in range(_TRIES):
            before = len(content)
            try:
                self._read_on(sha256, content)
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

    def _read_on(self, sha256: str, content: bytearray) -> None:
        headers = {"accept": BYTES, "accept-encoding": "identity"}
        if content:
            headers |= {"range": f"bytes={len(content)}-", "if-range": f'"{sha256}"'}
        with self._exchange.opened("GET", f"/blobs/{sha256}", headers=headers) as response:
            expect(response, BYTES, self._exchange.host)
            if response.status_code != httpx.codes.PARTIAL_CONTENT:
                content.clear()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BLOB:
                    raise CXError("problem.answer-too-large", host=self._exchange.host)
