"""The free space between nodes, cut into upright slabs; a *cell* is a free stretch of one slab.

Cells are rectangles without nodes, and the whole of the free space. A path from cell to cell
through the edges they share can therefore never run through a node. Cells are numbered from left
to right and from top to bottom: ways of thousands of links are searched among them.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cx_desktop.domain.flow.layout.metrics import WIDTH, Box

#: As far as links ever go above or below.
FAR = 1e9
#: The empty sides of the canvas count as no wider than a few nodes.
_BROAD = 2 * WIDTH


class Stretch(NamedTuple):
    """From where to where an edge is free, downwards."""

    top: float
    bottom: float


class Neighbour(NamedTuple):
    """A cell beside another one, and the edge that they share."""

    cell: int
    top: float
    bottom: float


class Space:
    """What is free between boxes."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        boxes = [box for box in boxes if box.left < box.right]
        inner = sorted({x for box in boxes for x in (box.left, box.right)})
        self._edges = [-FAR, *inner, FAR]
        self._firsts = [0]
        self._slab: list[int] = []
        self.top: list[float] = []
        self.bottom: list[float] = []
        for slab, stretches in enumerate(_slabs(boxes, self._edges)):
            for top, bottom in stretches:
                self._slab.append(slab)
                self.top.append(top)
                self.bottom.append(bottom)
            self._firsts.append(len(self._slab))

    def left_of(self, cell: int) -> float:
        """The x at which a cell begins."""
        return self._edges[self._slab[cell]]

    def right_of(self, cell: int) -> float:
        """The x at which a cell ends."""
        return self._edges[self._slab[cell] + 1]

    def width(self, cell: int) -> float:
        """What passing a cell costs for its width."""
        return min(self.right_of(cell) - self.left_of(cell), _BROAD)

    def distance(self, cell: int, y: float, area: Box) -> float:
        """How far it is at least from a cell, at this height, to an area."""
        across = max(area.left - self.right_of(cell), self.left_of(cell) - area.right, 0.0)
        return across + max(area.top - y, y - area.bottom, 0.0)

    def cell_after(self, x: float, y: float) -> int | None:
        """The cell that begins at ``x`` and holds ``y``."""
        return self._holding(bisect_left(self._edges, x), y)

    def cell_before(self, x: float, y: float) -> int | None:
        """The cell that ends at ``x`` and holds ``y``."""
        return self._holding(bisect_left(self._edges, x) - 1, y)

    def _holding(self, slab: int, y: float) -> int | None:
        if not 0 <= slab < len(self._firsts) - 1:
            return None
        first, end = self._firsts[slab], self._firsts[slab + 1]
        cell = bisect_right(self.top, y, first, end) - 1
        return cell if cell >= first and y <= self.bottom[cell] else None

    def beside(self, cell: int, y: float, *, most: int) -> list[Neighbour]:
        """Cells next to a cell and the edges they share with it, the nearest ones to ``y``."""
        found: list[Neighbour] = []
        top, bottom = self.top[cell], self.bottom[cell]
        here = self._slab[cell]
        for slab in (here - 1, here + 1):
            if not 0 <= slab < len(self._firsts) - 1:
                continue
            first, end = self._firsts[slab], self._firsts[slab + 1]
            middle = bisect_right(self.top, y, first, end) - 1
            for other in range(max(first, middle - most), min(end, middle + most + 1)):
                upper = max(top, self.top[other])
                lower = min(bottom, self.bottom[other])
                if lower > upper:
                    found.append(Neighbour(other, upper, lower))
        return found


def nearest(y: float, top: float, bottom: float, margin: float) -> float:
    """The height in a stretch nearest to ``y``, away from its ends as far as there is room."""
    margin = min(margin, (bottom - top) / 2)
    return min(max(y, top + margin), bottom - margin)


def _slabs(boxes: Sequence[Box], edges: Sequence[float]) -> Iterator[list[Stretch]]:
    """The free stretches of each slab, from left to right."""
    starting: dict[float, list[Box]] = {}
    ending: dict[float, list[Box]] = {}
    for box in boxes:
        starting.setdefault(box.left, []).append(box)
        ending.setdefault(box.right, []).append(box)
    active: list[tuple[float, float]] = []
    for edge in edges[:-1]:
        for box in ending.get(edge, ()):
            del active[bisect_left(active, (box.top, box.bottom))]
        for box in starting.get(edge, ()):
            insort(active, (box.top, box.bottom))
        yield list(_between(active))


def _between(taken: Iterable[tuple[float, float]]) -> Iterator[Stretch]:
    top = -FAR
    for begin, end in taken:
        if begin > top:
            yield Stretch(top, begin)
        top = max(top, end)
    yield Stretch(top, FAR)
