"""The nodes of a flow in an order in which calls go on, kept while links come and go.

Every node stands before those it leads to, except within a circle, whose nodes stand together. A
link that agrees with the order changes nothing; one that goes back is looked into between its two
ends only (after Pearce and Kelly, 2006).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.analysis.circles import parts
from cx_desktop.domain.flow.graph import NodeId

Links: TypeAlias = Callable[[NodeId], Sequence[NodeId]]
Circle: TypeAlias = tuple[NodeId, ...]


class Order(NamedTuple):
    """All nodes in order."""

    nodes: Sequence[NodeId]
    position: Mapping[NodeId, int]
    circles: Mapping[NodeId, Circle]
    """The circle of each node that is in one."""

    def around(self, node: NodeId) -> Circle:
        """The nodes that are judged together with one: its circle, or itself."""
        return self.circles.get(node) or (node,)

    def circles_of(self, nodes: Iterable[NodeId]) -> tuple[Circle, ...]:
        """The circles in which some nodes are, each once."""
        found = (self.circles[each] for each in nodes if each in self.circles)
        return tuple({circle[0]: circle for circle in found}.values())


def order_of(nodes: Iterable[NodeId], onward: Links) -> Order:
    """The order of a whole flow."""
    order, circles = _ordered(nodes, onward)
    return Order(order, _positions(order), circles)


def _ordered(nodes: Iterable[NodeId], onward: Links) -> tuple[list[NodeId], dict[NodeId, Circle]]:
    order: list[NodeId] = []
    circles: dict[NodeId, Circle] = {}
    for part in parts(nodes, onward):
        order.extend(part)
        if len(part) > 1 or part[0] in onward(part[0]):
            circles.update(dict.fromkeys(part, tuple(part)))
    order.reverse()
    return order, circles


def _positions(order: Sequence[NodeId]) -> dict[NodeId, int]:
    return dict(zip(order, range(len(order)), strict=True))


class Reordering:
    """An order that is being mended after an edit."""

    def __init__(self, before: Order, onward: Links, into: Links) -> None:
        self._order = list(before.nodes)
        self._position = dict(before.position)
        self._circles = dict(before.circles)
        self._onward = onward
        self._into = into
        self.renewed: set[NodeId] = set()
        """The nodes that were put in order afresh: in other circles, or in none."""

    @property
    def result(self) -> Order:
        """The order as it is now."""
        return Order(self._order, self._position, self._circles)

    def come_and_gone(self, come: Iterable[NodeId], gone: frozenset[NodeId]) -> None:
        """Nodes that are new stand before the first one they lead to; others are no more."""
        broken = {self._circles[each] for each in gone if each in self._circles}
        if gone:
            self._order = [each for each in self._order if each not in gone]
            self._position = _positions(self._order)
        for circle in broken:
            for each in gone.intersection(circle):
                del self._circles[each]
            self._renew([each for each in circle if each not in gone])
        for node in come:
            places = (self._position.get(each) for each in self._onward(node))
            at = min((each for each in places if each is not None), default=len(self._order))
            self._order.insert(self._before_circle(at), node)
            self._position = _positions(self._order)

    def _before_circle(self, at: int) -> int:
        if at < len(self._order) and (circle := self._circles.get(self._order[at])):
            return min(self._position[each] for each in circle)
        return at

    def unlinked(self, node: NodeId, lost: Iterable[NodeId]) -> None:
        """A node leads no more to some nodes: its circle may fall apart."""
        circle = self._circles.get(node)
        if circle is not None and not set(circle).isdisjoint(lost):
            self._renew(circle)

    def linked(self, node: NodeId) -> None:
        """A node leads to new nodes: those before it have to go behind, or are in a circle."""
        for target in self._onward(node):
            if self._position[target] <= self._position[node] and not self._is_together(
                node, target
            ):
                self._mend(node, target)

    def _is_together(self, node: NodeId, target: NodeId) -> bool:
        return target in self._circles.get(node, ())

    def _mend(self, node: NodeId, target: NodeId) -> None:
        """A link leads back: put all that leads to the node before the target, if it can be."""
        low = min(self._position[each] for each in self._circles.get(target, (target,)))
        high = max(self._position[each] for each in self._circles.get(node, (node,)))
        behind = _Search(target, self._onward, self._position, low, high)
        before = _Search(node, self._into, self._position, low, high)
        while behind.met.isdisjoint(before.fresh) and before.met.isdisjoint(behind.fresh):
            if not behind.goes_on():
                self._moved(low, high, behind.met, to_front=False)
                return
            if not before.goes_on():
                self._moved(low, high, before.met, to_front=True)
                return
        self._renew(self._order[low : high + 1])

    def _moved(self, low: int, high: int, some: set[NodeId], *, to_front: bool) -> None:
        among = self._order[low : high + 1]
        chosen = [each for each in among if each in some]
        others = [each for each in among if each not in some]
        self._put(low, chosen + others if to_front else others + chosen)

    def _renew(self, some: Sequence[NodeId]) -> None:
        """Order nodes afresh that stand together."""
        if not some:
            return
        within = frozenset(some)
        self.renewed |= within
        for each in some:
            self._circles.pop(each, None)
        order, circles = _ordered(
            some, lambda node: [each for each in self._onward(node) if each in within]
        )
        self._circles |= circles
        self._put(min(self._position[each] for each in some), order)

    def _put(self, low: int, some: Sequence[NodeId]) -> None:
        self._order[low : low + len(some)] = some
        self._position.update(zip(some, range(low, low + len(some)), strict=True))


class _Search:
    """All that can be met from a node within a stretch of the order, a node at a time."""

    def __init__(
        self, start: NodeId, onward: Links, position: Mapping[NodeId, int], low: int, high: int
    ) -> None:
        self.met = {start}
        self.fresh: Sequence[NodeId] = (start,)
        """What was met last."""
        self._waiting = [start]
        self._onward = onward
        self._position = position
        self._low = low
        self._high = high

    def goes_on(self) -> bool:
        """Go one node further; whether there was one."""
        if not self._waiting:
            return False
        self.fresh = [
            each
            for each in self._onward(self._waiting.pop())
            if each not in self.met and self._low <= self._position[each] <= self._high
        ]
        self.met.update(self.fresh)
        self._waiting.extend(self.fresh)
        return True
