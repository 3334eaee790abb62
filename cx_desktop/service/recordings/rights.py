"""Requests of callers: found by their number, answered, and proven without keeping the number.

The register holds a keyed digest of the number and the ids of recordings, nothing of what was said;
it ends after a year. A recording that is protected is not deleted before it is released: whoever
needs it for a dispute has the better right.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection, delete, insert, or_, select, update

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.numbers.whole import whole
from cx_desktop.domain.recordings.retention import months_later
from cx_desktop.protocol import Recording
from cx_desktop.protocol.rights import (
    Found,
    Right,
    RightsAnswer,
    RightsDeletion,
    RightsOrder,
    RightsPage,
    RightsRegister,
    RightsRequest,
)
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit import chain
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.recordings import days, purging
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Txn, entities
from cx_desktop.service.store.recording_tables import recording
from cx_desktop.service.store.recording_tables import rights_request as table

#: As long as the journal is kept.
KEPT_MONTHS = 12
#: A number with more recordings is no caller's.
MOST_FOUND = 1_000
_OF_PROJECT = "/v1/projects/{project_id}/rights-requests"
_ONE = "/v1/rights-requests/{rights_request_id}"


@endpoint(
    HttpMethod.POST,
    _OF_PROJECT,
    verb=Verb.RECORDING_RIGHTS,
    body=RightsOrder,
    answer=RightsPage,
)
def open_rights_request(call: Asked) -> Response[bytes]:
    """Take a caller's request in and find what there is. Needs the step-up ``reveal``."""
    order, project_id, service = call.body(RightsOrder), call.path["project_id"], call.service
    with service.store.write() as txn:
        deeds.require(txn, call.actor, Verb.RECORDING_RIGHTS, project_id)
        numbers = _numbers(txn.connection, project_id, order.number)
        require_step_up(txn, call.actor, StepUpClass.REVEAL)
        found = _found(txn, project_id, numbers)
        tags = [_tag(service, project_id, each) for each in numbers]
        earlier = _earlier(txn.connection, project_id, tags)
        request = RightsRequest(
            id=txn.ids.new(),
            project_id=project_id,
            kind=order.kind,
            asked_on=order.asked_on,
            at=txn.now,
            by=call.actor.person,
            note=order.note.strip(),
            found=tuple(each.id for each in found),
        )
        values = {"id": request.id, "project_id": project_id, "number": tags[0], "at": txn.now}
        document = msgspec.json.encode(request)
        txn.connection.execute(insert(table).values(values | {"document": document}))
        _write_down(txn, call.actor, request, f"{order.kind.value}: {len(found)}")
        for each in found:
            _write_down(txn, call.actor, request, request.id, recording_id=each.id)
    return answer(_page(service, request, found, earlier))


@endpoint(
    HttpMethod.GET,
    _OF_PROJECT,
    verb=Verb.RECORDING_RIGHTS,
    answer=RightsRegister,
)
def rights_register(call: Asked) -> Response[bytes]:
    """The requests of a project, newest first."""
    project_id = call.path["project_id"]
    with call.service.store.write() as txn:
        deeds.require(txn, call.actor, Verb.RECORDING_RIGHTS, project_id)
        query = select(table.c.document).where(table.c.project_id == project_id)
        rows = txn.connection.execute(query.order_by(table.c.at.desc(), table.c.id.desc()))
        found = tuple(_read(each) for each in rows.scalars())
    call.looked(Verb.RECORDING_RIGHTS, project_id=project_id)
    return answer(RightsRegister(found))


@endpoint(HttpMethod.GET, _ONE, verb=Verb.RECORDING_RIGHTS, answer=RightsPage)
def rights_request(call: Asked) -> Response[bytes]:
    """One request with its proof, and what of its recordings there is still."""
    with call.service.store.write() as txn:
        request = _one(txn, call.actor, call.path["rights_request_id"])
        found = _still(txn, request)
    call.looked(Verb.RECORDING_RIGHTS, project_id=request.project_id)
    return answer(_page(call.service, request, found))


@endpoint(
    HttpMethod.POST,
    f"{_ONE}/delete",
    verb=Verb.RECORDING_RIGHTS,
    body=RightsDeletion,
    answer=RightsPage,
    problems=("recording-held",),
)
def delete_for_rights(call: Asked) -> Response[bytes]:
    """Delete recordings of the request at once and for good. Needs the step-up ``reveal``."""
    wanted, service = call.body(RightsDeletion).recordings, call.service
    with service.store.write() as txn:
        request = _one(txn, call.actor, call.path["rights_request_id"])
        _refuse_others(request, wanted)
        found = _still(txn, request)
        going = [each for each in found if each.id in set(wanted)]
        if any(each.held for each in going):
            raise Refusal("recording-held")
        require_step_up(txn, call.actor, StepUpClass.REVEAL)
        if going:
            ids = [each.id for each in going]
            row = purging.delete(
                service,
                txn,
                request.project_id,
                ids,
                reason=purging.RIGHTS,
                actor=call.actor,
            )
            request = msgspec.structs.replace(
                request, deleted=(*request.deleted, *ids), rows=(*request.rows, row.n)
            )
            _keep(txn, request)
        left = tuple(each for each in found if each not in going)
    service.store.settle_log()
    return answer(_page(service, request, left))


@endpoint(
    HttpMethod.POST,
    f"{_ONE}/answer",
    verb=Verb.RECORDING_RIGHTS,
    body=RightsAnswer,
    answer=RightsPage,
    problems=("time-is-over",),
)
def answer_rights_request(call: Asked) -> Response[bytes]:
    """Write down what the caller was told; with that the request is done."""
    said = call.body(RightsAnswer)
    with call.service.store.write() as txn:
        request = _one(txn, call.actor, call.path["rights_request_id"])
        if request.done_at is not None:
            raise Refusal("time-is-over")
        request = msgspec.structs.replace(
            request, done_at=txn.now, done_by=call.actor.person, answer=said.answer.strip()
        )
        _keep(txn, request)
        _write_down(txn, call.actor, request, "answered")
        found = _still(txn, request)
    return answer(_page(call.service, request, found))


def forget_old(txn: Txn) -> int:
    """Drop the requests whose year is over; how many there were."""
    before = months_later(txn.now.date(), -KEPT_MONTHS)
    start = txn.now.replace(year=before.year, month=before.month, day=before.day)
    return txn.connection.execute(delete(table).where(table.c.at < start)).rowcount


def _numbers(connection: Connection, project_id: str, typed: str) -> tuple[str, ...]:
    """What number is meant; never one of the project's own, which all its callers have called."""
    numbers = whole(typed)
    if not numbers:
        raise malformed("/number", "no-number", "A whole telephone number, in any spelling")
    own = {
        each.data.get("e164")
        for each in entities.each(connection, "number", project_ids=[project_id])
    }
    if own & set(numbers):
        raise malformed("/number", "own-number", "This is a number of the project")
    return numbers


def _found(txn: Txn, project_id: str, numbers: Sequence[str]) -> tuple[Found, ...]:
    """The recordings with a number, oldest first; those whose time is over do not exist."""
    query = (
        select(recording.c.id)
        .where(
            recording.c.project_id == project_id,
            recording.c.delete_by > days.today(txn, project_id).isoformat(),
            or_(recording.c.caller.in_(numbers), recording.c.called.in_(numbers)),
        )
        .order_by(recording.c.id)
        .limit(MOST_FOUND + 1)
    )
    ids = list(txn.connection.execute(query).scalars())
    if len(ids) > MOST_FOUND:
        raise malformed("/number", "too-many", f"More than {MOST_FOUND} recordings")
    return _described(txn.connection, ids)


def _still(txn: Txn, request: RightsRequest) -> tuple[Found, ...]:
    """What there is still of the recordings of a request."""
    query = select(recording.c.id).where(
        recording.c.id.in_(request.found),
        recording.c.delete_by > days.today(txn, request.project_id).isoformat(),
    )
    ids = list(txn.connection.execute(query.order_by(recording.c.id)).scalars())
    return _described(txn.connection, ids)


def _described(connection: Connection, ids: Iterable[str]) -> tuple[Found, ...]:
    return tuple(
        _one_found(connection, each)
        for entity_id in ids
        if (each := entities.load(connection, "recording", entity_id)) is not None
    )


def _one_found(connection: Connection, stored: entities.Entity) -> Found:
    known = msgspec.convert(stored.data, Recording)
    done = Counter(row.verb for row in chain.rows_of(connection, stored.id))
    return Found(
        id=known.id,
        started_at=known.started_at,
        duration=known.duration,
        direction=known.direction,
        agent_name=known.agent_name,
        delete_by=known.delete_by,
        held=known.held,
        has_sound=known.blob is not None,
        heard=done[Verb.RECORDING_LISTEN.value],
        exported=done[Verb.RECORDING_EXPORT.value],
    )


def _one(txn: Txn, actor: Actor, request_id: str) -> RightsRequest:
    row = txn.connection.execute(select(table.c.document).where(table.c.id == request_id)).scalar()
    if row is None:
        raise Refusal("not-found")
    request = _read(row)
    deeds.require(txn, actor, Verb.RECORDING_RIGHTS, request.project_id)
    return request


def _read(document: bytes) -> RightsRequest:
    return msgspec.json.decode(document, type=RightsRequest)


def _earlier(
    connection: Connection, project_id: str, tags: Sequence[bytes]
) -> tuple[RightsRequest, ...]:
    query = select(table.c.document).where(
        table.c.project_id == project_id, table.c.number.in_(tags)
    )
    rows = connection.execute(query.order_by(table.c.at.desc()))
    return tuple(_read(each) for each in rows.scalars())


def _refuse_others(request: RightsRequest, wanted: Iterable[str]) -> None:
    """Only what the request found, and only where the caller wants it gone."""
    if request.kind is Right.ACCESS:
        raise malformed("/recordings", "not-asked-for", "The caller asked to hear, not to delete")
    if request.done_at is not None:
        raise malformed("/recordings", "done", "The request was answered")
    if set(wanted) - set(request.found):
        raise malformed("/recordings", "unknown", "The request did not find them")


def _keep(txn: Txn, request: RightsRequest) -> None:
    document = msgspec.json.encode(request)
    txn.connection.execute(update(table).where(table.c.id == request.id).values(document=document))


def _tag(service: Service, project_id: str, number: str) -> bytes:
    """What stands for a number: who has the database alone cannot try them all."""
    return service.keys.tag(f"rights:{project_id}:{number}".encode())


def _page(
    service: Service,
    request: RightsRequest,
    found: tuple[Found, ...],
    earlier: tuple[RightsRequest, ...] = (),
) -> RightsPage:
    return RightsPage(
        request=request,
        recordings=found,
        earlier=earlier,
        proof=service.keys.signed(request),
    )


def _write_down(
    txn: Txn, actor: Actor, request: RightsRequest, detail: str, *, recording_id: str = ""
) -> None:
    deed = Deed(
        who_id=actor.user_id,
        who_name=actor.name,
        verb=Verb.RECORDING_RIGHTS,
        entity="recording" if recording_id else "rights_request",
        entity_id=recording_id or request.id,
        project_id=request.project_id,
        detail=detail,
    )
    record(txn, deed)


ROUTES = (
    open_rights_request,
    rights_register,
    rights_request,
    delete_for_rights,
    answer_rights_request,
)
