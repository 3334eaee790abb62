"""Entities and their base shadows as stored: the smallest steps that transactions are made of.

What must always hold: a row without unsettled edits equals the service's row, byte by byte; one
with edits is ``dirty`` and equals its shadow with those edits applied (``sync.md`` I7).
"""

import uuid
from typing import cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from cx_desktop.cache import tables
from cx_desktop.cache.values import Row
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import PerProject, Stream

STREAM_BY_TYPE: dict[str, Stream | PerProject] = {
    "project": Stream.PROJECTS,
    "queue": Stream.CONFIG,
    "form": Stream.CONFIG,
    "schedule": Stream.CONFIG,
    "prompt": Stream.CONFIG,
    "number": Stream.CONFIG,
    "emergency": Stream.CONFIG,
    "timed_publication": Stream.CONFIG,
    "flow": Stream.FLOWS,
    "revision": Stream.REVISIONS,
    "note": PerProject.NOTES,
    "labels": PerProject.NOTES,
    "evaluation": PerProject.NOTES,
    "worklist": PerProject.NOTES,
}


def key_of(entity_id: str) -> bytes:
    """An id as it is stored. Raises ``ValueError`` for what is no UUID."""
    return uuid.UUID(entity_id).bytes


def id_of(key: bytes) -> str:
    """An id as it is said."""
    return str(uuid.UUID(bytes=key))


def document_of(data: bytes) -> Document:
    """The JSON object in these bytes."""
    return msgspec.json.decode(data, type=dict[str, object])


class Stored(Struct, frozen=True):
    """An entity row."""

    key: bytes
    type: str
    stream: str
    project_key: bytes | None
    ver: int
    seq: int
    gen: int
    dirty: bool
    data: bytes

    def row(self) -> Row:
        """The row as the rest of the program sees it."""
        return Row(
            type=self.type,
            id=id_of(self.key),
            ver=self.ver,
            seq=self.seq,
            project_id=None if self.project_key is None else id_of(self.project_key),
            is_dirty=self.dirty,
            data=document_of(self.data),
        )


class Shadow(Struct, frozen=True):
    """What the service last said of an entity that has unsettled edits here."""

    ver: int
    seq: int
    gone: bool
    data: bytes


COLUMNS = tuple(tables.entity.columns)
_LOAD = select(*COLUMNS).where(tables.entity.c.id == bindparam("key"))
_REMOVE = delete(tables.entity).where(tables.entity.c.id == bindparam("key"))
_LOAD_SHADOW = select(tables.base_shadow).where(tables.base_shadow.c.id == bindparam("key"))
_DROP_ORIGIN = delete(tables.edit_base).where(tables.edit_base.c.id == bindparam("key"))
_KEEP_ORIGIN = (
    insert(tables.edit_base)
    .prefix_with("OR IGNORE")
    .from_select(
        ["id", "data"],
        select(tables.base_shadow.c.id, tables.base_shadow.c.data).where(
            tables.base_shadow.c.id == bindparam("key")
        ),
    )
)
_DROP_SHADOW = delete(tables.base_shadow).where(tables.base_shadow.c.id == bindparam("key"))
_STORE = insert(tables.entity).prefix_with("OR REPLACE")
_SET_SHADOW = insert(tables.base_shadow).prefix_with("OR REPLACE")
_EFFECTIVE = (
    update(tables.entity)
    .where(tables.entity.c.id == bindparam("key"))
    .values(data=bindparam("value"), dirty=1)
)


def stored_of(record: tuple[object, ...]) -> Stored:
    """A selected record of ``COLUMNS`` as a value."""
    return msgspec.convert(tuple(record), _StoredTuple).stored()


class _StoredTuple(Struct, array_like=True):
    key: bytes
    type: str
    stream: str
    project_key: bytes | None
    ver: int
    seq: int
    gen: int
    dirty: int
    data: bytes

    def stored(self) -> Stored:
        return Stored(
            key=self.key,
            type=self.type,
            stream=self.stream,
            project_key=self.project_key,
            ver=self.ver,
            seq=self.seq,
            gen=self.gen,
            dirty=bool(self.dirty),
            data=self.data,
        )


def new_entity(entity_type: str, key: bytes, value: Document) -> Stored:
    """A row for an entity that only this computer knows."""
    project = value.get("project_id")
    family = STREAM_BY_TYPE[entity_type]
    return Stored(
        key=key,
        type=entity_type,
        stream=family.of(str(project)) if isinstance(family, PerProject) else family,
        project_key=key_of(project) if isinstance(project, str) else None,
        ver=0,
        seq=0,
        gen=0,
        dirty=True,
        data=msgspec.json.encode(value),
    )


def load(connection: Connection, key: bytes) -> Stored | None:
    """The row of an entity."""
    record = connection.execute(_LOAD, {"key": key}).one_or_none()
    return None if record is None else stored_of(cast("tuple[object, ...]", record))


def store(connection: Connection, row: Stored) -> None:
    """Write the row of an entity."""
    values = msgspec.structs.asdict(row)
    values["id"] = values.pop("key")
    values["project_id"] = values.pop("project_key")
    connection.execute(_STORE, values)


def remove(connection: Connection, key: bytes) -> None:
    """Take an entity and its shadow away."""
    connection.execute(_REMOVE, {"key": key})
    drop_shadow(connection, key)


def set_effective(connection: Connection, key: bytes, value: Document) -> None:
    """Write what an entity with unsettled edits now looks like."""
    connection.execute(_EFFECTIVE, {"key": key, "value": msgspec.json.encode(value)})


def load_shadow(connection: Connection, key: bytes) -> Shadow | None:
    """What the service last said of a dirty entity."""
    record = connection.execute(_LOAD_SHADOW, {"key": key}).one_or_none()
    if record is None:
        return None
    return Shadow(record.ver, record.seq, bool(record.gone), record.data)


def set_shadow(connection: Connection, key: bytes, shadow: Shadow) -> None:
    """Keep what the service last said of a dirty entity."""
    connection.execute(_SET_SHADOW, {"id": key, **msgspec.structs.asdict(shadow)})


def drop_shadow(connection: Connection, key: bytes) -> None:
    """Forget the shadow of an entity that is clean again."""
    connection.execute(_DROP_SHADOW, {"key": key})
    drop_origin(connection, key)


def load_origin(connection: Connection, key: bytes) -> bytes | None:
    """What an entity's edits were made on, where the service has moved on since."""
    found = select(tables.edit_base.c.data).where(tables.edit_base.c.id == key)
    return connection.execute(found).scalar()


def keep_origin(connection: Connection, key: bytes) -> None:
    """The shadow is about to move on: what edits were made on is kept, for a merge."""
    connection.execute(_KEEP_ORIGIN, {"key": key})


def set_origin(connection: Connection, key: bytes, data: bytes) -> None:
    """Say what the edits that remain were made on."""
    values = {"id": key, "data": data}
    connection.execute(insert(tables.edit_base).prefix_with("OR REPLACE"), values)


def drop_origin(connection: Connection, key: bytes) -> None:
    """Edits are on top of the shadow again, or there are none."""
    connection.execute(_DROP_ORIGIN, {"key": key})
