"""What becomes of an edit that met somebody else's: what comes together is offered again.

Only contradictions stay, in one record of the outbox per object, in the state *conflict*: the
disputed places with what they held and what they hold here, and the parts that were kept whole.
It stops nothing. Meanwhile the object shows mine at disputed places, and what was kept.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy import Connection, delete, insert, select, update

from cx_desktop.cache import chains, entities, grouping, recovery, tables
from cx_desktop.cache.chains import Body, NewOp, Record
from cx_desktop.cache.entities import Shadow, document_of, key_of
from cx_desktop.cache.rebase import refresh, set_base
from cx_desktop.cache.values import KeptPart, OpState
from cx_desktop.domain.merging import Kept, Outcome, Side, arisen, merged, side_of
from cx_desktop.domain.patch import Change, Document, Json, apply, coalesce, read, same
from cx_desktop.ports import Ids

_O, _C, _F = tables.outbox, tables.conflict, tables.merge_finding


class Theirs(Struct, frozen=True):
    """What the service holds."""

    ver: int
    document: Document

    @property
    def author(self) -> str:
        """Who wrote it last."""
        who = self.document.get("updated_by")
        name = who.get("name") if isinstance(who, dict) else ""
        return name if isinstance(name, str) else ""


def bring_together(
    connection: Connection, record: Record, theirs: Theirs, now: datetime, ids: Ids
) -> bool:
    """Merge an edit that the service did not take; whether somebody has to decide something."""
    chain = chains.chain(connection, record.key)
    open_ones = [
        each for each in chain if each.state is OpState.CONFLICT and each.group == record.group
    ]
    later = [each for each in chain if each.n > record.n]
    clay = [each for each in later if each.is_clay and each.group == record.group]
    sides = _Sides.of(connection, [*open_ones, record, *clay], theirs)
    found = merged(record.entity, sides.seen, sides.mine, sides.theirs.document)
    if _is_refused_again(found, record):
        found = msgspec.structs.replace(found, changes=(), disputes=(), kept=())
        disputed = record.body.changes
    else:
        disputed = tuple(Change(each.path, each.mine, each.base) for each in found.disputes)
    kept = _all_kept(connection, open_ones, found, sides)
    for each in (*open_ones, *clay):
        chains.drop(connection, each)
    if found.changes:
        _offer(connection, record, found, sides.theirs.ver, now, ids)
        recovery.renumber(connection, [each.op_id for each in later if each not in clay])
    if disputed or kept:
        _keep_open(connection, record, disputed, kept)
        _note(connection, record.op_id, sides.theirs, now, kept)
    else:
        chains.drop(connection, record)
    _rest_on(connection, record.key, sides.theirs)
    if record.group is not None:
        grouping.part_if_alone(connection, record.group)
    if found.is_clean and not disputed:
        parents = (sides.mine, sides.theirs.document)
        note_arisen(connection, record, parents, found.document, theirs.author, now)
    return bool(disputed or kept)


class _Sides(Struct, frozen=True):
    """What my edits were made on, what they made of it, and what the service holds now."""

    seen: Document
    mine: Document
    theirs: Theirs

    @classmethod
    def of(cls, connection: Connection, records: Iterable[Record], theirs: Theirs) -> "_Sides":
        records = list(records)
        key = records[0].key
        shadow = entities.load_shadow(connection, key)
        origin = entities.load_origin(connection, key)
        if origin is None:
            origin = shadow.data if shadow is not None else None
        if shadow is not None and shadow.ver > theirs.ver and not shadow.gone:
            theirs = Theirs(shadow.ver, document_of(shadow.data))
        base = theirs.document if origin is None else document_of(origin)
        changes = coalesce(change for each in records for change in each.body.changes)
        return cls(*side_of(base, changes), theirs)


def _is_refused_again(found: Outcome, record: Record) -> bool:
    """Whether the merge has nothing else to offer than what was refused: somebody has to look."""
    offered = {each.path: each for each in record.body.changes}
    return len(offered) == len(found.changes) and all(
        (old := offered.get(new.path)) is not None
        and same(old.value, new.value)
        and same(old.was, new.was)
        for new in found.changes
    )


def _all_kept(
    connection: Connection, open_ones: Iterable[Record], found: Outcome, sides: _Sides
) -> tuple[KeptPart, ...]:
    """What is kept now, and what was before and still waits for a decision."""
    fresh = [_part(each, sides) for each in found.kept]
    known = {(each.section, each.id) for each in fresh}
    before = [part for each in open_ones for part in kept_by(connection, each.op_id)]
    return (*fresh, *(each for each in before if (each.section, each.id) not in known))


def _part(kept: Kept, sides: _Sides) -> KeptPart:
    place = ("draft", kept.section, kept.id)
    other = sides.mine if kept.removed_by is Side.THEIRS else sides.theirs.document
    return KeptPart(
        section=kept.section,
        id=kept.id,
        is_mine_removed=kept.removed_by is Side.MINE,
        base=read(sides.seen, place),
        value=read(other, place),
    )


def kept_by(connection: Connection, op_id: bytes) -> tuple[KeptPart, ...]:
    """The parts that a conflict keeps whole."""
    found = connection.execute(select(_C.c.kept).where(_C.c.op_id == op_id)).scalar()
    return () if found is None else msgspec.json.decode(found, type=tuple[KeptPart, ...])


def _offer(
    connection: Connection, record: Record, found: Outcome, ver: int, now: datetime, ids: Ids
) -> None:
    op = NewOp(
        op_id=key_of(ids.new()),
        entity=record.entity,
        key=record.key,
        base_ver=ver,
        body=Body(changes=found.changes),
        at=now,
        supersedes=record.op_id,
        group=record.group,
    )
    chains.append(connection, op)


def _keep_open(
    connection: Connection,
    record: Record,
    disputed: tuple[Change, ...],
    kept: tuple[KeptPart, ...],
) -> None:
    reduce_to(connection, record, disputed, kept)
    connection.execute(
        update(_O).where(_O.c.op_id == record.op_id).values(state=OpState.CONFLICT.value)
    )


def reduce_to(
    connection: Connection,
    record: Record,
    disputed: Iterable[Change],
    kept: Iterable[KeptPart],
) -> None:
    """Leave only this open of a conflict; with nothing left it is over."""
    disputed, kept = tuple(disputed), tuple(kept)
    if not disputed and not kept:
        chains.drop(connection, record)
        return
    body = msgspec.json.encode(Body(changes=disputed))
    connection.execute(update(_O).where(_O.c.op_id == record.op_id).values(body=body))
    parts = msgspec.json.encode(kept) if kept else None
    connection.execute(update(_C).where(_C.c.op_id == record.op_id).values(kept=parts))


def _note(
    connection: Connection,
    op_id: bytes,
    theirs: Theirs,
    now: datetime,
    kept: tuple[KeptPart, ...],
) -> None:
    connection.execute(
        insert(_C).prefix_with("OR REPLACE"),
        {
            "op_id": op_id,
            "theirs": msgspec.json.encode(theirs.document),
            "theirs_ver": theirs.ver,
            "opened": now.isoformat(),
            "kept": msgspec.json.encode(kept) if kept else None,
        },
    )


def _rest_on(connection: Connection, key: bytes, theirs: Theirs) -> None:
    """From here on edits are on top of what the service holds."""
    row = entities.load(connection, key)
    shadow = entities.load_shadow(connection, key)
    if row is not None and (shadow is None or theirs.ver > shadow.ver):
        data = msgspec.json.encode(theirs.document)
        set_base(connection, row, Shadow(ver=theirs.ver, seq=row.seq, gone=False, data=data))
    entities.drop_origin(connection, key)
    refresh(connection, key)


def review(connection: Connection, key: bytes) -> None:
    """Something new came of an object: where the others now say what I said, nothing is open."""
    shadow = entities.load_shadow(connection, key)
    if shadow is None or shadow.gone:
        return
    now = document_of(shadow.data)
    for each in chains.chain(connection, key):
        if each.state is not OpState.CONFLICT:
            continue
        kept = kept_by(connection, each.op_id)
        still = [part for part in kept if not (part.is_mine_removed and _is_gone(now, part))]
        open_ones = [at for at in each.body.changes if not same(read(now, at.path), at.value)]
        if len(open_ones) < len(each.body.changes) or len(still) < len(kept):
            reduce_to(connection, each, open_ones, still)
            refresh(connection, key)


def _is_gone(document: Document, part: KeptPart) -> bool:
    return read(document, ("draft", part.section, part.id)) is UNSET


def look_at_merged(
    connection: Connection, record: Record, theirs: Theirs, origin: bytes, now: datetime
) -> None:
    """The service brought an edit together with others': is anything wrong that was not before?

    The service names me as the last to write; who the others are is known if they were read.
    """
    shadow = entities.load_shadow(connection, record.key)
    is_read = shadow is not None and shadow.data != origin
    who = Theirs(0, document_of(shadow.data)).author if shadow is not None and is_read else ""
    seen, mine = side_of(document_of(origin), record.body.changes)
    without = [Change(each.path, each.was) for each in record.body.changes]
    others = apply(theirs.document, without)
    if not same(seen.get("draft"), others.get("draft")):
        note_arisen(connection, record, (mine, others), theirs.document, who, now)


def note_arisen(
    connection: Connection,
    record: Record,
    parents: Iterable[Document],
    child: Document,
    who: str,
    now: datetime,
) -> None:
    """Keep in mind what is wrong only since two people's edits came together."""
    for each in arisen(record.entity, parents, child):
        place = "/".join(filter(None, (each.node, each.exit, each.property)))
        values: dict[str, Json] = {
            "id": record.key,
            "rule": each.rule,
            "place": place,
            "data": msgspec.json.encode(each),
            "who": who,
            "at": now.isoformat(),
        }
        connection.execute(insert(_F).prefix_with("OR REPLACE"), values)


def forget_arisen(connection: Connection, key: bytes) -> None:
    """Somebody looked at what a merge broke, and it is meant to be so, or mended."""
    connection.execute(delete(_F).where(_F.c.id == key))
