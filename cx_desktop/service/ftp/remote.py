"""A server of the client's own, by whatever transport: whole files, or none."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

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
