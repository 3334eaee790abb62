"""The way of each link around the nodes; links to one node join on their way to it.

Every piece of a way lies in a free rectangle: whatever curve the editor draws within the bounding
box of two successive points, it never runs through a node.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.graph import ExitId, Flow, Link, NodeId
from cx_desktop.domain.flow.layout.metrics import (
    HEADER,
    WIDTH,
    Box,
    Point,
    entry_offset,
    exit_offsets,
    size_of,
)
from cx_desktop.domain.flow.layout.space import Space, nearest

Polyline: TypeAlias = tuple[Point, ...]

#: How near a way comes to a node it passes, and to another way beside it.
_MARGIN, _APART = 9.0, 7.0
#: A way that would need a longer search is drawn straight: only hundreds of nodes placed at random
#: between its ends bring that about.
_MOST_STEPS = 20_000
_NEAREST = 2
_CROWDED = 30.0
#: Above 1, ways are found much sooner and are hardly longer: many are equally short.
_EAGER = 1.2


class _Ends(NamedTuple):
    """Where a link begins and ends, and in which cells; no cell where another node covers it."""

    begin: Point
    end: Point
    first: int | None
    last: int | None


class _Step(NamedTuple):
    """How a way goes on from a cell: at which height, through which shared edge, to which cell."""

    y: float
    top: float
    bottom: float
    onward: int


_Crossings: TypeAlias = dict[tuple[int, int], float]


def route(
    flow: Flow,
    positions: Mapping[NodeId, tuple[float, float]] | None = None,
    *,
    only: Iterable[Link] | None = None,
) -> dict[Link, Polyline]:
    """The way of each link, from the edge of its exit to the edge of the node it leads to.

    Without ``positions`` nodes stand where the flow says; ``only`` asks for some links alone.
    """
    place = {key: (node.x, node.y) for key, node in flow.nodes.items()} | dict(positions or {})
    links = [
        link
        for link in (flow.each_link() if only is None else only)
        if link.node in flow.nodes and link.target in flow.nodes
    ]
    boxes = {}
    for key, node in flow.nodes.items():
        (x, y), (width, height) = place[key], size_of(node)
        boxes[key] = Box(x, y, x + width, y + height)
    space = Space(boxes.values())
    offsets: dict[NodeId, dict[ExitId, Point]] = {}
    by_target: dict[NodeId, dict[Link, _Ends]] = {}
    for link in links:
        if link.node not in offsets:
            offsets[link.node] = exit_offsets(flow.nodes[link.node])
        ends = _ends(space, boxes[link.node], boxes[link.target], offsets[link.node].get(link.exit))
        by_target.setdefault(link.target, {})[link] = ends
    ways: dict[Link, Polyline] = {}
    router = _Router(space)
    for bundle in by_target.values():
        ways.update(router.routed(bundle))
    return {link: ways[link] for link in links}


def _ends(space: Space, source: Box, target: Box, offset: Point | None) -> _Ends:
    dx, dy = offset or (WIDTH, HEADER / 2)
    begin = Point(source.left + dx, source.top + dy)
    end = Point(target.left, target.top + entry_offset().y)
    return _Ends(begin, end, space.cell_after(*begin), space.cell_before(*end))


class _Router:
    """Leads bundles (the links to one node) one after the other, each beside those before."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._passing: dict[int, list[float]] = {}
        self._turns: dict[int, int] = {}

    def routed(self, bundle: Mapping[Link, _Ends]) -> dict[Link, Polyline]:
        """The ways of the links to one node."""
        goal = next((ends for ends in bundle.values() if ends.last is not None), None)
        wanted = {ends.first: ends.begin for ends in bundle.values() if ends.first is not None}
        steps: dict[int, _Step] = {}
        if goal is not None and goal.last is not None and wanted.keys() - {goal.last}:
            steps = self._search(goal.last, goal.end.y, wanted)
        crossings = self._lanes(steps, wanted)
        turns: dict[int, float] = {}
        return {link: self._way(ends, steps, crossings, turns) for link, ends in bundle.items()}

    def _search(self, last: int, y: float, wanted: Mapping[int, Point]) -> dict[int, _Step]:
        """From every cell near the way back to the wanted ones, the step that leads to ``last``.

        Searches from the end, first where the beginnings lie nearest (A*). Of two ways to a cell
        the one wins whose height is better for going on to them.
        """
        area = _area_of(wanted.values())
        best = {last: 0.0}
        steps: dict[int, _Step] = {}
        missing = set(wanted)
        queue = [(0.0, 0.0, 0.0, last, y)]
        for _ in range(_MOST_STEPS):
            if not queue or not missing:
                break
            _, whole, cost, cell, here = heappop(queue)
            if whole > best[cell]:
                continue
            missing.discard(cell)
            for other, top, bottom in self._space.beside(cell, here, most=_NEAREST):
                through = nearest(here, top, bottom, _MARGIN)
                further = cost + abs(through - here) + self._toll(other)
                left = self._space.distance(other, through, area)
                if further + left < best.get(other, 1e18):
                    best[other] = further + left
                    steps[other] = _Step(through, top, bottom, cell)
                    rank = further + _EAGER * left
                    heappush(queue, (rank, further + left, further, other, through))
        return steps

    def _toll(self, cell: int) -> float:
        """What passing a cell costs: its width, and more where there is no room left."""
        width = self._space.width(cell)
        passing = self._passing.get(cell)
        if passing is None:
            return width
        room = (self._space.bottom[cell] - self._space.top[cell] - _MARGIN) / _APART
        return width + _CROWDED * max(0.0, len(passing) + 1 - room)

    def _lanes(self, steps: Mapping[int, _Step], wanted: Iterable[int]) -> _Crossings:
        """At which height the bundle passes from each cell to the next: level runs, kept apart."""
        crossings: _Crossings = {}
        for first in sorted(wanted):
            run: list[tuple[int, _Step]] = []
            cell = first
            while cell in steps and (cell, steps[cell].onward) not in crossings:
                step = steps[cell]
                if run and run[-1][1].y != step.y:
                    self._settle(run, crossings)
                    run = []
                run.append((cell, step))
                crossings[cell, step.onward] = step.y
                cell = step.onward
            if run:
                self._settle(run, crossings)
        return crossings

    def _settle(self, run: list[tuple[int, _Step]], crossings: _Crossings) -> None:
        """Give a level run of steps a height of its own, as near as may be to the one it wants."""
        top = max(step.top for _, step in run)
        bottom = min(step.bottom for _, step in run)
        cells = {cell for cell, _ in run} | {step.onward for _, step in run}
        taken = [self._passing[cell] for cell in cells if cell in self._passing]
        y = _free_height(run[0][1].y, top, bottom, taken)
        for cell, step in run:
            crossings[cell, step.onward] = y
        for cell in cells:
            insort(self._passing.setdefault(cell, []), y)

    def _way(
        self,
        ends: _Ends,
        steps: Mapping[int, _Step],
        crossings: _Crossings,
        turns: dict[int, float],
    ) -> Polyline:
        """The points of one way."""
        if ends.first is None or ends.last is None:
            return ends.begin, ends.end
        points = [ends.begin]
        cell, x_in = ends.first, ends.begin.x
        while cell != ends.last:
            if cell not in steps:
                return ends.begin, ends.end
            onward = steps[cell].onward
            x_out = self._space.left_of(cell) if onward < cell else self._space.right_of(cell)
            out = Point(x_out, crossings[cell, onward])
            points.extend(self._through(cell, points[-1], out, turns))
            cell, x_in = onward, x_out
        points.extend(self._through(cell, Point(x_in, points[-1].y), ends.end, turns))
        return _without_idle_points(points)

    def _through(self, cell: int, begin: Point, end: Point, turns: dict[int, float]) -> list[Point]:
        """The points from one edge of a cell to another; a turn where both are on one side."""
        if begin.x != end.x or begin.y == end.y:
            return [end]
        left, right = self._space.left_of(cell), self._space.right_of(cell)
        if cell not in turns:
            count = self._turns[cell] = self._turns.get(cell, -1) + 1
            turns[cell] = min(14.0 + 6.0 * (count % 6), (right - left) / 2)
        x = begin.x + turns[cell] if begin.x == left else begin.x - turns[cell]
        return [Point(x, begin.y), Point(x, end.y), end]


def _area_of(points: Iterable[Point]) -> Box:
    """The rectangle around points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _free_height(wish: float, top: float, bottom: float, taken: Sequence[Sequence[float]]) -> float:
    """The height nearest to the wish at which no other way runs, if there is one.

    ``taken`` holds, for each cell passed, the heights of the ways through it, ascending.
    """
    margin = min(_MARGIN, (bottom - top) / 2)
    low, high = top + margin, bottom - margin
    tries = [wish]
    for count in range(1, 12):
        tries += [wish + count * _APART, wish - count * _APART]
    for y in tries:
        if low <= y <= high and not any(_is_near(y, heights) for heights in taken):
            return y
    return min(max(wish, low), high)


def _is_near(y: float, heights: Sequence[float]) -> bool:
    at = bisect_left(heights, y - _APART + 0.5)
    return at < len(heights) and heights[at] < y + _APART - 0.5


def _without_idle_points(points: list[Point]) -> Polyline:
    """The points without those on a level line between two others."""
    kept: list[Point] = []
    for point in points:
        while (
            len(kept) >= 2
            and kept[-1].y == kept[-2].y == point.y
            and ((kept[-1].x - kept[-2].x) * (point.x - kept[-1].x) >= 0)
        ):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return tuple(kept)
