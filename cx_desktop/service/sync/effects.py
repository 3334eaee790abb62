"""What pushed ops do: one alone, or a group all or none. Called inside a writing transaction.

A refusal leaves the transaction as it was before the op, or before the whole group; the results are
kept either way, beside the effects.
"""

from collections.abc import Sequence

import msgspec

from cx_desktop.domain.recordings.notes import SAID_TYPES
from cx_desktop.protocol import Op, OpResult, OpStatus
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, verbs
from cx_desktop.service.objects.types import object_type
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.recordings import notes
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Txn, entities
from cx_desktop.service.sync.actions import act
from cx_desktop.service.sync.results import DONE, keep, known, rejected, status_of, supersede, told


def done(txn: Txn, actor: Actor, op: Op) -> OpResult:
    """Do an op, unless it was done before."""
    supersede(txn, actor, op)
    result = known(txn, actor, op)
    if result is None:
        result = _blocked(txn, actor, op) or _effect(txn, actor, op)
        keep(txn, actor, op, result)
    return result


def all_done(txn: Txn, actor: Actor, ops: Sequence[Op]) -> tuple[OpResult, ...]:
    """Do a group: every op of it, or none, with the reason at those that were refused."""
    for op in ops:
        supersede(txn, actor, op)
    before = {op.op_id: was for op in ops if (was := known(txn, actor, op)) is not None}
    fresh = [op for op in ops if op.op_id not in before]
    refused = {op.id for op in ops if op.op_id in before and before[op.op_id].status not in DONE}
    tried = _tried(txn, actor, fresh, refused)
    for op in fresh:
        keep(txn, actor, op, tried[op.op_id])
    return tuple((before | tried)[op.op_id] for op in ops)


def _tried(txn: Txn, actor: Actor, ops: Sequence[Op], refused: set[str]) -> dict[str, OpResult]:
    """The results of ops that are done if none is refused; ``refused`` are entities already."""
    point, moved = txn.connection.begin_nested(), len(txn.moved)
    results: dict[str, OpResult] = {}
    for op in ops:  # each is tried, so that somebody learns at once of all that stands against it
        is_upon = op.id in refused
        results[op.op_id] = _waiting(op) if is_upon else _effect(txn, actor, op)
        if results[op.op_id].status not in DONE:
            refused.add(op.id)
    if not refused:
        point.commit()
        return results
    point.rollback()
    del txn.moved[moved:]
    return {op.op_id: _undone(txn, op, results[op.op_id]) for op in ops}


def _undone(txn: Txn, op: Op, result: OpResult) -> OpResult:
    """The result of a member of a refused group: its own refusal, or that it waits."""
    if result.status in DONE:
        return _waiting(op)
    if result.status is OpStatus.CONFLICT:  # with what stands there without the group
        return told(txn, op, entities.load(txn.connection, op.entity, op.id), OpStatus.CONFLICT)
    return result


def _waiting(op: Op) -> OpResult:
    return OpResult(op_id=op.op_id, status=OpStatus.BLOCKED)


def _blocked(txn: Txn, actor: Actor, op: Op) -> OpResult | None:
    """A result without effect when the op that this one follows was refused."""
    status = status_of(txn, actor, op.after) if op.after else None
    return None if status is None or status in DONE else _waiting(op)


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
            return told(txn, op, refusal.entity, OpStatus.CONFLICT)
        return rejected(op, refusal)
    point.commit()
    return result


def _applied(txn: Txn, actor: Actor, op: Op) -> OpResult:
    match op.kind:
        case "create":
            return _created(txn, actor, op)
        case "patch":
            return _patched(txn, actor, op)
        case "action":
            return _acted(txn, actor, op)
    raise malformed("/kind", "unknown-kind", "Either create, patch or action")


def _created(txn: Txn, actor: Actor, op: Op) -> OpResult:
    if op.entity in SAID_TYPES:
        said, was_there = notes.create(txn, actor, op)
        return told(txn, op, said, OpStatus.MERGED if was_there else OpStatus.APPLIED)
    kind = object_type(op.entity)
    new = _new_object(op)
    if entities.load(txn.connection, kind.name, op.id) is not None:
        # Ids are drawn once: somebody offered it again before whoever made it could.
        there = deeds.find(txn, actor, kind.edit, kind.name, op.id)
        return told(txn, op, there, OpStatus.MERGED)
    return told(txn, op, verbs.create(txn, actor, kind, op.id, new), OpStatus.APPLIED)


def _patched(txn: Txn, actor: Actor, op: Op) -> OpResult:
    before = entities.load(txn.connection, op.entity, op.id)
    if op.entity in SAID_TYPES:
        saved = notes.patch(txn, actor, op)
    else:
        saved = verbs.patch(txn, actor, object_type(op.entity), op.id, op.changes)
    is_merged = before is not None and before.ver != op.base_ver
    return told(txn, op, saved, OpStatus.MERGED if is_merged else OpStatus.APPLIED)


def _acted(txn: Txn, actor: Actor, op: Op) -> OpResult:
    """What an action made comes along: the client cannot work that out by itself."""
    found = act(txn, actor, op)
    result = told(txn, op, found, OpStatus.APPLIED)
    return msgspec.structs.replace(result, entity=entities.wired(txn.epoch, found))


def _new_object(op: Op) -> NewObject:
    try:
        return msgspec.convert(op.value, NewObject)
    except msgspec.ValidationError as error:
        raise malformed("/value", "shape", str(error)) from error
