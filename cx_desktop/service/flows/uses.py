"""Who needs a flow: the numbers it answers, and the flows that lead into it, live or in draft."""

from collections.abc import Iterator

from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.usage import callers_of
from cx_desktop.service.flows.revisions import live_document
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Entity, Txn, entities


def refuse_used(txn: Txn, flow: Entity) -> None:
    """Refuse when a number or another flow uses this one."""
    for number in entities.each(txn.connection, "number", project_ids=[flow.project_id]):
        if number.data.get("flow_id") == flow.id:
            label = str(number.data.get("label") or number.data.get("e164"))
            raise Refusal("in-use", what="number", name=label)
    for use in callers_of(flow.id, _graphs(txn, flow.project_id)):
        raise Refusal("in-use", what="flow", name=use.name)


def _graphs(txn: Txn, project_id: str) -> Iterator[tuple[str, str, Flow]]:
    """The drafts and live versions of a project's flows that are not archived."""
    for flow in entities.each(txn.connection, "flow", project_ids=[project_id]):
        if flow.data.get("archived"):
            continue
        name, draft = str(flow.data.get("name", "")), flow.data.get("draft")
        if isinstance(draft, dict):
            yield flow.id, name, flow_of(draft)
        live = live_document(txn.connection, flow)
        if live is not None:
            yield flow.id, name, flow_of(live)
