"""A line to a server of a client's, by the transport that its destination names."""

from collections.abc import Iterator
from contextlib import contextmanager

from cx_desktop.domain.recordings.exporting import Destination, Transport
from cx_desktop.service.ftp.remote import Remote, Secret


@contextmanager
def signed_in(wanted: Destination, secret: Secret, *, address: str) -> Iterator[Remote]:
    """A line to the destination at an address of its host, if it is the one that was confirmed.

    Raises ``Trouble``: ``unreachable``, ``other-identity``, ``sign-in``, ``refused``, ``no-room``.
    """
    if wanted.transport == Transport.SFTP:
        from cx_desktop.service.ftp.sftp import line  # noqa: PLC0415  (slow to load, rarely used)
    else:
        from cx_desktop.service.ftp.ftps import line  # noqa: PLC0415  (as above)
    with line(wanted, secret, address) as remote:
        yield remote


def identity_of(wanted: Destination, *, address: str) -> str:
    """Who answers there: ``SHA256:…`` of the host key or of the certificate; "" for plain FTP."""
    if wanted.transport == Transport.SFTP:
        from cx_desktop.service.ftp.sftp import host_key as found  # noqa: PLC0415  (as above)
    else:
        from cx_desktop.service.ftp.ftps import certificate as found  # noqa: PLC0415  (as above)
    return found(wanted, address)
