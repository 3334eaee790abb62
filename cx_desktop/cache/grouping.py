"""Edits of one gesture: which of them belong together, and when they do not any more."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, select, update

from cx_desktop.cache import chains, tables
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import key_of
from cx_desktop.cache.values import UNSETTLED, Edit
from cx_desktop.ports import Ids

_T = tables.outbox
#: A larger gesture reaches the service edit by edit: it would not fit into one request.
MOST_EDITS, MOST_BYTES = 2_000, 8_000_000
_UNSETTLED = [state.value for state in UNSETTLED]


def group_for(connection: Connection, edits: Sequence[Edit], ids: Ids) -> bytes | None:
    """The group of a gesture; of one that goes over just the same objects again, theirs.

    So an undo before anything was sent leaves nothing behind. None for a gesture of one edit.
    """
    keys = {key_of(each.id) for each in edits}
    if len(keys) < 2 or _is_too_large(edits):
        return None
    last = {key: next(reversed(chains.chain(connection, key)), None) for key in keys}
    found = {None if each is None else each.group for each in last.values()}
    group = next(iter(found))
    if len(found) == 1 and group is not None:
        there = members(connection, group)
        if {each.key for each in there} == keys and all(each.is_clay for each in there):
            return group
    return key_of(ids.new())


def _is_too_large(edits: Sequence[Edit]) -> bool:
    return len(edits) > MOST_EDITS or len(msgspec.json.encode(edits)) > MOST_BYTES


def members(connection: Connection, group: bytes) -> tuple[Record, ...]:
    """The unsettled edits of a group, oldest first."""
    query = select(_T).where(_T.c.grp == group, _T.c.state.in_(_UNSETTLED)).order_by(_T.c.n)
    return tuple(chains.record_of(row) for row in connection.execute(query))


def part_if_alone(connection: Connection, group: bytes) -> None:
    """An edit that is left alone in its group is one like any other."""
    left = members(connection, group)
    if len(left) == 1:
        connection.execute(update(_T).where(_T.c.op_id == left[0].op_id).values(grp=None))


def with_their_groups(records: Iterable[Record], chosen: set[bytes]) -> set[bytes]:
    """These ops, and whatever is of one gesture with one of them."""
    records = tuple(records)
    groups = {each.group for each in records if each.op_id in chosen and each.group is not None}
    return chosen | {each.op_id for each in records if each.group in groups}
