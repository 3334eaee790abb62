"""Who uses a flow: the numbers it answers and the flows that lead into it."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kind import FieldType, Kind


class Use(Struct, frozen=True):
    """A number or a flow that needs another object; ``node`` says where in a flow."""

    entity: str
    id: str
    name: str
    node: NodeId | None = None


def references(flow: Flow, kinds: Mapping[str, Kind], refers_to: str) -> dict[str, NodeId]:
    """The ids of one type of object that a flow names, each with the first node that does."""
    names = {
        kind.id: tuple(
            each.name
            for each in kind.properties
            if each.type is FieldType.REFERENCE and each.refers_to == refers_to
        )
        for kind in kinds.values()
    }
    found: dict[str, NodeId] = {}
    for node in flow.nodes.values():
        for name in names.get(node.kind, ()):
            value = node.props.get(name)
            if isinstance(value, str) and value:
                found.setdefault(value, node.id)
    return found


def callers_of(
    flow_id: str, flows: Iterable[tuple[str, str, Flow]], kinds: Mapping[str, Kind]
) -> tuple[Use, ...]:
    """The flows, given as id, name and graph, that lead into one; itself does not count."""
    uses = []
    for other_id, name, flow in flows:
        node = None if other_id == flow_id else references(flow, kinds, "flow").get(flow_id)
        if node is not None:
            uses.append(Use(entity="flow", id=other_id, name=name, node=node))
    return tuple(uses)
