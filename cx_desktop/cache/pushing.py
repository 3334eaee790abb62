"""T3: what the service made of the edits sent, and how long acknowledged ones are kept.

A result counts only for an op that is under way: a reply that comes twice, or for another batch,
changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from cx_desktop.cache import ages, chains, entities, recovery, tables
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import Shadow, document_of, id_of, key_of
from cx_desktop.cache.merging import Theirs, bring_together, look_at_merged, review
from cx_desktop.cache.rebase import rebase, refresh, set_base
from cx_desktop.cache.values import Changed, OpState
from cx_desktop.domain.patch import Document, apply
from cx_desktop.ports import Ids
from cx_desktop.protocol import Op, OpResult, OpStatus

_T = tables.outbox
_NAME: ColumnElement[str] = literal_column(
    "coalesce(json_extract(CAST(entity.data AS TEXT), '$.name'),"
    " json_extract(CAST(entity.data AS TEXT), '$.label'), '')"
).label("name")
#: How many bytes of acknowledged edits are kept; beyond that the oldest go.
MOST_ACKED = 200_000_000
_ACKED = (OpStatus.APPLIED, OpStatus.DUPLICATE, OpStatus.MERGED)


class Settled(Struct, frozen=True):
    """What a push came to."""

    acked: int = 0
    disputed: int = 0
    waiting: tuple[str, ...] = ()
    """Ops that are to be sent again later."""


def settle(
    connection: Connection, results: Sequence[OpResult], now: datetime, ids: Ids
) -> tuple[Settled, tuple[Changed, ...]]:
    """T3: the outcome of a push."""
    acked = disputed = 0
    waiting: list[str] = []
    moved: dict[str, set[str]] = defaultdict(set)
    for result in results:
        record = chains.load_op(connection, key_of(result.op_id))
        if record is None or record.state is not OpState.INFLIGHT:
            continue
        moved[record.entity].add(id_of(record.key))
        if _is_taken(connection, record, result):
            _acknowledge(connection, record, result, now)
            acked += 1
        elif result.status in {OpStatus.BLOCKED, OpStatus.RETRY}:
            _wait_again(connection, record, result)
            waiting.append(result.op_id)
        else:
            disputed += _not_taken(connection, record, result, now, ids)
    told = tuple(Changed(kind, frozenset(some), "remote") for kind, some in moved.items())
    return Settled(acked, disputed, tuple(waiting)), told


def _not_taken(
    connection: Connection, record: Record, result: OpResult, now: datetime, ids: Ids
) -> bool:
    """What becomes of an edit that the service did not take; whether somebody has to decide."""
    if result.problem is not None and result.problem.name == "op-id-reused":
        recovery.put_under_a_new_id(connection, record, ids)
        return False
    if recovery.is_spare(connection, record):
        for each in chains.chain(connection, record.key):
            chains.drop(connection, each)
        refresh(connection, record.key)
        return False
    if _can_merge(record, result):
        theirs = Theirs(_version(result), result.entity or {})
        return bring_together(connection, record, theirs, now, ids)
    _dispute(connection, record, result, now)
    return True


def prune(connection: Connection, durable_seq: int, *, most_bytes: int = MOST_ACKED) -> None:
    """Forget acknowledged edits that a backup is known to hold, or that are old by now."""
    safe = max(durable_seq, ages.passed(connection))
    connection.execute(delete(_T).where(_T.c.state == OpState.ACKED.value, _T.c.seq <= safe))
    for n in _beyond(connection, most_bytes):
        connection.execute(delete(_T).where(_T.c.n == n))


def kept(connection: Connection) -> tuple[int, int]:
    """How many acknowledged edits no backup is known to hold, and how many bytes they are."""
    size = func.coalesce(func.sum(func.length(_T.c.body)), 0)
    query = select(func.count(), size).where(_T.c.state == OpState.ACKED.value)
    count, length = connection.execute(query).one()
    return int(count), int(length)


class KeptEdit(Struct, frozen=True):
    """An edit that the service has, kept until it is known to be in a backup."""

    op: Op
    seq: int
    size: int
    name: str
    project_id: str


_KEPT = (
    select(*_T.columns, func.length(_T.c.body).label("size"), _NAME, tables.entity.c.project_id)
    .join_from(_T, tables.entity, tables.entity.c.id == _T.c.id, isouter=True)
    .where(_T.c.state == OpState.ACKED.value)
    .order_by(_T.c.n.desc())
)


def kept_edits(connection: Connection, limit: int) -> tuple[KeptEdit, ...]:
    """The newest of them."""
    found = []
    for row in connection.execute(_KEPT.limit(limit)):
        record, project = chains.record_of(row), row.project_id
        value = record.body.value or {}
        found.append(
            KeptEdit(
                op=record.op(),
                seq=row.seq,
                size=row.size,
                name=str(row.name or value.get("name") or ""),
                project_id="" if project is None else id_of(project),
            )
        )
    return tuple(found)


def let_go(connection: Connection, op_ids: Sequence[str]) -> int:
    """Keep these acknowledged edits no longer; how many they were."""
    keys = [key_of(each) for each in op_ids]
    gone = delete(_T).where(_T.c.op_id.in_(keys), _T.c.state == OpState.ACKED.value)
    return connection.execute(gone).rowcount


def _beyond(connection: Connection, most_bytes: int) -> list[int]:
    """The oldest acknowledged edits, for which there is no room."""
    excess = kept(connection)[1] - most_bytes
    if excess <= 0:
        return []
    oldest = select(_T.c.n, func.length(_T.c.body)).where(_T.c.state == OpState.ACKED.value)
    beyond = []
    for n, length in connection.execute(oldest.order_by(_T.c.n)):
        if excess <= 0:
            break
        beyond.append(int(n))
        excess -= length
    return beyond


def _wait_again(connection: Connection, record: Record, result: OpResult) -> None:
    """One that was blocked had no effect and will have none in this form: it is unsent again."""
    _set_state(connection, record, OpState.PENDING, result)
    if result.status is OpStatus.BLOCKED:
        unsent = update(_T).where(_T.c.op_id == record.op_id).values(attempts=0)
        connection.execute(unsent)


def _set_state(connection: Connection, record: Record, state: OpState, result: OpResult) -> None:
    problem = None if result.problem is None else msgspec.json.encode(result.problem)
    connection.execute(
        update(_T)
        .where(_T.c.op_id == record.op_id)
        .values(state=state.value, seq=result.seq, problem=problem)
    )


def _can_merge(record: Record, result: OpResult) -> bool:
    is_conflict = result.status is OpStatus.CONFLICT and result.entity is not None
    return is_conflict and bool(record.body.changes)


def _acknowledge(connection: Connection, record: Record, result: OpResult, now: datetime) -> None:
    row = entities.load(connection, record.key)
    shadow = entities.load_shadow(connection, record.key)
    _move_origin(connection, record, result, shadow, now)
    _set_state(connection, record, OpState.ACKED, result)
    connection.execute(update(_T).where(_T.c.after == record.op_id).values(after=None))
    ver = _version(result)
    if row is not None and (shadow is None or ver > shadow.ver):
        document = result.entity or _applied(record, shadow)
        # The position stays: when the change comes back in the feed it replaces this guess, which
        # lacks what only the service knows (who, when, derived fields).
        base = Shadow(ver=ver, seq=row.seq, gone=False, data=msgspec.json.encode(document))
        set_base(connection, row, base)
    else:
        refresh(connection, record.key)
    review(connection, record.key)


def _move_origin(
    connection: Connection,
    record: Record,
    result: OpResult,
    shadow: Shadow | None,
    now: datetime,
) -> None:
    """The edits that remain were made upon this one."""
    origin = entities.load_origin(connection, record.key)
    if origin is None and shadow is not None:
        origin = shadow.data
    if origin is None or record.body.value is not None or result.status is OpStatus.CONFLICT:
        entities.drop_origin(connection, record.key)
        return
    if result.status is OpStatus.MERGED and result.entity is not None:
        theirs = Theirs(_version(result), result.entity)
        look_at_merged(connection, record, theirs, origin, now)
    after = msgspec.json.encode(apply(document_of(origin), record.body.changes))
    entities.set_origin(connection, record.key, after)


def _is_taken(connection: Connection, record: Record, result: OpResult) -> bool:
    """Whether the service has the edit, or what came after it."""
    if result.status is OpStatus.CONFLICT and result.entity is not None:
        return recovery.is_overtaken(connection, record, result.entity)
    return result.status in _ACKED and result.problem is None


def _version(result: OpResult) -> int:
    """The version that a result speaks of: an entity that comes along says its own."""
    ver = result.ver if result.entity is None else result.entity.get("ver", result.ver)
    return ver if isinstance(ver, int) else result.ver


def _applied(record: Record, shadow: Shadow | None) -> Document:
    base = None if shadow is None else document_of(shadow.data)
    return rebase(base, [record]) or {}


def _dispute(connection: Connection, record: Record, result: OpResult, now: datetime) -> None:
    _set_state(connection, record, OpState.REJECTED, result)
    theirs = None if result.entity is None else msgspec.json.encode(result.entity)
    connection.execute(
        insert(tables.conflict).prefix_with("OR REPLACE"),
        {
            "op_id": record.op_id,
            "theirs": theirs,
            "theirs_ver": _version(result),
            "opened": now.isoformat(),
        },
    )
    row = entities.load(connection, record.key)
    shadow = entities.load_shadow(connection, record.key)
    ver = _version(result)
    if row is not None and theirs is not None and (shadow is None or ver > shadow.ver):
        base = Shadow(ver=ver, seq=row.seq, gone=False, data=theirs)
        set_base(connection, row, base)
