"""Pushed edits: each op or group its own transaction, each effect exactly once.

Failure policy: the result of an op is stored in the transaction of its effect, under the user and
the op's id, so that a reply that was lost is answered again and never done again. A refused op
blocks only what follows it on its own chain, and the members of its group. An internal failure
stores nothing and says ``retry``.
"""

import logging

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import OperationalError

from cx_desktop.protocol import GROUPS, Op, OpResult, OpStatus, Push
from cx_desktop.service.actor import Actor
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.tokens import still
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import device, op_result
from cx_desktop.service.sync import effects
from cx_desktop.service.sync.results import rejected

MOST_OPS = 500
LONGEST_ID = 100
#: A single op may be larger: a whole flow on its way.
MOST_BYTES = 1_000_000
#: And so may a group that comes alone, since nobody can halve it.
MOST_OF_GROUP = 5_000

_log = logging.getLogger("cx_desktop.service")


def push(service: Service, actor: Actor, batch: Push, size: int) -> tuple[OpResult, ...]:
    """Do the ops of a batch in order, one result each; ``size`` is its bytes."""
    _refuse_batch(service, actor, batch, size)
    results: dict[int, OpResult] = {}
    for group, places in _units(batch).items():
        ops = [batch.ops[place] for place in places]
        done = _done(service, actor, ops, are_one=isinstance(group, str))
        results |= zip(places, done, strict=True)
    _acknowledge(service, actor, batch.acked_upto)
    return tuple(results[place] for place in range(len(batch.ops)))


def _units(batch: Push) -> dict[str | int, list[int]]:
    """The places of ops that are one transaction each, by group, or by place for one op alone."""
    units: dict[str | int, list[int]] = {}
    for place, op in enumerate(batch.ops):
        is_member = op.group and batch.schema >= GROUPS
        units.setdefault(op.group if is_member else place, []).append(place)
    return units


def _done(service: Service, actor: Actor, ops: list[Op], *, are_one: bool) -> tuple[OpResult, ...]:
    try:
        with service.store.write() as txn:
            still(txn, actor)  # else nothing of the rest of the batch is done
            return _group_done(txn, actor, ops) if are_one else (effects.done(txn, actor, ops[0]),)
    except OperationalError as error:
        _log.error("Op %s has to wait", ops[0].op_id, exc_info=error)
        return tuple(OpResult(op_id=op.op_id, status=OpStatus.RETRY) for op in ops)


def _group_done(txn: Txn, actor: Actor, ops: list[Op]) -> tuple[OpResult, ...]:
    if any(op.members != len(ops) for op in ops):  # nothing is kept: the rest may still come
        cut = malformed("/group", "incomplete", f"{len(ops)} of {ops[0].members} members")
        return tuple(rejected(op, cut) for op in ops)
    return effects.all_done(txn, actor, ops)


def _refuse_batch(service: Service, actor: Actor, batch: Push, size: int) -> None:
    spoken = service.config.dialect.schema
    if not spoken.speaks(batch.schema):
        raise Refusal("unsupported-schema", min=spoken.min, max=spoken.max)
    if batch.device_id != actor.device_id:
        raise Refusal("forbidden", verb="sync.push")
    if batch.epoch != service.store.epoch:
        raise Refusal("server-rewound", epoch=service.store.epoch)
    _refuse_too_many(batch, size)
    for place, op in enumerate(batch.ops):
        if not 0 < len(op.op_id) <= LONGEST_ID:
            raise malformed(f"/ops/{place}/op_id", "length", f"1 to {LONGEST_ID} signs")
    with service.store.read() as connection:
        _refuse_clone(connection, actor, batch)


def _refuse_too_many(batch: Push, size: int) -> None:
    groups = {op.group for op in batch.ops}
    if len(groups) == 1 and groups != {""}:
        if len(batch.ops) > MOST_OF_GROUP:
            raise Refusal("too-large", ops=MOST_OF_GROUP)
    elif len(batch.ops) > MOST_OPS or (len(batch.ops) > 1 and size > MOST_BYTES):
        raise Refusal("too-large", ops=MOST_OPS, bytes=MOST_BYTES)


def _refuse_clone(connection: Connection, actor: Actor, batch: Push) -> None:
    """Refuse when another copy of this device already used the number of one of these ops."""
    numbers = select(op_result.c.n, op_result.c.op_id).where(
        op_result.c.device_id == actor.device_id,
        op_result.c.n.in_([op.n for op in batch.ops]),
    )
    used = {row.n: row.op_id for row in connection.execute(numbers)}
    known = connection.execute(
        select(op_result.c.op_id).where(
            op_result.c.user_id == actor.user_id,
            op_result.c.op_id.in_([op.op_id for op in batch.ops]),
        )
    ).scalars()
    replayed = set(known)
    for op in batch.ops:
        if op.op_id not in replayed and used.get(op.n, op.op_id) != op.op_id:
            raise Refusal("device-cloned", n=op.n, highest=_highest(connection, actor))


def _highest(connection: Connection, actor: Actor) -> int:
    """Up to where the copies of this device have counted."""
    query = select(func.max(op_result.c.n)).where(op_result.c.device_id == actor.device_id)
    return int(connection.execute(query).scalar() or 0)


def _acknowledge(service: Service, actor: Actor, acked_upto: int) -> None:
    """Remember up to where the device has its results."""
    with service.store.read() as connection:
        known = connection.execute(
            select(device.c.acked_upto).where(device.c.id == actor.device_id)
        ).scalar()
    if known is None or known >= acked_upto:
        return
    with service.store.write() as txn:
        still(txn, actor)
        txn.connection.execute(
            update(device).where(device.c.id == actor.device_id).values(acked_upto=acked_upto)
        )
