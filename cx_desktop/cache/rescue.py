"""What is done with a cache that cannot be read: never an empty one in its place, silently.

The file is moved aside under a dated name. What can still be read of its unsent edits goes into a
new file, with what it needs to be sent; then an error says where the old one lies and how many
edits were saved. A file moved aside because of a wrong key comes back when the right one is given.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, Table, insert
from sqlalchemy.engine import Engine, RowMapping

from cx_desktop.cache import database, tables
from cx_desktop.cache.driver import ERRORS
from cx_desktop.cache.overdue import UNREADABLE
from cx_desktop.cache.transaction import database_errors, transaction
from cx_desktop.cache.values import UNSETTLED, OpState
from cx_desktop.domain.errors import CXError

_STATES = frozenset(state.value for state in UNSETTLED)


class Salvage(Struct):
    """What could be read of an unreadable cache."""

    outbox: list[dict[str, object]]
    shadows: list[dict[str, object]]
    entities: list[dict[str, object]]


def open_engine(path: Path, key: bytes, now: datetime) -> Engine:
    """Connections to the cache, which is there, whole, and readable with this key."""
    if not any(each.exists() for each in database.siblings(path)):
        _come_back(path, key)
    if not any(each.exists() for each in database.siblings(path)):
        database.create(path, key)
        _seed_counter(path, key, now)
    engine = database.engine_for(path, key)
    suspect = path.with_name(database.SUSPECT)
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        try:
            size = path.stat().st_size if path.exists() else 0
            every_page = size <= database.VERIFIED_AT_START or suspect.exists()
            database.probe(engine, size=size, every_page=every_page)
        except database.Unreadable as error:
            engine.dispose()
            aside = _move_aside(path, now)
            saved = _save(aside, path, key, now)
            suspect.unlink(missing_ok=True)
            raise CXError("problem.cache-unreadable", where=str(aside), count=saved) from error
        undo.pop_all()
    suspect.unlink(missing_ok=True)
    return engine


def _move_aside(path: Path, now: datetime) -> Path:
    stamp = now.strftime("%Y-%m-%dT%H-%M-%S")
    names = [f"{UNREADABLE}{stamp}.db", *(f"{UNREADABLE}{stamp}-{n}.db" for n in range(2, 100))]
    aside = next(p for name in names if not (p := path.with_name(name)).exists())
    for old, new in zip(database.siblings(path), database.siblings(aside), strict=True):
        if old.exists():
            old.rename(new)
    return aside


def _come_back(path: Path, key: bytes) -> None:
    """Take back the newest file that was moved aside, if nothing is wrong with it after all."""
    for aside in sorted(path.parent.glob(f"{UNREADABLE}*.db"), reverse=True):
        engine = database.engine_for(aside, key)
        try:
            database.probe(engine, size=aside.stat().st_size, every_page=True)
        except (database.Unreadable, CXError):
            continue
        finally:
            engine.dispose()
        for old, new in zip(database.siblings(aside), database.siblings(path), strict=True):
            if old.exists():
                old.rename(new)
        return


def _save(aside: Path, path: Path, key: bytes, now: datetime) -> int:
    """Put the readable unsent edits of ``aside`` into a new cache; how many those are."""
    if not aside.exists() or aside.stat().st_size == 0:
        return 0  # SQLite would take it for a new file, and write to it
    engine = database.engine_for(aside, key)
    try:
        with engine.connect() as connection:
            salvage = _read(connection)
    except ERRORS:
        return 0
    finally:
        engine.dispose()
    if not salvage.outbox:
        return 0
    database.create(path, key)
    _seed_counter(path, key, now)
    fresh = database.engine_for(path, key)
    try:
        with fresh.connect() as connection, transaction(connection):
            _write(connection, salvage)
    finally:
        fresh.dispose()
    return len(salvage.outbox)


def _read(connection: Connection) -> Salvage:
    edits = [each for each in _readable(connection, tables.outbox, "n") if each["state"] in _STATES]
    wanted = {each["id"] for each in edits}
    shadows, entities = (
        [each for each in _readable(connection, table, "rowid") if each["id"] in wanted]
        for table in (tables.base_shadow, tables.entity)
    )
    return Salvage(edits, shadows, [each for each in entities if each["dirty"]])


def _readable(connection: Connection, table: Table, order: str) -> list[dict[str, object]]:
    """Rows from both ends of a table, up to where a damaged page stops each way."""
    found: dict[object, dict[str, object]] = {}
    for direction in ("ASC", "DESC"):
        statement = f"SELECT rowid AS _row, * FROM {table.name} ORDER BY {order} {direction}"  # noqa: S608  (names of our own tables)
        for row in _until_damage(connection, statement):
            values = dict(row)
            found.setdefault(values.pop("_row"), values)
    return list(found.values())


def _until_damage(connection: Connection, statement: str) -> Iterable[RowMapping]:
    try:
        yield from connection.exec_driver_sql(statement).mappings()
    except ERRORS:
        return


def _write(connection: Connection, salvage: Salvage) -> None:
    for each in sorted(salvage.outbox, key=lambda edit: int(str(edit["n"]))):
        # Whether it was sent is not certain any more: it stays as it is, under its old op id.
        attempts = max(1, int(str(each["attempts"])))
        disputed = each["state"] in {OpState.CONFLICT.value, OpState.REJECTED.value}
        state = each["state"] if disputed else OpState.PENDING.value
        connection.execute(insert(tables.outbox), {**each, "attempts": attempts, "state": state})
    for table, rows in (
        (tables.base_shadow, salvage.shadows),
        (tables.entity, salvage.entities),
    ):
        for row in rows:
            connection.execute(insert(table), row)


def _seed_counter(path: Path, key: bytes, now: datetime) -> None:
    """Begin the op counter beyond any that this device can have used in a cache before this one.

    The service tells a cloned device by a counter that goes back (``sync.md`` 1.6).
    """
    start = int(now.timestamp() * 1000)
    engine = database.engine_for(path, key)
    try:
        with database_errors(), engine.connect() as connection, transaction(connection):
            connection.exec_driver_sql(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", (start,)
            )
    finally:
        engine.dispose()
