"""Who uses a flow: the numbers it answers and the flows that lead into it."""

from collections.abc import Iterable

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.references import references


class Use(Struct, frozen=True):
    """A number or a flow that needs another object; ``node`` says where in a flow."""

    entity: str
    id: str
    name: str
    node: NodeId | None = None


def callers_of(flow_id: str, flows: Iterable[tuple[str, str, Flow]]) -> tuple[Use, ...]:
    """The flows, given as id, name and graph, that lead into one; itself does not count."""
    uses = []
    for other_id, name, flow in flows:
        if other_id == flow_id:
            continue
        places = [
            each.node
            for each in references(flow)
            if each.refers_to == "flow" and each.target == flow_id
        ]
        if places:
            uses.append(Use(entity="flow", id=other_id, name=name, node=places[0]))
    return tuple(uses)
