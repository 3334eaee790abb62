"""The sound of a recording: who may have it, and a line in the audit for whoever did.

Each request for the first byte is a line of its own; the parts that follow belong to it. Whoever
asks for a later part first has a line as well: nothing is heard without one.
"""

from typing import Annotated

from litestar import Response
from litestar.enums import HttpMethod
from litestar.response import Stream
from msgspec import Meta, Struct

from cx_desktop.domain.access import Verb, step_up_of
from cx_desktop.protocol import Purpose
from cx_desktop.service import parts
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.audit.listens import Listening
from cx_desktop.service.call import Asked, Call
from cx_desktop.service.contract import BYTES, endpoint
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal
from cx_desktop.service.recordings import days
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities


class SoundQuery(Struct, frozen=True):
    """What the sound is wanted for."""

    purpose: Purpose
    reason: Annotated[str, Meta(max_length=500)] = ""


_VERBS = {
    Purpose.LISTEN: Verb.RECORDING_LISTEN,
    Purpose.OFFLINE: Verb.RECORDING_LISTEN,
    Purpose.EXPORT: Verb.RECORDING_EXPORT,
}


@endpoint(
    HttpMethod.GET,
    "/v1/recordings/{recording_id}/sound",
    verb=Verb.RECORDING_LISTEN,
    query=SoundQuery,
    media=BYTES,
    is_ranged=True,
    problems=("recording-gone", "sound-moved", "step-up-required"),
)
def recording_sound(call: Asked) -> Response[bytes] | Stream:
    """The sound of a recording, or a part of it; for ``export`` a fresh code is needed."""
    query, service = call.query(SoundQuery), call.service
    verb, recording_id = _VERBS[query.purpose], call.path["recording_id"]
    listening = Listening(call.actor.session_id, recording_id, query.purpose, query.reason.strip())
    with service.store.write() as txn:
        found = still_there(txn, call.actor, verb, recording_id)
        part = _part(call, found)
        is_known = service.listens.is_known(listening, txn.now)
        if not is_known and (code := step_up_of(verb)) is not None:
            require_step_up(txn, call.actor, code)
        is_written = not is_known or part.start == 0
        if is_written:
            _write_down(txn, call, verb, found, listening)
    if is_written:
        service.listens.began(listening, service.clock.now())
    pieces = service.sounds.pieces(part.sha256, part.start, part.end)
    headers = part.headers | {"Content-Length": str(part.end - part.start)}
    return Stream(pieces, status_code=part.status, media_type=BYTES, headers=headers)


def still_there(txn: Txn, actor: Actor, verb: Verb, recording_id: str) -> Entity:
    """A recording that may be there still, and on which this user holds a verb."""
    found = entities.load(txn.connection, "recording", recording_id)
    if found is None:
        gone = entities.buried(txn.connection, "recording", recording_id)
        if gone is None:
            raise Refusal("not-found")
        deeds.require(txn, actor, verb, gone[0])
        raise Refusal("recording-gone")
    deeds.require(txn, actor, verb, found.project_id)
    if days.is_over(txn, found):
        raise Refusal("recording-gone")
    return found


def _part(call: Call, found: Entity) -> parts.Part:
    sha256 = found.data.get("blob")
    size = call.service.sounds.size(sha256) if isinstance(sha256, str) else None
    if size is None:
        raise Refusal("sound-moved")
    return parts.asked(call.headers, str(sha256), size)


def _write_down(txn: Txn, call: Call, verb: Verb, found: Entity, listening: Listening) -> None:
    deed = Deed(
        who_id=call.actor.user_id,
        who_name=call.actor.name,
        verb=verb.value,
        entity="recording",
        entity_id=found.id,
        project_id=found.project_id,
        detail=": ".join(each for each in (listening.purpose, listening.reason) if each),
    )
    record(txn, deed)


ROUTES = (recording_sound,)
