"""Where a dragged node comes to rest: in line with its neighbours, else on the grid."""

from collections.abc import Collection

from PySide6.QtCore import QPointF

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.layout.metrics import GRID, WIDTH
from cx_desktop.views.flow_editor.geometry import NodeShape
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.painting.frame import FAR
from cx_desktop.views.flow_editor.stage import Stage

Place = tuple[float, float]
Guide = tuple[QPointF, QPointF]

#: How near a line must be to be followed, in pixels.
PULL = 6.0
#: How far around neighbours are looked for.
AROUND = 900.0
#: More neighbours than this are a crowd: then only the grid counts.
CROWD = 250


class Snapping:
    """The lines one node can be put on while it is dragged."""

    def __init__(self, stage: Stage, lead: NodeShape, moving: Collection[NodeId]) -> None:
        self._stage = stage
        self._height = lead.height
        near: list[NodeShape] = []
        if stage.viewport.scale >= FAR:
            area = lead.bounds.grown(AROUND)
            near = [each for each in stage.geometry.nodes_in(area) if each.node.id not in moving]
        if len(near) > CROWD:
            near = []
        self._near = near
        self._level = self._straight(lead, moving)

    def place(self, wish: Place) -> tuple[Place, list[Guide]]:
        """Where the node goes, and the lines that made it so."""
        pull = PULL / self._stage.viewport.scale
        column = min(
            (each for each in self._near if abs(each.x - wish[0]) <= pull),
            key=lambda each: abs(each.y - wish[1]),
            default=None,
        )
        row = min(
            (each for each in self._near if abs(each.y - wish[1]) <= pull),
            key=lambda each: abs(each.x - wish[0]),
            default=None,
        )
        level = next((y for y in self._level if abs(y - wish[1]) <= pull), None)
        x = column.x if column else _on_grid(wish[0])
        y = row.y if row else level if level is not None else _on_grid(wish[1])
        return (x, y), self._guides((x, y), column, row)

    def _straight(self, lead: NodeShape, moving: Collection[NodeId]) -> list[float]:
        """The heights at which a link of the node runs level."""
        geometry, flow = self._stage.geometry, self._stage.geometry.flow
        levels = []
        for link in self._stage.model.links_into(lead.node.id):
            source = geometry.shapes.get(link.node)
            if source is not None and link.node not in moving:
                levels.append(source.way_out(link.exit)[1] - (lead.entry[1] - lead.y))
        for way, target in flow.links.get(lead.node.id, {}).items():
            aim = geometry.shapes.get(target)
            if aim is not None and target not in moving:
                levels.append(aim.entry[1] - (lead.way_out(way)[1] - lead.y))
        return levels

    def _guides(self, at: Place, column: NodeShape | None, row: NodeShape | None) -> list[Guide]:
        guides = []
        here = Bounds(*at, at[0] + WIDTH, at[1] + self._height)
        if column is not None:
            both = here.united(column.bounds)
            guides.append((QPointF(at[0], both.top - 12), QPointF(at[0], both.bottom + 12)))
        if row is not None:
            both = here.united(row.bounds)
            guides.append((QPointF(both.left - 12, at[1]), QPointF(both.right + 12, at[1])))
        return guides


def _on_grid(value: float) -> float:
    return round(value / GRID) * GRID
