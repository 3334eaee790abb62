"""Guarded actions that are decided without a network, and what it is too late for.

An action changes nothing here: what is shown changes when the service has done it. It is decided on
what the service last said, so that an object with edits of one's own has to wait for them first.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, update

from cx_desktop.cache import chains, claiming, entities, tables
from cx_desktop.cache.chains import Body, Deed, NewOp, Record
from cx_desktop.cache.edits import Stamp, Written
from cx_desktop.cache.entities import Shadow, document_of, id_of, key_of
from cx_desktop.cache.rebase import refresh
from cx_desktop.cache.values import Action, OpState
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import PROBLEM_BASE, Problem

_T, _C = tables.outbox, tables.conflict


def act(connection: Connection, action: Action, stamp: Stamp) -> Written:
    """Let an action wait; a later decision takes the place of one that was never sent."""
    key = key_of(action.id)
    row = entities.load(connection, key)
    if row is None:
        raise CXError("problem.no-longer-here")
    for each in chains.chain(connection, key):
        if each.body.action is None or not (each.is_unsent or each.state is OpState.REJECTED):
            raise CXError("problem.edits-first")
        chains.drop(connection, each)
    shadow = entities.load_shadow(connection, key)
    data = row.data if shadow is None else shadow.data
    deed = Deed(action.verb, action.value, str(document_of(data).get("etag", "")), action.not_after)
    op_id = key_of(stamp.ids.new())
    body = Body(action=deed)
    chains.append(connection, NewOp(op_id, row.type, key, row.ver, body, stamp.now))
    if shadow is None:
        shadow = Shadow(ver=row.ver, seq=row.seq, gone=False, data=row.data)
        entities.set_shadow(connection, key, shadow)
    refresh(connection, key)
    return Written(id_of(op_id), row.type, action.id)


def withdraw_overdue(connection: Connection, now: datetime) -> tuple[Written, ...]:
    """Take back actions whose time has passed before they were ever sent."""
    late = claiming.overdue(connection, now)
    for each in late:
        _withdraw(connection, each, now)
    return tuple(Written(id_of(each.op_id), each.entity, id_of(each.key)) for each in late)


def _withdraw(connection: Connection, record: Record, now: datetime) -> None:
    deed = record.body.action
    until = "" if deed is None else deed.not_after.isoformat()
    problem = Problem(
        type=PROBLEM_BASE + "expired", title="expired", status=409, params={"not_after": until}
    )
    connection.execute(
        update(_T)
        .where(_T.c.op_id == record.op_id)
        .values(state=OpState.REJECTED.value, problem=msgspec.json.encode(problem))
    )
    connection.execute(
        insert(_C).prefix_with("OR REPLACE"),
        {"op_id": record.op_id, "theirs": None, "theirs_ver": 0, "opened": now.isoformat()},
    )
