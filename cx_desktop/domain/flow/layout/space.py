"""The free space between nodes, cut into upright slabs; a *cell* is a free stretch of one slab.

Cells are rectangles without nodes, and the whole of the free space. A path from cell to cell
through the edges they share can therefore never run through a node.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cx_desktop.domain.flow.layout.metrics import WIDTH, Box

#: As far as links ever go above or below.
FAR = 1e9
_BROAD = 2 * WIDTH


class Cell(NamedTuple):
    """A free rectangle: which slab, and which of its free stretches from the top."""

    slab: int
    gap: int


class Stretch(NamedTuple):
    """From where to where a slab is free, downwards."""

    top: float
    bottom: float

    def holds(self, y: float) -> bool:
        """Whether a height lies in it, edges included."""
        return self.top <= y <= self.bottom

    def shared(self, other: "Stretch") -> "Stretch":
        """The part that both have; turned over when there is none."""
        return Stretch(max(self.top, other.top), min(self.bottom, other.bottom))

    def nearest(self, y: float, margin: float) -> float:
        """The height in it nearest to ``y``, away from its ends as far as there is room."""
        margin = min(margin, (self.bottom - self.top) / 2)
        return min(max(y, self.top + margin), self.bottom - margin)


class Space:
    """What is free between boxes."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        boxes = [box for box in boxes if box.left < box.right]
        inner = sorted({x for box in boxes for x in (box.left, box.right)})
        self._edges = [-FAR, *inner, FAR]
        self._slabs = list(_slabs(boxes, self._edges))
        self._tops = [[stretch.top for stretch in slab] for slab in self._slabs]
        pairs = zip(self._edges, self._edges[1:], strict=False)
        self._widths = [min(right - left, _BROAD) for left, right in pairs]

    def left_of(self, cell: Cell) -> float:
        """The x at which a cell begins."""
        return self._edges[cell.slab]

    def right_of(self, cell: Cell) -> float:
        """The x at which a cell ends."""
        return self._edges[cell.slab + 1]

    def width(self, cell: Cell) -> float:
        """How wide a cell is; the empty sides of the canvas count as no wider than a few nodes."""
        return self._widths[cell.slab]

    def distance(self, cell: Cell, y: float, area: Box) -> float:
        """How far it is at least from a cell, at this height, to an area."""
        left, right = self._edges[cell.slab], self._edges[cell.slab + 1]
        across = max(area.left - right, left - area.right, 0.0)
        return across + max(area.top - y, y - area.bottom, 0.0)

    def stretch(self, cell: Cell) -> Stretch:
        """From where to where a cell goes downwards."""
        return self._slabs[cell.slab][cell.gap]

    def cell_after(self, x: float, y: float) -> Cell | None:
        """The cell that begins at ``x`` and holds ``y``."""
        return self._holding(bisect_left(self._edges, x), y)

    def cell_before(self, x: float, y: float) -> Cell | None:
        """The cell that ends at ``x`` and holds ``y``."""
        return self._holding(bisect_left(self._edges, x) - 1, y)

    def _holding(self, slab: int, y: float) -> Cell | None:
        if not 0 <= slab < len(self._slabs):
            return None
        gap = bisect_right(self._tops[slab], y) - 1
        if gap < 0 or not self._slabs[slab][gap].holds(y):
            return None
        return Cell(slab, gap)

    def beside(self, cell: Cell, y: float, *, most: int) -> Iterator[tuple[Cell, Stretch]]:
        """Cells next to a cell and the edge they share with it, the nearest ones to ``y``."""
        mine = self.stretch(cell)
        for slab in (cell.slab - 1, cell.slab + 1):
            if not 0 <= slab < len(self._slabs):
                continue
            stretches = self._slabs[slab]
            middle = bisect_right(self._tops[slab], y) - 1
            for gap in range(max(0, middle - most), min(len(stretches), middle + most + 1)):
                shared = mine.shared(stretches[gap])
                if shared.bottom > shared.top:
                    yield Cell(slab, gap), shared


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
