"""What may be sent next: heads of chains, and whole groups; and what it is too late to send.

Only heads are claimed, so that nothing is sent before what it builds on has arrived, and an edit
that the service did not take stops its own chain and nothing else. A group goes whole or not at
all: with a disputed member, or one that waits for another edit, it stays, and with it the chains
that it touches. An action that was refused stops nothing: nothing was made upon it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from cx_desktop.cache import chains, entities, recovery, tables
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import id_of
from cx_desktop.cache.values import OpState
from cx_desktop.protocol import ACTIONS, GROUPS, Op

_T = tables.outbox
_MAY_GO = frozenset({OpState.PENDING, OpState.INFLIGHT})


class Batch(Struct, frozen=True):
    """Edits claimed for sending, and up to where the service may forget its results."""

    ops: tuple[Op, ...]
    acked_upto: int
    is_held: bool = False
    """Edits wait until what the service holds was read anew."""


class Room(Struct, frozen=True):
    """How much may go at once, and what the service understands."""

    limit: int
    max_bytes: int
    skip: frozenset[str] = frozenset()
    schema: int = ACTIONS


def claim(connection: Connection, room: Room) -> Batch:
    """Take what may be sent, oldest first; it is frozen from now on."""
    acked_upto = chains.settled_upto(connection)
    if recovery.is_under_way(connection):
        return Batch((), acked_upto, is_held=True)
    ops: list[Op] = []
    size = 0
    for unit in _ready(chains.unsettled(connection), room.schema):
        size += sum(len(msgspec.json.encode(record.body)) for record in unit)
        if ops and (size > room.max_bytes or len(ops) + len(unit) > room.limit):
            break
        if room.skip.isdisjoint(id_of(record.op_id) for record in unit):
            ops += [_frozen(connection, record).op(len(unit)) for record in unit]
    return Batch(tuple(ops), acked_upto)


def _ready(records: Iterable[Record], schema: int) -> Iterator[tuple[Record, ...]]:
    """Heads of chains, and groups whose members are; oldest first."""
    waiting = [each for each in records if not _stops_nothing(each)]
    groups: dict[bytes, list[Record]] = defaultdict(list)
    for each in waiting:
        if schema >= GROUPS and each.group is not None:
            groups[each.group].append(each)
    blocked = _behind(waiting, groups.keys())
    for each in waiting:
        if schema < GROUPS or each.group is None:
            unit: tuple[Record, ...] = (each,)
        elif (members := groups.pop(each.group, None)) is not None:
            unit = tuple(members)
        else:
            continue
        if schema < ACTIONS and each.body.action is not None:
            continue
        if all(one.state in _MAY_GO and one.op_id not in blocked for one in unit):
            yield unit


def _behind(records: Iterable[Record], groups: Iterable[bytes]) -> set[bytes]:
    """The ops before which something of another gesture has to arrive."""
    known = set(groups)
    heads: dict[bytes, Record] = {}
    left: set[bytes] = set()
    behind: set[bytes] = set()
    for each in records:
        head = heads.setdefault(each.key, each)
        is_same = head is each or (each.group in known and each.group == head.group)
        if each.key in left or not is_same:
            left.add(each.key)
            behind.add(each.op_id)
    return behind


def _stops_nothing(record: Record) -> bool:
    """What waits for a decision, unless others wait for its whole group or were made upon it."""
    if record.body.action is not None:
        return record.state is OpState.REJECTED
    return record.state is OpState.CONFLICT and record.group is None


def _frozen(connection: Connection, record: Record) -> Record:
    base_ver = record.base_ver
    if record.attempts == 0 and record.body.action is None:
        row = entities.load(connection, record.key)
        base_ver = 0 if row is None else row.ver
    record = msgspec.structs.replace(
        record, state=OpState.INFLIGHT, attempts=record.attempts + 1, base_ver=base_ver
    )
    connection.execute(
        update(_T)
        .where(_T.c.op_id == record.op_id)
        .values(state=record.state.value, attempts=record.attempts, base_ver=base_ver)
    )
    return record


def release(connection: Connection) -> None:
    """What was under way when the program ended waits again, under its old op id."""
    connection.execute(
        update(_T).where(_T.c.state == OpState.INFLIGHT.value).values(state=OpState.PENDING.value)
    )


def overdue(connection: Connection, now: datetime) -> tuple[Record, ...]:
    """Actions that were never sent and must not happen any more.

    One that was sent may have happened: only the service knows, and says so when asked again.
    """
    query = select(_T).where(
        _T.c.kind == "action", _T.c.state == OpState.PENDING.value, _T.c.attempts == 0
    )
    records = (chains.record_of(row) for row in connection.execute(query.order_by(_T.c.n)))
    return tuple(
        each
        for each in records
        if each.body.action is not None and now > each.body.action.not_after
    )
