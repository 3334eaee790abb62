"""T2, a page of the service: rows, tombstones and the cursor in one transaction (``sync.md`` 2.2).

A page counts only where its request started: if the stream has moved since, nothing is written.
Rows are guarded by generation, commit order and version, so that a repeated one is no news.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from cx_desktop.cache import chains, entities, recordings, tables
from cx_desktop.cache.entities import COLUMNS, Shadow, Stored, id_of, key_of, stored_of
from cx_desktop.cache.merging import review
from cx_desktop.cache.rebase import set_base
from cx_desktop.cache.values import Changed, GoneRow, PageRow, PutRow, StreamState, Unfit
from cx_desktop.protocol import RecordingRow, Stream, is_large

_S = tables.stream
_E = tables.entity
_UPSERT = """
    INSERT INTO entity (id, type, stream, project_id, ver, seq, gen, dirty, data)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
    ON CONFLICT (id) DO UPDATE SET
        type = excluded.type, stream = excluded.stream, project_id = excluded.project_id,
        ver = excluded.ver, seq = excluded.seq, gen = excluded.gen, data = excluded.data
"""


class StalePage(Exception):  # noqa: N818  (it says what happened)
    """The stream has moved since this page was asked for; nothing was written."""


class Page(Struct, frozen=True):
    """A whole, checked page of changes."""

    stream: str
    since: str
    next: str
    high_seq: int
    has_more: bool
    rows: tuple[PageRow, ...]
    unfit: tuple[Unfit, ...] = ()


class Chunk(Struct, frozen=True):
    """A whole, checked part of a snapshot, up to a mark or to its end."""

    stream: str
    since: str
    """The resume mark it follows."""
    high_seq: int
    """The service's position when the reply began."""
    rows: tuple[PageRow, ...]
    unfit: tuple[Unfit, ...] = ()
    recordings: tuple[RecordingRow, ...] = ()
    """Rows that came as arrays."""
    resume: str = ""
    cursor: str = ""
    """Given at the end: where the changes begin."""


def load_stream(connection: Connection, name: str) -> StreamState:
    """How far a stream has been read."""
    return next(_streams(connection, select(_S).where(_S.c.name == name)), StreamState(name))


def load_streams(connection: Connection) -> tuple[StreamState, ...]:
    """The streams that everybody has, then those of projects that were read here."""
    read = {each.name: each for each in _streams(connection, select(_S))}
    names = dict.fromkeys([*(each.value for each in Stream), *sorted(read)])
    return tuple(read.get(name) or StreamState(name) for name in names)


def _streams(connection: Connection, wanted: Select[Any]) -> Iterator[StreamState]:
    for row in connection.execute(wanted).mappings():
        # SQLAlchemy's column names are a subclass of str, which msgspec takes for no key at all.
        yield msgspec.convert({str(key): value for key, value in row.items()}, StreamState)


def save_stream(connection: Connection, state: StreamState) -> None:
    """Write how far a stream has been read."""
    values = msgspec.to_builtins(state)
    connection.execute(insert(_S).prefix_with("OR REPLACE"), values)


def apply_page(connection: Connection, page: Page, now: datetime) -> tuple[Changed, ...]:
    """T2 for a page of changes."""
    state = load_stream(connection, page.stream)
    if not state.cursor or state.cursor != page.since:
        raise StalePage
    changed = _applied(connection, page.stream, state.gen)
    changed.take(page.rows)
    put_in_quarantine(connection, page.stream, (*page.unfit, *changed.unfit))
    state = msgspec.structs.replace(state, cursor=page.next)
    if not page.has_more:
        state = msgspec.structs.replace(state, high_seq=page.high_seq, last_ok=now)
    save_stream(connection, state)
    return changed.told()


def apply_chunk(connection: Connection, chunk: Chunk, now: datetime) -> tuple[Changed, ...]:
    """T2 for a part of a snapshot: it fills a new generation, whose end sweeps the old one."""
    state = load_stream(connection, chunk.stream)
    if state.cursor or state.resume != chunk.since:
        raise StalePage
    changed = _applied(connection, chunk.stream, state.gen + 1)
    if not chunk.since:
        state = msgspec.structs.replace(state, total=rows_of(connection, chunk.stream))
        changed.begin()
    changed.take(chunk.rows)
    changed.load(chunk.recordings)
    put_in_quarantine(connection, chunk.stream, (*chunk.unfit, *changed.unfit))
    state = msgspec.structs.replace(
        state,
        resume=chunk.resume,
        # What happens while a snapshot runs comes again as changes from where it began.
        high_seq=state.high_seq if chunk.since else chunk.high_seq,
        rows=state.rows + len(chunk.rows) + len(chunk.recordings),
    )
    if chunk.cursor:
        changed.sweep()
        state = msgspec.structs.replace(
            state, cursor=chunk.cursor, resume="", gen=state.gen + 1, last_ok=now
        )
    save_stream(connection, state)
    return changed.told()


def rows_of(connection: Connection, stream: str) -> int:
    """How many rows of a stream are here, of whatever generation."""
    if is_large(stream):
        return recordings.count(connection, stream)
    counted = select(func.count()).select_from(_E).where(_E.c.stream == stream)
    return int(connection.execute(counted).scalar_one())


def _applied(connection: Connection, stream: str, gen: int) -> "Applied | recordings.Applied":
    kind = recordings.Applied if is_large(stream) else Applied
    return kind(connection, stream, gen)


def expire(connection: Connection, name: str) -> None:
    """Forget how far a stream was read; its rows stay until a new snapshot is complete."""
    state = load_stream(connection, name)
    # What half a snapshot brought is older than all of the next one.
    gen = state.gen + 1 if state.resume else state.gen
    save_stream(
        connection,
        msgspec.structs.replace(state, cursor="", resume="", gen=gen, high_seq=0, rows=0),
    )


def forget_versions(connection: Connection) -> None:
    """In a new epoch versions and positions count from elsewhere; every row is older than any."""
    connection.execute(update(_E).values(ver=0, seq=0))
    connection.execute(update(tables.base_shadow).values(ver=0, seq=0))


class Applied:
    """The rows of one page on their way into the tables."""

    def __init__(self, connection: Connection, stream: str, gen: int) -> None:
        self._connection = connection
        self._stream = stream
        self._gen = gen
        self._edited = chains.keys_with_edits(connection)
        self._ids: dict[str, set[str]] = defaultdict(set)

    @property
    def unfit(self) -> tuple[Unfit, ...]:
        """Rows that this program cannot read; they were told from the others before."""
        return ()

    def begin(self) -> None:
        """A load begins; these tables keep their indexes."""

    def load(self, rows: Sequence[RecordingRow]) -> None:
        """No other entities than recordings come as arrays."""
        if rows:
            raise ValueError(f"{self._stream} has no rows of recordings")

    def take(self, rows: Iterable[PageRow]) -> None:
        """Write what is news."""
        rows = tuple(rows)
        known = self._known(rows)
        upserts: dict[bytes, Stored] = {}
        for row in rows:
            key = key_of(row.id)
            here = upserts.get(key) or known.get(key)
            if isinstance(row, GoneRow):
                if here is not None and row.seq > here.seq:
                    upserts.pop(key, None)
                    self._gone(here, row)
                    known.pop(key, None)
            elif here is None or self._is_news(row, here):
                fresh = self._stored(row, key)
                if key in self._edited:
                    self._rebased(fresh)
                else:
                    upserts[key] = fresh
                self._ids[fresh.type].add(row.id)
                self._note(here)
        self._upsert(upserts.values())

    def sweep(self) -> None:
        """The generation is complete: rows it did not bring are not on the service any more."""
        old = (_E.c.stream == self._stream) & (_E.c.gen < self._gen)
        swept = self._connection.execute(
            delete(_E).where(old, _E.c.dirty == 0).returning(_E.c.type, _E.c.id)
        )
        for kind, key in swept:
            self._ids[kind].add(id_of(key))
        edited = select(_E.c.id).where(old, _E.c.dirty == 1)
        self._connection.execute(
            update(tables.base_shadow).where(tables.base_shadow.c.id.in_(edited)).values(gone=1)
        )

    def told(self) -> tuple[Changed, ...]:
        """What listeners are told."""
        return tuple(Changed(kind, frozenset(ids), "remote") for kind, ids in self._ids.items())

    def _known(self, rows: tuple[PageRow, ...]) -> dict[bytes, Stored]:
        keys = list({key_of(row.id) for row in rows})
        found = self._connection.execute(select(*COLUMNS).where(_E.c.id.in_(keys)))
        return {row.key: row for row in (stored_of(tuple(record)) for record in found)}

    def _note(self, here: Stored | None) -> None:
        """A row is news, in the place of what is here."""

    def _is_news(self, row: PutRow, here: Stored) -> bool:
        return self._gen > here.gen or (row.seq > here.seq and row.ver >= here.ver)

    def _stored(self, row: PutRow, key: bytes) -> Stored:
        data = bytes(row.data)
        facts = msgspec.json.decode(data, type=Facts)
        return Stored(
            key=key,
            type=facts.type,
            stream=self._stream,
            project_key=None if facts.project_id is None else key_of(facts.project_id),
            ver=row.ver,
            seq=row.seq,
            gen=self._gen,
            dirty=False,
            data=data,
        )

    def _rebased(self, fresh: Stored) -> None:
        shadow = Shadow(ver=fresh.ver, seq=fresh.seq, gone=False, data=fresh.data)
        set_base(self._connection, fresh, shadow)
        review(self._connection, fresh.key)

    def _gone(self, here: Stored, row: GoneRow) -> None:
        self._ids[here.type].add(row.id)
        if here.key not in self._edited:
            entities.remove(self._connection, here.key)
            return
        shadow = entities.load_shadow(self._connection, here.key)
        data = here.data if shadow is None else shadow.data
        set_base(self._connection, here, Shadow(ver=here.ver, seq=row.seq, gone=True, data=data))

    def _upsert(self, rows: Iterable[Stored]) -> None:
        values = [
            (r.key, r.type, r.stream, r.project_key, r.ver, r.seq, r.gen, r.data) for r in rows
        ]
        if values:
            self._connection.exec_driver_sql(_UPSERT, values)
            self._connection.execute(
                delete(tables.quarantine).where(
                    tables.quarantine.c.stream == self._stream,
                    tables.quarantine.c.id.in_([id_of(value[0]) for value in values]),
                )
            )


class Facts(Struct, frozen=True):
    """What the cache itself must know of an entity."""

    type: str
    project_id: str | None = None


def why_unfit(row: PageRow) -> str:
    """Why a row cannot be stored; empty when it can."""
    try:
        key_of(row.id)
        if isinstance(row, PutRow):
            entities.document_of(bytes(row.data))
            facts = msgspec.json.decode(row.data, type=Facts)
            if facts.project_id is not None:
                key_of(facts.project_id)
    except (ValueError, msgspec.DecodeError) as error:
        return str(error) or type(error).__name__
    return ""


def put_in_quarantine(connection: Connection, stream: str, unfit: Iterable[Unfit]) -> None:
    """Keep lines aside that this program cannot read."""
    for each in unfit:
        connection.execute(
            insert(tables.quarantine).prefix_with("OR REPLACE"),
            {"stream": stream, **msgspec.structs.asdict(each)},
        )
