"""Which column each node stands in: with loops opened, every link leads to the right."""

from collections.abc import Sequence
from typing import TypeAlias

#: For each node, the nodes its exits lead to, in the order of its exits.
Successors: TypeAlias = Sequence[Sequence[int]]


def walk_order(
    successors: Successors, roots: Sequence[int]
) -> tuple[list[int], set[tuple[int, int]]]:
    """Nodes in the order callers meet them (depth first), and the links that go back.

    A link goes back when it leads to a node that lies on the way to it. Without those links the
    reverse of the finishing order is topological.
    """
    unseen, open_, done = 0, 1, 2
    state = [unseen] * len(successors)
    finished: list[int] = []
    back: set[tuple[int, int]] = set()
    for root in [*roots, *range(len(successors))]:
        if state[root] != unseen:
            continue
        state[root] = open_
        path = [(root, iter(successors[root]))]
        while path:
            node, ways = path[-1]
            for target in ways:
                if state[target] == unseen:
                    state[target] = open_
                    path.append((target, iter(successors[target])))
                    break
                if state[target] == open_:
                    back.add((node, target))
            else:
                path.pop()
                state[node] = done
                finished.append(node)
    finished.reverse()
    return finished, back


def assign(successors: Successors, roots: Sequence[int]) -> tuple[list[int], set[tuple[int, int]]]:
    """The column of each node, from 0, and the links that go back or stay."""
    order, back = walk_order(successors, roots)
    ahead: list[list[int]] = [
        [target for target in dict.fromkeys(targets) if (node, target) not in back]
        for node, targets in enumerate(successors)
    ]
    behind: list[list[int]] = [[] for _ in successors]
    for node, targets in enumerate(ahead):
        for target in targets:
            behind[target].append(node)
    column = [0] * len(successors)
    for node in order:
        for target in ahead[node]:
            column[target] = max(column[target], column[node] + 1)
    _tighten(column, order, ahead, behind)
    lowest = min(column, default=0)
    return [each - lowest for each in column], back


def _tighten(
    column: list[int], order: Sequence[int], ahead: Successors, behind: Successors
) -> None:
    """Shorten links: a node with more ways out than in moves right, as far as its targets allow."""
    for _ in range(4):
        moved = False
        for node in reversed(order):
            if len(ahead[node]) <= len(behind[node]):
                continue
            rightmost = min(column[target] for target in ahead[node]) - 1
            if rightmost > column[node]:
                column[node] = rightmost
                moved = True
        if not moved:
            return
