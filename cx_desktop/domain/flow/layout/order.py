"""In which order items stand in each column: few links cross, and what stood above stays above."""

from bisect import bisect_right
from collections.abc import Container, Sequence
from typing import TypeAlias

from cx_desktop.domain.flow.layout.lanes import Layered, Port

Columns: TypeAlias = list[list[int]]

_PATIENCE, _LANE_SWEEPS, _SETTLINGS = 4, 4, 12
#: From how many items on a quick result counts more than the best one.
_MANY = 2000


def fewest_crossings(graph: Layered, columns: Columns, *, sweeps: int) -> Columns:
    """The best order found by sweeping medians to and fro and swapping neighbours.

    Ends early when it no longer gets better.
    """
    best, fewest, since = columns, crossings(graph, columns), 0
    current = [list(column) for column in columns]
    for sweep in range(sweeps):
        if fewest == 0 or since == _PATIENCE:
            break
        _sweep(graph, current, to_right=sweep % 2 == 0)
        swap_neighbours(graph, current, rounds=1)
        count = crossings(graph, current)
        since += 1
        if count < fewest:
            best, fewest, since = [list(column) for column in current], count, 0
    return best


def as_they_stand(graph: Layered, nodes: Columns) -> Columns:
    """Columns with these nodes in just their order, and the lanes where they cross least."""
    columns = _with_lanes(graph, nodes)
    swap_neighbours(graph, columns, rounds=4, only_lanes=True)
    return columns


def settled(graph: Layered, columns: Columns) -> Columns:
    """The order that these columns settle in: nodes change places only to save crossings.

    Lanes find their way between the nodes by themselves, so that the result follows from the order
    of the nodes alone, and settling it again changes nothing (in graphs of common size).
    """
    many = len(graph.column) > _MANY
    for _ in range(2 if many else _SETTLINGS):
        before = nodes_of(graph, columns)
        columns = _with_lanes(graph, before)
        swap_neighbours(graph, columns, rounds=3 if many else 8)
        if nodes_of(graph, columns) == before:
            break
    return columns


def nodes_of(graph: Layered, columns: Columns) -> Columns:
    """The columns without their lanes."""
    return [[item for item in column if not graph.is_lane(item)] for column in columns]


def _with_lanes(graph: Layered, nodes: Columns) -> Columns:
    """Columns with these nodes in their order, and the lanes where they cross least."""
    rank = [0.0] * len(graph.column)
    for column in nodes:
        for at, item in enumerate(column):
            rank[item] = (at + 1) / (len(column) + 1)
    for item in range(graph.nodes, len(graph.column)):
        near = [
            rank[port.item] for port in (*graph.left[item], *graph.right[item]) if port.item < item
        ]
        rank[item] = sum(near) / len(near) if near else 0.5
    columns = graph.by_column()
    fixed = dict.fromkeys(range(graph.nodes), 0)
    for column in columns:
        column.sort(key=lambda item: (rank[item], item))
    for sweep in range(_LANE_SWEEPS):
        _sweep(graph, columns, to_right=sweep % 2 == 0)
        for column, order in zip(columns, nodes, strict=True):
            _restore(column, order, fixed)
    return columns


def _restore(column: list[int], order: Sequence[int], nodes: Container[int]) -> None:
    """Put the nodes of a column back in their order, in the places that nodes have now."""
    own = iter(order)
    column[:] = [next(own) if item in nodes else item for item in column]


def crossings(graph: Layered, columns: Columns) -> int:
    """How many links cross between neighbouring columns."""
    place = places(graph, columns)
    return sum(_crossings_right_of(graph, column, place) for column in columns)


def places(graph: Layered, columns: Columns) -> list[int]:
    """The rank of each item within its column."""
    place = [0] * len(graph.column)
    for column in columns:
        for rank, item in enumerate(column):
            place[item] = rank
    return place


def _crossings_right_of(graph: Layered, column: Sequence[int], place: Sequence[int]) -> int:
    """Inversions among the ends of the links, read from top to bottom by their beginnings."""
    ends: list[tuple[int, float]] = []
    for item in column:
        ports = sorted(graph.right[item], key=lambda port: (port.here, place[port.item]))
        ends.extend((place[port.item], port.there) for port in ports)
    count = 0
    seen: list[tuple[int, float]] = []
    for end in ends:
        at = bisect_right(seen, end)
        count += len(seen) - at
        seen.insert(at, end)
    return count


def _sweep(graph: Layered, columns: Columns, *, to_right: bool) -> None:
    """Order each column by the median of its neighbours in the one before."""
    place = places(graph, columns)
    sides = graph.left if to_right else graph.right
    ordered = columns if to_right else columns[::-1]
    for column in ordered:
        rank = {
            item: _median(sides[item], place, graph.height, fallback=float(place[item]))
            for item in column
        }
        column.sort(key=lambda item: (rank[item], place[item]))
        for at, item in enumerate(column):
            place[item] = at


def _median(
    ports: Sequence[Port], place: Sequence[int], height: Sequence[float], *, fallback: float
) -> float:
    """The middle of the neighbours' ranks, finer by the height at which their link begins."""
    if not ports:
        return fallback
    at = sorted(place[port.item] + port.there / (height[port.item] + 1) for port in ports)
    half = len(at) // 2
    if len(at) % 2:
        return at[half]
    if len(at) == 2:
        return (at[0] + at[1]) / 2
    before, after = at[half - 1] - at[0], at[-1] - at[half]
    if before + after == 0:
        return at[half]
    return (at[half - 1] * after + at[half] * before) / (before + after)


def swap_neighbours(
    graph: Layered, columns: Columns, *, rounds: int, only_lanes: bool = False
) -> None:
    """Swap two neighbours wherever that alone makes fewer links cross.

    With ``only_lanes`` two nodes are never swapped.
    """
    firm = graph.nodes if only_lanes else 0
    place = places(graph, columns)
    stale = [True] * len(columns)
    for _ in range(rounds):
        changed = [
            is_stale and _swap_in(graph, column, place, firm)
            for column, is_stale in zip(columns, stale, strict=True)
        ]
        if not any(changed):
            return
        stale = [any(changed[max(0, at - 1) : at + 2]) for at in range(len(columns))]


def _swap_in(graph: Layered, column: list[int], place: list[int], firm: int) -> bool:
    """Swap neighbours of one column; of two items below ``firm`` neither gives way."""
    swapped = False
    for at in range(len(column) - 1):
        upper, lower = column[at], column[at + 1]
        if upper < firm and lower < firm:
            continue
        now = _crossed(graph.left[upper], graph.left[lower], place)
        now += _crossed(graph.right[upper], graph.right[lower], place)
        if not now:
            continue
        then = _crossed(graph.left[lower], graph.left[upper], place)
        then += _crossed(graph.right[lower], graph.right[upper], place)
        if then < now:
            column[at], column[at + 1] = lower, upper
            place[lower], place[upper] = at, at + 1
            swapped = True
    return swapped


def _crossed(above: Sequence[Port], below: Sequence[Port], place: Sequence[int]) -> int:
    """How many links of two items cross on one side while the first stands above the second."""
    if not above or not below:
        return 0
    ends = sorted((place[port.item], port.there) for port in below)
    count = 0
    for port in above:
        end = (place[port.item], port.there)
        for other in ends:
            if other >= end:
                break
            count += 1
    return count
