"""The service on a socket: plain HTTP on loopback only, TLS anywhere.

Failure policy: it refuses to be reached in clear from another machine. Told to stop, it ends
open event streams at once, gives requests under way two seconds, then gives the files back.
"""

import asyncio
import ipaddress
import logging
import socket
from pathlib import Path
from types import FrameType

import uvicorn
from msgspec import Struct
from typing_extensions import override

from cx_desktop.service.app import application
from cx_desktop.service.service import Service

GRACE_SECONDS = 2


class Tls(Struct, frozen=True):
    """A certificate with its key, both as PEM files."""

    certificate: Path
    key: Path


class PlainHttpRefused(Exception):  # noqa: N818  (it names what happened)
    """Somebody asked for clear text on an address that others can reach."""


class BadTls(Exception):  # noqa: N818  (it names what happened)
    """The certificate or its key cannot be read, or they do not belong together."""


class Server:
    """A service that listens. ``run`` blocks until ``stop`` is called, from any thread."""

    def __init__(
        self, service: Service, *, host: str = "127.0.0.1", port: int = 0, tls: Tls | None = None
    ) -> None:
        if tls is None and not is_loopback(host):
            raise PlainHttpRefused(host)
        self._service = service
        scheme = "http" if tls is None else "https"
        config = uvicorn.Config(
            application(service),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        try:
            config.load()
        except (OSError, ValueError) as error:
            raise BadTls(str(error)) from error
        self._socket = _listening(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{scheme}://{shown}:{self.port}"
        self._uvicorn = _Uvicorn(config, service)

    def run(self) -> None:
        """Serve until told to stop."""
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """End soon; open event streams end now."""
        self._uvicorn.leave()


class _Uvicorn(uvicorn.Server):
    """uvicorn, which would wait for event streams that never end by themselves."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def leave(self) -> None:
        self._service.hub.close()
        self.should_exit = True

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Also end the connections that came in just then: nobody waits for an answer in vain."""
        await super().shutdown(sockets)
        for each in self.server_state.connections:
            each.transport.abort()
        await asyncio.sleep(0)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._service.hub.close()
        super().handle_exit(sig, frame)


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, so that asyncio turns Nagle off: head and body of an answer are two writes, and the
    # second would otherwise wait 40 ms for the client's delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening
