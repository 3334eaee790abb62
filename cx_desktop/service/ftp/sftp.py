"""SFTP over SSH. The library speaks asyncio, the service threads: one loop for one line."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import asyncssh

from cx_desktop.domain.recordings.exporting import Destination
from cx_desktop.service.ftp.remote import PARTIAL, PATIENCE, Remote, Secret, Trouble

Result = TypeVar("Result")


class SftpLine:
    """A signed-in line of SFTP."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sftp: asyncssh.SFTPClient, folder: str
    ) -> None:
        self._loop = loop
        self._sftp = sftp
        self._folder = folder.rstrip("/")
        self._made: set[str] = set()

    def put(self, path: str, content: Iterator[bytes], size: int) -> None:
        """Send a file under another name, look at its size, then give it its own."""
        _run(self._loop, self._put(path, content, size))

    def remove(self, path: str) -> bool:
        """Remove a file, also what was left of it half sent."""
        return _run(self._loop, self._remove(path))

    async def _put(self, path: str, content: Iterator[bytes], size: int) -> None:
        whole = self._place(path)
        partial = whole + PARTIAL
        folder = whole.rpartition("/")[0]
        if folder and folder not in self._made:
            await self._sftp.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        async with self._sftp.open(partial, "wb") as file:
            for part in content:
                await file.write(part)
        if await self._sftp.getsize(partial) != size:
            raise Trouble("cut-off", path)
        try:
            await self._sftp.posix_rename(partial, whole)
        except asyncssh.SFTPOpUnsupported:
            with suppress(asyncssh.SFTPNoSuchFile):
                await self._sftp.remove(whole)
            await self._sftp.rename(partial, whole)

    async def _remove(self, path: str) -> bool:
        whole = self._place(path)
        with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            await self._sftp.remove(whole + PARTIAL)
        try:
            await self._sftp.remove(whole)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return False
        return True

    def _place(self, path: str) -> str:
        return f"{self._folder}/{path}" if self._folder else path


@contextmanager
def line(wanted: Destination, secret: Secret, address: str) -> Iterator[Remote]:
    """Connect to the confirmed host key alone, and sign in."""
    loop = asyncio.new_event_loop()
    try:
        connection = _run(loop, _connected(wanted, secret, address))
        try:
            sftp = _run(loop, _begun(connection))
            yield SftpLine(loop, sftp, wanted.folder)
        finally:
            connection.abort()
            _run(loop, connection.wait_closed())
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def host_key(wanted: Destination, address: str) -> str:
    """Who answers there, before any password."""
    port = wanted.address[1]
    loop = asyncio.new_event_loop()
    try:
        key = _run(loop, asyncssh.get_server_host_key(address, port, config=None))
    finally:
        loop.close()
    if key is None:
        raise Trouble("unreachable")
    return str(key.get_fingerprint())


async def _connected(
    wanted: Destination, secret: Secret, address: str
) -> asyncssh.SSHClientConnection:
    port = wanted.address[1]

    class Known(asyncssh.SSHClient):
        def validate_host_public_key(
            self, _host: str, _addr: str, _port: int, key: asyncssh.SSHKey
        ) -> bool:
            return str(key.get_fingerprint()) == wanted.identity

    connection, _client = await asyncssh.create_connection(
        Known,
        address,
        port,
        username=wanted.user,
        password=secret.password or None,
        client_keys=None if secret.password else [asyncssh.import_private_key(secret.key)],
        known_hosts=b"",
        agent_path=None,
        config=None,
        connect_timeout=PATIENCE,
        login_timeout=PATIENCE,
        keepalive_interval=PATIENCE / 3,
    )
    return connection


async def _begun(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    return await connection.start_sftp_client()


def _run(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Result]) -> Result:
    """Do it on the line's loop; what the library says, by our names."""
    try:
        return loop.run_until_complete(work)
    except asyncssh.HostKeyNotVerifiable as error:
        raise Trouble("other-identity", str(error)) from error
    except asyncssh.PermissionDenied as error:
        raise Trouble("sign-in", error.reason) from error
    except (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded) as error:
        raise Trouble("no-room", error.reason) from error
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
        raise Trouble("unreachable", error.reason) from error
    except asyncssh.SFTPError as error:
        raise Trouble("refused", error.reason) from error
    except (OSError, asyncssh.Error) as error:
        raise Trouble("unreachable", str(error)) from error
