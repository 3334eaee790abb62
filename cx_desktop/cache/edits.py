"""T1, a user's edit: effective row, base shadow and outbox row in one transaction.

Also what a user decides of an edit that the service did not take.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct
from sqlalchemy import Connection

from cx_desktop.cache import chains, entities, grouping, recovery
from cx_desktop.cache.chains import Body, NewOp, Record
from cx_desktop.cache.entities import Shadow, document_of, id_of, key_of
from cx_desktop.cache.rebase import refresh
from cx_desktop.cache.values import Changed, Edit, OpState, Origin
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, apply, based, coalesce, overlap, same
from cx_desktop.ports import Ids

Keep: TypeAlias = Literal["mine", "theirs"]


class Stamp(NamedTuple):
    """Where fresh ids come from, and the time an edit was made."""

    ids: Ids
    now: datetime


class Written(Struct, frozen=True):
    """The op that carries an edit, and the entity it changed."""

    op_id: str
    entity_type: str
    id: str


def changed_by(written: Iterable[Written], origin: Origin = "local") -> tuple[Changed, ...]:
    """What listeners are told of these edits."""
    ids: dict[str, set[str]] = defaultdict(set)
    for each in written:
        ids[each.entity_type].add(each.id)
    return tuple(Changed(kind, frozenset(some), origin) for kind, some in ids.items())


def write(
    connection: Connection, edits: Iterable[Edit], stamp: Stamp, *, are_one: bool = False
) -> tuple[Written, ...]:
    """Make these edits; one that changes nothing leaves no trace.

    Those that ``are_one`` gesture reach the service all or none.
    """
    edits = tuple(edits)
    group = grouping.group_for(connection, edits, stamp.ids) if are_one else None
    written = (
        _create(connection, edit, stamp, group)
        if edit.value is not None
        else change(connection, edit, stamp, group=group)
        for edit in edits
    )
    made = tuple(each for each in written if each is not None)
    if group is not None:
        grouping.part_if_alone(connection, group)
    return made


def _create(
    connection: Connection, edit: Edit, stamp: Stamp, group: bytes | None = None
) -> Written:
    key = key_of(edit.id)
    if entities.load(connection, key) is not None:
        raise ValueError(f"{edit.entity_type} {edit.id} exists already")
    value = apply(edit.value or {}, edit.changes)
    entities.store(connection, entities.new_entity(edit.entity_type, key, value))
    op_id = key_of(stamp.ids.new())
    chains.append(
        connection,
        NewOp(op_id, edit.entity_type, key, 0, Body(value=value), stamp.now, group=group),
    )
    return Written(id_of(op_id), edit.entity_type, edit.id)


def change(
    connection: Connection,
    edit: Edit,
    stamp: Stamp,
    *,
    supersedes: bytes | None = None,
    group: bytes | None = None,
) -> Written | None:
    """Change an entity; nothing where that changes nothing."""
    key = key_of(edit.id)
    row = entities.load(connection, key)
    if row is None:
        raise CXError("problem.no-longer-here")
    before = document_of(row.data)
    if same(apply(before, edit.changes), before):
        return None
    edits = chains.chain(connection, key)
    last = edits[-1] if edits else None
    if last is not None and last.is_clay and last.group == group:
        op_id = last.op_id
        chains.reshape(connection, last, last.body.followed_by(edit.changes))
    else:
        body = Body(changes=coalesce(edit.changes))
        if body.is_empty:
            return None
        op_id = key_of(stamp.ids.new())
        after = None if last is None else last.op_id
        chains.append(
            connection,
            NewOp(
                op_id,
                row.type,
                key,
                row.ver,
                body,
                stamp.now,
                after=after,
                supersedes=supersedes,
                group=group,
            ),
        )
    if not row.dirty:
        shadow = Shadow(ver=row.ver, seq=row.seq, gone=False, data=row.data)
        entities.set_shadow(connection, key, shadow)
    # Made anew from the base: a place that is put back where it was is no edit any more, and what
    # others wrote there meanwhile shows again.
    refresh(connection, key)
    return Written(id_of(op_id), row.type, edit.id)


def drop_refused(connection: Connection, op_id: str, keep: Keep, stamp: Stamp) -> Written | None:
    """Settle an edit that the service refused; nothing when it is settled already.

    *Mine* offers it again, on the base that is now known, as a new op that supersedes the old one.
    *Theirs* drops it. Later edits of the same entity that were not sent join the new op.
    """
    record = chains.load_op(connection, key_of(op_id))
    if record is None or record.state is not OpState.REJECTED:
        return None
    behind = [each for each in chains.chain(connection, record.key) if each.n > record.n]
    later = tuple(each for each in behind if _joins(each, record))
    shadow = entities.load_shadow(connection, record.key)
    body = _kept(record, later, shadow, keep)
    for each in (record, *later):
        chains.drop(connection, each)
    base_ver = 0 if shadow is None else shadow.ver
    fresh = key_of(stamp.ids.new())
    if not body.is_empty:
        chains.append(
            connection,
            NewOp(
                fresh,
                record.entity,
                record.key,
                base_ver,
                body,
                stamp.now,
                supersedes=record.op_id,
                group=record.group,
            ),
        )
        recovery.renumber(connection, [each.op_id for each in behind if each not in later])
    elif record.group is not None:
        grouping.part_if_alone(connection, record.group)
    refresh(connection, record.key)
    return Written("" if body.is_empty else id_of(fresh), record.entity, id_of(record.key))


def _joins(later: Record, record: Record) -> bool:
    """Whether a later edit becomes part of the one that is offered again."""
    return later.is_clay and later.group == record.group and record.body.action is None


def _kept(record: Record, later: tuple[Record, ...], shadow: Shadow | None, keep: Keep) -> Body:
    """What remains of a disputed edit and those after it."""
    if record.body.value is not None or record.body.action is not None:
        return _followed(record.body, later) if keep == "mine" else Body()
    base = {} if shadow is None else document_of(shadow.data)
    changes = _followed(record.body, later).changes
    if keep == "mine":
        return Body(changes=coalesce(based(base, changes)))
    return Body(changes=_without(later, changes))


def _followed(body: Body, later: Iterable[Record]) -> Body:
    for each in later:
        body = body.followed_by(each.body.changes)
    return body


def _without(later: Iterable[Record], merged: tuple[Change, ...]) -> tuple[Change, ...]:
    """The later edits alone, from the bases that stood before the dropped one."""
    touched = [each.path for record in later for each in record.body.changes]
    if not touched:
        return ()
    return tuple(each for each in merged if any(overlap(each.path, path) for path in touched))
