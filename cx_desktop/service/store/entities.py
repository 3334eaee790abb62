"""Entities as the service keeps them: one row each, the JSON verbatim beside what is searched."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, RowMapping, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.domain.patch import Document
from cx_desktop.protocol import PerProject, Stream, is_large
from cx_desktop.service.store import checksums
from cx_desktop.service.store.store import Moved, Txn
from cx_desktop.service.store.tables import counter
from cx_desktop.service.store.tables import entity as table

STREAM_OF: dict[str, Stream | PerProject] = {
    "project": Stream.PROJECTS,
    "queue": Stream.CONFIG,
    "form": Stream.CONFIG,
    "recording_policy": Stream.CONFIG,
    "schedule": Stream.CONFIG,
    "prompt": Stream.CONFIG,
    "number": Stream.CONFIG,
    "emergency": Stream.CONFIG,
    "timed_publication": Stream.CONFIG,
    "flow": Stream.FLOWS,
    "revision": Stream.REVISIONS,
    "recording": PerProject.RECORDINGS,
    "note": PerProject.NOTES,
    "labels": PerProject.NOTES,
    "evaluation": PerProject.NOTES,
    "worklist": PerProject.NOTES,
}


class Entity(Struct, frozen=True):
    """One entity at one version. ``data`` always tells its type, id and version itself."""

    type: str
    id: str
    project_id: str
    ver: int
    seq: int
    data: Document


#: What an entity is read from.
COLUMNS = (table.c.type, table.c.id, table.c.project_id, table.c.ver, table.c.seq, table.c.data)


def load(connection: Connection, entity_type: str, entity_id: str) -> Entity | None:
    """An entity by its id, unless it is gone or of another type."""
    query = select(*COLUMNS).where(
        table.c.id == entity_id, table.c.type == entity_type, table.c.gone.is_(None)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else of_row(row)


def buried(connection: Connection, entity_type: str, entity_id: str) -> tuple[str, str] | None:
    """The project of an entity that is gone, and why it went."""
    query = select(table.c.project_id, table.c.gone).where(
        table.c.id == entity_id, table.c.type == entity_type, table.c.gone.is_not(None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.project_id, row.gone)


def exists(connection: Connection, entity_id: str) -> bool:
    """Whether an id was ever used, by any type, also if gone."""
    return connection.execute(select(table.c.id).where(table.c.id == entity_id)).first() is not None


def each(
    connection: Connection,
    entity_type: str,
    *,
    project_ids: Iterable[str] | None = None,
) -> Iterator[Entity]:
    """The entities of a type, in the order of their ids; of some projects or of all."""
    query = select(*COLUMNS).where(table.c.type == entity_type, table.c.gone.is_(None))
    if project_ids is not None:
        query = query.where(table.c.project_id.in_(list(project_ids)))
    else:  # found by the index of streams; there is none of types alone
        stream = STREAM_OF[entity_type]
        first, end = (stream.of(""), f"{stream};") if isinstance(stream, PerProject) else ("", "")
        query = query.where(
            table.c.stream.between(first, end) if first else table.c.stream == stream.value
        )
    for row in connection.execute(query.order_by(table.c.id)).mappings():
        yield of_row(row)


def save(txn: Txn, entity_type: str, entity_id: str, project_id: str, data: Document) -> Entity:
    """Write the next version of an entity, at the next place in the order of commits."""
    query = select(table.c.ver, table.c.gone).where(table.c.id == entity_id)
    known = txn.connection.execute(query).one_or_none()
    ver = (0 if known is None else int(known.ver)) + 1
    stream = _stream_of(entity_type, project_id)
    saved = Entity(
        type=entity_type,
        id=entity_id,
        project_id=project_id,
        ver=ver,
        seq=txn.next_seq(),
        data={"type": entity_type, "id": entity_id} | data | {"ver": ver},
    )
    values = {
        "id": entity_id,
        "type": entity_type,
        "stream": stream,
        "project_id": project_id,
        "ver": ver,
        "seq": saved.seq,
        "gone": None,
        "data": msgspec.json.encode(saved.data),
        "at": txn.now,
    }
    txn.connection.execute(
        insert(table).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
    )
    if is_large(stream):
        if known is None or known.gone is not None:
            recount(txn.connection, stream, 1)
        else:
            checksums.went(txn.connection, stream, [(entity_id, known.ver)])
        checksums.came(txn.connection, stream, [(entity_id, ver)])
    txn.moved.append(Moved(stream=stream, project_id=project_id, seq=saved.seq))
    return saved


def _stream_of(entity_type: str, project_id: str) -> str:
    stream = STREAM_OF[entity_type]
    return stream.of(project_id) if isinstance(stream, PerProject) else stream.value


def recount(connection: Connection, stream: str, more: int) -> None:
    """So many rows of a large stream came or went: nobody counts a million at each hello."""
    counted = insert(counter).values(name=f"rows:{stream}", value=more)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["name"], set_={"value": counter.c.value + more}
        )
    )


def remove(txn: Txn, entity_type: str, entity_id: str, reason: str) -> None:
    """Put a tombstone in the place of an entity: ``deleted``, ``retention`` or ``access``."""
    found = load(txn.connection, entity_type, entity_id)
    if found is None:
        return
    seq = txn.next_seq()
    txn.connection.execute(
        update(table)
        .where(table.c.id == entity_id)
        .values(ver=found.ver + 1, seq=seq, gone=reason, data=b"{}", at=txn.now)
    )
    stream = _stream_of(entity_type, found.project_id)
    if is_large(stream):
        recount(txn.connection, stream, -1)
        checksums.went(txn.connection, stream, [(entity_id, found.ver)])
    txn.moved.append(Moved(stream, found.project_id, seq))


def forget_tombstones(txn: Txn, *, before: datetime) -> None:
    """Drop old tombstones; cursors from before them are void from then on."""
    old = (table.c.gone.is_not(None), table.c.at < before)
    floor = txn.connection.execute(select(func.max(table.c.seq)).where(*old)).scalar()
    if floor is not None:
        txn.connection.execute(delete(table).where(*old))
        txn.connection.execute(
            update(counter).where(counter.c.name == "tombstone_floor").values(value=floor)
        )


def seqs_after(connection: Connection, seq: int) -> list[int]:
    """The places in the order of commits that are taken after one."""
    query = select(table.c.seq).where(table.c.seq > seq).order_by(table.c.seq)
    return list(connection.execute(query).scalars())


def etag(epoch: str, ver: int) -> str:
    """The strong ETag of a version, quotes included."""
    return f'"{epoch}-{ver}"'


def wire(epoch: str, ver: int, data: bytes) -> bytes:
    """An entity's JSON as it goes out: verbatim, with the ETag of this epoch in front."""
    return b'{"etag":"\\"%s-%d\\"",' % (epoch.encode(), ver) + data[1:]


def wired(epoch: str, entity: Entity) -> Document:
    """The same as ``wire``, decoded."""
    return {"etag": etag(epoch, entity.ver)} | entity.data


def of_row(row: RowMapping) -> Entity:
    """The entity of a row that holds ``COLUMNS``."""
    return Entity(
        type=row["type"],
        id=row["id"],
        project_id=row["project_id"],
        ver=row["ver"],
        seq=row["seq"],
        data=cast("Document", msgspec.json.decode(row["data"])),
    )
