"""Recordings as they come: in large numbers, all at once, never one by one."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import islice, starmap

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, select, update

from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.wall_time import shown_at
from cx_desktop.protocol import PerProject, Recording
from cx_desktop.service.store import checksums, entities, zones
from cx_desktop.service.store.recording_tables import recording
from cx_desktop.service.store.store import Moved, Txn
from cx_desktop.service.store.tables import Instant, counter, entity

_AT_ONCE = 10_000
_NOTE = """
    INSERT INTO recording
        (id, project_id, recorded_on, delete_by, queue_id, caller, called, blob, held)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = "UPDATE entity SET ver = ?, seq = ?, data = ?, at = ? WHERE id = ?"
_BURY = "UPDATE entity SET ver = ?, seq = ?, gone = ?, data = x'7b7d', at = ? WHERE id = ?"
_COUNT = """
    INSERT INTO counter (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
"""
_INSERT = """
    INSERT INTO entity (id, type, stream, project_id, ver, seq, gone, data, at)
    VALUES (?, 'recording', ?, ?, ?, ?, NULL, ?, ?)
"""


class StoredRecording(Struct, frozen=True):
    """What a row of a snapshot needs of a recording's JSON, unread and in its columns' order."""

    started_at: str
    duration: int
    direction: str
    queue_id: str | None
    agent_id: str | None
    agent_name: str
    caller: str
    called: str
    flow_id: str | None
    size: int
    blob: str | None
    delete_by: str
    held: bool = False


def add(txn: Txn, project_id: str, found: Iterable[Recording]) -> int:
    """Take new recordings of one project into its stream; how many there were."""
    stream = PerProject.RECORDINGS.of(project_id)
    rows = iter(found)
    at = Instant().process_bind_param(txn.now, txn.connection.dialect)
    encode = msgspec.json.Encoder().encode
    count = 0
    zone = zones.zone_of(txn.connection, project_id)
    while batch := list(islice(rows, _AT_ONCE)):
        last = _take_seqs(txn.connection, len(batch))
        txn.connection.exec_driver_sql(
            _INSERT,
            [
                (each.id, stream, project_id, each.ver, seq, encode(each), at)
                for seq, each in enumerate(batch, start=last - len(batch) + 1)
            ],
        )
        noted = [(each, shown_at(each.started_at, zone).date().isoformat()) for each in batch]
        txn.connection.exec_driver_sql(_NOTE, list(starmap(_noted, noted)))
        _count(txn.connection, noted)
        checksums.came(txn.connection, stream, [(each.id, each.ver) for each in batch])
        count += len(batch)
        txn.moved.append(Moved(stream=stream, project_id=project_id, seq=last))
    entities.recount(txn.connection, stream, count)
    return count


def rewrite(txn: Txn, project_id: str, changes: Mapping[str, Document]) -> int:
    """Change fields of recordings of one project; how many of them are there."""
    stream = PerProject.RECORDINGS.of(project_id)
    found = txn.connection.execute(
        select(entity.c.id, entity.c.ver, entity.c.data).where(
            entity.c.id.in_(list(changes)), entity.c.stream == stream, entity.c.gone.is_(None)
        )
    ).all()
    if not found:
        return 0
    last = _take_seqs(txn.connection, len(found))
    at = Instant().process_bind_param(txn.now, txn.connection.dialect)
    values = []
    for seq, row in enumerate(found, start=last - len(found) + 1):
        data = msgspec.json.decode(row.data, type=dict[str, Json])
        fresh = data | changes[row.id] | {"ver": row.ver + 1}
        values.append((row.ver + 1, seq, msgspec.json.encode(fresh), at, row.id))
    txn.connection.exec_driver_sql(_UPDATE, values)
    checksums.went(txn.connection, stream, [(row.id, row.ver) for row in found])
    checksums.came(txn.connection, stream, [(row.id, row.ver + 1) for row in found])
    txn.moved.append(Moved(stream=stream, project_id=project_id, seq=last))
    return len(found)


def bury(txn: Txn, project_id: str, ids: Collection[str], reason: str) -> int:
    """Put tombstones in the place of recordings; how many were there."""
    stream = PerProject.RECORDINGS.of(project_id)
    found = txn.connection.execute(
        select(entity.c.id, entity.c.ver).where(
            entity.c.id.in_(list(ids)), entity.c.stream == stream, entity.c.gone.is_(None)
        )
    ).all()
    txn.connection.execute(delete(recording).where(recording.c.id.in_(list(ids))))
    if not found:
        return 0
    last = _take_seqs(txn.connection, len(found))
    at = Instant().process_bind_param(txn.now, txn.connection.dialect)
    places = enumerate(found, start=last - len(found) + 1)
    txn.connection.exec_driver_sql(
        _BURY, [(row.ver + 1, seq, reason, at, row.id) for seq, row in places]
    )
    checksums.went(txn.connection, stream, [(row.id, row.ver) for row in found])
    entities.recount(txn.connection, stream, -len(found))
    txn.moved.append(Moved(stream=stream, project_id=project_id, seq=last))
    return len(found)


def seconds_of(connection: Connection, project_id: str, month: str) -> int:
    """How many seconds of a project were recorded in a month, deleted since or not."""
    wanted = select(counter.c.value).where(counter.c.name == _month(project_id, month))
    return int(connection.execute(wanted).scalar() or 0)


def row_count(connection: Connection, stream: str) -> int:
    """How many recordings a stream has."""
    wanted = select(counter.c.value).where(counter.c.name == f"rows:{stream}")
    return int(connection.execute(wanted).scalar() or 0)


def _count(connection: Connection, noted: Iterable[tuple[Recording, str]]) -> None:
    """Add up what was recorded in each month: packs are of a month."""
    seconds: Counter[str] = Counter()
    for each, day in noted:
        seconds[_month(each.project_id, day[:7])] += each.duration
    connection.exec_driver_sql(_COUNT, sorted(seconds.items()))


def _month(project_id: str, month: str) -> str:
    return f"recorded:{project_id}:{month}"


def _noted(each: Recording, day: str) -> tuple[str | bool | None, ...]:
    """What a recording is found by."""
    place = (each.id, each.project_id, day, each.delete_by.isoformat(), each.queue_id)
    return (*place, each.caller, each.called, each.blob, each.held)


def _take_seqs(connection: Connection, count: int) -> int:
    """The next places in the order of commits; the last of them."""
    return int(
        connection.execute(
            update(counter)
            .where(counter.c.name == "seq")
            .values(value=counter.c.value + count)
            .returning(counter.c.value)
        ).scalar_one()
    )
