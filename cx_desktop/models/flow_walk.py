"""The order in which people read a flow: along the calls, the first exit first."""

from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kinds import exits_of


def reading_order(flow: Flow) -> list[NodeId]:
    """Every node once: from the start along the exits, then those that no call reaches."""
    order: dict[NodeId, None] = {}
    starts = [node.id for node in flow.nodes.values() if node.kind == "start"]
    for root in (*starts, *flow.nodes):
        stack = [root]
        while stack:
            node = stack.pop()
            if node in order or node not in flow.nodes:
                continue
            order[node] = None
            ways = flow.links.get(node, {})
            declared = [way.id for way in exits_of(flow.nodes[node])] if ways else []
            stack += [ways[way] for way in reversed(declared) if way in ways]
    return list(order)
