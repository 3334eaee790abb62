"""Published versions of objects: found by number, never changed."""

from collections.abc import Iterator

from sqlalchemy import Connection, insert, select

from cx_desktop.domain.patch import Document
from cx_desktop.service.store import Entity, Txn, entities
from cx_desktop.service.store.tables import revision_index as index


def numbered(connection: Connection, object_id: str, number: int) -> Entity | None:
    """The revision of an object with a number."""
    revision_id = connection.execute(
        select(index.c.id).where(index.c.object_id == object_id, index.c.number == number)
    ).scalar()
    return None if revision_id is None else entities.load(connection, "revision", revision_id)


def of_object(connection: Connection, object_id: str) -> Iterator[Entity]:
    """The revisions of an object, oldest first."""
    query = select(index.c.id).where(index.c.object_id == object_id).order_by(index.c.number)
    for revision_id in connection.execute(query).scalars().all():
        found = entities.load(connection, "revision", revision_id)
        if found is not None:
            yield found


def last_number(connection: Connection, object_id: str) -> int:
    """The number of the newest revision; 0 when nothing was ever published."""
    newest = connection.execute(
        select(index.c.number)
        .where(index.c.object_id == object_id)
        .order_by(index.c.number.desc())
        .limit(1)
    ).scalar()
    return int(newest or 0)


def enter(txn: Txn, object_id: str, number: int, revision_id: str) -> None:
    """Make a revision findable by its number."""
    txn.connection.execute(insert(index).values(object_id=object_id, number=number, id=revision_id))


def live_document(connection: Connection, found: Entity) -> Document | None:
    """What callers hear of an object now."""
    number = found.data.get("live_revision")
    live = numbered(connection, found.id, number) if isinstance(number, int) else None
    document = live.data.get("document") if live else None
    return document if isinstance(document, dict) else None
