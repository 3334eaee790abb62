"""The layered graph: nodes in columns, and lanes for links that pass columns on their way.

Links to one target share a lane, forwards and backwards each: thirty error exits that lead to one
node make one line that they join, not thirty. A link back leaves its node to the right like any
other, turns in the next column, passes below or above, and turns again before its target.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: The height a lane takes between nodes.
LANE = 14.0
_LEAST_PIECES, _PIECES_PER_NODE = 2000, 2


class Port(NamedTuple):
    """A link to or from a neighbouring column: the item there, and its y from that item's top."""

    item: int
    here: float
    there: float


class Wire(NamedTuple):
    """A link between two nodes by number; ``y`` is that of its exit, from the node's top."""

    source: int
    y: float
    target: int


class Layered:
    """Items (first the nodes, then the lanes' pieces) by column, with ports to both sides."""

    def __init__(self, columns: Sequence[int], heights: Sequence[float], entry: float) -> None:
        self.nodes = len(columns)
        self.column = list(columns)
        self.height = list(heights)
        self.left: list[list[Port]] = [[] for _ in columns]
        self.right: list[list[Port]] = [[] for _ in columns]
        self._entry = entry
        self._lanes: dict[tuple[int, bool], dict[int, int]] = {}

    def is_lane(self, item: int) -> bool:
        """Whether an item is a piece of a lane, not a node."""
        return item >= self.nodes

    def add(self, wires: Iterable[Wire]) -> None:
        """Lead these wires, by lanes where they pass columns.

        The longest lanes are left out when there would be too many pieces: they only reserve room,
        and whatever leads far finds its way between the nodes also without it.
        """
        wires = list(wires)
        spans: dict[tuple[int, bool], tuple[int, int]] = {}
        for wire in wires:
            key, begin, end = self._course(wire)
            if begin != end + 1:
                low, high = spans.get(key, (begin, begin))
                spans[key] = (min(low, begin, end), max(high, begin, end))
        left = _LEAST_PIECES + _PIECES_PER_NODE * self.nodes
        for key, (low, high) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
            left -= high - low + 1
            if left < 0:
                break
            self._lay(key, low, high)
        joined: set[Wire] = set()
        for wire in wires:
            key, begin, end = self._course(wire)
            lane = self._lanes.get(key)
            if begin != end + 1 and lane is None:
                continue
            into = wire.target if begin == end + 1 or lane is None else lane[begin]
            if wire._replace(target=into) not in joined:
                joined.add(wire._replace(target=into))
                self._join(wire.source, wire.y, into)

    def _course(self, wire: Wire) -> tuple[tuple[int, bool], int, int]:
        """The lane a wire belongs to, and the first and last column it passes."""
        begin, end = self.column[wire.source] + 1, self.column[wire.target] - 1
        return (wire.target, begin > end + 1), begin, end

    def _lay(self, key: tuple[int, bool], low: int, high: int) -> None:
        """Make a lane's pieces in the columns from ``low`` to ``high`` and join them."""
        target, _ = key
        pieces = self._lanes[key] = {}
        for column in range(low, high + 1):
            pieces[column] = len(self.column)
            self.column.append(column)
            self.height.append(LANE)
            self.left.append([])
            self.right.append([])
            if column > low:
                self._join(pieces[column - 1], LANE / 2, pieces[column])
        self._join(pieces[self.column[target] - 1], LANE / 2, target)

    def _join(self, source: int, y: float, target: int) -> None:
        there = LANE / 2 if self.is_lane(target) else self._entry
        self.right[source].append(Port(target, y, there))
        self.left[target].append(Port(source, there, y))

    def by_column(self) -> list[list[int]]:
        """The items of each column from the leftmost on, in order of their numbers."""
        lowest, highest = min(self.column), max(self.column)
        columns: list[list[int]] = [[] for _ in range(lowest, highest + 1)]
        for item, column in enumerate(self.column):
            columns[column - lowest].append(item)
        return columns
