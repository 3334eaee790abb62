"""Who needs an object: numbers, and drafts or live versions that refer to it."""

from collections.abc import Iterator

from msgspec import Struct

from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document
from cx_desktop.service.objects import frozen
from cx_desktop.service.objects.revisions import live_document
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Entity, Txn, entities


class Use(Struct, frozen=True):
    """Something that needs another object."""

    type: str
    name: str


def refuse_used(txn: Txn, found: Entity) -> None:
    """Refuse when something that is not archived uses this object."""
    use = next(uses(txn, found), None)
    if use is not None:
        raise Refusal("in-use", what=use.type, name=use.name)


def uses(txn: Txn, found: Entity) -> Iterator[Use]:
    """What uses an object: the numbers it answers, then other objects by draft or live version."""
    for number in entities.each(txn.connection, "number", project_ids=[found.project_id]):
        if number.data.get("flow_id") == found.id:
            yield Use("number", str(number.data.get("label") or number.data.get("e164")))
    target = Target(found.type, found.id)
    for kind in OBJECT_TYPES.values():
        for other in entities.each(txn.connection, kind.name, project_ids=[found.project_id]):
            if other.id == found.id or other.data.get("archived"):
                continue
            if any(target in refers(kind.name, each) for each in _documents(txn, other)):
                yield Use(kind.name, str(other.data.get("name", "")))


def _documents(txn: Txn, found: Entity) -> Iterator[Document]:
    """The draft and the live version of an object, and what is to go live of it."""
    draft = found.data.get("draft")
    if isinstance(draft, dict):
        yield draft
    live = live_document(txn.connection, found)
    if live is not None:
        yield live
    yield from frozen.of_object(txn.connection, found.id)
