"""Projects, their numbers, and what this user can do with this provider."""

from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection

from cx_desktop.domain.access import Verb, changes_project, feature_of, may, may_anywhere
from cx_desktop.protocol import Assignment, Capabilities, Capability, ProjectCapabilities
from cx_desktop.service import numbers
from cx_desktop.service.actor import Actor
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import reading
from cx_desktop.service.objects.deeds import ACTIVE
from cx_desktop.service.shapes import NumberList, NumberView, ProjectList, ProjectView
from cx_desktop.service.store import Entity, entities


@endpoint(HttpMethod.GET, "/v1/projects", verb=Verb.PROJECT_READ, answer=ProjectList)
def projects(call: Asked) -> Response[bytes]:
    """The projects the user may see."""
    with call.service.store.read() as connection:
        found = _visible(connection, call.actor)
    call.looked(Verb.PROJECT_READ)
    return answer(reading.listed("projects", call.service.store.epoch, found))


@endpoint(HttpMethod.GET, "/v1/projects/{project_id}", verb=Verb.PROJECT_READ, answer=ProjectView)
def project(call: Asked) -> Response[bytes]:
    """One project."""
    epoch = call.service.store.epoch
    with call.service.store.read() as connection:
        found = reading.seen(
            connection, call.actor, Verb.PROJECT_READ, "project", call.path["project_id"]
        )
    call.looked(Verb.PROJECT_READ, entity=found)
    return answer(reading.shown(epoch, found), etag=entities.etag(epoch, found.ver))


@endpoint(
    HttpMethod.GET,
    "/v1/projects/{project_id}/numbers",
    verb=Verb.CONFIG_READ,
    answer=NumberList,
)
def project_numbers(call: Asked) -> Response[bytes]:
    """The numbers of a project and the flows that answer them."""
    project_id = call.path["project_id"]
    with call.service.store.read() as connection:
        found = reading.of_project(connection, call.actor, Verb.CONFIG_READ, "number", project_id)
    call.looked(Verb.CONFIG_READ, project_id=project_id)
    return answer(reading.listed("numbers", call.service.store.epoch, found))


@endpoint(
    HttpMethod.PATCH,
    "/v1/numbers/{number_id}",
    verb=Verb.NUMBER_ASSIGN,
    body=Assignment,
    answer=NumberView,
    needs_version=True,
    problems=(
        "archived",
        "unknown-revision",
    ),
)
def assign_number(call: Asked) -> Response[bytes]:
    """Let a flow answer a number, or nobody."""
    etag, assignment = call.if_match, call.body(Assignment)
    epoch = call.service.store.epoch
    with call.service.store.write() as txn:
        saved = numbers.assign(txn, call.actor, call.path["number_id"], etag, assignment)
    return answer(reading.shown(epoch, saved), etag=entities.etag(epoch, saved.ver))


@endpoint(HttpMethod.GET, "/v1/capabilities", verb=Verb.SESSION_OWN, answer=Capabilities)
def capabilities(call: Asked) -> Response[bytes]:
    """What this provider, for this user, can do; each no with its reason."""
    actor = call.actor
    with call.service.store.read() as connection:
        found = _visible(connection, actor)
    anywhere = {
        verb.value: Capability("yes")
        if may_anywhere(actor.grants, verb)
        else Capability("no", "reason.role")
        for verb in Verb
    }
    return answer(
        Capabilities(
            api="1",
            provider=call.service.config.name,
            verbs=anywhere,
            projects=tuple(
                _capabilities(actor, each, call.service.config.on_request) for each in found
            ),
        )
    )


def _visible(connection: Connection, actor: Actor) -> tuple[Entity, ...]:
    return tuple(entities.each(connection, "project", project_ids=actor.scope(Verb.PROJECT_READ)))


def _capabilities(actor: Actor, found: Entity, on_request: frozenset[str]) -> ProjectCapabilities:
    listed = found.data.get("features")
    features = tuple(str(each) for each in listed) if isinstance(listed, list) else ()
    state = str(found.data.get("state", ACTIVE))
    return ProjectCapabilities(
        project_id=found.id,
        state=state,
        features=features,
        verbs={
            verb.value: _as_done_here(
                _capability(actor, found.id, verb, features, is_active=state == ACTIVE),
                is_on_request=verb in on_request,
            )
            for verb in Verb
        },
    )


def _as_done_here(capability: Capability, *, is_on_request: bool) -> Capability:
    """What a user may do, the provider may keep to itself to do when asked."""
    if capability.answer == "yes" and is_on_request:
        return Capability("on-request", "reason.on-request")
    return capability


def _capability(
    actor: Actor, project_id: str, verb: Verb, features: tuple[str, ...], *, is_active: bool
) -> Capability:
    if not may(actor.grants, verb, project_id):
        return Capability("no", "reason.role")
    if not is_active and changes_project(verb):
        return Capability("no", "reason.suspended")
    feature = feature_of(verb)
    if feature is not None and feature not in features:
        return Capability("no", "reason.feature")
    return Capability("yes")


ROUTES = (projects, project, project_numbers, assign_number, capabilities)
