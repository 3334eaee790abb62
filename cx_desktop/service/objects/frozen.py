"""The drafts that timed publications froze: kept word for word until those are over."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from cx_desktop.domain.patch import Document, encode
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import frozen as table


class Frozen(Struct, frozen=True):
    """A document, and the versions of other objects that it uses."""

    document: Document
    pins: dict[str, int]


def freeze(
    txn: Txn, timed_id: str, project_id: str, object_id: str, document: Document, pins: object
) -> None:
    """Keep a document as it is now."""
    txn.connection.execute(
        insert(table).values(
            timed_id=timed_id,
            object_id=object_id,
            project_id=project_id,
            document=encode(document),
            pins=msgspec.json.encode(pins),
        )
    )


def of_timed(connection: Connection, timed_id: str) -> Mapping[str, Frozen]:
    """What a timed publication froze, by object."""
    rows = connection.execute(select(table).where(table.c.timed_id == timed_id))
    return {row.object_id: _read(row.document, row.pins) for row in rows}


def of_object(connection: Connection, object_id: str) -> Iterator[Document]:
    """What is frozen of an object."""
    query = select(table.c.document, table.c.pins).where(table.c.object_id == object_id)
    for row in connection.execute(query):
        yield _read(row.document, row.pins).document


def thaw(txn: Txn, timed_id: str) -> None:
    """Let go of what a timed publication froze."""
    txn.connection.execute(delete(table).where(table.c.timed_id == timed_id))


def _read(document: bytes, pins: bytes) -> Frozen:
    return Frozen(
        document=msgspec.json.decode(document, type=dict[str, object]),
        pins=msgspec.json.decode(pins, type=dict[str, int]),
    )
