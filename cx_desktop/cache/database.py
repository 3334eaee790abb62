"""The encrypted file and its connections.

The key is raw (256 bits, derived outside), given to each new connection before anything else; it is
in no URL and no log. Two kinds of connections write, both on the one writer thread: edits with
``synchronous=FULL``, since "saved" is a promise, pages with ``NORMAL``, since they can be fetched
again and the write-ahead log after a power cut is still a prefix (``sync.md`` 2.2).
"""

import sys
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from cx_desktop.cache.driver import DRIVER, ERRORS, VERSION, assert_engine
from cx_desktop.cache.migrations import migrate
from cx_desktop.cache.transaction import UNREADABLE, code_of, database_errors, guard
from cx_desktop.domain.errors import CXError

FILE = "cache.db"
#: Beside the file, while it is suspected: the next start verifies every page.
SUSPECT = "cache.suspect"
#: Up to this size every page is verified at each start (about 2 ms per MiB).
VERIFIED_AT_START = 32 << 20
_READERS = 4
#: What a writing connection keeps of the file: a page that is read again is decrypted again.
_PAGES_KIB = 16 << 10


class Unreadable(Exception):  # noqa: N818  (it says what the file is)
    """The file cannot be read with this key, or one of its pages is damaged."""


def siblings(path: Path) -> tuple[Path, ...]:
    """The database file with its write-ahead log and the log's index."""
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))


def engine_for(path: Path, key: bytes) -> Engine:
    """Connections to an encrypted file; once they are given back, the key is forgotten."""
    assert_engine()
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        module=DRIVER,
        pool_size=_READERS,
        max_overflow=_READERS,
        connect_args={"check_same_thread": False, "timeout": 5.0},
        hide_parameters=True,
    )

    secret = [key.hex()]

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if not secret:
            raise CXError("problem.signed-out")
        connection.isolation_level = None  # every BEGIN is ours
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")
        cursor.execute(f"PRAGMA key = \"x'{secret[0]}'\"")
        cursor.execute("PRAGMA cipher_version")
        if not cursor.fetchone():
            raise CXError("problem.sqlite-too-old", found=VERSION)
        cursor.execute("PRAGMA journal_mode = WAL")
        if sys.platform == "darwin":
            cursor.execute("PRAGMA fullfsync = ON")
            cursor.execute("PRAGMA checkpoint_fullfsync = ON")
        cursor.close()

    event.listen(engine, "connect", prepare, insert=True)
    event.listen(engine, "engine_disposed", lambda _engine: secret.clear())
    guard(engine)
    return engine


def writer(engine: Engine, synchronous: str) -> Connection:
    """A connection for the writer thread, which keeps it."""
    connection = engine.connect()
    connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_PAGES_KIB}")
    connection.commit()
    return connection


def create(path: Path, key: bytes) -> None:
    """Make a fresh file, visible under its name only when it is whole.

    So a file that is empty or cut short under that name was damaged later, and is never taken for
    a new one.
    """
    fresh = path.with_name(f"{path.name}-new")
    for leftover in siblings(fresh):
        leftover.unlink(missing_ok=True)
    with database_errors():
        engine = engine_for(fresh, key)
        try:
            with engine.connect() as connection:
                migrate(connection)
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        finally:
            engine.dispose()
    fresh.rename(path)


def probe(engine: Engine, *, size: int, every_page: bool) -> None:
    """Raise ``Unreadable`` when the file is none of ours, or damaged."""
    if size == 0:
        raise Unreadable  # a new file is never empty: ``create``
    try:
        with engine.connect() as connection:
            if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar():
                raise Unreadable
            if every_page and connection.exec_driver_sql("PRAGMA cipher_integrity_check").all():
                raise Unreadable
            connection.exec_driver_sql("SELECT * FROM outbox").all()
            connection.exec_driver_sql("SELECT * FROM stream").all()
    except ERRORS as error:
        if code_of(error) in UNREADABLE:
            raise Unreadable from error
        with database_errors():
            raise
