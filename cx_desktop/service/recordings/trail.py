"""The audit of one recording: who heard it, exported it, protected it, and that it is gone."""

from datetime import date

from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection, select

from cx_desktop.domain.access import Verb
from cx_desktop.service.audit import chain
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal
from cx_desktop.service.recordings import purging
from cx_desktop.service.recordings.shapes import Deletion, RecordingAudit
from cx_desktop.service.store import entities
from cx_desktop.service.store.recording_tables import purged


@endpoint(
    HttpMethod.GET,
    "/v1/recordings/{recording_id}/audit",
    verb=Verb.RECORDING_AUDIT,
    answer=RecordingAudit,
)
def recording_audit(call: Asked) -> Response[bytes]:
    """Everything that was done with one recording, also when it is gone."""
    recording_id = call.path["recording_id"]
    with call.service.store.write() as txn:
        project_id = _project_of(txn.connection, recording_id)
        if project_id is None:
            raise Refusal("not-found")
        deeds.require(txn, call.actor, Verb.RECORDING_AUDIT, project_id)
        found = audit_of(txn.connection, recording_id)
    call.looked(Verb.RECORDING_AUDIT, project_id=project_id)
    return answer(found)


def audit_of(connection: Connection, recording_id: str) -> RecordingAudit:
    """What the chain says of a recording."""
    rows = chain.rows_of(connection, recording_id)
    return RecordingAudit(recording_id, rows, _deletion(connection, recording_id))


def _deletion(connection: Connection, recording_id: str) -> Deletion | None:
    query = select(purged).where(purged.c.recording_id == recording_id)
    found = connection.execute(query).one_or_none()
    row = None if found is None else chain.row(connection, found.audit_n)
    if found is None or row is None:
        return None
    gone = purging.list_of(connection, found.audit_n)
    return Deletion(
        at=row.at,
        delete_by=date.fromisoformat(found.delete_by),
        reason=found.reason,
        row=row,
        among=len(gone),
        is_proven=chain.is_whole(row) and purging.proof_of(gone) == row.after,
    )


def _project_of(connection: Connection, recording_id: str) -> str | None:
    """The project of a recording that is there, or was."""
    here = entities.load(connection, "recording", recording_id)
    if here is not None:
        return here.project_id
    was = entities.buried(connection, "recording", recording_id)
    if was is not None:
        return was[0]
    query = select(purged.c.project_id).where(purged.c.recording_id == recording_id)
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


ROUTES = (recording_audit,)
