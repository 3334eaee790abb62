"""Emergencies: closing schedules and numbers at once, ending by themselves or by somebody.

An emergency changes no draft and makes no revision: what is published stays as it is, and holds
again from the end on. Everything is in the audit; the end by time is the service's own deed.
"""

from typing import TYPE_CHECKING

from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.schedules.emergency import emergency_of
from cx_desktop.protocol import EmergencyOrder
from cx_desktop.service.actor import Actor
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.idempotency import once
from cx_desktop.service.objects import deeds, reading
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.shapes import EmergencyList, EmergencyView
from cx_desktop.service.store import Entity, Txn, entities

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

#: Later instants are not the same year everywhere, and nobody means them.
LAST_YEAR = 9000


@endpoint(
    HttpMethod.GET,
    "/v1/projects/{project_id}/emergencies",
    verb=Verb.CONFIG_READ,
    answer=EmergencyList,
)
def project_emergencies(call: Asked) -> Response[bytes]:
    """The emergencies of a project, those that are over too."""
    project_id = call.path["project_id"]
    with call.service.store.read() as connection:
        found = reading.of_project(
            connection, call.actor, Verb.CONFIG_READ, "emergency", project_id
        )
    call.looked(Verb.CONFIG_READ, project_id=project_id)
    return answer(reading.listed("emergencies", call.service.store.epoch, found))


@endpoint(
    HttpMethod.POST,
    "/v1/projects/{project_id}/emergencies",
    verb=Verb.EMERGENCY_DECLARE,
    body=EmergencyOrder,
    answer=EmergencyView,
    needs_key=True,
)
def declare_emergency(call: Asked) -> Response[bytes]:
    """Close schedules and numbers at once. Needs the step-up ``publish``."""
    order = call.body(EmergencyOrder)

    def act(txn: Txn) -> bytes:
        return reading.shown(txn.epoch, declare(txn, call.actor, call.path["project_id"], order))

    return once(call, act)


@endpoint(
    HttpMethod.POST,
    "/v1/emergencies/{emergency_id}/end",
    verb=Verb.EMERGENCY_DECLARE,
    answer=EmergencyView,
    needs_key=True,
)
def end_emergency(call: Asked) -> Response[bytes]:
    """Reopen what an emergency closed; one that is over stays as it is. Needs ``publish``."""

    def act(txn: Txn) -> bytes:
        return reading.shown(txn.epoch, end(txn, call.actor, call.path["emergency_id"]))

    return once(call, act)


def declare(txn: Txn, actor: Actor, project_id: str, order: EmergencyOrder) -> Entity:
    """Close what the order names."""
    deeds.require(txn, actor, Verb.EMERGENCY_DECLARE, project_id)
    if not order.schedules and not order.numbers:
        raise malformed("/schedules", "empty", "Name what is to be closed")
    if order.until is not None and order.until <= txn.now:
        raise malformed("/until", "past", "An emergency ends in the future")
    if order.until is not None and order.until.year > LAST_YEAR:
        raise malformed("/until", "too-far", "Leave it out to end it by hand")
    for kind, ids in (("schedule", order.schedules), ("number", order.numbers)):
        for each in ids:
            _refuse_strange(txn.connection, kind, each, project_id)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    data: Document = {
        "type": "emergency",
        "id": txn.ids.new(),
        "project_id": project_id,
        "schedules": list(dict.fromkeys(order.schedules)),
        "numbers": list(dict.fromkeys(order.numbers)),
        "message": order.message,
        "until": deeds.instant(order.until) if order.until is not None else None,
        "began_at": deeds.instant(txn.now),
        "began_by": {"id": actor.user_id, "name": actor.name},
        "ended_at": None,
        "ended_by": None,
    }
    return deeds.write(txn, actor, Verb.EMERGENCY_DECLARE, data, before=None, detail="close")


def end(txn: Txn, actor: Actor, emergency_id: str) -> Entity:
    """Reopen, unless it is over already."""
    found = deeds.find(txn, actor, Verb.EMERGENCY_DECLARE, "emergency", emergency_id)
    if found.data.get("ended_at") is not None:
        return found
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    by: Document = {"id": actor.user_id, "name": actor.name}
    data = found.data | {"ended_at": deeds.instant(txn.now), "ended_by": by}
    return deeds.write(txn, actor, Verb.EMERGENCY_DECLARE, data, before=found, detail="reopen")


def end_due(service: Service) -> int:
    """End the emergencies whose time is over; how many there were."""
    with service.store.read() as connection:
        if not any(_is_due(each, service) for each in entities.each(connection, "emergency")):
            return 0
    with service.store.write() as txn:
        due = [
            each for each in entities.each(txn.connection, "emergency") if _is_due(each, service)
        ]
        for each in due:
            _end_by_itself(txn, each)
    return len(due)


def _is_due(found: Entity, service: Service) -> bool:
    emergency = emergency_of(found.data)
    return emergency.ended_at is None and not emergency.is_in_force(service.clock.now())


def _end_by_itself(txn: Txn, found: Entity) -> None:
    data = found.data | {"ended_at": found.data["until"]}
    deeds.write_by_itself(txn, Verb.EMERGENCY_DECLARE, data, before=found, detail="over")


def _refuse_strange(connection: Connection, kind: str, entity_id: str, project_id: str) -> None:
    """Refuse what is not of this project, or is archived."""
    found = entities.load(connection, kind, entity_id)
    if found is None or found.project_id != project_id:
        raise Refusal("not-found")
    if found.data.get("archived"):
        raise malformed(f"/{kind}s", "archived", str(found.data.get("name", "")))


ROUTES = (project_emergencies, declare_emergency, end_emergency)
