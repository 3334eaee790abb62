"""Protecting a recording from being deleted early, and releasing it.

What is held stays as long as the contract allows, and no longer: six months.
"""

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.protocol.policies import Wish
from cx_desktop.service.audit.chain import Deed, digest, record
from cx_desktop.service.call import Asked, Call, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import reading
from cx_desktop.service.recordings import keeping
from cx_desktop.service.recordings.shapes import RecordingView
from cx_desktop.service.recordings.sounds import still_there
from cx_desktop.service.store import entities


@endpoint(
    HttpMethod.POST,
    "/v1/recordings/{recording_id}/hold",
    verb=Verb.RECORDING_HOLD,
    body=Wish,
    answer=RecordingView,
    problems=("recording-gone",),
)
def hold_recording(call: Asked) -> Response[bytes]:
    """Protect a recording from being deleted early, until the longest retention is over."""
    return _held(call, is_held=True)


@endpoint(
    HttpMethod.POST,
    "/v1/recordings/{recording_id}/release",
    verb=Verb.RECORDING_HOLD,
    body=Wish,
    answer=RecordingView,
    problems=("recording-gone",),
)
def release_recording(call: Asked) -> Response[bytes]:
    """Let a protected recording go when its time is over; that may be now."""
    return _held(call, is_held=False)


def _held(call: Call, *, is_held: bool) -> Response[bytes]:
    """The recording afterwards; one that is so already stays as it is, and nothing is written."""
    wish, recording_id = call.body(Wish), call.path["recording_id"]
    with call.service.store.write() as txn:
        found = still_there(txn, call.actor, Verb.RECORDING_HOLD, recording_id)
        if bool(found.data.get("held")) is not is_held:
            keeping.settle(txn, found.project_id, found.id, {"held": is_held})
            after = entities.load(txn.connection, "recording", found.id) or found
            deed = Deed(
                who_id=call.actor.user_id,
                who_name=call.actor.name,
                verb=Verb.RECORDING_HOLD,
                entity="recording",
                entity_id=found.id,
                project_id=found.project_id,
                before=digest(found.data),
                after=digest(after.data),
                detail=f"{'hold' if is_held else 'release'}: {wish.reason.strip()}",
            )
            record(txn, deed)
            found = after
    epoch = call.service.store.epoch
    return answer(reading.shown(epoch, found), etag=entities.etag(epoch, found.ver))


ROUTES = (hold_recording, release_recording)
