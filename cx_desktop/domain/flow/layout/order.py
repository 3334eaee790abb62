"""In which order items stand in each column: few links cross, and what stood above stays above."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeAlias

from cx_desktop.domain.flow.layout.lanes import Layered, Port

Columns: TypeAlias = list[list[int]]


def fewest_crossings(graph: Layered, columns: Columns, *, sweeps: int) -> Columns:
    """The best order found by sweeping medians to and fro and then swapping neighbours."""
    best, fewest = [list(column) for column in columns], crossings(graph, columns)
    current = [list(column) for column in columns]
    for sweep in range(sweeps):
        _sweep(graph, current, to_right=sweep % 2 == 0)
        if sweep >= 2:
            swap_neighbours(graph, current, rounds=2)
        count = crossings(graph, current)
        if count < fewest:
            best, fewest = [list(column) for column in current], count
        if fewest == 0:
            break
    swap_neighbours(graph, best, rounds=8)
    return best


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


def swap_neighbours(graph: Layered, columns: Columns, *, rounds: int) -> None:
    """Swap two neighbours wherever that alone makes fewer links cross."""
    place = places(graph, columns)
    for _ in range(rounds):
        swapped = False
        for column in columns:
            swapped |= _swap_in(graph, column, place)
        if not swapped:
            return


def _swap_in(graph: Layered, column: list[int], place: list[int]) -> bool:
    swapped = False
    for at in range(len(column) - 1):
        upper, lower = column[at], column[at + 1]
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
