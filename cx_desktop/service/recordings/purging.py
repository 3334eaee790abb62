"""Deleting what may not be there any more: the sound first, then every word, then the proof.

A sound goes before the transaction that says so ends: whatever happens in between, what is left
without its sound is still due. The audit vouches for a list of ids by its digest, and ``purged``
keeps the list, so that anyone can reckon it again.

Failure policy: what is due stays due until it is gone; each turn does what the last one left.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.objects.deeds import BY_ITSELF
from cx_desktop.service.recordings import days
from cx_desktop.service.service import Service
from cx_desktop.service.shapes import AuditRow
from cx_desktop.service.store import Txn, entities, recordings
from cx_desktop.service.store.recording_tables import purged, recording

#: How the audit calls it.
VERB = "recording.purge"
RETENTION, RIGHTS = "retention", "rights"
_AT_ONCE = 500


class Gone(Struct, frozen=True):
    """A recording that was deleted."""

    id: str
    delete_by: str
    reason: str


def purge_due(service: Service) -> int:
    """Delete every recording whose time is over; how many there were."""
    with service.store.read() as connection:
        projects = [each.id for each in entities.each(connection, "project")]
    count = sum(_purge(service, each) for each in projects)
    service.store.settle_log()
    return count


def _purge(service: Service, project_id: str) -> int:
    with service.store.read() as connection:
        today = days.day_at(connection, project_id, service.clock.now())
        if not _due(connection, project_id, today, 1):
            return 0
    count = 0
    while True:
        with service.store.write() as txn:
            due = _due(txn.connection, project_id, days.today(txn, project_id), _AT_ONCE)
            if due:
                delete(service, txn, project_id, due, reason=RETENTION)
        count += len(due)
        if len(due) < _AT_ONCE:
            return count


def _due(connection: Connection, project_id: str, today: date, limit: int) -> list[str]:
    query = (
        select(recording.c.id)
        .where(recording.c.project_id == project_id, recording.c.delete_by <= today.isoformat())
        .order_by(recording.c.delete_by, recording.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def delete(
    service: Service,
    txn: Txn,
    project_id: str,
    ids: Sequence[str],
    *,
    reason: str,
    actor: Actor | None = None,
) -> AuditRow:
    """Delete recordings and write down the proof; the row of the audit that vouches for it."""
    query = select(recording.c.id, recording.c.delete_by, recording.c.blob).where(
        recording.c.id.in_(list(ids)), recording.c.project_id == project_id
    )
    rows = txn.connection.execute(query).all()
    service.store.owe_log()
    for sha256 in _unshared(txn.connection, {row.blob for row in rows if row.blob}, ids):
        service.sounds.forget(sha256)
    stream_reason = "retention" if reason == RETENTION else "deleted"
    recordings.bury(txn, project_id, ids, stream_reason)
    gone = [Gone(row.id, row.delete_by, reason) for row in rows]
    deed = Deed(
        who_id=actor.user_id if actor else "",
        who_name=actor.name if actor else BY_ITSELF,
        verb=VERB,
        entity="recordings",
        project_id=project_id,
        after=proof_of(gone),
        detail=f"{reason}: {len(gone)}",
    )
    row = record(txn, deed)
    txn.connection.execute(
        insert(purged).prefix_with("OR REPLACE"),
        [
            {
                "recording_id": each.id,
                "project_id": project_id,
                "delete_by": each.delete_by,
                "reason": each.reason,
                "audit_n": row.n,
            }
            for each in gone
        ],
    )
    return row


def _unshared(connection: Connection, digests: set[str], ids: Iterable[str]) -> set[str]:
    """The sounds that no other recording has."""
    others = select(recording.c.blob).where(
        recording.c.blob.in_(digests), recording.c.id.not_in(list(ids))
    )
    return digests - set(connection.execute(others).scalars())


def proof_of(gone: Iterable[Gone]) -> str:
    """The digest of a list of what was deleted, whatever its order."""
    lines = sorted(f"{each.id} {each.delete_by} {each.reason}\n" for each in gone)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def list_of(connection: Connection, audit_n: int) -> tuple[Gone, ...]:
    """What a row of the audit vouches for."""
    query = select(purged.c.recording_id, purged.c.delete_by, purged.c.reason).where(
        purged.c.audit_n == audit_n
    )
    return tuple(Gone(*row) for row in connection.execute(query))


def sweep_strays(service: Service, txn: Txn) -> int:
    """Delete sounds that no recording has: those of a recording that never came to be, halves."""
    known = select(recording.c.blob).where(recording.c.blob.is_not(None)).distinct()
    strays = service.sounds.all() - set(txn.connection.execute(known).scalars())
    for each in strays:
        service.sounds.forget(each)
    return len(strays)
