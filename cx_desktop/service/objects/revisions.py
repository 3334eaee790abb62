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


def live(connection: Connection, found: Entity) -> Entity | None:
    """The revision that callers hear of an object now."""
    number = found.data.get("live_revision")
    return numbered(connection, found.id, number) if isinstance(number, int) else None


def live_document(connection: Connection, found: Entity) -> Document | None:
    """What callers hear of an object now."""
    revision = live(connection, found)
    document = revision.data.get("document") if revision else None
    return document if isinstance(document, dict) else None


def content(revision: Entity) -> tuple[Document, dict[str, int]]:
    """What a revision says, and the versions of other objects that it uses."""
    document, pins = revision.data["document"], revision.data["pins"]
    if not isinstance(document, dict) or not isinstance(pins, dict):
        raise TypeError(f"revision {revision.id} is not whole")
    return document, pins


def are_heard_alike(connection: Connection, object_id: str, one: int, other: int) -> bool:
    """Whether callers hear the same from two revisions of an object."""
    if one == other:
        return True
    found = [numbered(connection, object_id, each) for each in (one, other)]
    heard = [each and (each.data["sha256"], each.data["pins"]) for each in found]
    return heard[0] is not None and heard[0] == heard[1]
