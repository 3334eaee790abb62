"""Recordings as they come: in large numbers, all at once, never one by one."""

from collections.abc import Iterable
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from cx_desktop.domain.wall_time import shown_at
from cx_desktop.protocol import PerProject, Recording
from cx_desktop.service.store import checksums, entities, zones
from cx_desktop.service.store.store import Moved, Txn
from cx_desktop.service.store.tables import Instant, counter

_AT_ONCE = 10_000
_NOTE = """
    INSERT INTO recording
        (id, project_id, recorded_on, delete_by, queue_id, caller, called, blob, held)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
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
        txn.connection.exec_driver_sql(_NOTE, [_noted(each, zone) for each in batch])
        checksums.came(txn.connection, stream, [(each.id, each.ver) for each in batch])
        count += len(batch)
        txn.moved.append(Moved(stream=stream, project_id=project_id, seq=last))
    entities.recount(txn.connection, stream, count)
    return count


def row_count(connection: Connection, stream: str) -> int:
    """How many recordings a stream has."""
    wanted = select(counter.c.value).where(counter.c.name == f"rows:{stream}")
    return int(connection.execute(wanted).scalar() or 0)


def _noted(each: Recording, zone: ZoneInfo) -> tuple[str | bool | None, ...]:
    """What a recording is found by."""
    day, end = shown_at(each.started_at, zone).date().isoformat(), each.delete_by.isoformat()
    place = (each.id, each.project_id, day, end, each.queue_id)
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
