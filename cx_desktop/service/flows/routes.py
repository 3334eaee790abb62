"""Flows by REST: read, create, change, archive, publish, return."""

import msgspec
from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import Publication, ReturnTo
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.flows import publishing, reading, revisions, verbs
from cx_desktop.service.idempotency import once
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import (
    FlowList,
    FlowPatch,
    FlowView,
    NewFlow,
    Published,
    RevisionList,
    RevisionView,
)
from cx_desktop.service.store import Entity, Txn, entities


@endpoint(HttpMethod.GET, "/v1/projects/{project_id}/flows", verb=Verb.FLOW_READ, answer=FlowList)
def project_flows(call: Asked) -> Response[bytes]:
    """The flows of a project, with their drafts."""
    project_id, service = call.path["project_id"], call.service
    with service.store.read() as connection:
        found = reading.of_project(connection, call.actor, Verb.FLOW_READ, "flow", project_id)
    call.looked(Verb.FLOW_READ, project_id=project_id)
    return answer(reading.listed("flows", service.store.epoch, found))


@endpoint(HttpMethod.GET, "/v1/flows/{flow_id}", verb=Verb.FLOW_READ, answer=FlowView)
def flow(call: Asked) -> Response[bytes]:
    """One flow with its draft."""
    with call.service.store.read() as connection:
        found = reading.seen(connection, call.actor, Verb.FLOW_READ, "flow", call.path["flow_id"])
    call.looked(Verb.FLOW_READ, entity=found)
    return _shown(call, found)


@endpoint(
    HttpMethod.PUT,
    "/v1/flows/{flow_id}",
    verb=Verb.FLOW_EDIT,
    body=NewFlow,
    answer=FlowView,
    status=201,
    is_creation=True,
)
def create_flow(call: Asked) -> Response[bytes]:
    """Create a flow under an id of the client's making (UUIDv7)."""
    if call.headers.get("if-none-match") != "*":
        raise Refusal("version-required")
    new = call.body(NewFlow)
    with call.service.store.write() as txn:
        made = verbs.create(txn, call.actor, call.path["flow_id"], new)
    return _shown(call, made, status=201)


@endpoint(
    HttpMethod.PATCH,
    "/v1/flows/{flow_id}",
    verb=Verb.FLOW_EDIT,
    body=FlowPatch,
    answer=FlowView,
    needs_version=True,
    problems=("in-use",),
)
def patch_flow(call: Asked) -> Response[bytes]:
    """Change places of a flow, each with what stood there."""
    etag, changes = call.if_match, call.body(FlowPatch).changes
    try:
        with call.service.store.write() as txn:
            saved = verbs.patch(txn, call.actor, call.path["flow_id"], changes, etag=etag)
    except verbs.Conflict as conflict:
        raise malformed("/changes", "other-base", "A place holds something else") from conflict
    return _shown(call, saved)


@endpoint(
    HttpMethod.POST,
    "/v1/flows/{flow_id}/archive",
    verb=Verb.FLOW_ARCHIVE,
    answer=FlowView,
    needs_version=True,
    problems=("in-use",),
)
def archive_flow(call: Asked) -> Response[bytes]:
    """Put a flow away; refused while something uses it."""
    with call.service.store.write() as txn:
        saved = verbs.archive(txn, call.actor, call.path["flow_id"], call.if_match)
    return _shown(call, saved)


@endpoint(
    HttpMethod.POST,
    "/v1/flows/{flow_id}/restore",
    verb=Verb.FLOW_ARCHIVE,
    answer=FlowView,
    needs_version=True,
)
def restore_flow(call: Asked) -> Response[bytes]:
    """Take a flow back out of the archive."""
    with call.service.store.write() as txn:
        saved = verbs.restore(txn, call.actor, call.path["flow_id"], call.if_match)
    return _shown(call, saved)


@endpoint(
    HttpMethod.POST,
    "/v1/flows/{flow_id}/discard-draft",
    verb=Verb.FLOW_EDIT,
    answer=FlowView,
    needs_version=True,
    problems=("unknown-revision",),
)
def discard_draft(call: Asked) -> Response[bytes]:
    """Bring the draft back to what is live."""
    with call.service.store.write() as txn:
        saved = publishing.discard_draft(txn, call.actor, call.path["flow_id"], call.if_match)
    return _shown(call, saved)


@endpoint(
    HttpMethod.POST,
    "/v1/flows/{flow_id}/return",
    verb=Verb.FLOW_PUBLISH,
    body=ReturnTo,
    answer=Published,
    needs_key=True,
    problems=(
        "flow-archived",
        "unknown-revision",
    ),
)
def return_to(call: Asked) -> Response[bytes]:
    """Make an older version live again, as a new one. Needs the step-up ``publish``."""
    request = call.body(ReturnTo)

    def act(txn: Txn) -> bytes:
        return _made(txn, publishing.return_to(txn, call.actor, call.path["flow_id"], request))

    return once(call, act)


@endpoint(
    HttpMethod.POST,
    "/v1/projects/{project_id}/publications",
    verb=Verb.FLOW_PUBLISH,
    body=Publication,
    answer=Published,
    needs_key=True,
    problems=(
        "flow-archived",
        "findings-block",
        "stale-version",
    ),
)
def publish(call: Asked) -> Response[bytes]:
    """Make drafts live together. Needs the step-up ``publish``."""
    request = call.body(Publication)

    def act(txn: Txn) -> bytes:
        return _made(txn, publishing.publish(txn, call.actor, call.path["project_id"], request))

    return once(call, act)


@endpoint(HttpMethod.GET, "/v1/flows/{flow_id}/revisions", verb=Verb.FLOW_READ, answer=RevisionList)
def flow_revisions(call: Asked) -> Response[bytes]:
    """What was published of a flow, oldest first."""
    with call.service.store.read() as connection:
        found = reading.seen(connection, call.actor, Verb.FLOW_READ, "flow", call.path["flow_id"])
        known = tuple(revisions.of_flow(connection, found.id))
    call.looked(Verb.FLOW_READ, entity=found)
    return answer(reading.listed("revisions", call.service.store.epoch, known))


@endpoint(
    HttpMethod.GET,
    "/v1/flows/{flow_id}/revisions/{number}",
    verb=Verb.FLOW_READ,
    answer=RevisionView,
)
def flow_revision(call: Asked) -> Response[bytes]:
    """One published version of a flow."""
    number = call.path["number"]
    with call.service.store.read() as connection:
        found = reading.seen(connection, call.actor, Verb.FLOW_READ, "flow", call.path["flow_id"])
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        known = revisions.numbered(connection, found.id, int(number)) if is_number else None
    if known is None:
        raise Refusal("not-found")
    call.looked(Verb.FLOW_READ, entity=known)
    return _shown(call, known)


def _shown(call: Asked, found: Entity, *, status: int = 200) -> Response[bytes]:
    epoch = call.service.store.epoch
    return answer(reading.shown(epoch, found), status=status, etag=entities.etag(epoch, found.ver))


def _made(txn: Txn, made: publishing.Made) -> bytes:
    return msgspec.json.encode(
        {
            "flows": [entities.wired(txn.epoch, each) for each in made.flows],
            "revisions": [entities.wired(txn.epoch, each) for each in made.revisions],
        }
    )


ROUTES = (
    project_flows,
    flow,
    create_flow,
    patch_flow,
    archive_flow,
    restore_flow,
    discard_draft,
    return_to,
    publish,
    flow_revisions,
    flow_revision,
)
