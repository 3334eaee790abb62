"""Pushed edits: each op its own transaction, each effect exactly once.

Failure policy: the result of an op is stored in the transaction of its effect, under the user and
the op's id, so that a reply that was lost is answered again and never done again. A refused op
blocks only what follows it on its own chain. An internal failure stores nothing and says ``retry``.
"""

import hashlib
import logging

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError

from cx_desktop.protocol import Op, OpResult, OpStatus, Push
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, verbs
from cx_desktop.service.objects.types import object_type
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Entity, Txn, entities
from cx_desktop.service.store.tables import device, op_result

MOST_OPS = 500
LONGEST_ID = 100
#: A single op may be larger: a whole flow on its way.
MOST_BYTES = 1_000_000

_DONE = frozenset({OpStatus.APPLIED, OpStatus.MERGED, OpStatus.DUPLICATE})

_log = logging.getLogger("cx_desktop.service")


class Kept(Struct, frozen=True, omit_defaults=True):
    """What is stored of a result; the entity is told as it stands when it is asked again."""

    result: OpResult
    entity: str = ""
    id: str = ""


def push(service: Service, actor: Actor, batch: Push, size: int) -> tuple[OpResult, ...]:
    """Do the ops of a batch in order, one result each; ``size`` is its bytes."""
    _refuse_batch(service, actor, batch, size)
    results = []
    for op in batch.ops:
        try:
            with service.store.write() as txn:
                result = _done(txn, actor, op)
        except OperationalError as error:
            _log.error("Op %s has to wait", op.op_id, exc_info=error)
            result = OpResult(op_id=op.op_id, status=OpStatus.RETRY)
        results.append(result)
    _acknowledge(service, actor, batch.acked_upto)
    return tuple(results)


def _refuse_batch(service: Service, actor: Actor, batch: Push, size: int) -> None:
    spoken = service.config.dialect.schema
    if not spoken.speaks(batch.schema):
        raise Refusal("unsupported-schema", min=spoken.min, max=spoken.max)
    if batch.device_id != actor.device_id:
        raise Refusal("forbidden", verb="sync.push")
    if batch.epoch != service.store.epoch:
        raise Refusal("server-rewound", epoch=service.store.epoch)
    if len(batch.ops) > MOST_OPS or (len(batch.ops) > 1 and size > MOST_BYTES):
        raise Refusal("too-large", ops=MOST_OPS, bytes=MOST_BYTES)
    for place, op in enumerate(batch.ops):
        if not 0 < len(op.op_id) <= LONGEST_ID:
            raise malformed(f"/ops/{place}/op_id", "length", f"1 to {LONGEST_ID} signs")
    with service.store.read() as connection:
        _refuse_clone(connection, actor, batch)


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


def _done(txn: Txn, actor: Actor, op: Op) -> OpResult:
    request_hash = _hash(op)
    known = txn.connection.execute(
        select(op_result).where(op_result.c.user_id == actor.user_id, op_result.c.op_id == op.op_id)
    ).one_or_none()
    if known is not None and known.status != OpStatus.BLOCKED:
        # The counter is the device's own affair: a copy of it may have had to count anew.
        if known.request_hash != _hash(msgspec.structs.replace(op, n=known.n)):
            return _rejected(op, Refusal("op-id-reused"))
        return _again(txn, msgspec.json.decode(known.result, type=Kept))
    result = _blocked(txn, actor, op) or _effect(txn, actor, op)
    _keep(txn, actor, op, request_hash, result)
    return result


def _hash(op: Op) -> bytes:
    return hashlib.sha256(msgspec.json.encode(op)).digest()


def _again(txn: Txn, kept: Kept) -> OpResult:
    """The result of an op that was pushed before."""
    result = kept.result
    status = OpStatus.DUPLICATE if result.status in _DONE else result.status
    found = entities.load(txn.connection, kept.entity, kept.id) if kept.entity else None
    return msgspec.structs.replace(
        result, status=status, entity=entities.wired(txn.epoch, found) if found else None
    )


def _blocked(txn: Txn, actor: Actor, op: Op) -> OpResult | None:
    """A result without effect when the op that this one follows was refused."""
    if not op.after:
        return None
    status = txn.connection.execute(
        select(op_result.c.status).where(
            op_result.c.user_id == actor.user_id, op_result.c.op_id == op.after
        )
    ).scalar()
    if status is None or OpStatus(status) in _DONE:
        return None
    return OpResult(op_id=op.op_id, status=OpStatus.BLOCKED)


def _effect(txn: Txn, actor: Actor, op: Op) -> OpResult:
    """Do what the op says; refusals leave the transaction as it was before the op."""
    point = txn.connection.begin_nested()
    moved = len(txn.moved)
    try:
        result = _applied(txn, actor, op)
    except (Refusal, verbs.Conflict) as refusal:
        point.rollback()
        del txn.moved[moved:]
        if isinstance(refusal, verbs.Conflict):
            return _told(txn, op, refusal.entity, OpStatus.CONFLICT)
        return _rejected(op, refusal)
    point.commit()
    return result


def _applied(txn: Txn, actor: Actor, op: Op) -> OpResult:
    kind = object_type(op.entity)
    if op.kind == "create":
        new = _new_object(op)
        if entities.load(txn.connection, kind.name, op.id) is not None:
            # Ids are drawn once: somebody offered it again before whoever made it could.
            there = deeds.find(txn, actor, kind.edit, kind.name, op.id)
            return _told(txn, op, there, OpStatus.MERGED)
        made = verbs.create(txn, actor, kind, op.id, new)
        return _told(txn, op, made, OpStatus.APPLIED)
    if op.kind != "patch":
        raise malformed("/kind", "unknown-kind", "Either create or patch")
    before = entities.load(txn.connection, kind.name, op.id)
    saved = verbs.patch(txn, actor, kind, op.id, op.changes)
    is_merged = before is not None and before.ver != op.base_ver
    return _told(txn, op, saved, OpStatus.MERGED if is_merged else OpStatus.APPLIED)


def _new_object(op: Op) -> NewObject:
    try:
        return msgspec.convert(op.value, NewObject)
    except msgspec.ValidationError as error:
        raise malformed("/value", "shape", str(error)) from error


def _told(txn: Txn, op: Op, found: Entity, status: OpStatus) -> OpResult:
    return OpResult(
        op_id=op.op_id,
        status=status,
        ver=found.ver,
        seq=found.seq,
        entity=None if status is OpStatus.APPLIED else entities.wired(txn.epoch, found),
    )


def _rejected(op: Op, refusal: Refusal) -> OpResult:
    return OpResult(op_id=op.op_id, status=OpStatus.REJECTED, problem=refusal.problem())


def _keep(txn: Txn, actor: Actor, op: Op, request_hash: bytes, result: OpResult) -> None:
    has_entity = result.entity is not None
    kept = Kept(
        result=msgspec.structs.replace(result, entity=None),
        entity=op.entity if has_entity else "",
        id=op.id if has_entity else "",
    )
    values = {
        "user_id": actor.user_id,
        "op_id": op.op_id,
        "device_id": actor.device_id,
        "n": op.n,
        "request_hash": request_hash,
        "status": result.status.value,
        "result": msgspec.json.encode(kept),
        "at": txn.now,
    }
    txn.connection.execute(
        insert(op_result)
        .values(values)
        .on_conflict_do_update(index_elements=["user_id", "op_id"], set_=values)
    )


def _acknowledge(service: Service, actor: Actor, acked_upto: int) -> None:
    """Remember up to where the device has its results."""
    with service.store.read() as connection:
        known = connection.execute(
            select(device.c.acked_upto).where(device.c.id == actor.device_id)
        ).scalar()
    if known is None or known >= acked_upto:
        return
    with service.store.write() as txn:
        txn.connection.execute(
            update(device).where(device.c.id == actor.device_id).values(acked_upto=acked_upto)
        )
