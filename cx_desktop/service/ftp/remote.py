"""A server of the client's own, by whatever transport: whole files, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from cx_desktop.domain.recordings.exporting import Destination, Transport

#: A server that says nothing for so long is not waited for.
PATIENCE = 12.0
#: A file has this ending until it is whole.
PARTIAL = ".part"


class Trouble(Exception):  # noqa: N818  (it says what the other side did)
    """The other server did not do it. ``code`` names why, ``detail`` is what it said, shortened."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = "".join(each if each.isprintable() else " " for each in detail)[:300]


class Secret(NamedTuple):
    """What the service signs in with: a password or, without one, its own key (SFTP only)."""

    password: str
    key: str
    """A private key, OpenSSH's text."""


class Remote(Protocol):
    """A signed-in line. Paths are below the destination's folder, with ``/``."""

    def put(self, path: str, content: Iterator[bytes], size: int) -> None:
        """Send a file; when this returns it is whole under its name, and before it was not."""

    def remove(self, path: str) -> bool:
        """Remove a file; whether it was there."""


@contextmanager
def signed_in(wanted: Destination, secret: Secret, *, address: str) -> Iterator[Remote]:
    """A line to the destination at an address of its host, if it is the one that was confirmed.

    Raises ``Trouble``: ``unreachable``, ``other-identity``, ``sign-in``, ``refused``, ``no-room``.
    """
    if wanted.transport == Transport.SFTP:
        from cx_desktop.service.ftp.sftp import line  # noqa: PLC0415  (slow to load, rarely used)
    else:
        from cx_desktop.service.ftp.ftps import line  # noqa: PLC0415
    with line(wanted, secret, address) as remote:
        yield remote


def identity_of(wanted: Destination, *, address: str) -> str:
    """Who answers there: ``SHA256:…`` of the host key or of the certificate; "" for plain FTP."""
    if wanted.transport == Transport.SFTP:
        from cx_desktop.service.ftp.sftp import host_key as found  # noqa: PLC0415
    else:
        from cx_desktop.service.ftp.ftps import certificate as found  # noqa: PLC0415
    return found(wanted, address)
