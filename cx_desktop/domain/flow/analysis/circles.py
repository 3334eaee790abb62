"""Circles of a graph: sets of nodes from each of which one comes back to itself (Tarjan, 1972)."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


def circles(
    nodes: Iterable[Key], onward: Callable[[Key], Sequence[Key]]
) -> Iterator[tuple[Key, ...]]:
    """Each largest set of nodes that all lead to one another, in at least one step."""
    for part in parts(nodes, onward):
        if len(part) > 1 or part[0] in onward(part[0]):
            yield tuple(part)


def parts(nodes: Iterable[Key], onward: Callable[[Key], Sequence[Key]]) -> Iterator[list[Key]]:
    """Circles, and nodes that are in none, each one after all that it leads to."""
    search = _Search(onward)
    for root in nodes:
        if root not in search.low:
            yield from search.from_root(root)


class _Search(Generic[Key]):
    """One walk through the graph, without recursion: flows may be deep."""

    def __init__(self, onward: Callable[[Key], Sequence[Key]]) -> None:
        self.low: dict[Key, int] = {}
        self._onward = onward
        self._open: list[Key] = []
        self._walk: list[tuple[Key, int, Iterator[Key]]] = []
        self._done = 0

    def from_root(self, root: Key) -> Iterator[list[Key]]:
        """The parts that can be come to from a node, and were not met before."""
        self._enter(root)
        while self._walk:
            node, index, ways = self._walk[-1]
            if not self._enters_next(node, ways):
                self._walk.pop()
                self._pass_back(node)
                if self.low[node] == index:
                    yield self._closed(node)

    def _enter(self, node: Key) -> None:
        index = self._done = self._done + 1
        self.low[node] = index
        self._open.append(node)
        self._walk.append((node, index, iter(self._onward(node))))

    def _enters_next(self, node: Key, ways: Iterator[Key]) -> bool:
        """Go to the next node that was not met yet; those that were tell how far back they lead."""
        for target in ways:
            low = self.low.get(target)
            if low is None:
                self._enter(target)
                return True
            if low < self.low[node]:
                self.low[node] = low
        return False

    def _pass_back(self, node: Key) -> None:
        if self._walk and self.low[node] < self.low[before := self._walk[-1][0]]:
            self.low[before] = self.low[node]

    def _closed(self, node: Key) -> list[Key]:
        """Close one part."""
        start = len(self._open) - 1
        while self._open[start] != node:
            start -= 1
        members = self._open[start:]
        del self._open[start:]
        for each in members:
            self.low[each] = _CLOSED
        return members


#: Leads back to nobody who is still open.
_CLOSED = 1 << 62
