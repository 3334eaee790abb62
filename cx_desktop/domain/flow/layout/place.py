"""At which height items stand: near what they are linked with, in order, none over another."""

from collections.abc import Sequence

from cx_desktop.domain.flow.layout.lanes import Layered
from cx_desktop.domain.flow.layout.order import Columns

#: Free space between two nodes, and around a lane.
NODE_GAP = 32.0
LANE_GAP = 6.0

#: How much links want to be level; the first exit of a node begins the main line.
_LANE_TO_LANE, _MAIN_LINE, _LANE_TO_NODE, _NODE_TO_NODE = 12.0, 4.0, 2.0, 1.0


def heights(graph: Layered, columns: Columns, *, sweeps: int) -> list[float]:
    """The y of each item's top edge.

    Sweeps over the columns; in each, items come as near as possible (least squares) to where their
    neighbours want them, exactly, under the condition that none overlaps the next.
    """
    y = [0.0] * len(graph.column)
    gaps = [_offsets(graph, column) for column in columns]
    for column, offsets in zip(columns, gaps, strict=True):
        middle = (offsets[-1] + graph.height[column[-1]]) / 2 if column else 0.0
        for item, offset in zip(column, offsets, strict=True):
            y[item] = offset - middle
    numbers = range(len(columns))
    for sweep in range(sweeps):
        for number in numbers if sweep % 2 == 0 else reversed(numbers):
            _settle(graph, columns[number], gaps[number], y)
    return y


def _offsets(graph: Layered, column: Sequence[int]) -> list[float]:
    """The least y of each item of a column when the first stands at 0."""
    offsets: list[float] = []
    at = 0.0
    for upper, lower in zip(column, [*column[1:], -1], strict=True):
        offsets.append(at)
        if lower >= 0:
            lanes = graph.is_lane(upper) or graph.is_lane(lower)
            at += graph.height[upper] + (LANE_GAP if lanes else NODE_GAP)
    return offsets


def _settle(
    graph: Layered,
    column: Sequence[int],
    offsets: Sequence[float],
    y: list[float],
) -> None:
    """Bring a column to where its neighbours want it (isotonic regression, pooling violators)."""
    blocks: list[tuple[float, float, int]] = []
    for item, offset in zip(column, offsets, strict=True):
        want, weight = _wish(graph, item, y)
        total, mass, count = (want - offset) * weight, weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / mass:
            above = blocks.pop()
            total, mass, count = total + above[0], mass + above[1], count + above[2]
        blocks.append((total, mass, count))
    at = 0
    for total, mass, count in blocks:
        level = total / mass
        for _ in range(count):
            y[column[at]] = level + offsets[at]
            at += 1


def _wish(graph: Layered, item: int, y: Sequence[float]) -> tuple[float, float]:
    """Where an item alone would stand (the weighted median of its links), and its weight."""
    wishes: list[tuple[float, float]] = []
    mine = graph.is_lane(item)
    for port in (*graph.left[item], *graph.right[item]):
        other = graph.is_lane(port.item)
        if mine or other:
            weight = _LANE_TO_LANE if mine and other else _LANE_TO_NODE
        else:
            weight = _MAIN_LINE if port.here == port.there else _NODE_TO_NODE
        wishes.append((y[port.item] + port.there - port.here, weight))
    if not wishes:
        return y[item], 0.1
    return _weighted_median(wishes), sum(weight for _, weight in wishes)


def _weighted_median(values: list[tuple[float, float]]) -> float:
    if len(values) == 1:
        return values[0][0]
    values.sort()
    half = sum(weight for _, weight in values) / 2
    run = 0.0
    for at, (value, weight) in enumerate(values):
        run += weight
        if run == half and at + 1 < len(values):
            return (value + values[at + 1][0]) / 2
        if run > half:
            return value
    return values[-1][0]
