"""What must hold in the cache at any moment between transactions, as a look at all of it."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from cx_desktop.cache import chains, entities, tables
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import STREAM_BY_TYPE, Stored, document_of, id_of, stored_of
from cx_desktop.cache.rebase import rebase
from cx_desktop.protocol import family_of


def faults(connection: Connection) -> tuple[str, ...]:
    """Each contradiction in a sentence; none when the invariants 5 and 7 of ``sync.md`` hold."""
    return (*_effective(connection), *_shadows(connection), *_streams(connection))


def _effective(connection: Connection) -> Iterator[str]:
    edits: dict[bytes, list[Record]] = {}
    for record in chains.unsettled(connection):
        edits.setdefault(record.key, []).append(record)
    for found in connection.execute(select(*entities.COLUMNS)):
        row = stored_of(tuple(found))
        chain = edits.pop(row.key, [])
        if row.dirty != bool(chain):
            yield f"{row.type} {id_of(row.key)}: dirty is {row.dirty}, edits {len(chain)}"
        elif chain:
            yield from _rebased(connection, row, chain)
    # After a rescue edits may wait for their rows until their stream has been read again.
    unread = select(tables.stream.c.name).where(tables.stream.c.cursor == "")
    awaited = {family_of(name) for name in connection.execute(unread).scalars()}
    read = select(tables.stream.c.name).where(tables.stream.c.cursor != "")
    whole = {family_of(name) for name in connection.execute(read).scalars()} - awaited
    for key, chain in edits.items():
        if STREAM_BY_TYPE[chain[0].entity] in whole:
            yield f"{chain[0].entity} {id_of(key)}: edits without a row"


def _rebased(connection: Connection, row: Stored, chain: list[Record]) -> Iterator[str]:
    shadow = entities.load_shadow(connection, row.key)
    expected = rebase(None if shadow is None else document_of(shadow.data), chain)
    if expected != document_of(row.data):
        yield f"{row.type} {id_of(row.key)}: effective value is not base with edits"
    if shadow is not None and (row.ver, row.seq) != (shadow.ver, shadow.seq):
        yield f"{row.type} {id_of(row.key)}: row and shadow are of other versions"


def _shadows(connection: Connection) -> Iterator[str]:
    dirty = select(tables.entity.c.id).where(tables.entity.c.dirty == 1)
    stray = select(tables.base_shadow.c.id).where(tables.base_shadow.c.id.not_in(dirty))
    for key in connection.execute(stray).scalars():
        yield f"{id_of(key)}: a shadow without edits"


def _streams(connection: Connection) -> Iterator[str]:
    for stream in connection.execute(select(tables.stream)).mappings():
        newest = (
            select(tables.entity.c.gen)
            .where(tables.entity.c.stream == stream["name"])
            .order_by(tables.entity.c.gen.desc())
            .limit(1)
        )
        gen = connection.execute(newest).scalar() or 0
        limit = stream["gen"] + (0 if stream["cursor"] else 1)
        if gen > limit:
            yield f"{stream['name']}: rows of generation {gen}, read up to {limit}"
