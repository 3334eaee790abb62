"""What callers hear changes here and nowhere else: publishing, and returning to a version."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.graph import UNHEARD
from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document, encode
from cx_desktop.protocol import Fault, Publication, PublishedObject, ReturnTo
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, revisions, suites
from cx_desktop.service.objects.context import context_of
from cx_desktop.service.objects.suites import TESTS_FAILED, Tried
from cx_desktop.service.objects.types import PINNED, ObjectType, object_type
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities

LONGEST_MESSAGE = 2_000


class Made(Struct, frozen=True):
    """Objects as they are now, and the revisions made of them."""

    objects: tuple[Entity, ...]
    revisions: tuple[Entity, ...]


class Version(Struct, frozen=True, kw_only=True):
    """What is to become a revision of an object."""

    found: Entity
    document: Document
    pins: dict[str, int]
    message: str
    returned_from: int | None = None
    overrides: tuple[str, ...] = ()
    """What would have refused it, and was overridden."""
    is_planned: bool = False
    """Whether it goes live by itself, at the time that was set for it."""

    @property
    def project_id(self) -> str:
        """Where the object is."""
        return self.found.project_id

    @property
    def target(self) -> Target:
        """The object."""
        return Target(self.found.type, self.found.id)


def drafted(
    txn: Txn, actor: Actor, project_id: str, publication: Publication
) -> tuple[Version, ...]:
    """The named drafts as they would go live; refused unless this user may publish them now."""
    _refuse_shapeless(publication)
    chosen = [
        _chosen(txn, actor, project_id, each, f"/objects/{place}")
        for place, each in enumerate(publication.objects)
    ]
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    coming = {each.id: revisions.last_number(txn.connection, each.id) + 1 for each in chosen}
    return tuple(as_draft(txn, each, publication.message, coming) for each in chosen)


def publish(
    txn: Txn, actor: Actor, project_id: str, publication: Publication, tried: Tried
) -> Made:
    """Make the named drafts live together, or none of them.

    Raises ``suites.Moved`` when the tests were run on something else.
    """
    versions = drafted(txn, actor, project_id, publication)
    refuse_findings(txn, versions)
    passed = judged(txn, versions, tried, publication.overrides)
    return made(txn, actor, passed)


def returned(
    txn: Txn, actor: Actor, kind: ObjectType, object_id: str, request: ReturnTo
) -> Version:
    """An old revision with its pins; refused unless this user may put it live again now."""
    found = deeds.find(txn, actor, kind.publish, kind.name, object_id)
    refuse_archived(found)
    refuse_long(request.message)
    version = as_revision(txn.connection, found, request.revision, request.message)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    return version


def return_to(
    txn: Txn, actor: Actor, kind: ObjectType, object_id: str, request: ReturnTo, tried: Tried
) -> Made:
    """Make an old revision live again, as a new one.

    Raises ``suites.Moved`` when the tests were run on something else.
    """
    version = returned(txn, actor, kind, object_id, request)
    return made(txn, actor, judged(txn, [version], tried, request.overrides))


def discard_draft(txn: Txn, actor: Actor, kind: ObjectType, object_id: str, etag: str) -> Entity:
    """Bring the draft back to what callers hear now; tests of a flow stay."""
    found = deeds.find(txn, actor, kind.edit, kind.name, object_id)
    deeds.require_version(txn, found, etag)
    live = revisions.live_document(txn.connection, found)
    if live is None:
        raise Refusal("unknown-revision", revision=0)
    before = found.data.get("draft_ver")
    draft_ver = (before if isinstance(before, int) else 0) + 1
    unheard = {part: each for part, each in _draft(found).items() if part in UNHEARD}
    draft: Document = {"draft": live | unheard, "draft_ver": draft_ver, "live_draft_ver": draft_ver}
    data = found.data | draft | deeds.signature(txn, actor)
    return deeds.write(txn, actor, kind.edit, data, before=found, detail="discard-draft")


def made(txn: Txn, actor: Actor, versions: Iterable[Version]) -> Made:
    """Let callers hear these versions, all of them."""
    pairs = [go_live(txn, actor, each) for each in versions]
    return Made(
        objects=tuple(found for found, _ in pairs), revisions=tuple(made for _, made in pairs)
    )


def as_revision(connection: Connection, found: Entity, number: int, message: str) -> Version:
    """An old revision of an object as its next version."""
    old = revisions.numbered(connection, found.id, number)
    if old is None:
        raise Refusal("unknown-revision", revision=number)
    document, pins = revisions.content(old)
    return Version(found=found, document=document, pins=pins, message=message, returned_from=number)


def sha256_of(document: Document) -> str:
    """The digest that stands for a document."""
    return hashlib.sha256(encode(document)).hexdigest()


def as_draft(
    txn: Txn, found: Entity, message: str, coming: Mapping[str, int] | None = None
) -> Version:
    """The draft of an object as its next version; ``coming`` numbers what goes live with it."""
    draft = _draft(found)
    return Version(
        found=found,
        document=draft,
        pins=_pins(txn, object_type(found.type), draft, coming or {}),
        message=message,
    )


def go_live(txn: Txn, actor: Actor, version: Version) -> tuple[Entity, Entity]:
    """Make a revision and let callers hear it; the object and the revision as they are then."""
    found, number = version.found, revisions.last_number(txn.connection, version.found.id) + 1
    kind = object_type(found.type)
    revision: Document = {
        "type": "revision",
        "id": txn.ids.new(),
        "project_id": found.project_id,
        "object_type": found.type,
        "object_id": found.id,
        "number": number,
        "message": version.message,
        "published_at": deeds.instant(txn.now),
        "published_by": {"id": actor.user_id, "name": actor.name},
        "document": version.document,
        "pins": version.pins,
        "sha256": sha256_of(version.document),
        "returned_from": version.returned_from,
    }
    detail = f"{'publish' if version.returned_from is None else 'return'} {number}"
    detail += " as planned" if version.is_planned else ""
    detail += "".join(f" despite {each}" for each in version.overrides)
    is_draft = kind.is_same(version.document, _draft(found))
    live: Document = {
        "live_revision": number,
        "live_draft_ver": found.data.get("draft_ver") if is_draft else None,
    }
    changed = found.data | live | deeds.signature(txn, actor)
    saved = deeds.write(txn, actor, kind.publish, changed, before=found, detail=detail)
    made = deeds.write(txn, actor, kind.publish, revision, before=None, detail=detail)
    revisions.enter(txn, found.id, number, made.id)
    return saved, made


def _refuse_shapeless(publication: Publication) -> None:
    if not publication.message.strip():
        raise malformed("/message", "empty", "Say what changes for callers")
    refuse_long(publication.message)
    if not publication.objects:
        raise malformed("/objects", "empty", "Name what is to be published")
    ids = [each.id for each in publication.objects]
    if len(set(ids)) < len(ids):
        raise malformed("/objects", "twice", "Name every object once")


def refuse_long(message: str) -> None:
    """Refuse a message that nobody would read."""
    if len(message) > LONGEST_MESSAGE:
        raise malformed("/message", "too-long", f"At most {LONGEST_MESSAGE} signs")


def _chosen(
    txn: Txn, actor: Actor, project_id: str, named: PublishedObject, pointer: str
) -> Entity:
    kind = object_type(named.entity, pointer=f"{pointer}/entity")
    deeds.require(txn, actor, kind.publish, project_id)
    found = deeds.find(txn, actor, kind.publish, kind.name, named.id)
    if found.project_id != project_id:
        raise Refusal("not-found")
    refuse_archived(found)
    deeds.require_version(txn, found, named.etag)
    return found


def refuse_archived(found: Entity) -> None:
    """Refuse what nobody should hear any more."""
    if found.data.get("archived"):
        raise Refusal("archived", name=str(found.data.get("name", "")))


def refuse_findings(txn: Txn, versions: Sequence[Version]) -> None:
    """Refuse what the rules do not let callers hear."""
    context = context_of(txn.connection, versions[0].project_id)
    blocking = [
        (each.found, finding)
        for each in versions
        for finding in object_type(each.found.type).judge(each.document, context)
        if finding.severity is Severity.BLOCKING
    ]
    if blocking:
        raise Refusal("findings-block", faults=tuple(_fault(*each) for each in blocking))


def judged(
    txn: Txn, versions: Sequence[Version], tried: Tried, overrides: tuple[str, ...]
) -> tuple[Version, ...]:
    """The versions, with a note where a test of a flow that hears them has not passed."""
    if tried.print != suites.print_of(txn.connection, versions):
        raise suites.Moved
    if tried.faults and TESTS_FAILED not in overrides:
        raise Refusal(TESTS_FAILED, faults=tried.faults)
    failed = {each.object_id for each in tried.faults}
    ids = {each.found.id for each in versions}
    is_elsewhere = bool(failed - ids)
    return tuple(
        replace(each, overrides=(TESTS_FAILED,))
        if is_elsewhere or each.found.id in failed
        else each
        for each in versions
    )


def _fault(found: Entity, finding: Finding) -> Fault:
    place = " ".join(part for part in (finding.exit, finding.property) if part)
    return Fault(
        pointer=finding.node or "",
        code=finding.rule,
        message=place,
        object_id=found.id,
        params=finding.params,
    )


def _pins(txn: Txn, kind: ObjectType, draft: Document, coming: Mapping[str, int]) -> dict[str, int]:
    """The versions of other objects that this one goes on using until it is published again."""
    pins = {}
    for target in {each for each in refers(kind.name, draft) if each.type in PINNED}:
        other = entities.load(txn.connection, target.type, target.id)
        number = coming.get(target.id) or (other and other.data.get("live_revision"))
        if isinstance(number, int):
            pins[target.id] = number
    return pins


def _draft(found: Entity) -> Document:
    draft = found.data["draft"]
    if not isinstance(draft, dict):
        raise TypeError(f"{found.type} {found.id} has no draft")
    return draft
