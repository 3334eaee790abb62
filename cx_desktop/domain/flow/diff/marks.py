"""How each node and link of two flows is drawn when they are laid over each other."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.graph import Flow, Link, Node, NodeId


class Mark(StrEnum):
    """What became of a node or a link; one that is the same has no mark."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """Only drawn elsewhere: callers notice nothing."""


class Marks(Struct, frozen=True):
    """Two flows as one: the newer one, with what is gone from the older one still there."""

    flow: Flow
    nodes: Mapping[NodeId, Mark]
    links: Mapping[Link, Mark]

    def count(self, mark: Mark) -> int:
        """How many nodes bear a mark."""
        return sum(each is mark for each in self.nodes.values())


def marks(old: Flow, new: Flow) -> Marks:
    """Lay two flows over each other.

    A link that leads elsewhere is two: one removed, one added. In the united flow the removed one
    gives way to the added one of its exit; it is still told among ``links``.
    """
    nodes = {
        node: mark
        for node in (*new.nodes, *(each for each in old.nodes if each not in new.nodes))
        if (mark := _mark(old.nodes.get(node), new.nodes.get(node))) is not None
    }
    before, after = frozenset(old.each_link()), frozenset(new.each_link())
    links = dict.fromkeys(after - before, Mark.ADDED)
    links |= dict.fromkeys(before - after, Mark.REMOVED)
    return Marks(flow=_united(old, new), nodes=nodes, links=links)


def _mark(old: Node | None, new: Node | None) -> Mark | None:
    if old is None:
        return Mark.ADDED
    if new is None:
        return Mark.REMOVED
    if replace(old, x=0.0, y=0.0) != replace(new, x=0.0, y=0.0):
        return Mark.CHANGED
    return Mark.MOVED if (old.x, old.y) != (new.x, new.y) else None


def _united(old: Flow, new: Flow) -> Flow:
    gone = {node: each for node, each in old.nodes.items() if node not in new.nodes}
    links = {node: {**old.links.get(node, {}), **ways} for node, ways in new.links.items()}
    links |= {node: ways for node, ways in old.links.items() if node not in new.links}
    return Flow(
        meta=new.meta, nodes={**new.nodes, **gone}, links=links, notes=new.notes, tests=new.tests
    )
