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
    """Circles, and nodes that are in none, each one after all that it leads to.

    So do the nodes of a circle stand, but for the links that close it.
    """
    search = _Search(onward)
    for root in nodes:
        if root not in search.low:
            yield from search.from_root(root)


class _Search(Generic[Key]):
    """One walk through the graph, without recursion: flows may be deep."""

    def __init__(self, onward: Callable[[Key], Sequence[Key]]) -> None:
        self.low: dict[Key, int] = {}
        self._onward = onward
        self._open: list[tuple[int, Key]] = []
        """What is done with and may still be in a circle with what is not."""

    def from_root(self, root: Key) -> Iterator[list[Key]]:
        """The parts that can be come to from a node, and were not met before."""
        low, onward = self.low, self._onward
        low[root] = count = 1
        walk = [(root, count, iter(onward(root)))]
        while walk:
            node, index, ways = walk[-1]
            fresh = self._first_not_met(node, ways)
            if fresh is not None:
                count += 1
                low[fresh] = count
                walk.append((fresh, count, iter(onward(fresh))))
                continue
            walk.pop()
            if low[node] == index:
                yield self._closed(node, index)
            else:
                self._open.append((index, node))
                before = walk[-1][0]
                low[before] = min(low[before], low[node])

    def _first_not_met(self, node: Key, ways: Iterator[Key]) -> Key | None:
        """The next node that was not met yet; those that were tell how far back they lead."""
        low = self.low
        for target in ways:
            there = low.get(target)
            if there is None:
                return target
            if there < low[node]:
                low[node] = there
        return None

    def _closed(self, node: Key, index: int) -> list[Key]:
        """Close one part."""
        start = len(self._open)
        while start and self._open[start - 1][0] > index:
            start -= 1
        members = [each for _, each in self._open[start:]]
        members.append(node)
        del self._open[start:]
        self.low.update(dict.fromkeys(members, _CLOSED))
        return members


#: Leads back to nobody who is still open.
_CLOSED = 1 << 62
