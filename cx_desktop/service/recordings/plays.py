"""Recordings that were heard without a network: the audit learns of it afterwards.

What a device says is written down as it says it, also of recordings that are gone by now. Its
clock stands in the line and orders nothing; what is no recording of the project is passed over.
"""

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection

from cx_desktop.domain.access import Verb
from cx_desktop.protocol.plays import Plays, PlaysTaken
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked
from cx_desktop.service.contract import endpoint
from cx_desktop.service.idempotency import once
from cx_desktop.service.objects import deeds
from cx_desktop.service.store import Txn, entities


@endpoint(
    HttpMethod.POST,
    "/v1/projects/{project_id}/recording-plays",
    verb=Verb.RECORDING_LISTEN,
    body=Plays,
    answer=PlaysTaken,
    needs_key=True,
)
def recording_plays(call: Asked) -> Response[bytes]:
    """Say which recordings were heard on this device from what it had taken along."""
    said, project_id = call.body(Plays), call.path["project_id"]

    def act(txn: Txn) -> bytes:
        deeds.require(txn, call.actor, Verb.RECORDING_LISTEN, project_id)
        count = 0
        for play in said.plays:
            if _project_of(txn.connection, play.recording_id) != project_id:
                continue
            deed = Deed(
                who_id=call.actor.user_id,
                who_name=call.actor.name,
                verb=Verb.RECORDING_LISTEN,
                entity="recording",
                entity_id=play.recording_id,
                project_id=project_id,
                detail=f"taken along, heard {play.at:%Y-%m-%dT%H:%M:%SZ}",
            )
            record(txn, deed)
            count += 1
        return msgspec.json.encode(PlaysTaken(count))

    return once(call, act)


def _project_of(connection: Connection, recording_id: str) -> str | None:
    found = entities.load(connection, "recording", recording_id)
    if found is not None:
        return found.project_id
    gone = entities.buried(connection, "recording", recording_id)
    return None if gone is None else gone[0]


ROUTES = (recording_plays,)
