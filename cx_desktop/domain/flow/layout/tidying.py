"""A tidy place for every node of a flow: each connected part in columns, the parts stacked."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.layout.lanes import Layered, Wire
from cx_desktop.domain.flow.layout.layers import assign, walk_order
from cx_desktop.domain.flow.layout.metrics import (
    GRID,
    HEADER,
    WIDTH,
    Box,
    entry_offset,
    exit_offset,
    exit_offsets,
    size_of,
)
from cx_desktop.domain.flow.layout.order import (
    Columns,
    as_they_stand,
    crossings,
    fewest_crossings,
    nodes_of,
    settled,
)
from cx_desktop.domain.flow.layout.place import NODE_GAP, heights

Positions: TypeAlias = dict[NodeId, tuple[float, float]]

_FIRST = exit_offset(0)
_SQUARE = 256
#: Between parts that no link joins.
_PART_GAP = 96.0
_COLUMN_GAP = 88.0
#: Further room between columns where links climb: part of their longest climb, and at most this.
_CLIMB, _MOST_ROOM = 0.06, 120.0


class _Part(NamedTuple):
    """A connected part of a flow, its nodes by number."""

    nodes: tuple[Node, ...]
    heights: tuple[float, ...]
    successors: tuple[tuple[int, ...], ...]
    wires: tuple[Wire, ...]
    roots: tuple[int, ...]

    @property
    def is_placed(self) -> bool:
        """Whether most nodes have places of their own already."""
        return 2 * len({(node.x, node.y) for node in self.nodes}) > len(self.nodes) > 1


def tidy(flow: Flow, *, keep: frozenset[NodeId] = frozenset()) -> Positions:
    """The tidy place of every node: the top left corner of each, on the grid.

    The present order of nodes from top to bottom is kept where it makes about as few crossings as
    the best order found, so a small edit moves little. Nodes in ``keep`` stay where they are and
    the others make room for them.
    """
    loose = Flow(nodes={key: node for key, node in flow.nodes.items() if key not in keep})
    if not loose.nodes:
        return {key: (node.x, node.y) for key, node in flow.nodes.items()}
    links = {
        key: {way: target for way, target in ways.items() if target in loose.nodes}
        for key, ways in flow.links.items()
        if key in loose.nodes
    }
    loose = Flow(nodes=loose.nodes, links=links)
    positions: Positions = {}
    top = 0.0
    for part in _parts(loose):
        placed = _placed(part)
        shift = 0.0 if not positions else top - min(y for _, y in placed.values())
        positions.update({key: (x, _snapped(y + shift)) for key, (x, y) in placed.items()})
        top = _PART_GAP + max(
            positions[node.id][1] + height
            for node, height in zip(part.nodes, part.heights, strict=True)
        )
    return _beside_kept(flow, positions, keep) if keep else _anchored(flow, positions)


def _anchored(flow: Flow, positions: Positions) -> Positions:
    """The places moved as a whole so that most nodes stay near where they are."""
    nodes = flow.nodes.values()
    if 2 * len({(node.x, node.y) for node in nodes}) <= len(nodes):
        return positions
    first = flow.nodes[flow.start or next(iter(flow.nodes))]
    dx = _snapped(first.x - positions[first.id][0])
    dy = _snapped(median(node.y - positions[node.id][1] for node in nodes))
    return {key: (x + dx, y + dy) for key, (x, y) in positions.items()}


def has_overlaps(flow: Flow) -> bool:
    """Whether two nodes cover each other where they stand."""
    taken = _Taken()
    for node in flow.nodes.values():
        box = _box(node, (node.x, node.y))
        if taken.by(box) is not None:
            return True
        taken.add(box)
    return False


class _Taken:
    """Boxes by the squares of a raster they touch, to find who stands in the way."""

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[Box]] = {}

    def add(self, box: Box) -> None:
        """Remember a box."""
        for square in self._squares(box):
            self._boxes.setdefault(square, []).append(box)

    def by(self, box: Box) -> Box | None:
        """A box that this one would cover."""
        return next(
            (
                other
                for square in self._squares(box)
                for other in self._boxes.get(square, ())
                if box.overlaps(other)
            ),
            None,
        )

    @staticmethod
    def _squares(box: Box) -> Iterator[tuple[int, int]]:
        for across in range(int(box.left // _SQUARE), int(box.right // _SQUARE) + 1):
            for down in range(int(box.top // _SQUARE), int(box.bottom // _SQUARE) + 1):
                yield across, down


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID


def _parts(flow: Flow) -> Iterator[_Part]:
    """The connected parts of a flow: that of the start first, then in the order of their nodes."""
    group = _groups(flow)
    members: dict[NodeId, list[Node]] = {}
    for key, node in flow.nodes.items():
        members.setdefault(group[key], []).append(node)
    start = flow.start
    first = group[start] if start is not None else None
    lone: list[Node] = []
    for key, nodes in sorted(members.items(), key=lambda item: item[0] != first):
        if len(nodes) == 1 and key != first:
            lone.extend(nodes)
        else:
            yield _part(flow, nodes)
    across = max(8, int(len(lone) ** 0.5))
    for at in range(0, len(lone), across):
        yield _row(lone[at : at + across])


def _groups(flow: Flow) -> dict[NodeId, NodeId]:
    """For each node, the node that stands for the connected part it belongs to."""
    leader = {key: key for key in flow.nodes}

    def led(key: NodeId) -> NodeId:
        while leader[key] != key:
            leader[key] = key = leader[leader[key]]
        return key

    for link in flow.each_link():
        if link.node in leader and link.target in leader:
            leader[led(link.target)] = led(link.node)
    return {key: led(key) for key in flow.nodes}


def _part(flow: Flow, nodes: Sequence[Node]) -> _Part:
    number = {node.id: at for at, node in enumerate(nodes)}
    wires: list[Wire] = []
    successors: list[tuple[int, ...]] = []
    for at, node in enumerate(nodes):
        offsets = exit_offsets(node)
        ways = flow.links.get(node.id, {})
        order = {way: rank for rank, way in enumerate(offsets)}
        mine = sorted(
            (order.get(way, len(order)), number[target])
            for way, target in ways.items()
            if target in number
        )
        successors.append(tuple(target for _, target in mine))
        # Counted from the first exit: what follows it stands level with the node, not lower.
        ys = [offset.y - _FIRST.y + entry_offset().y for offset in offsets.values()] or [HEADER / 2]
        wires.extend(Wire(at, ys[min(rank, len(ys) - 1)], target) for rank, target in mine)
    entered = {target for targets in successors for target in targets}
    start = tuple(number[node.id] for node in nodes if node.kind == "start")
    roots = (*start, *(at for at in range(len(nodes)) if at not in entered))
    sizes = tuple(size_of(node)[1] for node in nodes)
    return _Part(tuple(nodes), sizes, tuple(successors), tuple(wires), roots)


def _row(nodes: Sequence[Node]) -> _Part:
    """Nodes without any link, in one row."""
    chain = tuple(((at + 1,) if at + 1 < len(nodes) else ()) for at in range(len(nodes)))
    sizes = tuple(size_of(node)[1] for node in nodes)
    wires = tuple(Wire(at, HEADER / 2, at + 1) for at in range(len(nodes) - 1))
    return _Part(tuple(nodes), sizes, chain, wires, (0,))


def _placed(part: _Part) -> Positions:
    """A place for each node of a part; its first root stands at the origin."""
    columns, _ = assign(part.successors, part.roots)
    graph = Layered(columns, part.heights, entry_offset().y)
    graph.add(part.wires)
    ordered = _ordered(graph, part)
    sweeps = 10 if len(graph.column) < 4000 else 6
    y = heights(graph, ordered, sweeps=sweeps)
    x = _across(graph, ordered, y)
    root = part.roots[0] if part.roots else 0
    return {
        node.id: (_snapped(x[at] - x[root]), _snapped(y[at] - y[root]))
        for at, node in enumerate(part.nodes)
    }


def _ordered(graph: Layered, part: _Part) -> Columns:
    """The order in which items stand: as they stand now if that is about as good as the best."""
    walk, _ = walk_order(part.successors, part.roots)
    rank: dict[int, float] = dict(zip(walk, range(len(walk)), strict=True))
    sweeps = 24 if len(graph.column) < 1000 else 8
    fresh = settled(graph, fewest_crossings(graph, _sorted(graph, rank), sweeps=sweeps))
    if not part.is_placed:
        return as_they_stand(graph, nodes_of(graph, fresh))
    bearable = 1.3 * crossings(graph, fresh) + 2
    now = _sorted(graph, {at: node.y for at, node in enumerate(part.nodes)})
    attempts: tuple[Callable[[], Columns], ...] = (
        lambda: as_they_stand(graph, nodes_of(graph, now)),
        lambda: settled(graph, now),
        lambda: settled(graph, fewest_crossings(graph, now, sweeps=sweeps)),
    )
    for attempt in attempts:
        columns = as_they_stand(graph, nodes_of(graph, attempt()))
        if crossings(graph, columns) <= bearable:
            return columns
    return as_they_stand(graph, nodes_of(graph, fresh))


def _sorted(graph: Layered, rank: Mapping[int, float]) -> Columns:
    """The columns with their nodes by rank, and lanes after them."""
    columns = graph.by_column()
    for column in columns:
        column.sort(key=lambda item: (rank.get(item, math.inf), item))
    return columns


def _across(graph: Layered, columns: Columns, y: Sequence[float]) -> list[float]:
    """The x of each item; columns stand farther apart where links climb far."""
    x = [0.0] * len(graph.column)
    at = 0.0
    for column in columns:
        climb = 0.0
        for item in column:
            x[item] = at
            for port in graph.right[item]:
                climb = max(climb, abs(y[port.item] + port.there - y[item] - port.here))
        has_nodes = any(not graph.is_lane(item) for item in column)
        at += (WIDTH if has_nodes else 0.0) + _COLUMN_GAP + min(_MOST_ROOM, climb * _CLIMB)
    return x


def _beside_kept(
    flow: Flow, positions: Mapping[NodeId, tuple[float, float]], keep: frozenset[NodeId]
) -> Positions:
    """The places moved as near as possible to where the nodes are now, clear of the kept ones."""
    kept = {key: (node.x, node.y) for key, node in flow.nodes.items() if key in keep}
    if not kept:
        return dict(positions)
    count = len(positions)
    dx = sum(flow.nodes[key].x - x for key, (x, _) in positions.items()) / count
    dy = sum(flow.nodes[key].y - y for key, (_, y) in positions.items()) / count
    taken = _Taken()
    for key, place in kept.items():
        taken.add(_box(flow.nodes[key], place))
    result: Positions = dict(kept)
    for key, (x, y) in sorted(positions.items(), key=lambda item: item[1][1]):
        box = _box(flow.nodes[key], (_snapped(x + dx), _snapped(y + dy)))
        while (hit := taken.by(box)) is not None:
            box = _box(flow.nodes[key], (box.left, _snapped(hit.bottom + NODE_GAP)))
        taken.add(box)
        result[key] = (box.left, box.top)
    return result


def _box(node: Node, place: tuple[float, float]) -> Box:
    width, height = size_of(node)
    return Box(place[0], place[1], place[0] + width, place[1] + height)
