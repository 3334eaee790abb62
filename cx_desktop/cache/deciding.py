"""What a user decides of a conflict, place by place; each choice is saved as it is made.

A choice of *mine* is an edit like any other, on top of what the service holds by now, so that it is
merged like any other should they write again. *Theirs* leaves what the service holds. The rest of
the conflict stays open.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy import Connection, insert, select, update

from cx_desktop.cache import chains, edits, entities, grouping, tables
from cx_desktop.cache.chains import Body, NewOp, Record
from cx_desktop.cache.edits import Keep, Stamp, Written
from cx_desktop.cache.entities import Shadow, document_of, id_of, key_of
from cx_desktop.cache.merging import forget_arisen, kept_by, reduce_to
from cx_desktop.cache.rebase import refresh
from cx_desktop.cache.values import Arisen, Changed, Edit, KeptPart, OpState
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.merging import removal
from cx_desktop.domain.patch import Change, Document, Json, Path, based, overlap, read, same

_O, _C, _F = tables.outbox, tables.conflict, tables.merge_finding
Side: TypeAlias = Literal["mine", "theirs", "both"]


class Choice(Struct, frozen=True):
    """What shall stand at one disputed place, or become of one part that was kept."""

    path: Path
    keep: Side
    value: Json = UNSET
    """Of *both*: the two together."""


class Decided(Struct, frozen=True):
    """A decision, with what it takes to take it back."""

    record: Record
    kept: tuple[KeptPart, ...]
    theirs: bytes
    theirs_ver: int
    opened: str
    choices: tuple[Choice, ...]
    changes: tuple[Change, ...]
    """The edit that it came to."""

    @property
    def paths(self) -> frozenset[Path]:
        """The places it is about."""
        return frozenset(each.path for each in self.choices)


class Deciding:
    """Conflicts as a user settles them. Every method is one transaction, or one read."""

    def __init__(
        self,
        writer: Writer,
        read_: Callable[[], AbstractContextManager[Connection]],
        stamp: Callable[[], Stamp],
    ) -> None:
        self._writer = writer
        self._read = read_
        self._stamp = stamp

    def decide(self, op_id: str, choices: Iterable[Choice]) -> Decided | None:
        """Settle places of a conflict; nothing where it is over already."""
        wanted = tuple(choices)

        def work(connection: Connection) -> tuple[Decided | None, tuple[Changed, ...]]:
            found = decide(connection, op_id, wanted, self._stamp())
            return found, () if found is None else _told(found.record)

        return self._writer.do(work, is_edit=True)

    def take_back(self, decided: Decided) -> None:
        """Leave open again what was decided, with both versions."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            take_back(connection, decided, self._stamp())
            return None, _told(decided.record)

        self._writer.do(work, is_edit=True)

    def arisen(self, object_id: str) -> tuple[Arisen, ...]:
        """What is wrong with an object only since edits came together, as far as was seen."""
        wanted = select(_F.c.data, _F.c.who, _F.c.at).where(_F.c.id == key_of(object_id))
        with self._read() as connection:
            return tuple(
                Arisen(msgspec.json.decode(data, type=Finding), who, datetime.fromisoformat(at))
                for data, who, at in connection.execute(wanted)
            )

    def forget_arisen(self, object_type: str, object_id: str) -> None:
        """It is meant to be so, or was mended."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            forget_arisen(connection, key_of(object_id))
            return None, (Changed(object_type, frozenset({object_id}), "local"),)

        self._writer.do(work, is_edit=True)


def decide_all(connection: Connection, op_id: str, keep: Keep, stamp: Stamp) -> Written | None:
    """Settle all of a conflict one way."""
    record = chains.load_op(connection, key_of(op_id))
    if record is None:
        return None
    paths = [each.path for each in record.body.changes]
    paths += [each.path for each in kept_by(connection, record.op_id)]
    found = decide(connection, op_id, [Choice(path, keep) for path in paths], stamp)
    return None if found is None else Written("", record.entity, id_of(record.key))


def decide(
    connection: Connection, op_id: str, choices: Iterable[Choice], stamp: Stamp
) -> Decided | None:
    """Settle places of a conflict within a transaction."""
    record = chains.load_op(connection, key_of(op_id))
    if record is None or record.state is not OpState.CONFLICT:
        return None
    noted = connection.execute(select(_C).where(_C.c.op_id == record.op_id)).one()
    choice_by_path = {each.path: each for each in choices}
    kept = kept_by(connection, record.op_id)
    disputed = {each.path for each in record.body.changes}
    _strip(connection, record.key, choice_by_path.keys() & disputed)
    reduce_to(
        connection,
        record,
        [each for each in record.body.changes if each.path not in choice_by_path],
        [each for each in kept if each.path not in choice_by_path],
    )
    refresh(connection, record.key)
    return Decided(
        record=record,
        kept=kept,
        theirs=noted.theirs,
        theirs_ver=noted.theirs_ver,
        opened=noted.opened,
        choices=tuple(choice_by_path.values()),
        changes=_made(connection, record, kept, choice_by_path, stamp),
    )


def _made(
    connection: Connection,
    record: Record,
    kept: tuple[KeptPart, ...],
    choices: Mapping[Path, Choice],
    stamp: Stamp,
) -> tuple[Change, ...]:
    """The edit that a decision comes to, on top of what stands there now."""
    row = entities.load(connection, record.key)
    if row is None:
        return ()
    now = document_of(row.data)
    wanted: list[Change] = []
    for each in record.body.changes:
        choice = choices.get(each.path)
        if choice is not None and choice.keep != "theirs":
            value = choice.value if choice.keep == "both" else each.value
            wanted.append(Change(each.path, value))
    for part in kept:
        if (choice := choices.get(part.path)) is not None:
            wanted += _of_part(now, part, choice)
    changes = tuple(each for each in based(now, wanted) if not same(each.value, each.was))
    edit = Edit(record.entity, id_of(record.key), changes=changes)
    edits.change(connection, edit, stamp, supersedes=record.op_id, group=record.group)
    if record.group is not None:
        grouping.part_if_alone(connection, record.group)
    return changes


def _of_part(now: Document, part: KeptPart, choice: Choice) -> Iterable[Change]:
    """What becomes of a part that one removed and the other changed."""
    goes = (choice.keep == "mine") == part.is_mine_removed
    is_here = read(now, part.path) is not UNSET
    if goes:
        return removal(now, part.path) if is_here else ()
    if is_here or part.value is UNSET:
        return ()
    return (Change(part.path, part.value),)


def take_back(connection: Connection, decided: Decided, stamp: Stamp) -> None:
    """Open again what was decided."""
    record = decided.record
    row = entities.load(connection, record.key)
    if row is None:
        return
    _strip(connection, record.key, {each.path: each for each in decided.changes})
    refresh(connection, record.key)
    row = entities.load(connection, record.key) or row
    now = document_of(row.data)
    undone = [
        Change(each.path, each.was, each.value)
        for each in reversed(decided.changes)
        if same(read(now, each.path), each.value)
    ]
    edit = Edit(record.entity, id_of(record.key), changes=tuple(undone))
    edits.change(connection, edit, stamp, group=record.group)
    _reopen(connection, decided)
    refresh(connection, record.key)


def _reopen(connection: Connection, decided: Decided) -> None:
    record = decided.record
    there = chains.load_op(connection, record.op_id)
    disputed = [each for each in record.body.changes if each.path in decided.paths]
    kept = [each for each in decided.kept if each.path in decided.paths]
    if there is not None:
        still = kept_by(connection, record.op_id)
        reduce_to(connection, there, [*there.body.changes, *disputed], [*still, *kept])
        return
    row = entities.load(connection, record.key)
    if row is not None and not row.dirty:
        shadow = Shadow(ver=row.ver, seq=row.seq, gone=False, data=row.data)
        entities.set_shadow(connection, record.key, shadow)
    chains.append(
        connection,
        NewOp(
            op_id=record.op_id,
            entity=record.entity,
            key=record.key,
            base_ver=record.base_ver,
            body=Body(changes=tuple(disputed)),
            at=record.at,
            supersedes=record.supersedes,
            group=record.group,
        ),
    )
    state = {"state": OpState.CONFLICT.value, "attempts": record.attempts}
    connection.execute(update(_O).where(_O.c.op_id == record.op_id).values(state))
    connection.execute(
        insert(_C).prefix_with("OR REPLACE"),
        {
            "op_id": record.op_id,
            "theirs": decided.theirs,
            "theirs_ver": decided.theirs_ver,
            "opened": decided.opened,
            "kept": msgspec.json.encode(kept) if kept else None,
        },
    )


def _strip(connection: Connection, key: bytes, places: Iterable[Path]) -> None:
    """Take these places out of edits that were never sent: they are decided anew."""
    places = tuple(places)
    for each in chains.chain(connection, key):
        if not each.is_clay or each.body.value is not None:
            continue
        rest = [at for at in each.body.changes if not any(overlap(at.path, p) for p in places)]
        if len(rest) < len(each.body.changes):
            chains.reshape(connection, each, Body(changes=tuple(rest)))


def _told(record: Record) -> tuple[Changed, ...]:
    return (Changed(record.entity, frozenset({id_of(record.key)}), "local"),)
