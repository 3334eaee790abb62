"""FTP, in the clear or with TLS on both lines (RFC 959, RFC 4217)."""

import base64
import ftplib
import hashlib
import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from typing_extensions import override

from cx_desktop.domain.recordings.exporting import Destination, Transport
from cx_desktop.service.ftp.remote import PARTIAL, PATIENCE, Remote, Secret, Trouble

_CHUNK = 64 * 1024
_NOT_THERE, _NO_ROOM, _TOO_LARGE, _NO_SIGN_IN = "550", "452", "552", "530"


class _Tls(ftplib.FTP_TLS):
    """The session of the first line is used again on the second: servers ask for that."""

    @override
    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        line, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321  (made safe below)
        if not isinstance(self.sock, ssl.SSLSocket):
            return line, size
        safe = self.context.wrap_socket(line, server_hostname=self.host, session=self.sock.session)
        return safe, size


class FtpLine:
    """A signed-in line of FTP."""

    def __init__(self, ftp: ftplib.FTP, folder: str) -> None:
        self._ftp = ftp
        self._folder = folder.rstrip("/")
        self._made: set[str] = set()

    def put(self, path: str, content: Iterator[bytes], size: int) -> None:
        """Send a file under another name, look at its size, then give it its own."""
        whole = self._place(path)
        partial = whole + PARTIAL
        with _told():
            self._make_folders(whole)
            self._ftp.storbinary(f"STOR {partial}", _Reading(content), _CHUNK)
            if self._ftp.size(partial) != size:
                raise Trouble("cut-off", path)
            with suppress(ftplib.error_perm):  # some servers rename onto nothing that is there
                self._ftp.delete(whole)
            self._ftp.rename(partial, whole)

    def remove(self, path: str) -> bool:
        """Remove a file, also what was left of it half sent."""
        whole = self._place(path)
        with _told():
            with suppress(ftplib.error_perm):
                self._ftp.delete(whole + PARTIAL)
            try:
                self._ftp.delete(whole)
            except ftplib.error_perm:
                if self._is_there(whole):
                    raise
                return False
        return True

    def _is_there(self, whole: str) -> bool:
        try:
            return self._ftp.size(whole) is not None
        except ftplib.error_perm as error:
            if str(error).startswith(_NOT_THERE):
                return False
            raise

    def _place(self, path: str) -> str:
        return f"{self._folder}/{path}" if self._folder else path

    def _make_folders(self, whole: str) -> None:
        folders = whole.split("/")[:-1]
        for count in range(1, len(folders) + 1):
            folder = "/".join(folders[:count])
            if folder and folder not in self._made:
                with suppress(ftplib.error_perm):  # it is there; if not, the file says so
                    self._ftp.mkd(folder)
                self._made.add(folder)


class _Reading(io.RawIOBase):
    """An iterator of bytes as a file that is read once."""

    def __init__(self, content: Iterator[bytes]) -> None:
        self._content = content
        self._rest = b""

    @override
    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            part = next(self._content, None)
            if part is None:
                return b""
            self._rest = part
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


@contextmanager
def line(wanted: Destination, secret: Secret, address: str) -> Iterator[Remote]:
    """Connect, see who it is, sign in; said good-bye to in any case."""
    is_safe = wanted.transport == Transport.FTPS
    with _told():
        ftp = _connected(wanted, address)
    try:
        with _told():
            if is_safe and (found := _greeted(ftp)) != (wanted.identity or found):
                raise Trouble("other-identity", found)
            ftp.login(wanted.user, secret.password)
            if isinstance(ftp, ftplib.FTP_TLS):
                ftp.prot_p()
            ftp.voidcmd("TYPE I")
        yield FtpLine(ftp, wanted.folder)
        with suppress(OSError, EOFError, ftplib.Error):
            ftp.quit()
    finally:
        ftp.close()


def certificate(wanted: Destination, address: str) -> str:
    """Who answers there, before any password; "" for plain FTP."""
    if wanted.transport != Transport.FTPS:
        return ""
    with _told():
        ftp = _connected(wanted, address, is_asking=True)
        try:
            return _greeted(ftp)
        finally:
            ftp.close()


def _connected(wanted: Destination, address: str, *, is_asking: bool = False) -> ftplib.FTP:
    host, port = wanted.address
    if wanted.transport == Transport.FTPS:
        context = ssl.create_default_context()
        if wanted.identity or is_asking:  # it is compared with what somebody has confirmed
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        ftp: ftplib.FTP = _Tls(timeout=PATIENCE, context=context, encoding="utf-8")
    else:
        ftp = ftplib.FTP(timeout=PATIENCE, encoding="utf-8")  # noqa: S321  (somebody accepts it)
    ftp.connect(address, port)
    ftp.host = host  # whose certificate it has to be
    return ftp


def _greeted(ftp: ftplib.FTP) -> str:
    """Speak TLS from here on; the certificate's fingerprint, "" where there is none."""
    if isinstance(ftp, ftplib.FTP_TLS):
        ftp.auth()
    found = ftp.sock.getpeercert(binary_form=True) if isinstance(ftp.sock, ssl.SSLSocket) else None
    digest = base64.b64encode(hashlib.sha256(found or b"").digest()).decode().rstrip("=")
    return f"SHA256:{digest}" if found else ""


@contextmanager
def _told() -> Iterator[None]:
    """What the library says, by our names."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Trouble("other-identity", error.verify_message) from error
    except ftplib.error_perm as error:
        raise Trouble(_named(str(error)), str(error)) from error
    except ftplib.Error as error:
        raise Trouble(
            "no-room" if str(error).startswith(_NO_ROOM) else "refused", str(error)
        ) from error
    except (OSError, EOFError) as error:
        raise Trouble("unreachable", str(error)) from error


def _named(said: str) -> str:
    if said.startswith(_NO_SIGN_IN):
        return "sign-in"
    return "no-room" if said.startswith((_TOO_LARGE, _NO_ROOM)) else "refused"
