"""Reads a profile as somebody would who has its folder and the cache key: every page, every chunk.

Pages of the database are opened one by one, also those that SQLite has given up, and those in the
write-ahead log: what was deleted and not overwritten shows here.
"""

import hmac
from collections.abc import Iterable, Iterator
from hashlib import pbkdf2_hmac
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAGE, _RESERVE, _SALT, _IV = 4096, 80, 16, 16
_WAL_HEAD, _FRAME_HEAD = 32, 24


def found_in(folder: Path, key: bytes, markers: Iterable[bytes]) -> dict[bytes, set[str]]:
    """In which files each marker can be read, raw or with the key of the cache."""
    wanted = tuple(markers)
    found: dict[bytes, set[str]] = {}
    for name, content in readable(folder, key):
        for marker in wanted:
            if marker in content:
                found.setdefault(marker, set()).add(name)
    return found


def readable(folder: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Everything that can be read of a folder: names, files as they are, pages opened."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield name, name.encode()
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield name, content
        if path.name.endswith("-wal"):
            salt = path.with_name(path.name.removesuffix("-wal")).read_bytes()[:_SALT]
            frames = range(_WAL_HEAD, len(content), _FRAME_HEAD + _PAGE)
            pages = [
                (content[at : at + 4], content[at + _FRAME_HEAD : at + _FRAME_HEAD + _PAGE])
                for at in frames
            ]
            yield name, b"".join(_opened(page, int.from_bytes(no), key, salt) for no, page in pages)
        elif path.suffix == ".db":
            salt = content[:_SALT]
            pages_of = range(0, len(content), _PAGE)
            yield (
                name,
                b"".join(
                    _opened(content[at : at + _PAGE], at // _PAGE + 1, key, salt) for at in pages_of
                ),
            )


def _opened(page: bytes, number: int, key: bytes, salt: bytes) -> bytes:
    if len(page) < _PAGE:
        return b""
    start = _SALT if number == 1 else 0
    body, reserve = page[start : _PAGE - _RESERVE], page[_PAGE - _RESERVE :]
    mac_key = pbkdf2_hmac("sha512", key, bytes(each ^ 0x3A for each in salt), 2, 32)
    said = body + reserve[:_IV] + number.to_bytes(4, "little")
    if not hmac.compare_digest(hmac.new(mac_key, said, "sha512").digest(), reserve[_IV : _IV + 64]):
        raise AssertionError(f"page {number} does not open: the scan would see nothing")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(reserve[:_IV])).decryptor()
    return decryptor.update(body) + decryptor.finalize()
