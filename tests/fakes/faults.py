"""What networks do to requests and replies, on purpose: a transport around the real one."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import msgspec
from typing_extensions import override

from cx_desktop.protocol import PROBLEM_BASE, Problem
from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest

Send = Callable[[httpx.Request], httpx.Response]
Fault = Callable[[httpx.Request, Send], httpx.Response]

_EPOCH = re.compile(rb'("epoch":")[^"]+')

PORTAL = b"<!doctype html><html><title>Bienvenue</title>Connectez-vous au Wi-Fi</html>"


def whole(response: httpx.Response) -> bytes:
    """The body of a reply, as it came over the wire."""
    if not isinstance(response.stream, httpx.SyncByteStream):
        raise TypeError("Only replies of a synchronous transport can be read")
    with closing(response.stream):
        return b"".join(response.stream)


class _Body(httpx.SyncByteStream):
    """A body that arrives at once, and is not read before somebody does."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    @override
    def __iter__(self) -> Iterator[bytes]:
        if self._body:
            yield self._body


def like(response: httpx.Response, body: bytes) -> httpx.Response:
    """The same reply with another body, and a length that fits it."""
    kept = [
        (name, value)
        for name, value in response.headers.raw
        if name.lower() not in {b"content-length", b"transfer-encoding"}
    ]
    return httpx.Response(response.status_code, headers=kept, stream=_Body(body))


def drop_request(request: httpx.Request, _send: Send) -> httpx.Response:
    """It never reaches the service."""
    raise httpx.ConnectError("dropped", request=request)


def drop_reply(request: httpx.Request, send: Send) -> httpx.Response:
    """The service does it, and nobody hears of it."""
    whole(send(request))
    raise httpx.ReadError("dropped", request=request)


def duplicate(request: httpx.Request, send: Send) -> httpx.Response:
    """It reaches the service twice."""
    whole(send(request))
    return send(request)


def unpacked(fault: Fault) -> Fault:
    """The same fault on a reply that is not packed, so that its places are those of its lines."""

    def plain(request: httpx.Request, send: Send) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"
        return fault(request, send)

    return plain


def truncate(at: int) -> Fault:
    """The reply ends early, and something on the way makes that look whole."""

    def fault(request: httpx.Request, send: Send) -> httpx.Response:
        response = send(request)
        return like(response, whole(response)[:at])

    return fault


def damage(at: int) -> Fault:
    """One bit of the reply is another."""

    def fault(request: httpx.Request, send: Send) -> httpx.Response:
        response = send(request)
        body = bytearray(whole(response))
        if body:
            body[at % len(body)] ^= 1
        return like(response, bytes(body))

    return fault


def of_another_epoch(request: httpx.Request, send: Send) -> httpx.Response:
    """The answer of a service that counts anew, or of another one: whole, and its own."""
    request.headers["accept-encoding"] = "identity"
    response = send(request)
    body = _EPOCH.sub(rb"\g<1>another", whole(response))
    other = like(response, body)
    if REPR_DIGEST in other.headers:
        other.headers[REPR_DIGEST] = repr_digest(body)
    return other


def answer(
    status: int, body: bytes = PORTAL, content_type: str = "text/html", **headers: str
) -> Fault:
    """Somebody on the way answers; the service never hears of it."""

    def fault(_request: httpx.Request, _send: Send) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, headers={"content-type": content_type, **named}, content=body)

    return fault


def problem(name: str, status: int, retry_after: float | None = None) -> Fault:
    """The service itself says that something is wrong."""
    said = Problem(PROBLEM_BASE + name, name, status, retry_after=retry_after)
    return answer(status, msgspec.json.encode(said), "application/problem+json")


class Late:
    """Keeps requests on the way, long after those who sent them have given up."""

    def __init__(self) -> None:
        self._held: list[tuple[httpx.Request, Send]] = []

    def hold(self, request: httpx.Request, send: Send) -> httpx.Response:
        self._held.append((request, send))
        raise httpx.ReadTimeout("late", request=request)

    def arrive(self) -> None:
        """They reach the service, the last one first; nobody hears the answers."""
        held, self._held = self._held, []
        for request, send in reversed(held):
            whole(send(request))


class Replayed:
    """Remembers replies, and gives an old one in the place of a new one."""

    def __init__(self) -> None:
        self._old: dict[str, tuple[httpx.Response, bytes]] = {}

    def record(self, request: httpx.Request, send: Send) -> httpx.Response:
        response = send(request)
        body = whole(response)
        self._old.setdefault(self._kind(request), (response, body))
        return like(response, body)

    def replay(self, request: httpx.Request, send: Send) -> httpx.Response:
        """The oldest reply to a question of this kind; the service is asked all the same."""
        fresh = send(request)
        old = self._old.get(self._kind(request))
        if old is None:
            return fresh
        whole(fresh)
        return like(*old)

    @staticmethod
    def _kind(request: httpx.Request) -> str:
        return f"{request.url.path}?{request.url.params.get('stream', '')}"


#: The captive portal, the proxy's excuse and its refusals, with every status they like.
NOT_THE_SERVICE: dict[str, Fault] = {
    "captive portal 200": answer(200),
    "captive portal 302": answer(302, location="http://portal.example/login"),
    "captive portal 307": answer(307, location="http://portal.example/login"),
    "proxy 403": answer(403),
    "proxy 404": answer(404),
    "proxy 401": answer(401),
    "proxy 407": answer(407),
    "proxy 410": answer(410),
    "proxy 409": answer(409),
    "proxy 502": answer(502),
    "proxy 200 empty": answer(200, b"", "application/json"),
    "proxy 200 other json": answer(200, b'{"ok": true}', "application/json"),
    "proxy 200 empty ndjson": answer(200, b"", "application/x-ndjson"),
    "proxy 404 json": answer(404, b'{"error": "not found"}', "application/json"),
    "proxy 410 json": answer(410, b'{"type": "cursor-expired"}', "application/json"),
    "proxy 204": answer(204, b"", "text/plain"),
}


class Faults(httpx.BaseTransport):
    """The real transport, with faults that strike where and when a test says."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._next: list[tuple[str, Fault]] = []
        self.always: Fault | None = None
        """Strikes every request that nothing else strikes."""
        self.asked: list[str] = []

    def strike(self, path: str, *faults: Fault) -> None:
        """The next requests whose address holds this text meet these faults, one each."""
        with self._lock:
            self._next += [(path, fault) for fault in faults]

    def calm(self) -> None:
        """No more faults."""
        with self._lock:
            self._next.clear()
            self.always = None

    @property
    def pending(self) -> int:
        """How many faults have not struck yet."""
        return len(self._next)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        fault = self._taken(str(request.url))
        if fault is None:
            return self._inner.handle_request(request)
        return fault(request, self._inner.handle_request)

    @override
    def close(self) -> None:
        self._inner.close()

    def _taken(self, address: str) -> Fault | None:
        with self._lock:
            for index, (wanted, fault) in enumerate(self._next):
                if wanted in address:
                    del self._next[index]
                    return fault
            return self.always
