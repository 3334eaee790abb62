"""The verbs on objects that change no caller's experience: create, patch, archive, restore.

REST and sync push both end here; each function is called inside a writing transaction and either
returns what it wrote or raises a ``Refusal``.
"""

import re
from collections.abc import Iterable

import msgspec

from cx_desktop.domain.merging import severed
from cx_desktop.domain.patch import Change, Document, Json, apply, disturbed
from cx_desktop.protocol import Fault
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, revisions
from cx_desktop.service.objects.types import ObjectType
from cx_desktop.service.objects.uses import refuse_used
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Entity, Txn, entities

#: What clients write of an object; all else is the service's.
WRITABLE = frozenset({"name", "description", "archived", "draft"})
MOST_BYTES = 8_000_000

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Conflict(Exception):  # noqa: N818  (an outcome that the client resolves)
    """Somebody else changed the same places; nothing was done."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity.id)
        self.entity = entity


def create(txn: Txn, actor: Actor, kind: ObjectType, object_id: str, new: NewObject) -> Entity:
    """A new object with its first draft; nothing of it is live."""
    if not _ID.fullmatch(object_id):
        raise malformed("/id", "shape", "An id has 1 to 64 letters, digits, - and _")
    deeds.require(txn, actor, kind.edit, new.project_id)
    if entities.exists(txn.connection, object_id):
        _refuse_known_id(txn, actor, kind, object_id)
    draft = whole(kind, new.draft)
    _read(kind, draft)
    if len(msgspec.json.encode(draft)) > MOST_BYTES:
        raise Refusal("too-large")
    data: Document = {
        "type": kind.name,
        "id": object_id,
        "project_id": new.project_id,
        "name": new.name,
        "description": new.description,
        "archived": False,
        "draft": draft,
        "draft_ver": 1,
        "live_revision": None,
        "live_draft_ver": None,
    } | deeds.signature(txn, actor)
    return deeds.write(txn, actor, kind.edit, data, before=None, detail="create")


def whole(kind: ObjectType, draft: Document) -> Document:
    """A draft with all its parts, also the empty ones."""
    return kind.empty | draft


def patch(
    txn: Txn,
    actor: Actor,
    kind: ObjectType,
    object_id: str,
    changes: Iterable[Change],
    *,
    etag: str = "",
) -> Entity:
    """Make changes whose places nobody else moved; with an ETag also refuse any newer version.

    Raises ``Conflict`` when a place holds neither what a change expects nor what it writes, or
    when, without an ETag, a change builds on what somebody took away meanwhile.
    """
    changes = tuple(changes)
    found = deeds.find(txn, actor, kind.edit, kind.name, object_id)
    if etag:
        deeds.require_version(txn, found, etag)
    _refuse_foreign_places(kind, changes)
    if disturbed(found.data, changes):
        raise Conflict(found)
    if not etag and severed(kind.name, found.data, changes):
        raise Conflict(found)
    data = apply(found.data, changes)
    if data == found.data:
        return found
    _check(kind, data)
    if data["archived"] != found.data["archived"]:
        actor.require(kind.archive, found.project_id)
        if data["archived"]:
            refuse_used(txn, found)
    return _write(txn, actor, kind, data, found)


def put_draft(txn: Txn, actor: Actor, kind: ObjectType, object_id: str, draft: Document) -> Entity:
    """Replace a draft as a whole."""
    found = deeds.find(txn, actor, kind.edit, kind.name, object_id)
    data = found.data | {"draft": draft}
    _check(kind, data)
    return _write(txn, actor, kind, data, found)


def archive(txn: Txn, actor: Actor, kind: ObjectType, object_id: str, etag: str) -> Entity:
    """Put an object away; refused while a number, a flow or a queue uses it."""
    found = deeds.find(txn, actor, kind.archive, kind.name, object_id)
    deeds.require_version(txn, found, etag)
    refuse_used(txn, found)
    return _set_archived(txn, actor, kind, found, is_archived=True)


def restore(txn: Txn, actor: Actor, kind: ObjectType, object_id: str, etag: str) -> Entity:
    """Take an object back out of the archive."""
    found = deeds.find(txn, actor, kind.archive, kind.name, object_id)
    deeds.require_version(txn, found, etag)
    return _set_archived(txn, actor, kind, found, is_archived=False)


def _set_archived(
    txn: Txn, actor: Actor, kind: ObjectType, found: Entity, *, is_archived: bool
) -> Entity:
    data = found.data | {"archived": is_archived} | deeds.signature(txn, actor)
    detail = "archive" if is_archived else "restore"
    return deeds.write(txn, actor, kind.archive, data, before=found, detail=detail)


def _write(txn: Txn, actor: Actor, kind: ObjectType, data: Document, before: Entity) -> Entity:
    if data["draft"] != before.data["draft"]:
        draft_ver = _count(before.data, "draft_ver") + 1
        data = data | {"draft_ver": draft_ver}
        if _is_live(txn, kind, before, data["draft"]):
            data = data | {"live_draft_ver": draft_ver}
    data = data | deeds.signature(txn, actor)
    return deeds.write(txn, actor, kind.edit, data, before=before, detail="patch")


def _is_live(txn: Txn, kind: ObjectType, found: Entity, draft: Json) -> bool:
    """Whether a draft is, again, what callers hear."""
    live = revisions.live_document(txn.connection, found)
    return live is not None and isinstance(draft, dict) and kind.is_same(draft, live)


def _refuse_known_id(txn: Txn, actor: Actor, kind: ObjectType, object_id: str) -> None:
    known = entities.load(txn.connection, kind.name, object_id)
    if known is not None:
        actor.require(kind.read, known.project_id)
        raise deeds.stale(known)
    raise Refusal("not-found")


def _refuse_foreign_places(kind: ObjectType, changes: Iterable[Change]) -> None:
    for each in changes:
        place = "/" + "/".join(each.path)
        if not each.path or each.path[0] not in WRITABLE:
            raise malformed(place, "not-writable", "This place is not the client's to write")
        if each.path[0] == "draft" and not _is_atom(kind, each.path[1:]):
            raise malformed(place, "not-an-atom", "Name a place below a part of the draft")
        if each.path[0] != "draft" and len(each.path) > 1:
            raise malformed(place, "not-an-atom", "This place is a single value")


def _is_atom(kind: ObjectType, path: tuple[str, ...]) -> bool:
    return len(path) >= kind.depth and (kind.depth == 1 or path[0] in kind.empty)


def _check(kind: ObjectType, data: Document) -> None:
    """Refuse what is no object of this type any more."""
    try:
        msgspec.convert(data, NewObject)
        if not isinstance(data.get("archived"), bool):
            raise malformed("/archived", "shape", "Expected `bool`")
        _read(kind, data["draft"])
    except msgspec.ValidationError as error:
        raise malformed("", "shape", str(error)) from error
    if len(msgspec.json.encode(data)) > MOST_BYTES:
        raise Refusal("too-large")


def _read(kind: ObjectType, draft: object) -> None:
    if not isinstance(draft, dict):
        raise malformed("/draft", "shape", "Expected `object`")
    try:
        kind.shape(draft)
    except (msgspec.ValidationError, RecursionError) as error:
        fault = Fault(pointer="/draft", code=f"not-a-{kind.name}", message=str(error))
        raise Refusal("malformed", faults=(fault,)) from error


def _count(data: Document, key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) else 0
