"""The one way to write: all or nothing, also where SQLite rolls back on its own.

On a full disk (and some other errors) SQLite has *already* rolled back when the error arrives: the
connection is in autocommit, and whatever runs next would commit alone (``sync.md`` 2.2). So every
statement of a transaction first asks whether the transaction still lives, COMMIT asks again, and
ROLLBACK is only sent to one that does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, RootTransaction, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from cx_desktop.cache.driver import ERRORS
from cx_desktop.domain.errors import CXError

#: SQLite result codes (their low byte) that are the world's fault, and what they are called.
#: The numbers are part of SQLite's file-format-stable interface.
_SQLITE_BUSY, _SQLITE_READONLY, _SQLITE_IOERR, _SQLITE_CORRUPT = 5, 8, 10, 11
_SQLITE_FULL, _SQLITE_CANTOPEN, _SQLITE_NOTADB = 13, 14, 26
UNREADABLE = frozenset({_SQLITE_CORRUPT, _SQLITE_NOTADB})
_KEY_BY_CODE = {
    _SQLITE_BUSY: "problem.cache-busy",
    _SQLITE_READONLY: "problem.cache-not-writable",
    _SQLITE_CANTOPEN: "problem.cache-not-writable",
    _SQLITE_IOERR: "problem.cache-not-writable",
    _SQLITE_FULL: "problem.disk-full",
    _SQLITE_CORRUPT: "problem.cache-damaged",
    _SQLITE_NOTADB: "problem.cache-damaged",
}


class TransactionLost(Exception):  # noqa: N818  (it says what happened)
    """SQLite rolled back by itself, and somebody swallowed the error that said so."""


def code_of(error: BaseException) -> int | None:
    """SQLite's primary result code of a database error."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


@contextmanager
def database_errors() -> Iterator[None]:
    """Say in our words what is the world's fault; a bug stays what it is."""
    try:
        yield
    except ERRORS as error:
        key = _KEY_BY_CODE.get(code_of(error) or 0)
        if key is None:
            raise
        raise CXError(key) from error


def is_open(connection: Connection) -> bool:
    """Whether SQLite itself is inside a transaction."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", False))


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """One write transaction. The first error leaves the block, and nothing of it remains."""
    with database_errors():
        began = connection.begin()
        is_done = False
        try:
            connection.connection.cursor().execute("BEGIN IMMEDIATE")
            connection.info["writes"] = True
            yield connection
            _still_open(connection)
            began.commit()
            is_done = True
        finally:
            connection.info["writes"] = False
            if not is_done:
                _give_up(connection, began)


def _give_up(connection: Connection, began: RootTransaction) -> None:
    """Leave nothing of it, also where COMMIT itself has failed: the next one must be able to begin.

    SQLAlchemy calls a transaction inactive whose COMMIT failed, and holds the connection for it.
    """
    try:
        if is_open(connection):
            connection.connection.cursor().execute("ROLLBACK")
    finally:
        began.rollback()


def _still_open(connection: Connection) -> None:
    if not is_open(connection):
        raise TransactionLost


@contextmanager
def overwriting(connection: Connection) -> Iterator[None]:
    """What is deleted is overwritten: the user's key would still open the page."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def checkpoint(connection: Connection) -> bool:
    """Let the write-ahead log forget what it held; whether nobody kept it from that."""
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def guard(engine: Engine) -> None:
    """Refuse any statement of a transaction that SQLite has already given up."""

    @event.listens_for(engine, "before_cursor_execute")
    def check(connection: Connection, *_statement: object) -> None:
        if connection.info.get("writes"):
            _still_open(connection)
