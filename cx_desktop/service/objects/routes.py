"""Objects with a draft by REST, the same for each type: read, create, change, archive, return."""

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from cx_desktop.protocol import Publication, ReturnTo
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import publishing, reading, revisions, verbs
from cx_desktop.service.objects.suites import Tried
from cx_desktop.service.objects.trying import once_tried
from cx_desktop.service.objects.types import OBJECT_TYPES, ObjectType
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import (
    LISTS,
    VIEWS,
    NewObject,
    ObjectPatch,
    Published,
    RevisionList,
    RevisionView,
)
from cx_desktop.service.store import Entity, Txn, entities


def _reading(kind: ObjectType, path: str) -> tuple[HTTPRouteHandler, ...]:
    name, view = kind.name, VIEWS[kind.name]

    @endpoint(
        HttpMethod.GET,
        f"/v1/projects/{{project_id}}/{kind.plural}",
        name=f"project_{kind.plural}",
        verb=kind.read,
        answer=LISTS[name],
    )
    def of_project(call: Asked) -> Response[bytes]:
        """These objects of a project, with their drafts."""
        project_id, service = call.path["project_id"], call.service
        with service.store.read() as connection:
            found = reading.of_project(connection, call.actor, kind.read, name, project_id)
        call.looked(kind.read, project_id=project_id)
        return answer(reading.listed(kind.plural, service.store.epoch, found))

    @endpoint(HttpMethod.GET, path, name=name, verb=kind.read, answer=view)
    def one(call: Asked) -> Response[bytes]:
        """One object with its draft."""
        found = _seen(call, kind)
        call.looked(kind.read, entity=found)
        return _shown(call, found)

    @endpoint(
        HttpMethod.GET,
        f"{path}/revisions",
        name=f"{name}_revisions",
        verb=kind.read,
        answer=RevisionList,
    )
    def every_revision(call: Asked) -> Response[bytes]:
        """What was published of an object, oldest first."""
        found = _seen(call, kind)
        with call.service.store.read() as connection:
            known = tuple(revisions.of_object(connection, found.id))
        call.looked(kind.read, entity=found)
        return answer(reading.listed("revisions", call.service.store.epoch, known))

    @endpoint(
        HttpMethod.GET,
        f"{path}/revisions/{{number}}",
        name=f"{name}_revision",
        verb=kind.read,
        answer=RevisionView,
    )
    def one_revision(call: Asked) -> Response[bytes]:
        """One published version of an object."""
        found, number = _seen(call, kind), call.path["number"]
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        with call.service.store.read() as connection:
            known = revisions.numbered(connection, found.id, int(number)) if is_number else None
        if known is None:
            raise Refusal("not-found")
        call.looked(kind.read, entity=known)
        return _shown(call, known)

    return of_project, one, every_revision, one_revision


def _editing(kind: ObjectType, path: str) -> tuple[HTTPRouteHandler, ...]:
    name, view = kind.name, VIEWS[kind.name]

    @endpoint(
        HttpMethod.PUT,
        path,
        name=f"create_{name}",
        verb=kind.edit,
        body=NewObject,
        answer=view,
        status=201,
        is_creation=True,
    )
    def create(call: Asked) -> Response[bytes]:
        """Create an object under an id of the client's making (UUIDv7)."""
        if call.headers.get("if-none-match") != "*":
            raise Refusal("version-required")
        new = call.body(NewObject)
        with call.service.store.write() as txn:
            made = verbs.create(txn, call.actor, kind, _id(call, kind), new)
        return _shown(call, made, status=201)

    @endpoint(
        HttpMethod.PATCH,
        path,
        name=f"patch_{name}",
        verb=kind.edit,
        body=ObjectPatch,
        answer=view,
        needs_version=True,
        problems=("in-use",),
    )
    def patch(call: Asked) -> Response[bytes]:
        """Change places of an object, each with what stood there."""
        etag, changes = call.if_match, call.body(ObjectPatch).changes
        try:
            with call.service.store.write() as txn:
                saved = verbs.patch(txn, call.actor, kind, _id(call, kind), changes, etag=etag)
        except verbs.Conflict as conflict:
            raise malformed("/changes", "other-base", "A place holds something else") from conflict
        return _shown(call, saved)

    @endpoint(
        HttpMethod.POST,
        f"{path}/discard-draft",
        name=f"discard_{name}_draft",
        verb=kind.edit,
        answer=view,
        needs_version=True,
        problems=("unknown-revision",),
    )
    def discard_draft(call: Asked) -> Response[bytes]:
        """Bring the draft back to what is live."""
        with call.service.store.write() as txn:
            saved = publishing.discard_draft(txn, call.actor, kind, _id(call, kind), call.if_match)
        return _shown(call, saved)

    return create, patch, discard_draft


def _keeping(kind: ObjectType, path: str) -> tuple[HTTPRouteHandler, ...]:
    name, view = kind.name, VIEWS[kind.name]

    @endpoint(
        HttpMethod.POST,
        f"{path}/archive",
        name=f"archive_{name}",
        verb=kind.archive,
        answer=view,
        needs_version=True,
        problems=("in-use",),
    )
    def archive(call: Asked) -> Response[bytes]:
        """Put an object away; refused while something uses it."""
        with call.service.store.write() as txn:
            saved = verbs.archive(txn, call.actor, kind, _id(call, kind), call.if_match)
        return _shown(call, saved)

    @endpoint(
        HttpMethod.POST,
        f"{path}/restore",
        name=f"restore_{name}",
        verb=kind.archive,
        answer=view,
        needs_version=True,
    )
    def restore(call: Asked) -> Response[bytes]:
        """Take an object back out of the archive."""
        with call.service.store.write() as txn:
            saved = verbs.restore(txn, call.actor, kind, _id(call, kind), call.if_match)
        return _shown(call, saved)

    @endpoint(
        HttpMethod.POST,
        f"{path}/return",
        name=f"return_{name}",
        verb=kind.publish,
        body=ReturnTo,
        answer=Published,
        needs_key=True,
        problems=("archived", "tests-failed", "unknown-revision"),
    )
    def return_to(call: Asked) -> Response[bytes]:
        """Make an older version live again, as a new one. Needs the step-up ``publish``."""
        request, object_id = call.body(ReturnTo), _id(call, kind)

        def look(txn: Txn) -> tuple[publishing.Version, ...]:
            return (publishing.returned(txn, call.actor, kind, object_id, request),)

        def act(txn: Txn, tried: Tried) -> bytes:
            done = publishing.return_to(txn, call.actor, kind, object_id, request, tried)
            return _made(txn, done)

        return once_tried(call, look, act)

    return archive, restore, return_to


@endpoint(
    HttpMethod.POST,
    "/v1/projects/{project_id}/publications",
    verb=OBJECT_TYPES["flow"].publish,
    body=Publication,
    answer=Published,
    needs_key=True,
    problems=("archived", "findings-block", "stale-version", "tests-failed"),
)
def publish(call: Asked) -> Response[bytes]:
    """Make drafts live together. Needs the step-up ``publish``."""
    request, project_id = call.body(Publication), call.path["project_id"]

    def look(txn: Txn) -> tuple[publishing.Version, ...]:
        return publishing.drafted(txn, call.actor, project_id, request)

    def act(txn: Txn, tried: Tried) -> bytes:
        return _made(txn, publishing.publish(txn, call.actor, project_id, request, tried))

    return once_tried(call, look, act)


def _id(call: Asked, kind: ObjectType) -> str:
    return call.path[f"{kind.name}_id"]


def _seen(call: Asked, kind: ObjectType) -> Entity:
    with call.service.store.read() as connection:
        return reading.seen(connection, call.actor, kind.read, kind.name, _id(call, kind))


def _shown(call: Asked, found: Entity, *, status: int = 200) -> Response[bytes]:
    epoch = call.service.store.epoch
    return answer(reading.shown(epoch, found), status=status, etag=entities.etag(epoch, found.ver))


def _made(txn: Txn, made: publishing.Made) -> bytes:
    return msgspec.json.encode(
        {
            "objects": [entities.wired(txn.epoch, each) for each in made.objects],
            "revisions": [entities.wired(txn.epoch, each) for each in made.revisions],
        }
    )


def _routes(kind: ObjectType) -> tuple[HTTPRouteHandler, ...]:
    path = f"/v1/{kind.plural}/{{{kind.name}_id}}"
    return (*_reading(kind, path), *_editing(kind, path), *_keeping(kind, path))


ROUTES = (publish, *(route for kind in OBJECT_TYPES.values() for route in _routes(kind)))
