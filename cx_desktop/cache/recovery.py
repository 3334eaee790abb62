"""A service that was restored from a backup gets back what this computer holds (``sync.md`` 1.6).

With a new epoch, every acknowledged edit that is still kept waits again, under its old op id: the
service answers *duplicate* or does it. Nothing is sent before each stream was read anew, so that
edits meet what the service really holds. Rows that only this computer has are kept as *recovered*
and offered again as creations, with their ids, ahead of what was edited in them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from cx_desktop.cache import chains, entities, tables
from cx_desktop.cache.chains import Body, NewOp, Record
from cx_desktop.cache.entities import Shadow, Stored, document_of, id_of, key_of, stored_of
from cx_desktop.cache.rebase import refresh
from cx_desktop.cache.values import OpState
from cx_desktop.domain.patch import Change, Document, disturbed, read, same
from cx_desktop.ports import Ids
from cx_desktop.protocol import PerProject, Stream, family_of

_T, _E, _K, _M = tables.outbox, tables.entity, tables.last_known, tables.meta
#: What a client may create in anybody's name; the rest is the service's, or its author's alone.
_CREATABLE = frozenset({"flow", "schedule", "prompt", "queue", "form", "labels", "worklist"})
#: Streams of what is edited here: until they were read anew nothing is sent.
_EDITED = (Stream.CONFIG, Stream.FLOWS)
#: What a creation cannot say.
_ARCHIVED = Body(changes=(Change(("archived",), True, False),))
_RECOVERED = (*_EDITED, Stream.REVISIONS)
_FLAG = "sync.recovering."


#: Where something that was recovered stands by now: the service has it, will get it, or has not.
Standing: TypeAlias = Literal["there", "waiting", "only-here"]


class Recovered(Struct, frozen=True):
    """Something that only this computer still had after the service was restored."""

    entity_type: str
    id: str
    project_id: str | None
    found: datetime
    data: Document
    standing: Standing = "only-here"


def begin(connection: Connection, now: datetime) -> None:
    """The service counts anew: what it acknowledged waits again."""
    read = connection.execute(select(tables.stream.c.name)).scalars()
    notes = [name for name in read if family_of(name) is PerProject.NOTES]
    for name in (*_RECOVERED, *notes):
        values = {"key": _FLAG + str(name), "value": "1"}
        connection.execute(insert(_M).prefix_with("OR REPLACE"), values)
    acked = select(_T.c.id).where(_T.c.state == OpState.ACKED.value).distinct()
    for key in connection.execute(acked).scalars().all():
        row = entities.load(connection, key)
        if row is not None:  # what was taken away by the service since is not brought back
            _offer_again(connection, row, now)


def _offer_again(connection: Connection, row: Stored, now: datetime) -> None:
    shadow = entities.load_shadow(connection, row.key)
    if shadow is None and not row.dirty:
        shadow = Shadow(ver=row.ver, seq=row.seq, gone=False, data=row.data)
        entities.set_shadow(connection, row.key, shadow)
        entities.store(connection, msgspec.structs.replace(row, dirty=True))
    if shadow is not None:
        _note(connection, row, shadow.data, now, is_lost=False)
    connection.execute(
        update(_T)
        .where(_T.c.id == row.key, _T.c.state == OpState.ACKED.value)
        .values(state=OpState.PENDING.value, seq=0, offered_again=1)
    )
    refresh(connection, row.key)


def is_under_way(connection: Connection) -> bool:
    """Whether a stream of what is edited here was not read anew yet."""
    flags = [_FLAG + name.value for name in _EDITED]
    return connection.execute(select(_M.c.key).where(_M.c.key.in_(flags))).first() is not None


class Rest(Struct, frozen=True):
    """What the last part of a snapshot leaves: rows older than ``gen`` that it does not bring."""

    stream: str
    gen: int
    brought: frozenset[bytes]


def recover(connection: Connection, rest: Rest, *, now: datetime, ids: Ids) -> None:
    """A stream was read anew: rows that it did not bring are this computer's to bring.

    It runs before the sweep, in its transaction; what is offered has edits and is not swept.
    """
    flag = connection.execute(delete(_M).where(_M.c.key == _FLAG + rest.stream))
    if not flag.rowcount:
        return
    projects = set(connection.execute(select(_E.c.id).where(_E.c.type == "project")).scalars())
    query = select(*entities.COLUMNS).where(_E.c.stream == rest.stream, _E.c.gen < rest.gen)
    for found in connection.execute(query).all():
        row = stored_of(tuple(found))
        if row.project_key in projects and row.key not in rest.brought:
            _recover(connection, row, now, ids)


def _recover(connection: Connection, row: Stored, now: datetime, ids: Ids) -> None:
    """Keep a row that the service lost, and offer it where that can be done."""
    chain = chains.chain(connection, row.key)
    shadow = entities.load_shadow(connection, row.key)
    if chain and chain[0].body.value is not None:  # its own creation waits again
        entities.drop_shadow(connection, row.key)
        refresh(connection, row.key)
        return
    if shadow is None and row.dirty:  # made here and never acknowledged
        return
    data = row.data if shadow is None else shadow.data
    _note(connection, row, data, now, is_lost=True)
    if row.type not in _CREATABLE:
        return
    base = document_of(data)
    _creation(connection, row, base, chain, now, ids)
    entities.drop_shadow(connection, row.key)
    entities.store(connection, msgspec.structs.replace(row, ver=0, seq=0, dirty=True))
    refresh(connection, row.key)


def _creation(
    connection: Connection,
    row: Stored,
    base: Document,
    chain: tuple[Record, ...],
    now: datetime,
    ids: Ids,
) -> None:
    """A creation, then what a creation cannot say, then the edits that wait already."""
    bodies = [Body(value=base | {"archived": False})]
    if base.get("archived") is True:
        bodies.append(_ARCHIVED)
    for body in bodies:
        op_id = key_of(ids.new())
        chains.append(connection, NewOp(op_id, row.type, row.key, 0, body, now))
        if body.value is not None:
            values = {"op_id": op_id}
            connection.execute(update(_K).where(_K.c.id == row.key).values(values))
    renumber(connection, [each.op_id for each in chain])


def renumber(connection: Connection, op_ids: Iterable[bytes], *, past: int = 0) -> None:
    """Put edits at the end of the outbox, in this order, with counters beyond ``past``."""
    found = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
    last = max(int(found.scalar() or 0), past)
    for op_id in op_ids:
        last += 1
        connection.execute(update(_T).where(_T.c.op_id == op_id).values(n=last))
    connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", (last,))


def pass_the_other(connection: Connection, highest: int) -> None:
    """Another copy of this device counted on: edits that wait count from behind it."""
    waiting = [OpState.PENDING.value, OpState.INFLIGHT.value]
    query = select(_T.c.op_id).where(_T.c.state.in_(waiting)).order_by(_T.c.n)
    renumber(connection, connection.execute(query).scalars().all(), past=highest)


def put_under_a_new_id(connection: Connection, record: Record, ids: Ids) -> None:
    """A copy of this computer sent another edit under this id, drawn before they parted."""
    op_id = key_of(ids.new())
    changed = {"op_id": op_id, "state": OpState.PENDING.value, "attempts": 0}
    connection.execute(update(_T).where(_T.c.op_id == record.op_id).values(changed))
    connection.execute(update(_T).where(_T.c.after == record.op_id).values(after=op_id))


def is_spare(connection: Connection, record: Record) -> bool:
    """Whether a refused creation was only an offer: nobody edited anything in it here."""
    query = select(_K.c.id).where(_K.c.op_id == record.op_id)
    is_offer = connection.execute(query).first() is not None
    rest = chains.chain(connection, record.key)[1:]
    return is_offer and all(each.body == _ARCHIVED for each in rest)


def is_overtaken(connection: Connection, record: Record, theirs: Document) -> bool:
    """Whether an edit offered again meets only what, before the restore, had come after it."""
    query = select(_K.c.data).where(_K.c.id == record.key)
    known = connection.execute(query).scalar()
    if not record.is_offered_again or known is None:
        return False
    before = document_of(known)
    return all(
        same(read(theirs, each.path), read(before, each.path))
        for each in disturbed(theirs, record.body.changes)
    )


def recovered(connection: Connection) -> tuple[Recovered, ...]:
    """What only this computer still had, newest first."""
    found = connection.execute(
        select(_K.c.entity, _K.c.id, _K.c.project_id, _K.c.found, _K.c.data, _E.c.ver, _E.c.dirty)
        .join_from(_K, _E, _E.c.id == _K.c.id, isouter=True)
        .where(_K.c.lost == 1)
        .order_by(_K.c.found.desc(), _K.c.id)
    )
    return tuple(
        Recovered(
            kind,
            id_of(key),
            None if project is None else id_of(project),
            datetime.fromisoformat(at),
            document_of(data),
            _standing(ver, dirty),
        )
        for kind, key, project, at, data, ver, dirty in found
    )


def _standing(ver: int | None, dirty: int | None) -> Standing:
    if ver is None:
        return "only-here"
    return "waiting" if dirty and not ver else "there"


def can_create(entity_type: str) -> bool:
    """Whether a client may make such a thing on the service."""
    return entity_type in _CREATABLE


def let_go(connection: Connection, ids: Iterable[str]) -> int:
    """Keep these no longer; what is offered or there stays so. How many they were."""
    keys = [key_of(each) for each in ids]
    gone = delete(_K).where(_K.c.id.in_(keys), _K.c.lost == 1)
    return connection.execute(gone).rowcount


def _note(
    connection: Connection, row: Stored, data: bytes, now: datetime, *, is_lost: bool
) -> None:
    connection.execute(
        insert(_K).prefix_with("OR REPLACE"),
        {
            "id": row.key,
            "entity": row.type,
            "project_id": row.project_key,
            "data": data,
            "lost": int(is_lost),
            "op_id": None,
            "found": now.isoformat(),
        },
    )
