"""Which nodes and exits of a flow calls have gone through, of those they can."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId
from cx_desktop.domain.flow.simulate import Call
from cx_desktop.domain.flow.simulate.events import Entered, Left

#: An exit of a node of a flow.
Exit: TypeAlias = tuple[str, NodeId, ExitId]


class Covered(Struct, frozen=True):
    """Nodes and exits, each with its flow."""

    nodes: frozenset[tuple[str, NodeId]] = frozenset()
    exits: frozenset[Exit] = frozenset()

    def __or__(self, other: "Covered") -> "Covered":
        return Covered(self.nodes | other.nodes, self.exits | other.exits)


class Coverage(NamedTuple):
    """What calls went through of one flow."""

    nodes: frozenset[NodeId]
    exits: frozenset[tuple[NodeId, ExitId]]
    possible_nodes: frozenset[NodeId]
    possible_exits: frozenset[tuple[NodeId, ExitId]]

    @property
    def missing(self) -> frozenset[tuple[NodeId, ExitId]]:
        """The exits that calls can take and none has."""
        return self.possible_exits - self.exits

    @property
    def share(self) -> float:
        """How much of the possible exits, from 0 to 1."""
        if not self.possible_exits:
            return 1.0
        return len(self.exits & self.possible_exits) / len(self.possible_exits)

    def of(self, node: NodeId) -> float | None:
        """How much of one node; ``None`` where no call can come."""
        if node not in self.possible_nodes:
            return None
        possible = [each for each in self.possible_exits if each[0] == node]
        if not possible:
            return 1.0 if node in self.nodes else 0.0
        return sum(each in self.exits for each in possible) / len(possible)


def gone_through(calls: Iterable[Call]) -> Covered:
    """What calls have gone through."""
    nodes: set[tuple[str, NodeId]] = set()
    exits: set[Exit] = set()
    for call in calls:
        for event in call.events:
            if isinstance(event, Entered):
                nodes.add((event.flow, event.node))
            elif isinstance(event, Left) and event.exit is not None:
                exits.add((event.flow, event.node, event.exit))
    return Covered(frozenset(nodes), frozenset(exits))


def possible_in(flows: Mapping[str, Flow], flow_id: str) -> Covered:
    """All that calls which come into a flow can go through."""
    exploration = explore(flows, flow_id)
    return Covered(exploration.nodes, exploration.exits)


def coverage(flow_id: str, covered: Covered, possible: Covered) -> Coverage:
    """What calls went through of one flow, against what they could have."""
    return Coverage(
        nodes=frozenset(node for flow, node in covered.nodes if flow == flow_id),
        exits=frozenset((node, way) for flow, node, way in covered.exits if flow == flow_id),
        possible_nodes=frozenset(node for flow, node in possible.nodes if flow == flow_id),
        possible_exits=frozenset(
            (node, way) for flow, node, way in possible.exits if flow == flow_id
        ),
    )
