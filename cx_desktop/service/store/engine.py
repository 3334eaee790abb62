"""Connections to one SQLite file through the bundled, recent library; never the system's."""

from pathlib import Path

import sqlcipher3.dbapi2  # type: ignore[import-untyped]  # the wheel carries no types
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

#: Older libraries can corrupt a WAL database that two connections write (``sync.md`` 0.1).
OLDEST_SQLITE = (3, 51, 3)
#: For how many milliseconds a statement waits for others.
PATIENCE = 10_000
#: What is deleted is overwritten, so that nobody finds a caller in the file (REC-01).
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    f"busy_timeout = {PATIENCE}",
    "secure_delete = ON",
)


def engine_for(path: Path, *, begin: str, pool_size: int) -> Engine:
    """An engine whose transactions start with ``begin`` (``BEGIN`` or ``BEGIN IMMEDIATE``)."""
    if sqlcipher3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {sqlcipher3.dbapi2.sqlite_version} has the WAL-reset bug")
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        module=sqlcipher3.dbapi2,
        pool_size=pool_size,
        max_overflow=40,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy's events begin; the driver must not
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]  # the event gives a Connection

    return engine
