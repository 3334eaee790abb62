"""What became of each op, kept under its user and its id, in the transaction of its effect.

An op whose result is known is answered with it again and never done again, however often it comes;
one that was only ``blocked`` had no effect and may come again. What another op superseded never has
an effect any more, also if it comes late or for the first time.
"""

import hashlib

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.protocol import Op, OpResult, OpStatus
from cx_desktop.service.actor import Actor
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Entity, Txn, entities
from cx_desktop.service.store.tables import op_result, superseded

DONE = frozenset({OpStatus.APPLIED, OpStatus.MERGED, OpStatus.DUPLICATE})


class Kept(Struct, frozen=True, omit_defaults=True):
    """What is stored of a result; the entity is told as it stands when it is asked again."""

    result: OpResult
    entity: str = ""
    id: str = ""


def supersede(txn: Txn, actor: Actor, op: Op) -> None:
    """Note that the op which this one offers again is done with; the first word on that counts."""
    if op.supersedes:
        values = {
            "user_id": actor.user_id,
            "op_id": op.supersedes,
            "by": op.op_id,
            "at": txn.now,
        }
        txn.connection.execute(insert(superseded).values(values).on_conflict_do_nothing())


def known(txn: Txn, actor: Actor, op: Op) -> OpResult | None:
    """The result of an op that came before, or that must not have an effect any more."""
    found = txn.connection.execute(
        select(op_result).where(op_result.c.user_id == actor.user_id, op_result.c.op_id == op.op_id)
    ).one_or_none()
    if found is not None and found.status != OpStatus.BLOCKED:
        if found.request_hash != _hash(op, found.n):
            return rejected(op, Refusal("op-id-reused"))
        return _again(txn, msgspec.json.decode(found.result, type=Kept))
    by = txn.connection.execute(
        select(superseded.c.by).where(
            superseded.c.user_id == actor.user_id, superseded.c.op_id == op.op_id
        )
    ).scalar()
    return None if by is None else rejected(op, Refusal("superseded", by=str(by)))


def status_of(txn: Txn, actor: Actor, op_id: str) -> OpStatus | None:
    """What became of an op; None for one that never came."""
    status = txn.connection.execute(
        select(op_result.c.status).where(
            op_result.c.user_id == actor.user_id, op_result.c.op_id == op_id
        )
    ).scalar()
    return None if status is None else OpStatus(status)


def told(txn: Txn, op: Op, found: Entity | None, status: OpStatus) -> OpResult:
    """The result that speaks of an entity."""
    return OpResult(
        op_id=op.op_id,
        status=status,
        ver=found.ver if found else 0,
        seq=found.seq if found else 0,
        entity=(
            entities.wired(txn.epoch, found) if found and status is not OpStatus.APPLIED else None
        ),
    )


def rejected(op: Op, refusal: Refusal) -> OpResult:
    """The result that says why not."""
    return OpResult(op_id=op.op_id, status=OpStatus.REJECTED, problem=refusal.problem())


def keep(txn: Txn, actor: Actor, op: Op, result: OpResult) -> None:
    """Store a result."""
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
        "request_hash": _hash(op, op.n),
        "status": result.status.value,
        "result": msgspec.json.encode(kept),
        "at": txn.now,
    }
    txn.connection.execute(
        insert(op_result)
        .values(values)
        .on_conflict_do_update(index_elements=["user_id", "op_id"], set_=values)
    )


def _hash(op: Op, n: int) -> bytes:
    """What an op says, as if it had this number.

    The number is the device's own affair (a copy of it may have had to count anew), and so is the
    company it comes in: a member of its group may have been settled meanwhile.
    """
    alone = msgspec.structs.replace(op, n=n, group="", members=0)
    return hashlib.sha256(msgspec.json.encode(alone)).digest()


def _again(txn: Txn, kept: Kept) -> OpResult:
    """The result of an op that was pushed before."""
    result = kept.result
    status = OpStatus.DUPLICATE if result.status in DONE else result.status
    found = entities.load(txn.connection, kept.entity, kept.id) if kept.entity else None
    return msgspec.structs.replace(
        result, status=status, entity=entities.wired(txn.epoch, found) if found else None
    )
