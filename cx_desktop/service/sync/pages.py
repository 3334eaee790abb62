"""Pages and snapshots as lines of JSON, each closed by a checksum: no trailer, no page."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, func, select

from cx_desktop.protocol import Gone, Mark, PageEnd, PageHead, Seal
from cx_desktop.service.keys import Keys
from cx_desktop.service.store import Store, entities
from cx_desktop.service.store.store import high_seq
from cx_desktop.service.store.tables import entity
from cx_desktop.service.sync import cursors
from cx_desktop.service.sync.cursors import View

#: A page ends after this many bytes of rows, or at its limit of rows, whichever comes first.
PAGE_BYTES = 2_000_000
PAGE_ROWS = 5_000
MARK_EVERY = 1_000


class Row(Struct, frozen=True):
    """What a stream needs of an entity."""

    id: str
    ver: int
    seq: int
    gone: str | None
    data: bytes


def changes(
    keys: Keys, connection: Connection, seen: View, *, cursor: str, limit: int, now: datetime
) -> bytes:
    """What moved in a stream after a cursor, in the order of commits."""
    since = cursors.take(keys, connection, seen, cursor).seq if cursor else 0
    query = _visible(seen).where(entity.c.seq > since).order_by(entity.c.seq).limit(limit + 1)
    lines: list[bytes] = []
    size, end, has_more = 0, high_seq(connection), False
    last = since
    for row in _rows(connection, query):
        if len(lines) == limit or size > PAGE_BYTES:
            has_more, end = True, last
            break
        line = _line(seen.epoch, row)
        lines.append(line)
        size += len(line)
        last = row.seq
    head = PageHead(
        epoch=seen.epoch,
        stream=seen.stream.value,
        high_seq=high_seq(connection),
        has_more=has_more,
        server_time=now,
        since=cursor,
    )
    seal = Seal(_json(head))
    for line in lines:
        seal.add(line)
    return b"".join([_json(head), *lines, _end(seal, cursors.give(keys, seen, end))])


def snapshot(
    keys: Keys, store: Store, seen: View, *, resume: str, now: datetime
) -> Iterator[bytes]:
    """Everything in a stream by id; what changes meanwhile comes after it, by its end's cursor."""
    with store.read() as connection:
        high = high_seq(connection)
        if resume:
            place = cursors.take(keys, connection, seen, resume)
            start, after = place.seq, place.id
        else:
            start, after = high, ""
    head = PageHead(
        epoch=seen.epoch,
        stream=seen.stream.value,
        high_seq=high,
        has_more=False,
        server_time=now,
        since=resume,
    )
    return _snapshot_lines(keys, store, seen, _json(head), start, after)


def _snapshot_lines(
    keys: Keys, store: Store, seen: View, head: bytes, start: int, after: str
) -> Iterator[bytes]:
    seal = Seal(head)
    yield head
    while True:
        with store.read() as connection:
            query = (
                _visible(seen)
                .where(entity.c.gone.is_(None), entity.c.id > after)
                .order_by(entity.c.id)
                .limit(MARK_EVERY)
            )
            rows = list(_rows(connection, query))
        lines = [_line(seen.epoch, row) for row in rows]
        for line in lines:
            seal.add(line)
        if len(rows) < MARK_EVERY:
            break
        after = rows[-1].id
        resume = cursors.give(keys, seen, start, after_id=after)
        mark = Mark(rows=seal.rows, sha256=seal.closed_by(resume), resume=resume)
        yield b"".join([*lines, _json(mark)])
    yield b"".join([*lines, _end(seal, cursors.give(keys, seen, start))])


def _end(seal: Seal, cursor: str) -> bytes:
    return _json(PageEnd(rows=seal.rows, sha256=seal.closed_by(cursor), next=cursor))


def row_count(connection: Connection, seen: View) -> int:
    """How many entities of a stream the user may see."""
    query = _visible(seen).where(entity.c.gone.is_(None))
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def last_seq(connection: Connection, seen: View) -> int:
    """The last change in a stream that the user may see."""
    query = _visible(seen).order_by(entity.c.seq.desc()).limit(1)
    return next((row.seq for row in _rows(connection, query)), 0)


def versions(connection: Connection, seen: View) -> Iterator[tuple[str, int]]:
    """The id and version of every entity the user may see."""
    query = _visible(seen).where(entity.c.gone.is_(None))
    narrow = query.with_only_columns(entity.c.id, entity.c.ver)
    for row in connection.execute(narrow):
        yield row.id, row.ver


def exactly(connection: Connection, seen: View, ids: Iterable[str]) -> Iterator[entities.Entity]:
    """The entities with these ids that the user may see."""
    query = _visible(seen).where(entity.c.gone.is_(None), entity.c.id.in_(list(ids)))
    for found in connection.execute(query.with_only_columns(*entities.COLUMNS)).mappings():
        yield entities.of_row(found)


_Query = Select[str, int, int, str | None, bytes]


def _visible(seen: View) -> _Query:
    query: _Query = select(
        entity.c.id, entity.c.ver, entity.c.seq, entity.c.gone, entity.c.data
    ).where(entity.c.stream == seen.stream.value)
    if seen.projects is not None:
        query = query.where(entity.c.project_id.in_(sorted(seen.projects)))
    return query


def _rows(connection: Connection, query: _Query) -> Iterator[Row]:
    for entity_id, ver, seq, gone, data in connection.execute(query):
        yield Row(entity_id, ver, seq, gone, data)


def _line(epoch: str, row: Row) -> bytes:
    """One row as it goes out; the entity's own JSON is not read on the way."""
    if row.gone is not None:
        return _json(Gone(id=row.id, seq=row.seq, reason=row.gone))
    data = entities.wire(epoch, row.ver, row.data)
    return b'{"t":"put","id":%s,"ver":%d,"seq":%d,"data":%s}\n' % (
        msgspec.json.encode(row.id),
        row.ver,
        row.seq,
        data,
    )


def _json(frame: Struct) -> bytes:
    return msgspec.json.encode(frame) + b"\n"
