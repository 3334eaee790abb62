"""Files beside the database, sealed: sounds that prompts refer to, by project and digest.

Each file is sealed in chunks with AES-256-GCM under a key of its own, derived from the cache key
and a salt; what comes from another place of a file, from another file, or with its end cut off
does not open. Names are keyed digests: they tell nobody which sound lies here.

Failure policy: a file has its name when it is whole and on the disk. One that does not open is as
good as missing, since the service has it too; one that was never sent stays, whatever happens, so
that a later start with the right key can send it.
"""

import errno
import hashlib
import hmac
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from cx_desktop.domain.errors import CXError

CHUNK = 64 * 1024

_MAGIC = b"CXB1"
_SALT, _TAG, _NONCE, _KEY = 32, 16, 12, 32
_HEAD = len(_MAGIC) + _SALT + 2
#: A full disk, a quota that is used up, a file system that takes no longer files.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_HELD, _UNSENT, _PART = ".held", ".unsent", ".part"
#: What has come of a file so far: its first chunks, sealed.
_COMING = ".coming"


class Place(Struct, frozen=True):
    """Which file of which project."""

    project_id: str
    sha256: str


class Damaged(Exception):  # noqa: N818  (it says what the file is)
    """The file does not open with this key, or not as a whole."""


class BlobStore:
    """The sealed files of one cache. Every call may be made on any thread."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._naming = _derived(key, b"", b"cx-desktop names of blobs")
        with disk_errors():
            for part in folder.glob(f"*{_PART}"):  # what a crash in the middle of a write left
                part.unlink(missing_ok=True)

    def keep(self, project_id: str, content: bytes, *, is_sent: bool) -> str:
        """Seal a file, and give its digest; with ``is_sent`` the service has it already."""
        place = Place(project_id, hashlib.sha256(content).hexdigest())
        if not self.has(place):
            self._write(self._path(place, _HELD if is_sent else _UNSENT), place, content)
        return place.sha256

    def has(self, place: Place) -> bool:
        """Whether the file is here."""
        return self._found(place) is not None

    def read(self, place: Place) -> bytes:
        """The content of a file; raises ``CXError`` where it is not here, or damaged."""
        path = self._found(place)
        if path is not None:
            try:
                known, content = self._opened(path)
            except Damaged:
                known, content = None, b""
            if known == place and hashlib.sha256(content).hexdigest() == place.sha256:
                return content
            if path.suffix == _HELD:
                path.unlink(missing_ok=True)  # the service has it: it is fetched again
        raise CXError("problem.sound-not-here")

    def unsent(self) -> tuple[Place, ...]:
        """The files that the service has not got yet."""
        with disk_errors():
            paths = sorted(self._folder.glob(f"*{_UNSENT}"))
        return tuple(place for path in paths if (place := self._known(path)) is not None)

    def size(self, place: Place) -> int:
        """How many bytes a file has, without reading it; 0 where it is not here."""
        path = self._found(place)
        try:
            with path.open("rb") if path is not None else BytesIO() as file:
                head = file.read(_HEAD)
                body = file.seek(0, os.SEEK_END) - _HEAD - _size_of_head(head)
        except OSError:
            return 0
        return max(0, body - _TAG * -(-body // (CHUNK + _TAG)))

    def discard(self, place: Place) -> None:
        """Let go of a file that was never sent: whoever made it wants it no more."""
        with disk_errors():
            self._path(place, _UNSENT).unlink(missing_ok=True)

    def sent(self, place: Place) -> None:
        """The service has a file now; one that was discarded meanwhile stays away."""
        with disk_errors(), suppress(FileNotFoundError):
            self._path(place, _UNSENT).replace(self._path(place, _HELD))

    def send_again(self, place: Place) -> None:
        """The service may have lost a file: it counts as never sent, if it is here."""
        held = self._path(place, _HELD)
        with disk_errors():
            if held.exists():
                held.replace(self._path(place, _UNSENT))

    def close(self) -> None:
        """Forget the key: nothing is read or written here any more."""
        self._key = self._naming = b""

    def forget_all_but(self, wanted: frozenset[Place]) -> None:
        """Delete what the service has and nothing here refers to any more."""
        self._refuse_closed()
        names = {self._path(place, _HELD).name for place in wanted}
        with disk_errors():
            for path in self._folder.glob(f"*{_HELD}"):
                if path.name not in names:
                    path.unlink(missing_ok=True)
            for path in self._folder.glob(f"*{_COMING}"):
                if path.with_suffix(_HELD).name not in names:
                    path.unlink(missing_ok=True)

    def forget_project(self, project_id: str, *, sealed: Collection[Place]) -> None:
        """Delete every file of a project that the service has, or that was sealed for it."""
        with disk_errors():
            for path in self._folder.glob("*.*"):
                place = self._known(path)
                is_safe = path.suffix != _UNSENT or place in sealed
                if place is not None and place.project_id == project_id and is_safe:
                    path.unlink(missing_ok=True)

    def arriving(self, place: Place) -> "Arriving":
        """A file on its way here, with what has come of it before."""
        with disk_errors():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return Arriving(self, place, self._path(place, _COMING), self._path(place, _HELD))

    def cipher(self, salt: bytes) -> AESGCM:
        """The cipher of one file."""
        self._refuse_closed()
        return AESGCM(_derived(self._key, salt, b"cx-desktop blob"))

    def _found(self, place: Place) -> Path | None:
        paths = (self._path(place, suffix) for suffix in (_UNSENT, _HELD))
        return next((path for path in paths if path.exists()), None)

    def _refuse_closed(self) -> None:
        if not self._key:
            raise CXError("problem.signed-out")  # a thread was late: the profile is being closed

    def _path(self, place: Place, suffix: str) -> Path:
        self._refuse_closed()
        said = f"{place.project_id}:{place.sha256}".encode()
        return self._folder / f"{hmac.new(self._naming, said, 'sha256').hexdigest()[:40]}{suffix}"

    def _known(self, path: Path) -> Place | None:
        """What a file is, without reading it to its end; none for one that does not open."""
        try:
            with path.open("rb") as file:
                return self._head(file.read(CHUNK))
        except (Damaged, OSError):
            return None

    def _head(self, sealed: bytes) -> Place:
        if not sealed.startswith(_MAGIC):
            raise Damaged
        head = sealed[_HEAD : _HEAD + _size_of_head(sealed)]
        opened = _unsealed(self.cipher(_salt(sealed)), 0, head, is_last=False)
        return msgspec.json.decode(opened, type=Place)

    def _opened(self, path: Path) -> tuple[Place, bytes]:
        try:
            sealed = path.read_bytes()
        except OSError as error:
            raise Damaged from error
        place, cipher = self._head(sealed), self.cipher(_salt(sealed))
        at = _HEAD + _size_of_head(sealed)
        content = bytearray()
        index = 1
        while True:
            chunk = sealed[at : at + CHUNK + _TAG]
            at += len(chunk)
            is_last = at >= len(sealed)
            content += _unsealed(cipher, index, chunk, is_last=is_last)
            if is_last:
                return place, bytes(content)
            index += 1

    def _write(self, path: Path, place: Place, content: bytes) -> None:
        salt = secrets.token_bytes(_SALT)
        cipher = self.cipher(salt)
        part = path.with_name(f"{path.stem}.{secrets.token_hex(4)}{_PART}")
        with disk_errors():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
                with os.fdopen(descriptor, "wb") as out:
                    head = _sealed(cipher, 0, msgspec.json.encode(place), is_last=False)
                    out.write(_MAGIC + salt + len(head).to_bytes(2) + head)
                    out.writelines(_chunks(cipher, content))
                    out.flush()
                    os.fsync(out.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            _sync_folder(self._folder)


class Arriving:
    """A file that comes bit by bit: sealed chunk by chunk, never to be read before it is whole.

    The chunks on the disk are their own journal: after a crash those that open, in their order,
    have come; the first that does not open, and all behind it, come again.
    """

    def __init__(self, store: BlobStore, place: Place, path: Path, whole: Path) -> None:
        self._store, self._place = store, place
        self._path, self._whole = path, whole
        self._rest = bytearray()
        self._index = 1
        self._digest = hashlib.sha256()
        if not self._resumed():
            self.begin_again()

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return (self._index - 1) * CHUNK + len(self._rest)

    def begin_again(self) -> None:
        """Forget what has come."""
        salt = secrets.token_bytes(_SALT)
        self._cipher = self._store.cipher(salt)
        self._rest, self._index, self._digest = bytearray(), 1, hashlib.sha256()
        head = _sealed(self._cipher, 0, msgspec.json.encode(self._place), is_last=False)
        with disk_errors():
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(_MAGIC + salt + len(head).to_bytes(2) + head)

    def add(self, content: bytes) -> None:
        """More of it has come; the end of what has come waits for the rest of its chunk."""
        self._digest.update(content)
        self._rest += content
        if len(self._rest) <= CHUNK:
            return
        with disk_errors(), self._path.open("ab") as out:
            while len(self._rest) > CHUNK:
                out.write(_sealed(self._cipher, self._index, bytes(self._rest[:CHUNK])))
                del self._rest[:CHUNK]
                self._index += 1

    def finish(self) -> bool:
        """All has come: give the file its name, if it is the one that was asked for."""
        if self._digest.hexdigest() != self._place.sha256:
            return False
        with disk_errors():
            with self._path.open("ab") as out:
                out.write(_sealed(self._cipher, self._index, bytes(self._rest), is_last=True))
                out.flush()
                os.fsync(out.fileno())
            self._path.replace(self._whole)
            _sync_folder(self._path.parent)
        return True

    def drop(self) -> None:
        """Forget all of it."""
        with disk_errors():
            self._path.unlink(missing_ok=True)

    def _resumed(self) -> bool:
        """Take over the chunks of an earlier time that open; whether there were any to look at."""
        if not self._path.exists():
            return False
        with self._path.open("r+b") as file:
            try:
                start = file.read(CHUNK)
                if not start.startswith(_MAGIC):
                    return False
                head = _HEAD + _size_of_head(start)
                self._cipher = self._store.cipher(_salt(start))
                told = _unsealed(self._cipher, 0, start[_HEAD:head], is_last=False)
                if msgspec.json.decode(told, type=Place) != self._place:
                    return False
            except (Damaged, msgspec.DecodeError):
                return False
            file.seek(head)
            while len(sealed := file.read(CHUNK + _TAG)) == CHUNK + _TAG:
                try:
                    chunk = _unsealed(self._cipher, self._index, sealed, is_last=False)
                except Damaged:
                    break
                self._digest.update(chunk)
                self._index += 1
            file.truncate(head + (self._index - 1) * (CHUNK + _TAG))
        return True


def _salt(sealed: bytes) -> bytes:
    return sealed[len(_MAGIC) : len(_MAGIC) + _SALT]


def _size_of_head(sealed: bytes) -> int:
    return int.from_bytes(sealed[_HEAD - 2 : _HEAD])


_BINARY = getattr(os, "O_BINARY", 0)


def _chunks(cipher: AESGCM, content: bytes) -> Iterator[bytes]:
    source, index = BytesIO(content), 1
    chunk = source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        yield _sealed(cipher, index, chunk, is_last=not following)
        if not following:
            return
        chunk, index = following, index + 1


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt or None, purpose).derive(key)


def _sealed(cipher: AESGCM, index: int, chunk: bytes, *, is_last: bool = False) -> bytes:
    return cipher.encrypt(index.to_bytes(_NONCE), chunk, _MAGIC + bytes([is_last]))


def _unsealed(cipher: AESGCM, index: int, chunk: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(index.to_bytes(_NONCE), chunk, _MAGIC + bytes([is_last]))
    except (InvalidTag, ValueError) as error:
        raise Damaged from error


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in our words what is the disk's fault."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise CXError("problem.disk-full") from error
        raise CXError("problem.cache-not-writable") from error
