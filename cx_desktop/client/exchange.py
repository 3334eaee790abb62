"""One question, one answer: typed on both sides, bounded, and with every fault translated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Struct

from cx_desktop.client import integrity
from cx_desktop.client.bearer import is_answer_lost
from cx_desktop.client.errors import refusal, service_errors
from cx_desktop.client.transport import TIMEOUT
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import API

MAX_BODY = 64 << 20
BYTES = "application/octet-stream"
_MAX_PROBLEM = 1 << 20
_CODINGS = frozenset({"identity", "gzip", "zstd"})

Answer = TypeVar("Answer")


class Exchange:
    """Asks one server, with the session's bearer where there is one.

    An answer whose digest does not fit is not believed; with ``needs_digest`` neither is a value
    that comes without one.
    """

    def __init__(
        self, http: httpx.Client, bearer: httpx.Auth | None = None, *, needs_digest: bool = False
    ) -> None:
        self._http = http
        self._bearer = bearer
        self._needs_digest = needs_digest
        self.host = http.base_url.host

    def __repr__(self) -> str:
        return f"Exchange({self._http.base_url})"

    def ask(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        *,
        body: Struct | bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask, and read the whole answer as a value of the given type.

        A body of bytes is sent as it is, any other one as JSON.

        ``None`` as the type means that only success matters.
        """
        with self.opened(method, path, body=body, params=params, headers=headers) as response:
            content = self._content(response, MAX_BODY)
            if answer is type(None) and response.status_code == httpx.codes.NO_CONTENT:
                return msgspec.convert(None, answer)
            expect(response, "application/json", self.host)
            integrity.check(response.headers, content, host=self.host, needs_one=self._needs_digest)
            if answer is type(None):
                return msgspec.convert(None, answer)
            return msgspec.json.decode(content, type=answer)

    @contextmanager
    def opened(
        self,
        method: str,
        path: str,
        *,
        body: Struct | bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        silence: float | None = None,
    ) -> Iterator[httpx.Response]:
        """Ask, and leave the answer to be read as it arrives; refusals have been raised by then.

        ``silence`` is for how many seconds the service may say nothing.
        """
        if self._http.is_closed:
            raise CXError("problem.signed-out")  # a thread was late: the profile is being closed
        request = self._http.build_request(
            method,
            f"{API}{path}",
            params=params,
            headers=dict(headers or {}) | _described(body),
            content=body if body is None or isinstance(body, bytes) else msgspec.json.encode(body),
            timeout=_patience(silence),
        )
        with service_errors(self.host):
            response = self._sent(request)
            try:
                self._accept(response)
                yield response
            finally:
                response.close()

    def _sent(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; asked once more where the answer to a refresh was lost."""
        try:
            return self._http.send(request, auth=self._bearer, stream=True)
        except (httpx.TransportError, httpx.DecodingError) as error:
            if not is_answer_lost(request, error):
                raise
        return self._http.send(request, auth=self._bearer, stream=True)

    def _accept(self, response: httpx.Response) -> None:
        if response.headers.get("content-encoding", "identity") not in _CODINGS:
            raise CXError("problem.unexpected-answer", host=self.host)
        if not response.is_success:
            content = self._content(response, _MAX_PROBLEM)
            integrity.check(response.headers, content, host=self.host)
            raise refusal(
                status=response.status_code,
                headers=response.headers,
                body=content,
                host=self.host,
            )

    def _content(self, response: httpx.Response, limit: int) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > limit:
                raise CXError("problem.answer-too-large", host=self.host)
        return bytes(content)


def _described(body: Struct | bytes | None) -> dict[str, str]:
    if body is None:
        return {}
    return {"content-type": BYTES if isinstance(body, bytes) else "application/json"}


def _patience(silence: float | None) -> httpx.Timeout:
    if silence is None:
        return TIMEOUT
    return httpx.Timeout(silence, connect=TIMEOUT.connect, pool=TIMEOUT.pool)


def expect(response: httpx.Response, content_type: str, host: str) -> None:
    """An answer of another kind is somebody else's: a portal's page, a proxy's excuse."""
    if not response.headers.get("content-type", "").startswith(content_type):
        raise CXError("problem.not-the-service", retryable=True, host=host)


def segment(text: str) -> str:
    """An id as one segment of a path, whatever it holds."""
    return quote(text, safe="")
