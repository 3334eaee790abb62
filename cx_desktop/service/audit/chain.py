"""The chain: every row holds the hash of the one before, so that none can be changed or dropped."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, RowMapping, insert, select

from cx_desktop.domain.patch import Document, encode
from cx_desktop.service.shapes import AuditRow
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import audit

GENESIS = "0" * 64


class Deed(Struct, frozen=True, kw_only=True):
    """What somebody did or read. Hashes of the object stand for its content."""

    who_id: str
    who_name: str
    verb: str
    entity: str = ""
    entity_id: str = ""
    project_id: str = ""
    before: str = ""
    after: str = ""
    detail: str = ""


def record(txn: Txn, deed: Deed) -> AuditRow:
    """Append a deed to the chain, in the transaction that does it."""
    last = txn.connection.execute(
        select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
    ).one_or_none()
    n, previous = (1, GENESIS) if last is None else (last.n + 1, last.hash)
    fields = msgspec.to_builtins(deed) | {"n": n, "previous": previous}
    row = msgspec.convert(fields | {"at": txn.now, "hash": _hash(fields, txn.now)}, AuditRow)
    txn.connection.execute(insert(audit).values(msgspec.structs.asdict(row)))
    return row


def digest(document: Document | None) -> str:
    """The hash that stands for an object in the chain; "" for none."""
    return "" if document is None else hashlib.sha256(encode(document)).hexdigest()


def rows(
    connection: Connection, *, after: int, limit: int, project_ids: frozenset[str] | None
) -> tuple[AuditRow, ...]:
    """The links after a number, of some projects or (None) of everything."""
    query = select(audit).where(audit.c.n > after).order_by(audit.c.n).limit(limit)
    if project_ids is not None:
        query = query.where(audit.c.project_id.in_(sorted(project_ids)))
    return tuple(_row(row) for row in connection.execute(query).mappings())


def rows_of(connection: Connection, entity_id: str) -> tuple[AuditRow, ...]:
    """Every link that is about one thing, oldest first."""
    query = select(audit).where(audit.c.entity_id == entity_id).order_by(audit.c.n)
    return tuple(_row(found) for found in connection.execute(query).mappings())


def row(connection: Connection, n: int) -> AuditRow | None:
    """One link by its number."""
    found = connection.execute(select(audit).where(audit.c.n == n)).mappings().one_or_none()
    return None if found is None else _row(found)


def is_whole(row: AuditRow) -> bool:
    """Whether a link holds the hash of what stands in it."""
    return row.hash == _hash(_fields(row), row.at)


def broken_links(connection: Connection) -> Iterator[int]:
    """The numbers of rows that do not follow from the row before them; none in a whole chain."""
    previous, n = GENESIS, 0
    for found in connection.execute(select(audit).order_by(audit.c.n)).mappings():
        row = _row(found)
        if row.n != n + 1 or row.previous != previous or not is_whole(row):
            yield row.n
        previous, n = row.hash, row.n


def _fields(row: AuditRow) -> Document:
    return {
        key: value
        for key, value in msgspec.structs.asdict(row).items()
        if key not in ("at", "hash")
    }


def _hash(fields: Document, at: datetime) -> str:
    return hashlib.sha256(encode(fields | {"at": at.isoformat()})).hexdigest()


def _row(found: RowMapping) -> AuditRow:
    return AuditRow(**found)
