"""The verbs on flows that change no caller's experience: create, patch, archive, discard.

REST and sync push both end here; each function is called inside a writing transaction and either
returns what it wrote or raises a ``Refusal``.
"""

import re
from collections.abc import Iterable

import msgspec

from cx_desktop.domain.access import Verb
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Change, Document, Json, apply, disturbed
from cx_desktop.protocol import Fault
from cx_desktop.service.actor import Actor
from cx_desktop.service.flows import deeds, revisions
from cx_desktop.service.flows.uses import refuse_used
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import NewFlow
from cx_desktop.service.store import Entity, Txn, entities

#: What clients write of a flow; all else is the service's.
WRITABLE = frozenset({"name", "description", "archived", "draft"})
DRAFT_PARTS = ("meta", "nodes", "links", "notes")
MOST_BYTES = 8_000_000

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Conflict(Exception):  # noqa: N818  (an outcome that the client resolves)
    """Somebody else changed the same places; nothing was done."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity.id)
        self.entity = entity


def create(txn: Txn, actor: Actor, flow_id: str, new: NewFlow) -> Entity:
    """A new flow with its first draft; nothing of it is live."""
    if not _ID.fullmatch(flow_id):
        raise malformed("/id", "shape", "An id has 1 to 64 letters, digits, - and _")
    deeds.require(txn, actor, Verb.FLOW_EDIT, new.project_id)
    if entities.exists(txn.connection, flow_id):
        _refuse_known_id(txn, actor, flow_id)
    draft = whole(new.draft)
    _read(draft)
    if len(msgspec.json.encode(draft)) > MOST_BYTES:
        raise Refusal("too-large")
    data: Document = {
        "type": "flow",
        "id": flow_id,
        "project_id": new.project_id,
        "name": new.name,
        "description": new.description,
        "archived": False,
        "draft": draft,
        "draft_ver": 1,
        "live_revision": None,
        "live_draft_ver": None,
    } | deeds.signature(txn, actor)
    return deeds.write(txn, actor, Verb.FLOW_EDIT, data, before=None, detail="create")


def whole(draft: Document) -> Document:
    """A draft with all its parts, also the empty ones."""
    empty: Document = {part: {} for part in DRAFT_PARTS}
    return empty | draft


def patch(
    txn: Txn,
    actor: Actor,
    flow_id: str,
    changes: Iterable[Change],
    *,
    etag: str = "",
) -> Entity:
    """Make changes whose places nobody else moved; with an ETag also refuse any newer version.

    Raises ``Conflict`` when a place holds neither what a change expects nor what it writes.
    """
    changes = tuple(changes)
    found = deeds.find(txn, actor, Verb.FLOW_EDIT, "flow", flow_id)
    if etag:
        deeds.require_version(txn, found, etag)
    _refuse_foreign_places(changes)
    if disturbed(found.data, changes):
        raise Conflict(found)
    data = apply(found.data, changes)
    if data == found.data:
        return found
    _check(data)
    if data["archived"] != found.data["archived"]:
        actor.require(Verb.FLOW_ARCHIVE, found.project_id)
        if data["archived"]:
            refuse_used(txn, found)
    return _write(txn, actor, data, found, "patch")


def put_draft(txn: Txn, actor: Actor, flow_id: str, draft: Document) -> Entity:
    """Replace a draft as a whole."""
    found = deeds.find(txn, actor, Verb.FLOW_EDIT, "flow", flow_id)
    data = found.data | {"draft": draft}
    _check(data)
    return _write(txn, actor, data, found, "patch")


def archive(txn: Txn, actor: Actor, flow_id: str, etag: str) -> Entity:
    """Put a flow away; refused while a number or another flow uses it."""
    found = deeds.find(txn, actor, Verb.FLOW_ARCHIVE, "flow", flow_id)
    deeds.require_version(txn, found, etag)
    refuse_used(txn, found)
    return _write(txn, actor, found.data | {"archived": True}, found, "archive")


def restore(txn: Txn, actor: Actor, flow_id: str, etag: str) -> Entity:
    """Take a flow back out of the archive."""
    found = deeds.find(txn, actor, Verb.FLOW_ARCHIVE, "flow", flow_id)
    deeds.require_version(txn, found, etag)
    return _write(txn, actor, found.data | {"archived": False}, found, "restore")


def _write(txn: Txn, actor: Actor, data: Document, before: Entity, detail: str) -> Entity:
    if data["draft"] != before.data["draft"]:
        draft_ver = _count(before.data, "draft_ver") + 1
        data = data | {"draft_ver": draft_ver}
        if _is_live(txn, before, data["draft"]):
            data = data | {"live_draft_ver": draft_ver}
    verb = Verb.FLOW_EDIT if detail == "patch" else Verb.FLOW_ARCHIVE
    return deeds.write(
        txn, actor, verb, data | deeds.signature(txn, actor), before=before, detail=detail
    )


def _is_live(txn: Txn, flow: Entity, draft: Json) -> bool:
    """Whether a draft is, again, what callers hear."""
    live = revisions.live_document(txn.connection, flow)
    return live is not None and isinstance(draft, dict) and are_same(draft, live)


def _refuse_known_id(txn: Txn, actor: Actor, flow_id: str) -> None:
    known = entities.load(txn.connection, "flow", flow_id)
    if known is not None:
        actor.require(Verb.FLOW_READ, known.project_id)
        raise deeds.stale(known)
    raise Refusal("not-found")


def _refuse_foreign_places(changes: Iterable[Change]) -> None:
    for each in changes:
        place = "/" + "/".join(each.path)
        if not each.path or each.path[0] not in WRITABLE:
            raise malformed(place, "not-writable", "This place is not the client's to write")
        if each.path[0] == "draft" and (len(each.path) < 3 or each.path[1] not in DRAFT_PARTS):
            raise malformed(place, "not-an-atom", "Name a place below a part of the draft")
        if each.path[0] != "draft" and len(each.path) > 1:
            raise malformed(place, "not-an-atom", "This place is a single value")


def _check(data: Document) -> None:
    """Refuse what is not a flow any more."""
    try:
        msgspec.convert(data, NewFlow)
        if not isinstance(data.get("archived"), bool):
            raise malformed("/archived", "shape", "Expected `bool`")
        _read(data["draft"])
    except msgspec.ValidationError as error:
        raise malformed("", "shape", str(error)) from error
    if len(msgspec.json.encode(data)) > MOST_BYTES:
        raise Refusal("too-large")


def _read(draft: object) -> Flow:
    if not isinstance(draft, dict):
        raise malformed("/draft", "shape", "Expected `object`")
    try:
        return flow_of(draft)
    except (msgspec.ValidationError, RecursionError) as error:
        fault = Fault(pointer="/draft", code="not-a-flow", message=str(error))
        raise Refusal("malformed", faults=(fault,)) from error


def _count(data: Document, key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) else 0
