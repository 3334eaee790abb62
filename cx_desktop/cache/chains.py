"""The outbox as stored: per entity a chain of edits, each of which waits for the one before.

An edit that was ever sent is frozen under its ``op_id``, since the service may hold its result; one
that was not is still clay, and later edits of the same entity are kneaded into it.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from cx_desktop.cache import tables
from cx_desktop.cache.entities import id_of
from cx_desktop.cache.values import UNSETTLED, OpState, OutboxRow
from cx_desktop.domain.patch import Change, Document, apply, coalesce
from cx_desktop.protocol import Op, Problem


class Deed(Struct, frozen=True):
    """A guarded action that waits: it happens on what it was decided on, in time, or never."""

    verb: str
    value: Document
    if_match: str
    not_after: datetime


class Body(Struct, frozen=True, omit_defaults=True):
    """What an edit says: the value of a new entity, changes to one, or an action on one."""

    changes: tuple[Change, ...] = ()
    value: Document | None = None
    action: Deed | None = None

    def followed_by(self, changes: Iterable[Change]) -> "Body":
        """This edit and then these changes, as one edit."""
        if self.value is not None:
            return Body(value=apply(self.value, changes))
        return Body(changes=coalesce([*self.changes, *changes]))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of the edit."""
        return self.value is None and not self.changes and self.action is None

    @property
    def kind(self) -> str:
        """The op's kind on the wire."""
        if self.action is not None:
            return "action"
        return "patch" if self.value is None else "create"


class Record(Struct, frozen=True):
    """One row of the outbox."""

    n: int
    op_id: bytes
    entity: str
    key: bytes
    base_ver: int
    body: Body
    after: bytes | None
    supersedes: bytes | None
    state: OpState
    attempts: int
    at: datetime
    problem: Problem | None
    is_offered_again: bool = False
    """It was acknowledged once, before the service was restored."""
    group: bytes | None = None
    """The gesture that it is one of several edits of."""

    @property
    def is_unsent(self) -> bool:
        """Whether the service certainly knows nothing of it."""
        return self.state is OpState.PENDING and self.attempts == 0

    @property
    def is_clay(self) -> bool:
        """Whether it was never sent and may still be reshaped; an action stays as decided."""
        return self.is_unsent and self.body.action is None

    def op(self, members: int = 0) -> Op:
        """The edit as it is sent, alone or with the members of its group.

        Only heads of chains are, so that ``after`` stays empty.
        """
        action = self.body.action
        return Op(
            op_id=id_of(self.op_id),
            n=self.n,
            entity=self.entity,
            id=id_of(self.key),
            kind=self.body.kind,
            at=self.at,
            base_ver=self.base_ver,
            changes=self.body.changes,
            value=self.body.value if action is None else action.value,
            supersedes="" if self.supersedes is None else id_of(self.supersedes),
            group=id_of(self.group) if self.group is not None and members > 1 else "",
            members=members if self.group is not None and members > 1 else 0,
            verb="" if action is None else action.verb,
            if_match="" if action is None else action.if_match,
            not_after=None if action is None else action.not_after,
        )

    def row(self) -> OutboxRow:
        """The edit as the rest of the program sees it."""
        return OutboxRow(
            op=self.op(),
            state=self.state,
            attempts=self.attempts,
            problem=self.problem,
            after="" if self.after is None else id_of(self.after),
            group="" if self.group is None else id_of(self.group),
        )


_T = tables.outbox
_UNSETTLED = [state.value for state in UNSETTLED]
_CHAIN = select(_T).where(_T.c.id == bindparam("key"), _T.c.state.in_(_UNSETTLED)).order_by(_T.c.n)
_ALL = select(_T).where(_T.c.state.in_(_UNSETTLED)).order_by(_T.c.n)
_BY_OP = select(_T).where(_T.c.op_id == bindparam("op"))
_REMOVE = delete(_T).where(_T.c.op_id == bindparam("op"))
_RESHAPE = update(_T).where(_T.c.op_id == bindparam("op")).values(body=bindparam("shape"))
_REPOINT = (
    update(_T)
    .where(_T.c.after == bindparam("op"), _T.c.state.in_(_UNSETTLED))
    .values(after=bindparam("to"))
)


def record_of(row: object) -> Record:
    """A selected row of the outbox as a value."""
    values = getattr(row, "_mapping")  # noqa: B009  (SQLAlchemy's public name starts like this)
    return Record(
        n=values["n"],
        op_id=values["op_id"],
        entity=values["entity"],
        key=values["id"],
        base_ver=values["base_ver"],
        body=msgspec.json.decode(values["body"], type=Body),
        after=values["after"],
        supersedes=values["supersedes"],
        state=OpState(values["state"]),
        attempts=values["attempts"],
        at=datetime.fromisoformat(values["at"]),
        problem=(
            None
            if values["problem"] is None
            else msgspec.json.decode(values["problem"], type=Problem)
        ),
        is_offered_again=bool(values["offered_again"]),
        group=values["grp"],
    )


def chain(connection: Connection, key: bytes) -> tuple[Record, ...]:
    """The unsettled edits of an entity, oldest first."""
    return tuple(record_of(row) for row in connection.execute(_CHAIN, {"key": key}))


def unsettled(connection: Connection) -> tuple[Record, ...]:
    """Every unsettled edit, oldest first."""
    return tuple(record_of(row) for row in connection.execute(_ALL))


def load_op(connection: Connection, op_id: bytes) -> Record | None:
    """One edit."""
    row = connection.execute(_BY_OP, {"op": op_id}).one_or_none()
    return None if row is None else record_of(row)


def keys_with_edits(connection: Connection) -> frozenset[bytes]:
    """The entities that have unsettled edits."""
    found = connection.execute(select(_T.c.id).where(_T.c.state.in_(_UNSETTLED)).distinct())
    return frozenset(found.scalars())


class NewOp(Struct, frozen=True):
    """An edit about to join the outbox."""

    op_id: bytes
    entity: str
    key: bytes
    base_ver: int
    body: Body
    at: datetime
    after: bytes | None = None
    supersedes: bytes | None = None
    group: bytes | None = None


def append(connection: Connection, op: NewOp) -> None:
    """Put an edit at the end of the outbox."""
    connection.execute(
        insert(_T),
        {
            "op_id": op.op_id,
            "entity": op.entity,
            "id": op.key,
            "kind": op.body.kind,
            "base_ver": op.base_ver,
            "body": msgspec.json.encode(op.body),
            "after": op.after,
            "supersedes": op.supersedes,
            "state": OpState.PENDING.value,
            "attempts": 0,
            "at": op.at.isoformat(),
            "seq": 0,
            "grp": op.group,
        },
    )


def reshape(connection: Connection, record: Record, body: Body) -> None:
    """Give an edit that was never sent another body; an empty one takes it away."""
    if body.is_empty:
        drop(connection, record)
    else:
        connection.execute(_RESHAPE, {"op": record.op_id, "shape": msgspec.json.encode(body)})


def drop(connection: Connection, record: Record) -> None:
    """Take an edit out of its chain; the next one waits for what this one waited for."""
    connection.execute(_REMOVE, {"op": record.op_id})
    connection.execute(_REPOINT, {"op": record.op_id, "to": record.after})
    connection.execute(delete(tables.conflict).where(tables.conflict.c.op_id == record.op_id))


def settled_upto(connection: Connection) -> int:
    """The counter up to which no edit waits for the service's word any more."""
    waiting = [OpState.PENDING.value, OpState.INFLIGHT.value]
    first = connection.execute(select(func.min(_T.c.n)).where(_T.c.state.in_(waiting))).scalar()
    if first is not None:
        return int(first) - 1
    last = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
    return int(last.scalar() or 0)
