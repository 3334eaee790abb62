"""What callers hear changes here and nowhere else: publishing, and returning to a version."""

import hashlib
from collections.abc import Mapping

from msgspec import Struct

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import Context, references
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Document, encode
from cx_desktop.protocol import Fault, Publication, PublishedObject, ReturnTo
from cx_desktop.service.actor import Actor
from cx_desktop.service.flows import deeds, revisions
from cx_desktop.service.flows.context import context_of
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities

LONGEST_MESSAGE = 2_000


class Made(Struct, frozen=True):
    """Flows as they are now, and the revisions made of them."""

    flows: tuple[Entity, ...]
    revisions: tuple[Entity, ...]


class Version(Struct, frozen=True, kw_only=True):
    """What is to become a revision of a flow."""

    flow: Entity
    document: Document
    pins: dict[str, int]
    message: str
    returned_from: int | None = None


def publish(txn: Txn, actor: Actor, project_id: str, publication: Publication) -> Made:
    """Make the named drafts live together, or none of them."""
    deeds.require(txn, actor, Verb.FLOW_PUBLISH, project_id)
    _refuse_shapeless(publication)
    chosen = [_chosen(txn, actor, project_id, each) for each in publication.objects]
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    graphs = {flow.id: _graph(flow) for flow in chosen}
    _refuse_findings(graphs, context_of(txn.connection, project_id))
    coming = {flow.id: revisions.last_number(txn.connection, flow.id) + 1 for flow in chosen}
    versions = [as_draft(txn, flow, publication.message, coming) for flow in chosen]
    return _made(txn, actor, versions)


def return_to(txn: Txn, actor: Actor, flow_id: str, request: ReturnTo) -> Made:
    """Make an old revision live again, with its pins, as a new revision."""
    flow = deeds.find(txn, actor, Verb.FLOW_PUBLISH, "flow", flow_id)
    _refuse_archived(flow)
    refuse_long(request.message)
    old = revisions.numbered(txn.connection, flow_id, request.revision)
    if old is None:
        raise Refusal("unknown-revision", revision=request.revision)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    document, pins = old.data["document"], old.data["pins"]
    if not isinstance(document, dict) or not isinstance(pins, dict):
        raise TypeError(f"revision {old.id} is not whole")
    version = Version(
        flow=flow,
        document=document,
        pins=pins,
        message=request.message,
        returned_from=request.revision,
    )
    return _made(txn, actor, [version])


def discard_draft(txn: Txn, actor: Actor, flow_id: str, etag: str) -> Entity:
    """Bring the draft back to what callers hear now."""
    flow = deeds.find(txn, actor, Verb.FLOW_EDIT, "flow", flow_id)
    deeds.require_version(txn, flow, etag)
    live = revisions.live_document(txn.connection, flow)
    if live is None:
        raise Refusal("unknown-revision", revision=0)
    before = flow.data.get("draft_ver")
    draft_ver = (before if isinstance(before, int) else 0) + 1
    draft: Document = {"draft": live, "draft_ver": draft_ver, "live_draft_ver": draft_ver}
    data = flow.data | draft | deeds.signature(txn, actor)
    return deeds.write(txn, actor, Verb.FLOW_EDIT, data, before=flow, detail="discard-draft")


def _made(txn: Txn, actor: Actor, versions: list[Version]) -> Made:
    pairs = [go_live(txn, actor, each) for each in versions]
    return Made(flows=tuple(flow for flow, _ in pairs), revisions=tuple(made for _, made in pairs))


def as_draft(
    txn: Txn, flow: Entity, message: str, coming: Mapping[str, int] | None = None
) -> Version:
    """The draft of a flow as its next version; ``coming`` numbers what is published with it."""
    return Version(
        flow=flow,
        document=_draft(flow),
        pins=_pins(txn, _graph(flow), coming or {}),
        message=message,
    )


def go_live(txn: Txn, actor: Actor, version: Version) -> tuple[Entity, Entity]:
    """Make a revision and let callers hear it; the flow and the revision as they are then."""
    flow, number = version.flow, revisions.last_number(txn.connection, version.flow.id) + 1
    revision: Document = {
        "type": "revision",
        "id": txn.ids.new(),
        "project_id": flow.project_id,
        "flow_id": flow.id,
        "number": number,
        "message": version.message,
        "published_at": deeds.instant(txn.now),
        "published_by": {"id": actor.user_id, "name": actor.name},
        "document": version.document,
        "pins": version.pins,
        "sha256": hashlib.sha256(encode(version.document)).hexdigest(),
        "returned_from": version.returned_from,
    }
    detail = f"{'publish' if version.returned_from is None else 'return'} {number}"
    is_draft = are_same(version.document, _draft(flow))
    live: Document = {
        "live_revision": number,
        "live_draft_ver": flow.data.get("draft_ver") if is_draft else None,
    }
    changed = flow.data | live | deeds.signature(txn, actor)
    saved = deeds.write(txn, actor, Verb.FLOW_PUBLISH, changed, before=flow, detail=detail)
    made = deeds.write(txn, actor, Verb.FLOW_PUBLISH, revision, before=None, detail=detail)
    revisions.enter(txn, flow.id, number, made.id)
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


def _chosen(txn: Txn, actor: Actor, project_id: str, named: PublishedObject) -> Entity:
    if named.entity != "flow":
        raise malformed("/objects", "unknown-entity", "Only flows are published so far")
    flow = deeds.find(txn, actor, Verb.FLOW_PUBLISH, "flow", named.id)
    if flow.project_id != project_id:
        raise Refusal("not-found")
    _refuse_archived(flow)
    deeds.require_version(txn, flow, named.etag)
    return flow


def _refuse_archived(flow: Entity) -> None:
    if flow.data.get("archived"):
        raise Refusal("flow-archived", name=str(flow.data.get("name", "")))


def _refuse_findings(graphs: dict[str, Flow], context: Context) -> None:
    blocking = [
        finding
        for graph in graphs.values()
        for finding in findings(graph, context)
        if finding.severity is Severity.BLOCKING
    ]
    if blocking:
        raise Refusal("findings-block", faults=tuple(_fault(each) for each in blocking))


def _fault(finding: Finding) -> Fault:
    place = " ".join(part for part in (finding.exit, finding.property) if part)
    return Fault(pointer=finding.node or "", code=finding.rule, message=place)


def _pins(txn: Txn, graph: Flow, coming: Mapping[str, int]) -> dict[str, int]:
    """The versions of other flows that this one will go on using until it is published again."""
    pins = {}
    for flow_id in {each.target for each in references(graph) if each.refers_to == "flow"}:
        other = entities.load(txn.connection, "flow", flow_id)
        number = coming.get(flow_id) or (other and other.data.get("live_revision"))
        if isinstance(number, int):
            pins[flow_id] = number
    return pins


def _graph(flow: Entity) -> Flow:
    return flow_of(_draft(flow))


def _draft(flow: Entity) -> Document:
    draft = flow.data["draft"]
    if not isinstance(draft, dict):
        raise TypeError(f"flow {flow.id} has no draft")
    return draft
