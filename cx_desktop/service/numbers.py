"""Numbers: which flow answers each one. The number alone owns that answer."""

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import Assignment
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Entity, Txn, entities


def assign(txn: Txn, actor: Actor, number_id: str, etag: str, assignment: Assignment) -> Entity:
    """Let a flow answer a number, or nobody."""
    number = deeds.find(txn, actor, Verb.NUMBER_ASSIGN, "number", number_id)
    deeds.require_version(txn, number, etag)
    if assignment.flow_id is not None:
        _refuse_unfit(txn, number, assignment.flow_id)
    data = number.data | {"flow_id": assignment.flow_id} | deeds.signature(txn, actor)
    return deeds.write(
        txn, actor, Verb.NUMBER_ASSIGN, data, before=number, detail=assignment.flow_id or ""
    )


def _refuse_unfit(txn: Txn, number: Entity, flow_id: str) -> None:
    flow = entities.load(txn.connection, "flow", flow_id)
    if flow is None or flow.project_id != number.project_id:
        raise Refusal("not-found")
    if flow.data.get("archived"):
        raise Refusal("archived", name=str(flow.data.get("name", "")))
    if flow.data.get("live_revision") is None:
        raise Refusal("unknown-revision", revision=0)
