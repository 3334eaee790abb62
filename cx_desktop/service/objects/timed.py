"""Publishing and returning at a set time: planned, moved, cancelled.

Planning freezes the drafts as they are, with the versions of other objects that they pin; what is
edited afterwards goes live by another publication. What was live when it was planned must still be
what callers hear when the time comes, unless the plan says otherwise: else somebody's publication
would be undone unseen. So two plans that decide over one object at the same time are refused too.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import Span, Timed, TimedObject, TimedState, met_by, span_of, timed_of
from cx_desktop.protocol import Publication, PublishedObject, TimedMove, TimedOrder
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, frozen, publishing
from cx_desktop.service.objects.publishing import Version
from cx_desktop.service.objects.suites import Tried
from cx_desktop.service.objects.types import OBJECT_TYPES, object_type
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities

TYPE = "timed_publication"
#: Nobody knows what callers should hear later than this.
FURTHEST = timedelta(days=731)
#: The verb in the audit; who may plan is who may publish each of the objects.
VERB = OBJECT_TYPES["flow"].publish


def asked(txn: Txn, actor: Actor, project_id: str, order: TimedOrder) -> tuple[Version, ...]:
    """What would go live, or come back; refused unless this user may plan it now."""
    span = _span(order)
    _refuse_instants(txn, order.at, order.returns_at)
    _refuse_misnamed(order)
    objects = tuple(PublishedObject(each.entity, each.id, each.etag) for each in order.objects)
    publication = Publication(order.message, objects, order.overrides)
    versions = publishing.drafted(txn, actor, project_id, publication)
    if order.returns_at is not None:
        _refuse_without_live(each.found for each in versions)
    if not order.whatever_is_live:
        _refuse_met(txn, project_id, span)
    if order.at is not None:
        return versions
    return tuple(
        publishing.as_revision(txn.connection, each.found, named.returns_to or 0, order.message)
        for each, named in zip(versions, order.objects, strict=True)
    )


def plan(txn: Txn, actor: Actor, project_id: str, order: TimedOrder, tried: Tried) -> Entity:
    """Keep what is to go live until its time.

    Raises ``suites.Moved`` when the tests were run on something else.
    """
    versions = asked(txn, actor, project_id, order)
    if order.at is not None:
        publishing.refuse_findings(txn, versions)
    publishing.judged(txn, versions, tried, order.overrides)
    data: Document = {
        "type": TYPE,
        "id": txn.ids.new(),
        "project_id": project_id,
        "state": TimedState.WAITING.value,
        "message": order.message,
        "objects": [_planned(each) for each in versions],
        **_times(order.at, order.returns_at),
        "whatever_is_live": order.whatever_is_live,
        "overrides": list(order.overrides),
        "planned_at": deeds.instant(txn.now),
        "planned_by": {"id": actor.user_id, "name": actor.name},
        "went_live_at": None,
        "came_back_at": None,
        "cancelled_at": None,
        "cancelled_by": None,
        "failed_at": None,
        "failure": None,
        "settled_at": None,
        "settled_by": None,
    }
    if order.at is not None:
        for each in versions:
            frozen.freeze(txn, str(data["id"]), project_id, each.found.id, each.document, each.pins)
    return deeds.write(txn, actor, VERB, data, before=None, detail=_told("plan", timed_of(data)))


def move(txn: Txn, actor: Actor, timed_id: str, times: TimedMove) -> Entity:
    """Give it other times. One that failed waits again; that accepts what is live now."""
    found, timed = opened(txn, actor, timed_id)
    is_live = timed.went_live_at is not None
    at = timed.at if is_live else times.at
    if (at is None) is not (timed.at is None):
        raise malformed("/at", "shape", "Going live cannot be added or left out")
    if times.returns_at is None and timed.is_return:
        raise malformed("/returns_at", "empty", "Cancel it to let it stay")
    _refuse_instants(txn, None if is_live else at, times.returns_at)
    if times.returns_at is not None:
        _refuse_without_live(_object(txn, each) for each in timed.objects)
    data = found.data | _times(at, times.returns_at)
    if timed.needs_note or times.accepts_live:
        data = data | again(txn, found)
    moved = timed_of(data)
    if not timed.whatever_is_live:
        _refuse_met(txn, found.project_id, span_of(moved), timed_id)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    return deeds.write(txn, actor, VERB, data, before=found, detail=_told("move", moved))


def cancel(txn: Txn, actor: Actor, timed_id: str) -> Entity:
    """Let what was planned not happen; of one that failed, take note. One that is over stays."""
    found, timed = find(txn, actor, timed_id)
    if not timed.is_open:
        return found
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    frozen.thaw(txn, timed_id)
    by: Document = {"id": actor.user_id, "name": actor.name}
    now = deeds.instant(txn.now)
    if timed.needs_note:
        over: Document = {"settled_at": now, "settled_by": by}
        detail = "note the failure"
    else:
        over = {"state": TimedState.CANCELLED.value, "cancelled_at": now, "cancelled_by": by}
        detail = "cancel the return" if timed.is_return else "cancel"
    return deeds.write(txn, actor, VERB, found.data | over, before=found, detail=detail)


def opened(txn: Txn, actor: Actor, timed_id: str) -> tuple[Entity, Timed]:
    """One that is not over, of which this user may publish everything."""
    found, timed = find(txn, actor, timed_id)
    if not timed.is_open:
        raise Refusal("time-is-over", state=timed.state)
    return found, timed


def find(txn: Txn, actor: Actor, timed_id: str) -> tuple[Entity, Timed]:
    """One of a project in which this user may publish all of its objects."""
    found = entities.load(txn.connection, TYPE, timed_id)
    if found is None:
        raise Refusal("not-found")
    timed = timed_of(found.data)
    for each in timed.objects:
        deeds.require(txn, actor, object_type(each.entity).publish, found.project_id)
    return found, timed


def again(txn: Txn, found: Entity) -> Document:
    """One goes on from what is live now: who lets it has been told what that is."""
    known, planned = timed_of(found.data), found.data["objects"]
    live = {each.id: _object(txn, each).data.get("live_revision") for each in known.objects}
    state = TimedState.LIVE if known.went_live_at is not None else TimedState.WAITING
    return {
        "state": state.value,
        "failed_at": None,
        "failure": None,
        "objects": [
            each | {"expects": live[str(each["id"])]}
            for each in (planned if isinstance(planned, list) else [])
            if isinstance(each, dict)
        ],
    }


def fail(txn: Txn, found: Entity, refusal: Refusal) -> Entity:
    """Keep why it could not be carried out; nothing changed for callers."""
    failure: Document = {
        "name": refusal.name,
        "params": dict(refusal.params),
        "errors": [msgspec.to_builtins(each) for each in refusal.faults],
    }
    over: Document = {
        "state": TimedState.FAILED.value,
        "failed_at": deeds.instant(txn.now),
        "failure": failure,
    }
    return deeds.write_by_itself(
        txn, VERB, found.data | over, before=found, detail=f"failed: {refusal.name}"
    )


def _planned(version: Version) -> Document:
    found, is_draft = version.found, version.returned_from is None
    live = found.data.get("live_revision")
    return {
        "entity": found.type,
        "id": found.id,
        "draft_ver": found.data.get("draft_ver") if is_draft else 0,
        "sha256": publishing.sha256_of(version.document),
        "live_revision": live,
        "expects": live,
        "returns_to": version.returned_from,
        "revision": None,
        "came_back": None,
    }


def _object(txn: Txn, named: TimedObject) -> Entity:
    found = entities.load(txn.connection, named.entity, named.id)
    if found is None:
        raise Refusal("not-found")
    return found


def _times(at: datetime | None, returns_at: datetime | None) -> Document:
    return {
        "at": deeds.instant(at) if at is not None else None,
        "returns_at": deeds.instant(returns_at) if returns_at is not None else None,
    }


def _told(verb: str, timed: Timed) -> str:
    """What the audit keeps of the times."""
    parts = [verb]
    if timed.at is not None:
        parts.append(f"for {deeds.instant(timed.at)}")
    if timed.returns_at is not None:
        parts.append(f"until {deeds.instant(timed.returns_at)}")
    return " ".join(parts)


def _span(order: TimedOrder) -> Span:
    begins = order.at or order.returns_at
    if begins is None:
        raise malformed("/at", "empty", "Say when")
    ends = order.returns_at if order.at is not None else None
    return Span(frozenset(each.id for each in order.objects), begins, ends)


def _refuse_misnamed(order: TimedOrder) -> None:
    """Refuse a revision beside a draft, and an object that is to come back as nothing."""
    for place, named in enumerate(order.objects):
        if (named.returns_to is None) is (order.at is None):
            message = "A revision is named where it comes back alone, and only there"
            raise malformed(f"/objects/{place}/returns_to", "shape", message)


def _refuse_instants(txn: Txn, at: datetime | None, returns_at: datetime | None) -> None:
    """Refuse times that nobody can mean."""
    for pointer, each in (("/at", at), ("/returns_at", returns_at)):
        if each is not None and each <= txn.now:
            raise malformed(pointer, "past", "It is over already")
        if each is not None and each - txn.now > FURTHEST:
            raise malformed(pointer, "too-far", f"At most {FURTHEST.days} days ahead")
    if at is not None and returns_at is not None and returns_at <= at:
        raise malformed("/returns_at", "inverted", "It comes back after it went live")


def _refuse_without_live(objects: Iterable[Entity]) -> None:
    """Refuse a return of what callers have never heard."""
    for each in objects:
        if each.data.get("live_revision") is None:
            raise Refusal("nothing-to-return-to", name=str(each.data.get("name", "")))


def _refuse_met(txn: Txn, project_id: str, span: Span | None, timed_id: str = "") -> None:
    """Refuse what another plan decides at the same time."""
    others = (
        timed_of(each.data)
        for each in entities.each(txn.connection, TYPE, project_ids=[project_id])
        if each.id != timed_id
    )
    other = met_by(span, others) if span is not None else None
    if span is None or other is None or other.next_at is None:
        return
    both = next(each for each in other.objects if each.id in span.objects)
    name = str(_object(txn, both).data.get("name", ""))
    raise Refusal("planned-already", name=name, when=deeds.instant(other.next_at), id=other.id)
