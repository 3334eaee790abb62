"""Timed publications whose time has come: done by the service, in one transaction each.

Failure policy: a plan that is refused changes nothing for callers and is kept as failed, with its
reason, for everybody to see; so is one that meets a fault of ours. A full disk or a busy file
leaves it waiting, and the next turn tries again. State and effect are one transaction: a process
that is killed in the middle has done all of it or nothing.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.timed import Timed, TimedObject, TimedState, timed_of
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, frozen, publishing, revisions, suites, timed, trying
from cx_desktop.service.objects.publishing import Version
from cx_desktop.service.objects.suites import TESTS_FAILED, Tried
from cx_desktop.service.objects.types import object_type
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities

_log = logging.getLogger("cx_desktop.service")


class _Leg(Struct, frozen=True):
    """What happens next of a timed publication."""

    timed: Timed
    versions: tuple[Version, ...]
    """Without what callers hear so already."""


def carry_out_due(service: Service) -> int:
    """Do what is due of timed publications, the earliest first; how many there were."""
    now = service.clock.now()
    with service.store.read() as connection:
        known = [timed_of(each.data) for each in entities.each(connection, timed.TYPE)]
    due = [(each.next_at, each.id) for each in known if each.next_at and each.next_at <= now]
    for _, timed_id in sorted(due):
        _carry_out_due(service, timed_id)
    return len(due)


def coming(txn: Txn, actor: Actor, timed_id: str) -> tuple[Version, ...]:
    """What goes live next of it, for this user who would not wait; refused unless they may."""
    _, known = timed.opened(txn, actor, timed_id)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    return _leg(txn.connection, known).versions


def carry_out_early(txn: Txn, actor: Actor, timed_id: str, tried: Tried) -> Entity:
    """Do now what comes next of it.

    Raises ``suites.Moved`` when the tests were run on something else.
    """
    found, known = timed.opened(txn, actor, timed_id)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    going_on = found.data | timed.again(txn, found) if known.needs_note else found.data
    told = _carry_out(txn, actor, replace(found, data=going_on), tried, is_planned=False)
    detail = "come back early" if known.is_return else "go live early"
    return deeds.write(txn, actor, timed.VERB, going_on | told, before=found, detail=detail)


def _carry_out_due(service: Service, timed_id: str) -> None:
    """Do one, or keep why not: a fault of ours in one of them holds up no other."""
    try:
        _try_due(service, timed_id)
    except Refusal as refusal:
        _fail(service, timed_id, refusal)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001  (told as a failure; others go on)
        _log.exception("A timed publication could not be carried out")
        _fail(service, timed_id, Refusal("internal"))


def _try_due(service: Service, timed_id: str) -> None:
    for _ in range(trying.MOST_TRIES):
        with suppress(suites.Moved):
            tried = _tried(service, timed_id)
            with _due(service, timed_id) as (txn, found):
                if found is not None:
                    _carry_out_as_planned(txn, found, tried)
            return


def _fail(service: Service, timed_id: str, refusal: Refusal) -> None:
    with _due(service, timed_id) as (txn, found):
        if found is not None:
            timed.fail(txn, found, refusal)


@contextmanager
def _due(service: Service, timed_id: str) -> Iterator[tuple[Txn, Entity | None]]:
    """A transaction, and the plan if it is still due in it."""
    with service.store.write() as txn:
        found = entities.load(txn.connection, timed.TYPE, timed_id)
        at = timed_of(found.data).next_at if found is not None else None
        yield txn, found if at is not None and at <= txn.now else None


def _tried(service: Service, timed_id: str) -> Tried:
    """The tests of what is due; none where it will be refused anyhow."""
    try:
        with service.store.read() as connection:
            found = entities.load(connection, timed.TYPE, timed_id)
            versions = _leg(connection, timed_of(found.data)).versions if found else ()
    except Refusal:
        return Tried()
    return trying.tried_out(service, versions)


def _carry_out_as_planned(txn: Txn, found: Entity, tried: Tried) -> Entity:
    known = timed_of(found.data)
    if not known.is_return and known.returns_at is not None and known.returns_at <= txn.now:
        raise Refusal("time-is-over", state="missed")
    actor = _planner(txn.connection, known)
    told = _carry_out(txn, actor, found, tried, is_planned=True)
    detail = "came back" if known.is_return else "went live"
    return deeds.write_by_itself(txn, timed.VERB, found.data | told, before=found, detail=detail)


def _carry_out(
    txn: Txn, actor: Actor, found: Entity, tried: Tried, *, is_planned: bool
) -> Document:
    """Let callers hear what comes next; what the plan then says of itself."""
    leg = _leg(txn.connection, timed_of(found.data))
    _refuse(txn, actor, leg)
    versions = [replace(each, is_planned=is_planned) for each in _judged(txn, leg, tried)]
    done = publishing.made(txn, actor, versions)
    frozen.thaw(txn, found.id)
    numbers = {each.id: each.data["live_revision"] for each in done.objects}
    before = {each.found.id: each.found.data.get("live_revision") for each in leg.versions}
    for each in leg.timed.objects:  # what was heard so already has no version of its own
        if each.id not in numbers and not leg.timed.is_return:
            numbers[each.id] = _found(txn.connection, each).data.get("live_revision")
            before[each.id] = each.expects
    return _told(txn, leg.timed, found, numbers, before)


def _planner(connection: Connection, known: Timed) -> Actor:
    """Who planned it, with what they may do today."""
    account = people.by_id(connection, known.planned_by.id if known.planned_by else "")
    if account is None:
        raise Refusal("forbidden", verb=timed.VERB)
    return Actor(
        user_id=account.id,
        username=account.username,
        name=account.name,
        session_id="",
        device_id="",
        grants=people.grants_of(connection, account.id),
    )


def _leg(connection: Connection, known: Timed) -> _Leg:
    found = {each.id: _found(connection, each) for each in known.objects}
    versions = (
        _coming_back(connection, found, known)
        if known.is_return
        else _going_live(connection, found, known)
    )
    return _Leg(known, tuple(versions))


def _found(connection: Connection, named: TimedObject) -> Entity:
    found = entities.load(connection, named.entity, named.id)
    if found is None:
        raise Refusal("not-found")
    return found


def _coming_back(
    connection: Connection, found: Mapping[str, Entity], known: Timed
) -> Iterator[Version]:
    for each in known.objects:
        if not _is_back(connection, found[each.id], each):
            number = each.returns_to or 0
            yield publishing.as_revision(connection, found[each.id], number, known.message)


def _going_live(
    connection: Connection, found: Mapping[str, Entity], known: Timed
) -> Iterator[Version]:
    """The frozen drafts; those that callers hear already are as they are."""
    kept = frozen.of_timed(connection, known.id)
    numbers = {key: revisions.last_number(connection, key) + 1 for key in found}
    for key, each in found.items():
        if numbers.keys().isdisjoint(kept[key].pins) and _is_live(connection, each, kept[key]):
            numbers[key] = int(str(each.data["live_revision"]))
    for key, each in found.items():
        pins = {pinned: numbers.get(pinned, number) for pinned, number in kept[key].pins.items()}
        coming = frozen.Frozen(kept[key].document, pins)
        if not _is_live(connection, each, coming):
            yield Version(found=each, document=coming.document, pins=pins, message=known.message)


def _is_live(connection: Connection, found: Entity, coming: frozen.Frozen) -> bool:
    """Whether callers hear already what is to go live."""
    live = revisions.live(connection, found)
    if live is None:
        return False
    heard = (publishing.sha256_of(coming.document), coming.pins)
    return (live.data["sha256"], live.data["pins"]) == heard


def _is_back(connection: Connection, found: Entity, each: TimedObject) -> bool:
    """Whether callers hear already what is to come back."""
    live = found.data.get("live_revision")
    return isinstance(live, int) and revisions.are_heard_alike(
        connection, found.id, live, each.returns_to or 0
    )


def _refuse(txn: Txn, actor: Actor, leg: _Leg) -> None:
    """The checks of every publication, and that nobody's publication is undone unseen."""
    expected = {each.id: each.expects for each in leg.timed.objects}
    for each in leg.versions:
        found = each.found
        deeds.require(txn, actor, object_type(found.type).publish, found.project_id)
        publishing.refuse_archived(found)
        if not leg.timed.whatever_is_live:
            _refuse_other(txn.connection, found, expected[found.id])
        _check_shape(each)
    if leg.versions and not leg.timed.is_return:
        publishing.refuse_findings(txn, leg.versions)


def _refuse_other(connection: Connection, found: Entity, expected: int | None) -> None:
    """Refuse when somebody put something else before callers since it was planned."""
    live = found.data.get("live_revision")
    if live == expected:
        return
    is_alike = (
        isinstance(live, int)
        and expected is not None
        and revisions.are_heard_alike(connection, found.id, live, expected)
    )
    if not is_alike:
        raise Refusal(
            "live-moved",
            name=str(found.data.get("name", "")),
            live=live if isinstance(live, int) else 0,
            planned=expected or 0,
        )


def _check_shape(version: Version) -> None:
    """Refuse a frozen document that a newer service no longer reads."""
    try:
        object_type(version.found.type).shape(version.document)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Refusal("malformed", detail=str(error)) from error


def _judged(txn: Txn, leg: _Leg, tried: Tried) -> tuple[Version, ...]:
    """What the tests say; they do not hold back what was live before from coming back."""
    if not leg.versions:
        return ()
    overrides = leg.timed.overrides
    if leg.timed.went_live_at is not None:
        overrides = (*overrides, TESTS_FAILED)
    return publishing.judged(txn, leg.versions, tried, overrides)


def _told(txn: Txn, known: Timed, found: Entity, numbers: Document, before: Document) -> Document:
    is_return = known.is_return
    goes_on = not is_return and known.returns_at is not None
    planned = found.data["objects"]
    objects: list[Json] = []
    for each in planned if isinstance(planned, list) else []:
        if not isinstance(each, dict):
            continue
        made = numbers.get(str(each["id"]))
        told: Document = {"came_back" if is_return else "revision": made, "expects": made}
        if goes_on:
            told["returns_to"] = before[str(each["id"])]
        objects.append(each | told)
    return {
        "state": (TimedState.LIVE if goes_on else TimedState.DONE).value,
        "came_back_at" if is_return else "went_live_at": deeds.instant(txn.now),
        "failed_at": None,
        "failure": None,
        "objects": objects,
    }
