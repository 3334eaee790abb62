"""Files sealed in chunks: AES-256-GCM under their own keys, read at any place, grown bit by bit.

What comes from another place of a file, from another file, or with its end cut off does not open.
A file begins with a salt from which its cipher is made, and with a sealed label that says what the
file is.

Failure policy: a file has its name when it is whole and on the disk; what has come of one before
that is a journal of itself, taken up wherever it broke off.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cx_desktop.domain.errors import CXError

CHUNK = 64 * 1024
KEY = 32

_MAGIC = b"CXB1"
_SALT, _TAG, _NONCE = 32, 16, 12
_HEAD = len(_MAGIC) + _SALT + 2
#: A full disk, a quota that is used up, a file system that takes no longer files.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_BINARY = getattr(os, "O_BINARY", 0)
_PART = ".part"
#: More files than this are made durable together: one by one each waits for the disk.
_MANY = 16

#: The cipher of a file, from the salt it begins with.
CipherOf = Callable[[bytes], AESGCM]


class Damaged(Exception):  # noqa: N818  (it says what the file is)
    """The file does not open with this key, or not as a whole."""


def derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """A key made from another one, for one purpose."""
    return HKDF(SHA256(), KEY, salt or None, purpose).derive(key)


def forget_parts(folder: Path) -> None:
    """Remove what a crash in the middle of a write left."""
    with disk_errors():
        for part in folder.glob(f"*{_PART}"):
            part.unlink(missing_ok=True)


def label_of(path: Path, cipher_of: CipherOf) -> bytes:
    """What a file says it is, without reading it to its end; raises ``Damaged``."""
    try:
        with path.open("rb") as file:
            return _opened_head(file.read(CHUNK), cipher_of)[1]
    except OSError as error:
        raise Damaged from error


def opened(path: Path, cipher_of: CipherOf) -> tuple[bytes, bytes]:
    """Label and content of a whole file; raises ``Damaged``."""
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise Damaged from error
    cipher, label, at = _opened_head(sealed, cipher_of)
    content = bytearray()
    index = 1
    while True:
        chunk = sealed[at : at + CHUNK + _TAG]
        at += len(chunk)
        is_last = at >= len(sealed)
        content += _unsealed(cipher, index, chunk, is_last=is_last)
        if is_last:
            return label, bytes(content)
        index += 1


def size_of(path: Path | None) -> int:
    """How many bytes a file has, without opening it; 0 where it is not here."""
    try:
        with path.open("rb") if path is not None else BytesIO() as file:
            head = file.read(_HEAD)
            body = file.seek(0, os.SEEK_END) - _HEAD - _size_of_label(head)
    except OSError:
        return 0
    return max(0, body - _TAG * -(-body // (CHUNK + _TAG)))


def write(path: Path, cipher_of: CipherOf, label: bytes, content: bytes) -> None:
    """Seal a file that is whole."""
    salt = secrets.token_bytes(_SALT)
    cipher = cipher_of(salt)
    part = path.with_name(f"{path.stem}.{secrets.token_hex(4)}{_PART}")
    with disk_errors():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(_head(cipher, salt, label))
                out.writelines(_chunks(cipher, content))
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)


def shred(paths: Collection[Path]) -> int:
    """Overwrite what each file's cipher is made from, then delete them; how many there were.

    On a disk that writes in place nobody reads the rest after that, whatever keys they hold. What
    cannot be deleted keeps nothing else, and is told at the end.
    """
    is_many = len(paths) > _MANY and hasattr(os, "sync")
    faults = [*_each(paths, lambda path: _overwrite(path, is_durable=not is_many))]
    if is_many:
        os.sync()
    faults += _each(paths, lambda path: path.unlink(missing_ok=True))
    with disk_errors():
        if faults:
            raise faults[-1]
    return len(paths)


def _each(paths: Collection[Path], act: Callable[[Path], object]) -> Iterator[OSError]:
    """Do something with all of these; what kept some from it."""
    for path in paths:
        try:
            act(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield error


def _overwrite(path: Path, *, is_durable: bool) -> None:
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(_HEAD))
        file.flush()
        if is_durable:
            os.fsync(file.fileno())


class Reader:
    """A whole file, read at any place; one chunk of it is kept in memory, and none on the disk."""

    def __init__(self, path: Path, cipher_of: CipherOf, label: bytes) -> None:
        self._path = path
        with path.open("rb") as file:
            start = file.read(CHUNK)
            whole = file.seek(0, os.SEEK_END)
        self._cipher, said, self._body = _opened_head(start, cipher_of)
        if said != label:
            raise Damaged
        self._chunks = max(1, -(-(whole - self._body) // (CHUNK + _TAG)))
        self.size = max(0, whole - self._body - _TAG * self._chunks)
        self._last: tuple[int, bytes] = (0, b"")

    def read_at(self, offset: int, count: int) -> bytes:
        """What stands at a place, less than asked for at the end; raises ``Damaged``."""
        end = min(self.size, offset + count)
        found = bytearray()
        while offset < end:
            index, skipped = divmod(offset, CHUNK)
            piece = self._chunk(index + 1)[skipped : skipped + end - offset]
            if not piece:
                raise Damaged
            found += piece
            offset += len(piece)
        return bytes(found)

    def _chunk(self, index: int) -> bytes:
        known = self._last
        if known[0] == index:
            return known[1]
        try:
            with self._path.open("rb") as file:
                file.seek(self._body + (index - 1) * (CHUNK + _TAG))
                sealed = file.read(CHUNK + _TAG)
        except OSError as error:
            raise Damaged from error
        chunk = _unsealed(self._cipher, index, sealed, is_last=index == self._chunks)
        self._last = (index, chunk)
        return chunk


class Arriving:
    """A file that comes bit by bit: sealed chunk by chunk, never to be read before it is whole.

    The chunks on the disk are their own journal: after a crash those that open, in their order,
    have come; the first that does not open, and all behind it, come again.
    """

    def __init__(
        self, path: Path, whole: Path, *, cipher_of: CipherOf, label: bytes, sha256: str
    ) -> None:
        self._path, self._whole = path, whole
        self._cipher_of, self._label, self._sha256 = cipher_of, label, sha256
        self._rest = bytearray()
        self._index = 1
        self._digest = hashlib.sha256()
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._resumed():
            self.begin_again()

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return (self._index - 1) * CHUNK + len(self._rest)

    def begin_again(self) -> None:
        """Forget what has come."""
        salt = secrets.token_bytes(_SALT)
        self._cipher = self._cipher_of(salt)
        self._rest, self._index, self._digest = bytearray(), 1, hashlib.sha256()
        with disk_errors():
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(_head(self._cipher, salt, self._label))

    def add(self, content: bytes) -> None:
        """More of it has come; the end of what has come waits for the rest of its chunk."""
        self._digest.update(content)
        self._rest += content
        if len(self._rest) <= CHUNK:
            return
        with disk_errors(), self._path.open("r+b") as out:
            out.seek(0, os.SEEK_END)
            while len(self._rest) > CHUNK:
                out.write(_sealed(self._cipher, self._index, bytes(self._rest[:CHUNK])))
                del self._rest[:CHUNK]
                self._index += 1

    def finish(self) -> bool:
        """All has come: give the file its name, if it is the one that was asked for."""
        if self._digest.hexdigest() != self._sha256:
            return False
        with disk_errors():
            with self._path.open("r+b") as out:
                out.seek(0, os.SEEK_END)
                out.write(_sealed(self._cipher, self._index, bytes(self._rest), is_last=True))
                out.flush()
                os.fsync(out.fileno())
            self._path.replace(self._whole)
            sync_folder(self._path.parent)
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
                self._cipher, told, body = _opened_head(file.read(CHUNK), self._cipher_of)
            except Damaged:
                return False
            if told != self._label:
                return False
            file.seek(body)
            while len(sealed := file.read(CHUNK + _TAG)) == CHUNK + _TAG:
                try:
                    chunk = _unsealed(self._cipher, self._index, sealed, is_last=False)
                except Damaged:
                    break
                self._digest.update(chunk)
                self._index += 1
            file.truncate(body + (self._index - 1) * (CHUNK + _TAG))
        return True


def _head(cipher: AESGCM, salt: bytes, label: bytes) -> bytes:
    sealed = _sealed(cipher, 0, label, is_last=False)
    return _MAGIC + salt + len(sealed).to_bytes(2) + sealed


def _opened_head(sealed: bytes, cipher_of: CipherOf) -> tuple[AESGCM, bytes, int]:
    """A file's cipher, its label, and where its content begins."""
    if not sealed.startswith(_MAGIC) or len(sealed) < _HEAD:
        raise Damaged
    cipher = cipher_of(sealed[len(_MAGIC) : len(_MAGIC) + _SALT])
    body = _HEAD + _size_of_label(sealed)
    return cipher, _unsealed(cipher, 0, sealed[_HEAD:body], is_last=False), body


def _size_of_label(sealed: bytes) -> int:
    return int.from_bytes(sealed[_HEAD - 2 : _HEAD])


def _chunks(cipher: AESGCM, content: bytes) -> Iterator[bytes]:
    source, index = BytesIO(content), 1
    chunk = source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        yield _sealed(cipher, index, chunk, is_last=not following)
        if not following:
            return
        chunk, index = following, index + 1


def _sealed(cipher: AESGCM, index: int, chunk: bytes, *, is_last: bool = False) -> bytes:
    return cipher.encrypt(index.to_bytes(_NONCE), chunk, _MAGIC + bytes([is_last]))


def _unsealed(cipher: AESGCM, index: int, chunk: bytes, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(index.to_bytes(_NONCE), chunk, _MAGIC + bytes([is_last]))
    except (InvalidTag, ValueError) as error:
        raise Damaged from error


def sync_folder(folder: Path) -> None:
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
