"""The outbox as a person looks at it: what waits, and what dropping some of it takes along.

What is under way, or was sent and not answered, is never dropped: the service may have it. A drop
takes the later edits of the same object along, since they were made upon it, and with a creation
every edit that mentions what is then never made. Dropping is one transaction, all or nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy import ColumnElement, Connection, bindparam, delete, literal_column, select

from cx_desktop.cache import acting, chains, claiming, entities, tables
from cx_desktop.cache.chains import NewOp, Record
from cx_desktop.cache.edits import Stamp, Written, changed_by
from cx_desktop.cache.entities import Shadow, document_of, id_of, key_of
from cx_desktop.cache.grouping import with_their_groups
from cx_desktop.cache.rebase import rebase, refresh
from cx_desktop.cache.values import DISPUTED, UNSETTLED, Changed, OpState, OutboxRow
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document

_E, _O, _C = tables.entity, tables.outbox, tables.conflict
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_NAME: ColumnElement[str] = literal_column(
    "coalesce(json_extract(CAST(entity.data AS TEXT), '$.name'),"
    " json_extract(CAST(entity.data AS TEXT), '$.label'), '')"
)
_WAITING = (
    select(*_O.columns, _NAME.label("name"), _E.c.project_id)
    .add_columns(_C.c.theirs, _C.c.opened)
    .join_from(_O, _E, _E.c.id == _O.c.id, isouter=True)
    .join(_C, _C.c.op_id == _O.c.op_id, isouter=True)
    .where(_O.c.state.in_([state.value for state in UNSETTLED]))
    .order_by(_O.c.n)
)


class Waiting(Struct, frozen=True):
    """An edit that the service has not taken, and what a person knows the object by."""

    row: OutboxRow
    name: str
    project_id: str
    may_drop: bool
    digests: frozenset[str] = frozenset()
    """The files that it mentions."""
    theirs: Document | None = None
    disputed_at: datetime | None = None


class Plan(Struct, frozen=True):
    """What dropping some edits comes to."""

    asked: tuple[str, ...]
    also: tuple[str, ...]
    """Edits that were made upon those, and go with them."""
    held: tuple[str, ...]
    """Edits among both that the service may have already: nothing is dropped while there are."""

    @property
    def all(self) -> tuple[str, ...]:
        """Everything that goes."""
        return (*self.asked, *self.also)


class Dropped(Struct, frozen=True):
    """Edits that were dropped, oldest first: enough to put them back."""

    records: tuple[Record, ...] = ()

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.records)

    @property
    def digests(self) -> frozenset[str]:
        """The files that they mention."""
        bodies = (msgspec.json.encode(each.body) for each in self.records)
        return frozenset(found.decode() for each in bodies for found in _DIGEST.findall(each))


class Outgoing:
    """What leaves this computer next. Every method is one transaction, or one read."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        stamp: Callable[[], Stamp],
    ) -> None:
        self._writer = writer
        self._read = read
        self._stamp = stamp

    def waiting(self) -> tuple[Waiting, ...]:
        """Every edit that the service has not taken, oldest first."""
        with self._read() as connection:
            return tuple(_waiting(row) for row in connection.execute(_WAITING))

    def sides(self, op_id: str) -> tuple[Document | None, Document | None]:
        """The object just before an edit and just after it; nothing where it is not there."""
        with self._read() as connection:
            record = chains.load_op(connection, key_of(op_id))
            if record is None:
                return None, None
            shadow = entities.load_shadow(connection, record.key)
            before = [each for each in chains.chain(connection, record.key) if each.n < record.n]
        base = rebase(None if shadow is None else document_of(shadow.data), before)
        return base, rebase(base, [record])

    def plan(self, op_ids: Iterable[str]) -> Plan:
        """What dropping these edits would take along, and what stands against it."""
        with self._read() as connection:
            return _plan(chains.unsettled(connection), op_ids)

    def drop(self, op_ids: Sequence[str]) -> Dropped:
        """Drop exactly these edits, those that were sent since aside.

        Raises ``CXError`` when something else would have to go too, or one of them is under way.
        """

        def work(connection: Connection) -> tuple[Dropped, tuple[Changed, ...]]:
            records = _drop(connection, op_ids)
            written = [Written("", each.entity, id_of(each.key)) for each in records]
            return Dropped(records), changed_by(written)

        return self._writer.do(work, is_edit=True)

    def withdraw_overdue(self, now: datetime) -> int:
        """Take back actions whose time has passed and that were never sent; how many."""
        with self._read() as connection:
            if not claiming.overdue(connection, now):
                return 0

        def work(connection: Connection) -> tuple[int, tuple[Changed, ...]]:
            late = acting.withdraw_overdue(connection, now)
            return len(late), changed_by(late)

        return self._writer.do(work, is_edit=True)

    def put_back(self, dropped: Dropped) -> int:
        """Make dropped edits again, as new ones; how many of them could be."""

        def work(connection: Connection) -> tuple[int, tuple[Changed, ...]]:
            stamp = self._stamp()
            made = [each for each in dropped.records if _put_back(connection, each, stamp)]
            written = [Written("", each.entity, id_of(each.key)) for each in made]
            return len(made), changed_by(written)

        return self._writer.do(work, is_edit=True)


def _waiting(row: object) -> Waiting:
    record, values = chains.record_of(row), getattr(row, "_mapping")  # noqa: B009  (public name)
    project, theirs, opened = values["project_id"], values["theirs"], values["opened"]
    return Waiting(
        row=record.row(),
        name=str(values["name"] or (record.body.value or {}).get("name") or ""),
        project_id="" if project is None else id_of(project),
        may_drop=_may_drop(record),
        digests=frozenset(each.decode() for each in _DIGEST.findall(values["body"])),
        theirs=None if theirs is None else document_of(theirs),
        disputed_at=None if opened is None else datetime.fromisoformat(opened),
    )


def _may_drop(record: Record) -> bool:
    """Whether the service certainly has nothing of an edit."""
    return record.is_unsent or record.state in DISPUTED


def _plan(records: Sequence[Record], op_ids: Iterable[str]) -> Plan:
    """The closure of what is asked, under "was made upon"."""
    asked = with_their_groups(records, {key_of(each) for each in op_ids})
    going = {each.op_id for each in records if each.op_id in asked}
    while more := with_their_groups(records, going | _upon(records, going)) - going:
        going |= more
    gone = [each for each in records if each.op_id in going]
    return Plan(
        asked=tuple(id_of(each.op_id) for each in gone if each.op_id in asked),
        also=tuple(id_of(each.op_id) for each in gone if each.op_id not in asked),
        held=tuple(id_of(each.op_id) for each in gone if not _may_drop(each)),
    )


def _upon(records: Sequence[Record], going: set[bytes]) -> set[bytes]:
    """The edits that were made upon those that go, and do not go yet."""
    first: dict[bytes, int] = {}
    unmade: set[bytes] = set()
    for each in records:
        if each.op_id in going:
            if each.state is not OpState.CONFLICT:  # nothing is made upon what waits for a decision
                first.setdefault(each.key, each.n)
            if each.body.value is not None:
                unmade.add(id_of(each.key).encode())
    return {
        each.op_id
        for each in records
        if each.op_id not in going
        and (each.n > first.get(each.key, each.n) or (unmade and unmade & _mentions(each)))
    }


def _mentions(record: Record) -> set[bytes]:
    """The ids in what an edit writes."""
    changed = [each.value for each in record.body.changes if each.value is not UNSET]
    return set(_ID.findall(msgspec.json.encode([record.body.value, changed])))


def _drop(connection: Connection, op_ids: Sequence[str]) -> tuple[Record, ...]:
    records = chains.unsettled(connection)
    plan = _plan(records, op_ids)
    if plan.also or plan.held or not set(plan.asked) <= set(op_ids):
        raise CXError("problem.outbox-moved")
    going = {key_of(each) for each in plan.asked}
    gone = tuple(each for each in records if each.op_id in going)
    # Whatever waited for one of them goes with it: nothing has to be pointed elsewhere.
    keys = [{"op": each.op_id} for each in gone]
    if keys:
        for table in (_O, _C):
            connection.execute(delete(table).where(table.c.op_id == bindparam("op")), keys)
    for key in dict.fromkeys(each.key for each in gone):
        refresh(connection, key)
    return gone


def _put_back(connection: Connection, record: Record, stamp: Stamp) -> bool:
    """Make an edit once more; what the service refused is offered again under a new id."""
    if record.body.is_empty:  # a conflict in which everything was kept
        return False
    row = entities.load(connection, record.key)
    if record.body.value is not None:
        if row is not None:  # it came into being meanwhile
            return False
        fresh = entities.new_entity(record.entity, record.key, record.body.value)
        entities.store(connection, fresh)
        _append(connection, record, 0, None, stamp)
        return True
    if row is None:
        return False
    if not row.dirty:
        shadow = Shadow(ver=row.ver, seq=row.seq, gone=False, data=row.data)
        entities.set_shadow(connection, record.key, shadow)
    last = next(reversed(chains.chain(connection, record.key)), None)
    if last is not None and last.is_clay and _is_one_with(last, record):
        chains.reshape(connection, last, last.body.followed_by(record.body.changes))
    else:
        _append(connection, record, row.ver, None if last is None else last.op_id, stamp)
    refresh(connection, record.key)
    return True


def _is_one_with(last: Record, record: Record) -> bool:
    return last.group == record.group and record.body.action is None


def _append(
    connection: Connection, record: Record, ver: int, after: bytes | None, stamp: Stamp
) -> None:
    was_sent = record.attempts > 0
    chains.append(
        connection,
        NewOp(
            key_of(stamp.ids.new()),
            record.entity,
            record.key,
            ver,
            record.body,
            record.at,
            after=after,
            supersedes=record.op_id if was_sent else record.supersedes,
            group=record.group,
        ),
    )
