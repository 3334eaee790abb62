"""The one seam to the network: which servers may be reached, and how far they are trusted.

Failure policy: an address that must not be reached is refused before any name is resolved or any
socket connected. Redirects are never followed. In loopback-only mode, and whenever the address is
plain http, connections go through ``LoopbackBackend``, which connects to numeric loopback addresses
and nothing else; proxies of the environment are then ignored.
"""

import ipaddress
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import certifi
import httpcore
import httpx
from typing_extensions import override

from cx_desktop import __version__
from cx_desktop.domain.errors import CXError

TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=10.0)
_LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=30.0)
_LOOPBACK = ("127.0.0.1", "::1")
_LAST_PORT = 65535
_HOST = re.compile(rb"([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]+)?")

_SAME_IN_HTTPX: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
}


def service_address(text: str) -> str:
    """The canonical address of a service as people type it: ``https://host`` or ``…:port``.

    Without a scheme it is https, or http on this computer itself.
    """
    typed = text.strip()
    try:
        url = httpx.URL(typed if "://" in typed else f"https://{typed}")
        if "://" not in typed and is_loopback(url.host):
            url = httpx.URL(f"http://{typed}")
    except (httpx.InvalidURL, ValueError):
        raise CXError("problem.bad-address", address=typed) from None
    if not _names_a_server(url):
        raise CXError("problem.bad-address", address=typed)
    if url.scheme == "http" and not is_loopback(url.host):
        raise CXError("problem.plain-http", host=url.host)
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _names_a_server(url: httpx.URL) -> bool:
    """Scheme, host, perhaps a port, and nothing else."""
    is_bare = url.path in {"", "/"} and not (url.query or url.fragment or url.userinfo)
    is_sound = _HOST.fullmatch(url.netloc) is not None and (url.port or 1) <= _LAST_PORT
    return url.scheme in {"http", "https"} and is_bare and is_sound


def is_loopback(host: str) -> bool:
    """Whether a host is this computer itself, told without asking anyone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def build_http(
    server: str,
    *,
    loopback_only: bool,
    ca_file: Path | None = None,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client of one server.

    Args:
        server: the address, canonical or as typed.
        loopback_only: refuse every other computer, at socket level (the demo).
        ca_file: trust the certificates signed by these authorities (PEM), and no others.
        transport: replaces the network altogether (tests).
    """
    address = service_address(server)
    host = httpx.URL(address).host
    if loopback_only and not is_loopback(host):
        raise CXError("problem.live-blocked-in-demo", host=host)
    confined = loopback_only or address.startswith("http://")
    if transport is None and confined:
        is_plain = address.startswith("http://")
        transport = LoopbackTransport(None if is_plain else trust(ca_file))
    return httpx.Client(
        base_url=address,
        transport=transport,
        verify=True if transport else trust(ca_file),
        trust_env=transport is None,
        timeout=TIMEOUT,
        limits=_LIMITS,
        follow_redirects=False,
        headers={
            "user-agent": f"cx-desktop/{__version__}",
            "accept": "application/json",
            "accept-encoding": "gzip",
        },
    )


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed: one file's, or this computer's and the well-known ones."""
    if ca_file is None:
        context = ssl.create_default_context()
        context.load_verify_locations(cafile=certifi.where())
        return context
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError):
        raise CXError("problem.unreadable-ca-file", file=ca_file.name) from None


class LoopbackBackend(httpcore.NetworkBackend):
    """Connects to this computer and to nothing else, whatever name it is given.

    No name is resolved: ``localhost`` means the two numeric addresses, so neither a resolver nor
    the hosts file can lead elsewhere.
    """

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if not is_loopback(host):
            raise CXError("problem.live-blocked-in-demo", host=host)
        first, *others = _LOOPBACK if host == "localhost" else (host,)
        try:
            return self._sockets.connect_tcp(first, port, timeout, local_address, socket_options)
        except httpcore.ConnectError:
            if not others:
                raise
        return self._sockets.connect_tcp(others[0], port, timeout, local_address, socket_options)

    @override
    def sleep(self, seconds: float) -> None:
        self._sockets.sleep(seconds)


class LoopbackTransport(httpx.BaseTransport):
    """httpx's usual transport over ``LoopbackBackend``, which httpx itself cannot be given."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=LoopbackBackend(),
        )

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        with _httpx_errors():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=dict(request.extensions),
                )
            )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=dict(answer.extensions),
        )

    @override
    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The body of an answer, as it arrives."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    @override
    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._answer.iter_stream()

    @override
    def close(self) -> None:
        self._answer.close()


@contextmanager
def _httpx_errors() -> Iterator[None]:
    try:
        yield
    except tuple(_SAME_IN_HTTPX) as error:
        raise _SAME_IN_HTTPX[type(error)](str(error)) from error
