"""Pages and snapshots as lines of JSON, each closed by a checksum: no trailer, no page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, String, func, literal_column, or_, select

from cx_desktop.protocol import RECORDING_COLUMNS, Gone, Mark, PageEnd, PageHead, Seal
from cx_desktop.protocol.digest import Bucket, buckets, joined
from cx_desktop.service.keys import Keys
from cx_desktop.service.store import Store, checksums, entities, recordings
from cx_desktop.service.store.recordings import StoredRecording
from cx_desktop.service.store.store import high_seq
from cx_desktop.service.store.tables import entity
from cx_desktop.service.sync import cursors
from cx_desktop.service.sync.cursors import View

#: A page ends after this many bytes of rows, or at its limit of rows, whichever comes first.
PAGE_BYTES = 2_000_000
PAGE_ROWS = 5_000
MARK_EVERY = 1_000
LARGE_MARK_EVERY = 10_000


class Layout(NamedTuple):
    """How a client wants a large stream."""

    as_arrays: bool = False
    mark: int = 0
    """So many rows to a mark; 0 for as many as is usual."""


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
    query = visible(seen).where(entity.c.seq > since).order_by(entity.c.seq).limit(limit + 1)
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
        stream=seen.stream,
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
    keys: Keys,
    store: Store,
    seen: View,
    *,
    resume: str,
    now: datetime,
    layout: Layout | None = None,
) -> Iterator[bytes]:
    """Everything in a stream by id; what changes meanwhile comes after it, by its end's cursor.

    Of a large stream the newest comes first, and its rows and marks are laid out as asked for.
    """
    layout = layout if layout is not None and seen.is_large else Layout()
    as_arrays = layout.as_arrays
    with store.read() as connection:
        high = high_seq(connection)
        if resume:
            place = cursors.take(keys, connection, seen, resume)
            start, after = place.seq, place.id
        else:
            start, after = high, ""
    head = PageHead(
        epoch=seen.epoch,
        stream=seen.stream,
        high_seq=high,
        has_more=False,
        server_time=now,
        since=resume,
        cols=RECORDING_COLUMNS if as_arrays else (),
    )
    write = _arrays if as_arrays else _objects
    every = layout.mark or (LARGE_MARK_EVERY if seen.is_large else MARK_EVERY)
    return _snapshot_lines(_Telling(keys, store, seen, write, every), _json(head), start, after)


class _Telling(NamedTuple):
    """Of what a snapshot tells, and how."""

    keys: Keys
    store: Store
    seen: View
    write: Callable[[str, Sequence[Row]], bytes]
    every: int


def _snapshot_lines(telling: _Telling, head: bytes, start: int, after: str) -> Iterator[bytes]:
    keys, seen, every = telling.keys, telling.seen, telling.every
    seal = Seal(head)
    yield head
    while True:
        with telling.store.read() as connection:
            rows = list(_rows(connection, _next_of(seen, after).limit(every)))
        lines = telling.write(seen.epoch, rows)
        seal.add_lines(lines, len(rows))
        if len(rows) < every:
            break
        after = rows[-1].id
        resume = cursors.give(keys, seen, start, after_id=after)
        mark = Mark(rows=seal.rows, sha256=seal.closed_by(resume), resume=resume)
        yield lines + _json(mark)
    yield lines + _end(seal, cursors.give(keys, seen, start))


def _next_of(seen: View, after: str) -> "_Query":
    """What follows in a snapshot: by id, in a large stream from the newest back."""
    query = visible(seen).where(entity.c.gone.is_(None))
    if not seen.is_large:
        return query.where(entity.c.id > after).order_by(entity.c.id)
    return (query.where(entity.c.id < after) if after else query).order_by(entity.c.id.desc())


def _objects(epoch: str, rows: Sequence[Row]) -> bytes:
    return b"".join([_line(epoch, row) for row in rows])


_RECORDINGS = msgspec.json.Decoder(list[StoredRecording])
_ENCODER = msgspec.json.Encoder()


def _arrays(_epoch: str, rows: Sequence[Row]) -> bytes:
    """Recordings without the names of their fields."""
    found = _RECORDINGS.decode(b"[" + b",".join([row.data for row in rows]) + b"]")
    return _ENCODER.encode_lines(
        [
            (row.id, row.ver, row.seq, *each)
            for row, each in zip(rows, map(msgspec.structs.astuple, found), strict=True)
        ]
    )


def _end(seal: Seal, cursor: str) -> bytes:
    return _json(PageEnd(rows=seal.rows, sha256=seal.closed_by(cursor), next=cursor))


def row_count(connection: Connection, seen: View) -> int:
    """How many entities of a stream the user may see; of a large one it was counted along."""
    if seen.is_large:
        return recordings.row_count(connection, seen.stream) if seen.projects is None else 0
    query = visible(seen).where(entity.c.gone.is_(None))
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def last_seq(connection: Connection, seen: View) -> int:
    """The last change in a stream that the user may see."""
    query = visible(seen).order_by(entity.c.seq.desc()).limit(1)
    return next((row.seq for row in _rows(connection, query)), 0)


def checksums_of(
    connection: Connection, seen: View, depth: int, within: Sequence[str]
) -> tuple[Bucket, ...]:
    """The checksums of a stream by the ends of ids; those of a large stream were kept along.

    ``within`` narrows the question to ranges of a large stream that are kept.
    """
    if seen.is_large and seen.projects is None:
        if depth <= checksums.DEPTH:
            return joined(checksums.of(connection, seen.stream), depth)
        if within:
            return buckets(_versions(connection, seen, within), depth)
    return buckets(_versions(connection, seen), depth)


def _versions(
    connection: Connection, seen: View, ends: Sequence[str] = ()
) -> Iterator[tuple[str, int]]:
    """The id and version of every entity the user may see, or of those whose ids end so."""
    query = visible(seen).where(entity.c.gone.is_(None))
    if ends:
        query = query.where(func.substr(entity.c.id, -checksums.DEPTH).in_(ends))
    narrow = query.with_only_columns(entity.c.id, entity.c.ver)
    for row in connection.execute(narrow):
        yield row.id, row.ver


def exactly(connection: Connection, seen: View, ids: Iterable[str]) -> Iterator[entities.Entity]:
    """The entities with these ids that the user may see."""
    query = visible(seen).where(entity.c.gone.is_(None), entity.c.id.in_(list(ids)))
    for found in connection.execute(query.with_only_columns(*entities.COLUMNS)).mappings():
        yield entities.of_row(found)


_Query = Select[str, int, int, str | None, bytes]


#: The plus keeps SQLite from looking for a project first: it may have a million rows elsewhere.
_PROJECT: ColumnElement[str] = literal_column("+entity.project_id", String)
_TEXT = "CAST(entity.data AS TEXT)"
_visibility: ColumnElement[str] = literal_column(f"json_extract({_TEXT}, '$.visibility')", String)
_author: ColumnElement[str] = literal_column(f"json_extract({_TEXT}, '$.author.id')", String)


def visible(seen: View) -> _Query:
    """The rows of a stream that its reader may see; a private note is its author's alone."""
    query: _Query = select(
        entity.c.id, entity.c.ver, entity.c.seq, entity.c.gone, entity.c.data
    ).where(entity.c.stream == seen.stream)
    if seen.projects is not None:
        query = query.where(_PROJECT.in_(sorted(seen.projects)))
    if seen.reader:
        query = query.where(or_(_visibility.is_distinct_from("private"), _author == seen.reader))
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
