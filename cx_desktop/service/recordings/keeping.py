"""How long recordings are kept: their ends follow the policy, in parts and however often it stops.

Failure policy: a policy that is written but not applied everywhere yet is applied at the next turn.
Each part is one transaction; what it changed needs no second look.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from cx_desktop.domain.recordings.policy import Policy, policy_id, policy_of
from cx_desktop.domain.recordings.retention import Retention, newest_due
from cx_desktop.domain.wall_time import shown_at
from cx_desktop.protocol import PerProject
from cx_desktop.service.recordings import days
from cx_desktop.service.service import Service
from cx_desktop.service.store import Entity, Txn, entities, recordings
from cx_desktop.service.store.recording_tables import recording as table
from cx_desktop.service.store.tables import entity, meta

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

_AT_ONCE = 5_000


class Due(Struct, frozen=True):
    """How many recordings would be deleted at once, and how many more end earlier than now."""

    now: int
    held: int
    """Those that are spared because they are protected."""


def found(connection: Connection, project_id: str) -> Entity | None:
    """The policy of a project as it is written, if it is."""
    return entities.load(connection, "recording_policy", policy_id(project_id))


def policy(connection: Connection, project_id: str) -> Policy:
    """The policy that holds in a project."""
    written = found(connection, project_id)
    return Policy() if written is None else policy_of(written.data)


def due_under(connection: Connection, project_id: str, today: date, retention: Retention) -> Due:
    """What another retention would make due that is not due yet (REC-08)."""
    here = (table.c.project_id == project_id, table.c.delete_by > today.isoformat())
    is_over = _is_over(today, retention)
    those = select(func.count()).select_from(table).where(*here)
    now = those.where(table.c.held.is_(False), is_over)
    spared = those.where(table.c.held.is_(True), is_over)
    return Due(*(int(connection.execute(each).scalar_one()) for each in (now, spared)))


def _is_over(today: date, retention: Retention) -> ColumnElement[bool]:
    """Whether a recording's time is over, were it not held."""
    longest = newest_due(today, retention.months).isoformat()
    fewer = {
        queue_id: newest_due(today, retention.months_of(queue_id)).isoformat()
        for queue_id in retention.queues
    }
    newest = case(fewer, value=table.c.queue_id, else_=longest) if fewer else literal(longest)
    over = table.c.recorded_on <= newest
    if retention.days_after_review is None:
        return over
    latest = (today - timedelta(days=retention.days_after_review)).isoformat()
    return or_(over, and_(table.c.reviewed_on.is_not(None), table.c.reviewed_on <= latest))


def apply_due(service: Service) -> int:
    """Bring the ends of recordings into line with policies and reviews; how many moved."""
    with service.store.read() as connection:
        projects = [each.id for each in entities.each(connection, "project")]
    return sum(apply(service, each) for each in projects)


def apply(service: Service, project_id: str, *, parts: int | None = None) -> int:
    """The same in one project; no more than so many parts of it now."""
    moved = _note_reviews(service, project_id)
    for _part in count() if parts is None else range(parts):
        with service.store.write() as txn:
            written = found(txn.connection, project_id)
            if written is None or _applied(txn.connection, project_id) == str(written.ver):
                return moved
            after = _place(txn.connection, project_id, written.ver)
            retention = policy_of(written.data).retention
            rows = _rows(txn.connection, project_id, after)
            moved += _settle(txn, project_id, rows, retention)
            is_done = len(rows) < _AT_ONCE
            place = "" if is_done else f" {rows[-1].id}"
            _keep(txn, f"retention:{project_id}", f"{written.ver}{place}")
    return moved


def settle(txn: Txn, project_id: str, recording_id: str, changes: Mapping[str, object]) -> None:
    """Change what decides on one recording's end, and the end with it."""
    txn.connection.execute(update(table).where(table.c.id == recording_id).values(dict(changes)))
    query = select(*_COLUMNS).where(table.c.id == recording_id)
    rows = [_Row(*each) for each in txn.connection.execute(query)]
    _settle(txn, project_id, rows, policy(txn.connection, project_id).retention, is_told=True)


class _Row(Struct, frozen=True):
    id: str
    recorded_on: str
    delete_by: str
    queue_id: str | None
    held: bool
    reviewed_on: str | None

    def end(self, retention: Retention) -> date:
        """When it has to be gone."""
        return retention.end_of(
            date.fromisoformat(self.recorded_on),
            self.queue_id,
            is_held=self.held,
            reviewed_on=date.fromisoformat(self.reviewed_on) if self.reviewed_on else None,
        )


_COLUMNS = tuple(table.c[name] for name in _Row.__struct_fields__)


def _rows(connection: Connection, project_id: str, after: str) -> list[_Row]:
    query = (
        select(*_COLUMNS)
        .where(table.c.project_id == project_id, table.c.id > after)
        .order_by(table.c.id)
        .limit(_AT_ONCE)
    )
    return [_Row(*each) for each in connection.execute(query)]


def _settle(
    txn: Txn, project_id: str, rows: list[_Row], retention: Retention, *, is_told: bool = False
) -> int:
    """Write the ends that moved; with ``is_told`` the others' recordings are told as well."""
    changes: dict[str, Document] = {}
    moved = []
    for row in rows:
        end = row.end(retention).isoformat()
        if end != row.delete_by:
            moved.append((end, row.id))
        if is_told or end != row.delete_by:
            changes[row.id] = {"delete_by": end, "held": row.held}
    if moved:
        txn.connection.exec_driver_sql("UPDATE recording SET delete_by = ? WHERE id = ?", moved)
    if changes:
        recordings.rewrite(txn, project_id, changes)
    return len(moved)


def _note_reviews(service: Service, project_id: str) -> int:
    """Take down which recordings somebody has judged, and when first."""
    with service.store.read() as connection:
        after = int(_kept(connection, f"reviews:{project_id}") or 0)
        judged, last = _judged(connection, project_id, after)
    if last == after:
        return 0
    with service.store.write() as txn:
        is_new = and_(table.c.id.in_(list(judged)), table.c.reviewed_on.is_(None))
        fresh = list(txn.connection.execute(select(table.c.id).where(is_new)).scalars())
        for each in fresh:
            settle(txn, project_id, each, {"reviewed_on": judged[each]})
        _keep(txn, f"reviews:{project_id}", str(last))
    return len(fresh)


def _judged(connection: Connection, project_id: str, after: int) -> tuple[dict[str, str], int]:
    """The days on which recordings were judged, as far as it was said after a place; the last."""
    zone = days.zone_of(connection, project_id)
    query = (
        select(entity.c.seq, entity.c.data)
        .where(
            entity.c.stream == PerProject.NOTES.of(project_id),
            entity.c.seq > after,
            entity.c.type == "evaluation",
            entity.c.gone.is_(None),
        )
        .order_by(entity.c.seq)
    )
    judged: dict[str, str] = {}
    last = after
    for seq, data in connection.execute(query):
        last = seq
        said = msgspec.json.decode(data, type=_Evaluation)
        if said.state == "done" and said.done_at is not None:
            day = shown_at(said.done_at, zone).date().isoformat()
            judged[said.recording_id] = min(day, judged.get(said.recording_id, day))
    return judged, last


class _Evaluation(Struct, frozen=True):
    recording_id: str = ""
    state: str = ""
    done_at: datetime | None = None


def _applied(connection: Connection, project_id: str) -> str:
    """The version of the policy that the ends of all recordings follow."""
    return _kept(connection, f"retention:{project_id}")


def _place(connection: Connection, project_id: str, ver: int) -> str:
    """After which recording a version goes on that was applied in part."""
    version, _, place = _applied(connection, project_id).partition(" ")
    return place if version == str(ver) else ""


def _kept(connection: Connection, key: str) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar() or "")


def _keep(txn: Txn, key: str, value: str) -> None:
    kept = insert(meta).prefix_with("OR REPLACE").values(key=key, value=value)
    txn.connection.execute(kept)
