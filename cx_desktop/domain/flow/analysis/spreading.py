"""Facts that spread along the links of a flow: with calls, from node to node, or against them.

Each node's facts follow from those of its neighbours on one side, so they are found in the order
of the flow, one circle at a time. After an edit only nodes whose neighbours' facts changed are
looked at: what an edit does not reach stays as it was found.
"""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.order import Circle, Links, Order
from cx_desktop.domain.flow.graph import NodeId


class Spread(NamedTuple):
    """One kind of facts, bits of a number by node."""

    order: Order
    values: dict[NodeId, int]
    value: Callable[[NodeId], int]
    """What follows for a node from the facts of its neighbours."""
    to: Links
    """The nodes whose facts depend on those of a node."""
    is_forward: bool

    def everywhere(self) -> None:
        """Find the facts of all nodes."""
        values, value, circles = self.values, self.value, self.order.circles
        nodes = self.order.nodes if self.is_forward else reversed(self.order.nodes)
        done: set[NodeId] = set()
        for node in nodes:
            if node not in circles:
                values[node] = value(node)
            elif node not in done:
                self._settle(circles[node])
                done.update(circles[node])

    def again(self, nodes: Iterable[NodeId]) -> set[NodeId]:
        """Find the facts of these nodes anew, and all that follows; the nodes that differ now."""
        position = self.order.position
        sign = 1 if self.is_forward else -1
        waiting = [(sign * position[each], each) for each in nodes]
        heapify(waiting)
        done: set[NodeId] = set()
        changed: set[NodeId] = set()
        while waiting:
            _, node = heappop(waiting)
            if node in done:
                continue
            together = self.order.around(node)
            done.update(together)
            for each in self._renewed(together):
                changed.add(each)
                for other in self.to(each):
                    if other not in done:
                        heappush(waiting, (sign * position[other], other))
        return changed

    def _renewed(self, together: Circle) -> list[NodeId]:
        """The nodes of a circle, or the one, whose facts are others now."""
        before = [self.values.get(each) for each in together]
        if together[0] in self.order.circles:
            self._settle(together)
        else:
            self.values[together[0]] = self.value(together[0])
        return [
            each for each, old in zip(together, before, strict=True) if self.values[each] != old
        ]

    def _settle(self, circle: Circle) -> None:
        """The facts of a circle: nothing but what must be."""
        values, value, to = self.values, self.value, self.to
        values.update(dict.fromkeys(circle, 0))
        within = frozenset(circle)
        nodes = sorted(circle, key=self.order.position.__getitem__, reverse=not self.is_forward)
        waiting = set(circle)
        while waiting:  # round by round: a node that many lead to is looked at once in each
            for node in nodes:
                if node in waiting:
                    waiting.discard(node)
                    fact = value(node)
                    if fact != values[node]:
                        values[node] = fact
                        waiting.update(each for each in to(node) if each in within)
