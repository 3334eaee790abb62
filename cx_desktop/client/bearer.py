"""Keeps a session's requests authorised: one refresh on a refused token, then the request again.

Failure policy: only a problem named ``token-invalid`` is worth a refresh, a proxy's 401 is not.
One thread refreshes, the others wait for its result. A rotated token is persisted before it is
used; if that fails, the new token waits in memory, the request fails with the reason, and the next
request persists first. Where the answer to a refresh is lost on the way the request may be sent
again at once (``is_answer_lost``), and the service takes the same refresh token for a while. A
refused refresh (reused, revoked, unknown) ends the session for good: every later request fails
with that word, without asking the network. Any other answer changes nothing.
"""

import base64
import threading
from collections.abc import Callable, Generator, Iterator

import httpx
import msgspec
from typing_extensions import override

from cx_desktop.client import integrity
from cx_desktop.client.errors import ServiceProblem, refusal
from cx_desktop.client.transport import TIMEOUT
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import API, RefreshRequest, Tokens

_SESSION_OVER = frozenset({"token-invalid", "token-reused", "device-revoked"})
_MAX_BODY = 1 << 16
#: A mark on a request that waits for a refresh; httpx gives the fault to its sender, not to us.
_REFRESHING = "cx-desktop refreshing"
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

Flow = Generator[httpx.Request, httpx.Response, None]


class Bearer(httpx.Auth):
    """The session's tokens, as httpx's way of authorising a request."""

    def __init__(
        self,
        *,
        device_id: str,
        refresh_token: str,
        access_token: str = "",
        sign: Callable[[bytes], bytes],
        persist: Callable[[Tokens], None],
    ) -> None:
        self._device_id = device_id
        self._refresh_token = refresh_token
        self._access_token = access_token
        self._sign = sign
        self._persist = persist
        self._unsaved: Tokens | None = None
        self._over: CXError | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Bearer({'signed out' if self._over else 'signed in'})"

    @property
    def signed_out(self) -> CXError | None:
        """Why the session is over, or None while it lives."""
        return self._over

    def forget(self) -> None:
        """Drop the tokens: nothing is asked in this session's name any more."""
        self._end(CXError("problem.signed-out"))

    @override
    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        self._refuse_when_over()
        used = self._access_token
        if used:
            response = yield _authorised(request, used)
            if not _refuses_the_token(response):
                return
        with self._lock:
            self._refuse_when_over()
            if self._access_token == used:
                request.extensions[_REFRESHING] = True
                yield from self._refreshed(request.url)
                del request.extensions[_REFRESHING]
            fresh = self._access_token
        yield _authorised(request, fresh)

    def _refreshed(self, url: httpx.URL) -> Flow:
        """Trade the refresh token for the next pair, and keep it."""
        if self._unsaved is None:
            response = yield self._refresh_request(url)
            self._unsaved = self._tokens(response, url.host)
            self._refresh_token = self._unsaved.refresh_token
        self._persist(self._unsaved)
        self._access_token, self._unsaved = self._unsaved.access_token, None

    def _refresh_request(self, url: httpx.URL) -> httpx.Request:
        signature = self._sign(self._refresh_token.encode())
        body = RefreshRequest(
            refresh_token=self._refresh_token,
            device_id=self._device_id,
            signature=base64.b64encode(signature).decode(),
        )
        return httpx.Request(
            "POST",
            url.copy_with(raw_path=f"{API}/sessions/refresh".encode()),
            content=msgspec.json.encode(body),
            headers={"content-type": "application/json", "accept-encoding": "identity"},
            extensions={"timeout": TIMEOUT.as_dict()},
        )

    def _tokens(self, response: httpx.Response, host: str) -> Tokens:
        content_type = response.headers.get("content-type", "")
        body = _body(response)
        integrity.check(response.headers, body, host=host)
        if response.is_success and content_type.startswith("application/json"):
            return msgspec.json.decode(body, type=Tokens)
        error = refusal(status=response.status_code, headers=response.headers, body=body, host=host)
        if isinstance(error, ServiceProblem) and error.problem.name in _SESSION_OVER:
            self._end(error)
        raise error

    def _end(self, reason: CXError) -> None:
        self._over = reason
        self._access_token = self._refresh_token = ""
        self._unsaved = None

    def _refuse_when_over(self) -> None:
        if self._over is not None:
            raise self._over


def is_answer_lost(request: httpx.Request, error: httpx.HTTPError) -> bool:
    """Whether a request failed since the answer to a refresh, which was asked, did not arrive.

    The request itself was refused or never sent: it may be sent again.
    """
    was_refreshing = request.extensions.pop(_REFRESHING, False)
    return bool(was_refreshing) and not isinstance(error, _NOT_SENT)


def _authorised(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["authorization"] = f"Bearer {token}"
    return request


def _refuses_the_token(response: httpx.Response) -> bool:
    """Whether it is the service that no longer takes the access token."""
    content_type = response.headers.get("content-type", "")
    if response.status_code != httpx.codes.UNAUTHORIZED:
        return False
    if not content_type.startswith("application/problem+json"):
        return False
    error = refusal(
        status=response.status_code, headers=response.headers, body=_body(response), host=""
    )
    return isinstance(error, ServiceProblem) and error.problem.name == "token-invalid"


def _body(response: httpx.Response) -> bytes:
    """A short body, which stays readable for the caller; a long one is not ours."""
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Short(response.stream)
    return response.read()


class _Short(httpx.SyncByteStream):
    """A body that may not grow."""

    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream

    @override
    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > _MAX_BODY:
                raise CXError("problem.answer-too-large")
            yield chunk

    @override
    def close(self) -> None:
        self._stream.close()
