"""Which boxes lie near a place: a grid of cells, so that nobody asks every node of a flow."""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")

CELL = 512.0
#: A box over more cells than this (a very long link) is kept apart and always asked.
MOST_CELLS = 48


class Bounds(NamedTuple):
    """The box of something drawn."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Bounds") -> bool:
        """Whether the two boxes touch."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def united(self, other: "Bounds") -> "Bounds":
        """The smallest box around both."""
        return Bounds(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grown(self, by: float) -> "Bounds":
        """The box with a margin."""
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)


class Grid(Generic[Key]):
    """Boxes by place."""

    def __init__(self) -> None:
        self._bounds: dict[Key, Bounds] = {}
        self._cells: dict[tuple[int, int], dict[Key, None]] = {}
        self._wide: dict[Key, None] = {}

    def __len__(self) -> int:
        return len(self._bounds)

    def put(self, key: Key, bounds: Bounds) -> None:
        """Put a box, or move it."""
        old = self._bounds.get(key)
        if old is not None:
            if _span(old) == _span(bounds):
                self._bounds[key] = bounds
                return
            self.drop(key)
        self._bounds[key] = bounds
        first_x, first_y, last_x, last_y = _span(bounds)
        if first_x == last_x and first_y == last_y:
            self._cells.setdefault((first_x, first_y), {})[key] = None
        elif (last_x - first_x + 1) * (last_y - first_y + 1) > MOST_CELLS:
            self._wide[key] = None
        else:
            for cell in _cells(first_x, first_y, last_x, last_y):
                self._cells.setdefault(cell, {})[key] = None

    def fill(self, bounds: dict[Key, Bounds]) -> None:
        """Put many boxes into an empty grid."""
        self._bounds = bounds
        cells, size = self._cells, CELL
        for key, (left, top, right, bottom) in bounds.items():
            first_x, first_y = int(left // size), int(top // size)
            last_x, last_y = int(right // size), int(bottom // size)
            if (last_x - first_x + 1) * (last_y - first_y + 1) > MOST_CELLS:
                self._wide[key] = None
                continue
            for x in range(first_x, last_x + 1):
                for y in range(first_y, last_y + 1):
                    cell = cells.get((x, y))
                    if cell is None:
                        cells[x, y] = {key: None}
                    else:
                        cell[key] = None

    def drop(self, key: Key) -> None:
        """Forget a box."""
        bounds = self._bounds.pop(key, None)
        if bounds is None:
            return
        if key in self._wide:
            del self._wide[key]
            return
        for cell in _cells(*_span(bounds)):
            self._cells[cell].pop(key, None)

    def bounds(self, key: Key) -> Bounds:
        """The box of one."""
        return self._bounds[key]

    def near(self, area: Bounds) -> list[Key]:
        """Those whose box touches an area, in the order they were put."""
        span = _span(area)
        count = (span[2] - span[0] + 1) * (span[3] - span[1] + 1)
        if count > len(self._cells):
            return [key for key, box in self._bounds.items() if box.meets(area)]
        found: dict[Key, None] = {}
        for cell in _cells(*span):
            found.update(self._cells.get(cell, {}))
        found.update(self._wide)
        bounds = self._bounds
        return [key for key in found if bounds[key].meets(area)]

    def around(self) -> Bounds | None:
        """The box around everything."""
        if not self._bounds:
            return None
        boxes = self._bounds.values()
        return Bounds(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


def _span(bounds: Bounds) -> tuple[int, int, int, int]:
    left, top, right, bottom = bounds
    return int(left // CELL), int(top // CELL), int(right // CELL), int(bottom // CELL)


def _cells(first_x: int, first_y: int, last_x: int, last_y: int) -> Iterator[tuple[int, int]]:
    for x in range(first_x, last_x + 1):
        for y in range(first_y, last_y + 1):
            yield x, y
