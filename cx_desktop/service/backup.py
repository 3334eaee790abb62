"""A backup of the service in one file, made while it runs, and the way back from it.

The file is a plain tar archive: ``manifest.json``, ``service.db``, the keys, and every file
that the database knows of under ``blobs/``. The database is copied in one step by SQLite's backup
interface, so that it is of one moment; files never change, so that they may be copied after it.

Failure policy: a backup has its name when it was read again from the disk, opened, and found whole;
only then does the service tell clients that they may let go of what is in it. A restore looks at
the whole backup before it touches anything, and puts aside the database that it replaces.
"""

import hashlib
import io
import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
import sqlcipher3.dbapi2  # type: ignore[import-untyped]  # the wheel carries no types
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.service.keys import ESCROW_KEY, SEALING_KEY, SIGNING_KEY, SSH_KEY
from cx_desktop.service.store.durable import set_durable_seq
from cx_desktop.service.store.engine import engine_for
from cx_desktop.service.store.store import SIDECAR, Told

FORMAT = 2
DATABASE = "service.db"
KEYS = (SIGNING_KEY, SEALING_KEY, ESCROW_KEY, SSH_KEY)
#: What older versions did not make.
_LATER_KEYS = frozenset({ESCROW_KEY, SSH_KEY})
_MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
#: A file may be swept away between the copy of the database and its own: then once more.
_ATTEMPTS = 3

#: Told how much is done, and of how much.
Progress = Callable[[int, int], None]


class Held(Struct, frozen=True):
    """A file in a backup."""

    sha256: str
    size: int


class Manifest(Struct, frozen=True):
    """What a backup holds, and of which moment it is."""

    format: int
    at: datetime
    epoch: str
    seq: int
    database: Held
    rows: dict[str, int]
    """How many rows each table has."""
    blobs: tuple[Held, ...]
    keys: tuple[str, ...] = (SIGNING_KEY, SEALING_KEY)
    """Those that the service had; a backup of format 1 says nothing of them."""


class Restored(Struct, frozen=True):
    """What a restore did."""

    manifest: Manifest
    put_aside: Path | None
    """Where the database lies that was there before."""


class _Swept(Exception):  # noqa: N818  (it says what happened)
    """A file that the copied database knows of is not there any more."""


def back_up(
    data_dir: Path, to: Path, *, now: datetime, on_progress: Progress = lambda _done, _all: None
) -> Manifest:
    """Write a verified backup of a service, running or not, and tell the service of it."""
    if not (data_dir / DATABASE).is_file():
        raise CXError("problem.backup-no-service", path=str(data_dir))
    with _disk_errors(to), tempfile.TemporaryDirectory(prefix=".cx-", dir=to.parent) as scratch:
        fresh = Path(scratch) / "backup"
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                manifest = _written(data_dir, fresh, now, on_progress)
            except _Swept as error:
                if attempt == _ATTEMPTS:
                    raise CXError("problem.backup-file-missing", sha256=str(error)) from error
            else:
                break
        digest = _digest(fresh)
        _verify(fresh, Path(scratch) / "again")
        _named(fresh, to)
        _written_whole(Path(f"{to}.sha256"), f"{digest}  {to.name}\n".encode())
    _tell(data_dir, manifest)
    return manifest


def verify(file: Path) -> Manifest:
    """Read a whole backup; raises what is wrong with it."""
    with _disk_errors(file):
        beside = Path(f"{file}.sha256")
        if beside.exists() and beside.read_text("utf-8").split()[0] != _digest(file):
            raise _damaged(file)
        with tempfile.TemporaryDirectory(prefix=".cx-", dir=file.parent) as scratch:
            return _verify(file, Path(scratch) / "again")


def restore(file: Path, data_dir: Path, *, now: datetime, may_lose_newer: bool = False) -> Restored:
    """Put a backup into a data folder. The service's next start begins a new epoch."""
    manifest = verify(file)
    with _disk_errors(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = data_dir / DATABASE
        known = _standing(database)
        told = _told(data_dir)
        if max(known, told.seq) > manifest.seq and not may_lose_newer:
            raise CXError("problem.restore-newer", path=str(data_dir))
        with tempfile.TemporaryDirectory(prefix=".cx-", dir=data_dir) as scratch:
            _extract(file, Path(scratch))
            aside = _put_aside(database, now)
            _place(Path(scratch), data_dir)
        # An epoch that no service has: whatever was told before is not counted on from here.
        marked = Told(epoch="restored", seq=max(known, told.seq, manifest.seq))
        _written_whole(data_dir / SIDECAR, msgspec.json.encode(marked))
    return Restored(manifest, aside)


def _written(data_dir: Path, fresh: Path, now: datetime, on_progress: Progress) -> Manifest:
    copy = fresh.with_name(DATABASE)
    _copy_database(data_dir / DATABASE, copy)
    with closing(_opened(copy)) as connection:
        manifest = _manifest(connection, copy, now, tuple(_keys_in(data_dir)))
    total = manifest.database.size + sum(each.size for each in manifest.blobs)
    done = 0
    with tarfile.open(fresh, "w") as archive:
        _add(archive, _MANIFEST, msgspec.json.encode(manifest))
        archive.add(copy, DATABASE, filter=_anonymous)
        done += manifest.database.size
        on_progress(done, total)
        for name in manifest.keys:
            _add(archive, name, (data_dir / name).read_bytes())
        for each in manifest.blobs:
            path = data_dir / "blobs" / each.sha256[:2] / each.sha256
            try:
                archive.add(path, f"blobs/{each.sha256}", filter=_anonymous)
            except FileNotFoundError as error:
                raise _Swept(each.sha256) from error
            done += each.size
            on_progress(done, total)
    return manifest


def _copy_database(source: Path, copy: Path) -> None:
    """A copy of one moment, in one step: writers go on meanwhile, and it never begins anew."""
    copy.unlink(missing_ok=True)
    with closing(_opened(source)) as there, closing(_opened(copy)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")


def _keys_in(data_dir: Path) -> Iterator[str]:
    """The keys of a service; one that an older version left has not all of them yet."""
    return (name for name in KEYS if name not in _LATER_KEYS or (data_dir / name).exists())


def _manifest(
    connection: "sqlcipher3.dbapi2.Connection", copy: Path, now: datetime, keys: tuple[str, ...]
) -> Manifest:
    one = connection.execute
    held = one("SELECT DISTINCT sha256, size FROM blob ORDER BY sha256").fetchall()
    return Manifest(
        format=FORMAT,
        at=now,
        epoch=str(one("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]),
        seq=int(one("SELECT value FROM counter WHERE name = 'seq'").fetchone()[0]),
        database=Held(_digest(copy), copy.stat().st_size),
        rows=_rows(connection),
        blobs=tuple(Held(str(sha256), int(size)) for sha256, size in held),
        keys=keys,
    )


def _rows(connection: "sqlcipher3.dbapi2.Connection") -> dict[str, int]:
    names = [str(row[0]) for row in connection.execute(_TABLES).fetchall()]
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608  (our own tables)
        for name in sorted(names)
    }


def _verify(file: Path, scratch: Path) -> Manifest:
    """Open what was written, as a restore would, and hold it to its manifest."""
    scratch.mkdir()
    manifest = _extract(file, scratch)
    with closing(_opened(scratch / DATABASE)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)] or _rows(connection) != manifest.rows:
            raise _damaged(file)
    return manifest


def _extract(file: Path, into: Path) -> Manifest:
    """Everything of a backup, each part held to its digest. Names are ours, never the archive's."""
    try:
        with tarfile.open(file, "r:") as archive:
            manifest = msgspec.json.decode(_next(archive, _MANIFEST).read(), type=Manifest)
            if manifest.format > FORMAT:
                raise CXError("problem.backup-newer", path=str(file))
            _take(archive, DATABASE, into / DATABASE, manifest.database)
            if not set(manifest.keys) <= set(KEYS):
                raise tarfile.ReadError(_MANIFEST)
            for name in manifest.keys:
                _write_private(into / name, _next(archive, name))
            for each in manifest.blobs:
                _take(archive, f"blobs/{each.sha256}", into / each.sha256, each)
    except (tarfile.TarError, msgspec.DecodeError, EOFError) as error:
        raise _damaged(file) from error
    return manifest


def _take(archive: tarfile.TarFile, name: str, path: Path, held: Held) -> None:
    if _write_private(path, _next(archive, name)) != held.sha256:
        raise tarfile.ReadError(name)


def _next(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.next()
    content = archive.extractfile(member) if member and member.name == name else None
    if content is None:
        raise tarfile.ReadError(name)
    return content


def _write_private(path: Path, content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _standing(database: Path) -> int:
    """Where the database stands that is there; refuses one that a service has open."""
    if not database.exists():
        return 0
    try:
        with closing(sqlcipher3.dbapi2.connect(str(database), timeout=0)) as connection:
            # Leaving the write-ahead log needs the file alone: a running service keeps it open.
            connection.execute("PRAGMA journal_mode = DELETE")
            query = "SELECT value FROM counter WHERE name = 'seq'"
            return int(connection.execute(query).fetchone()[0])
    except sqlcipher3.dbapi2.OperationalError as error:
        if "locked" in str(error):
            raise CXError("problem.restore-running", path=str(database.parent)) from error
        return 0
    except sqlcipher3.dbapi2.DatabaseError:
        return 0  # it cannot be read: that is why there is a restore


def _told(data_dir: Path) -> Told:
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((data_dir / SIDECAR).read_bytes(), type=Told)
    return Told("", 0)


def _put_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    aside = database.with_name(f"service-before-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}.db")
    database.replace(aside)
    for suffix in ("-wal", "-shm"):
        beside = database.with_name(database.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def _place(scratch: Path, data_dir: Path) -> None:
    """Move what was extracted to its place; what is there already stays."""
    for path in scratch.iterdir():
        if path.name in KEYS:
            path.replace(data_dir / path.name)
        elif path.name != DATABASE:
            home = data_dir / "blobs" / path.name[:2] / path.name
            home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(home)
    (scratch / DATABASE).replace(data_dir / DATABASE)


def _tell(data_dir: Path, manifest: Manifest) -> None:
    """Let the service say what is safe, unless it has begun to count anew meanwhile."""
    engine = engine_for(data_dir / DATABASE, begin="BEGIN IMMEDIATE", pool_size=1)
    try:
        with engine.begin() as connection:
            query = "SELECT value FROM meta WHERE key = 'epoch'"
            if connection.exec_driver_sql(query).scalar() == manifest.epoch:
                set_durable_seq(connection, manifest.seq)
    finally:
        engine.dispose()


def _opened(path: Path) -> "sqlcipher3.dbapi2.Connection":
    return sqlcipher3.dbapi2.connect(str(path), timeout=10)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of whoever runs the service."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _named(fresh: Path, to: Path) -> None:
    fresh.chmod(0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(fresh, to)


def _written_whole(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    _write_private(fresh, io.BytesIO(content))
    fresh.replace(path)


def _damaged(file: Path) -> CXError:
    return CXError("problem.backup-damaged", path=str(file))


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CXError("problem.backup-disk", path=str(path), why=why) from error
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise CXError("problem.backup-damaged", path=str(path)) from error
