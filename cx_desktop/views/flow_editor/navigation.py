"""Walking through the flow with the arrow keys: along links, and among neighbours."""

from collections.abc import Iterable
from enum import Enum

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.models.flow_walk import reading_order
from cx_desktop.views.flow_editor.geometry import NodeShape
from cx_desktop.views.flow_editor.stage import Stage


class Way(Enum):
    """An arrow key."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


def neighbour(stage: Stage, way: Way) -> NodeId | None:
    """The node an arrow key leads to: right and left follow links where there are some."""
    here = stage.selection.node
    if here is None or here not in stage.geometry.shapes:
        order = reading_order(stage.model.flow)
        return order[0] if order else None
    if way is Way.RIGHT:
        ways = stage.model.flow.links.get(here, {})
        shape = stage.geometry.shapes[here]
        linked = [ways[each.id] for each in shape.ways if each.id in ways]
        return linked[0] if linked else _nearest(stage, here, way)
    if way is Way.LEFT:
        sources = [link.node for link in stage.model.links_into(here) if link.node != here]
        return _closest(stage, here, sources) or _nearest(stage, here, way)
    return _nearest(stage, here, way)


def beside(stage: Stage, by: int) -> NodeId | None:
    """The next node in reading order, or the one before; ``None`` at the ends."""
    order = reading_order(stage.model.flow)
    if not order:
        return None
    here = stage.selection.node
    if here is None:
        return order[0 if by > 0 else -1]
    at = order.index(here) + by
    return order[at] if 0 <= at < len(order) else None


def _nearest(stage: Stage, here: NodeId, way: Way) -> NodeId | None:
    """The node that lies nearest in a direction, straight ahead before aside."""
    dx, dy = way.value
    middle = _middle(stage.geometry.shapes[here])

    def cost(shape: NodeShape) -> float | None:
        x, y = _middle(shape)
        ahead = (x - middle[0]) * dx + (y - middle[1]) * dy
        aside = abs((x - middle[0]) * dy) + abs((y - middle[1]) * dx)
        return ahead + 2 * aside if ahead > 1 and aside <= 3 * ahead else None

    costs = {
        node: price
        for node, shape in stage.geometry.shapes.items()
        if node != here and (price := cost(shape)) is not None
    }
    return min(costs, key=costs.__getitem__, default=None)


def _closest(stage: Stage, here: NodeId, nodes: Iterable[NodeId]) -> NodeId | None:
    shapes = stage.geometry.shapes
    x, y = _middle(shapes[here])
    return min(
        (node for node in nodes if node in shapes),
        key=lambda node: abs(_middle(shapes[node])[0] - x) + abs(_middle(shapes[node])[1] - y),
        default=None,
    )


def _middle(shape: NodeShape) -> tuple[float, float]:
    center = shape.rect.center()
    return center.x(), center.y()
