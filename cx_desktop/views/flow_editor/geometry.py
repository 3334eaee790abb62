"""Where everything of a flow lies on the canvas: kept in step with the model, asked by all others.

A gesture may *preview* other places for some nodes; the model knows nothing of it, and dropping the
preview puts everything back where the model says.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainterPath

from cx_desktop.domain.flow.graph import ExitId, Flow, Link, Node, NodeId, Note, NoteId, Slot
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.layout.metrics import HEADER, ROW, WIDTH, height_for
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_news import News
from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.grid import Bounds, Grid

if TYPE_CHECKING:
    from cx_desktop.domain.flow.kind import Exit, Kind

Place = tuple[float, float]
Polyline = tuple[Place, ...]


#: An edit that touches more nodes than this has everything measured anew.
MANY = 150


class NodeShape:
    """The card of one node."""

    __slots__ = ("height", "kind", "node", "row_by_exit", "ways", "x", "y")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.kind: Kind = kind_of(node)
        self.ways: tuple[Exit, ...] = exits_of(node)
        self.row_by_exit: dict[ExitId, int] = {way.id: row for row, way in enumerate(self.ways)}
        self.height = height_for(len(self.ways))
        self.x = node.x
        self.y = node.y

    def has_exits_of(self, node: Node) -> bool:
        """Whether a node has everything in common with this one that decides its exits."""
        mine = self.node
        return (mine.kind, mine.props, mine.origin) == (node.kind, node.props, node.origin)

    @property
    def bounds(self) -> Bounds:
        """The box of the card."""
        return Bounds(self.x, self.y, self.x + WIDTH, self.y + self.height)

    @property
    def rect(self) -> QRectF:
        """The box of the card, as Qt wants it."""
        return QRectF(self.x, self.y, WIDTH, self.height)

    @property
    def entry(self) -> Place:
        """Where links come in."""
        return self.x, self.y + HEADER / 2

    @property
    def scene_entry(self) -> QPointF:
        """Where links come in, as Qt wants it."""
        return QPointF(*self.entry)

    def way_out(self, exit_id: ExitId) -> Place:
        """Where the link of an exit begins; one that the kind does not have begins at the title."""
        row = self.row_by_exit.get(exit_id)
        if row is None:
            return self.x + WIDTH, self.y + HEADER / 2
        return self.x + WIDTH, self.y + HEADER + ROW * row + ROW / 2


class LinkLine:
    """The line of one link."""

    __slots__ = ("_path", "_points", "end", "link", "route", "start")

    def __init__(self, link: Link, start: Place, end: Place, route: Polyline | None) -> None:
        self.link = link
        self.start = start
        self.end = end
        self.route = route
        self._path: QPainterPath | None = None
        self._points: list[Place] | None = None

    @property
    def bounds(self) -> Bounds:
        """A box that holds the line."""
        if self.route is None:
            return curves.bounds(self.start, self.end)
        return curves.bounds_of(self.route)

    @property
    def path(self) -> QPainterPath:
        """The line as it is drawn."""
        if self._path is None:
            self._path = (
                curves.curve(self.start, self.end)
                if self.route is None
                else curves.along(self.route)
            )
        return self._path

    @property
    def points(self) -> list[Place]:
        """The line in straight pieces, to be measured."""
        if self._points is None:
            self._points = (
                curves.pieces(self.start, self.end) if self.route is None else list(self.route)
            )
        return self._points

    @property
    def middle(self) -> Place:
        """A place on the line, about half way."""
        points = self.points
        if len(points) == 2:
            return (points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2
        return points[len(points) // 2]


class FlowGeometry(QObject):
    """The shapes of all nodes, links and notes."""

    moved = Signal(object)  # list[Bounds]: what lies there may look different now
    reset = Signal()  # everything may lie elsewhere

    def __init__(self, model: FlowGraphModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._routes: Mapping[Link, Polyline] = {}
        self._positions: dict[NodeId | NoteId, Place] = {}
        self._raised: frozenset[NodeId] = frozenset()
        self._shapes: dict[NodeId, NodeShape] = {}
        self.version = 0
        """Counts every change of what lies where."""
        self.still_version = 0
        """Counts the changes that are no preview."""
        self._build()
        model.flow_changed.connect(self._on_model_flow_changed)
        model.flow_reset.connect(self._on_model_flow_reset)

    @property
    def flow(self) -> Flow:
        """The flow that is drawn."""
        return self._model.flow

    @property
    def shapes(self) -> Mapping[NodeId, NodeShape]:
        """The card of every node."""
        return self._shapes

    @property
    def lines(self) -> Mapping[Slot, LinkLine]:
        """The line of every link."""
        return self._lines

    @property
    def moving(self) -> frozenset[str]:
        """The nodes and notes that a preview shows elsewhere."""
        return frozenset(self._positions)

    def lines_at(self, nodes: Iterable[NodeId]) -> list[LinkLine]:
        """The lines that begin or end at these nodes."""
        slots: dict[Slot, None] = {}
        for node in nodes:
            slots |= self._slots_at(node)
        return [self._lines[slot] for slot in slots if slot in self._lines]

    def nodes_in(self, area: Bounds) -> list[NodeShape]:
        """The cards that touch an area, the one on top at the end."""
        near = [self._shapes[node] for node in self._node_grid.near(area)]
        if self._raised:
            near.sort(key=lambda shape: shape.node.id in self._raised)
        return near

    def raise_nodes(self, nodes: Iterable[NodeId]) -> None:
        """Put these cards on top of the others."""
        self._raised = frozenset(nodes)

    def lines_in(self, area: Bounds) -> list[LinkLine]:
        """The lines whose box touches an area."""
        return [self._lines[slot] for slot in self._line_grid.near(area)]

    def notes_in(self, area: Bounds) -> list[Note]:
        """The notes that touch an area, frames first."""
        notes = [note for note in self.flow.notes.values() if self.note_bounds(note.id).meets(area)]
        return sorted(notes, key=lambda note: note.kind != "frame")

    def note_bounds(self, note: NoteId) -> Bounds:
        """The box of a note, where the preview puts it if there is one."""
        it = self.flow.notes[note]
        x, y = self._positions.get(note, (it.x, it.y))
        return Bounds(x, y, x + it.width, y + it.height)

    def around(self, nodes: Iterable[NodeId] | None = None) -> QRectF:
        """The box around some nodes, or around the whole flow with its notes."""
        boxes = (
            [shape.bounds for shape in self._shapes.values()]
            + [self.note_bounds(note) for note in self.flow.notes]
            if nodes is None
            else [self._shapes[node].bounds for node in nodes]
        )
        if not boxes:
            return QRectF()
        left, top = min(box.left for box in boxes), min(box.top for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return QRectF(left, top, right - left, bottom - top)

    def touch_node(self, node: NodeId) -> None:
        """Have a node drawn anew, for what is not a matter of places."""
        if node in self._shapes:
            self.moved.emit([self._shapes[node].bounds])

    def preview(self, positions: Mapping[NodeId | NoteId, Place]) -> None:
        """Show nodes and notes at other places for now; ``{}`` ends it."""
        dirty: list[Bounds] = []
        for key in [key for key in self._positions if key not in positions]:
            dirty += self._replace(key, None)
        for key, place in positions.items():
            if self._positions.get(key) != place:
                dirty += self._replace(key, place)
        self._tell(dirty)

    def follow_routes(self, routes: Mapping[Link, Polyline]) -> None:
        """Lead links along these ways, as long as their ends lie where the ways end."""
        self._routes = routes
        self.still_version += 1
        dirty = []
        for slot, line in list(self._lines.items()):
            route = self._route_for(line.link, line.start, line.end)
            if route != line.route:
                dirty.append(line.bounds)
                self._draw_line(line.link)
                dirty.append(self._lines[slot].bounds)
        self._tell(dirty)

    def _replace(self, key: NodeId | NoteId, place: Place | None) -> list[Bounds]:
        if key in self.flow.notes:
            before = self.note_bounds(NoteId(key))
            self._remember(key, place)
            return [before, self.note_bounds(NoteId(key))]
        self._remember(key, place)
        node = NodeId(key)
        return self._place_node(node) if node in self._shapes else []

    def _remember(self, key: NodeId | NoteId, place: Place | None) -> None:
        if place is None:
            self._positions.pop(key, None)
        else:
            self._positions[key] = place

    def _place_node(self, node: NodeId) -> list[Bounds]:
        """Put a card where it belongs, with its lines; what has to be drawn anew."""
        shape = self._shapes[node]
        slots = self._slots_at(node)
        dirty = [shape.bounds]
        dirty += [line.bounds for slot in slots if (line := self._lines.get(slot))]
        shape.x, shape.y = self._positions.get(node, (shape.node.x, shape.node.y))
        self._node_grid.put(node, shape.bounds)
        dirty += [self._draw_line(self._link(slot)) for slot in slots]
        return [*dirty, shape.bounds]

    def _slots_at(self, node: NodeId) -> dict[Slot, None]:
        """The exits of a node that are linked, and those of others that lead to it."""
        slots = {Slot(node, way): None for way in self.flow.links.get(node, ())}
        slots |= {Slot(link.node, link.exit): None for link in self._model.links_into(node)}
        return slots

    def _link(self, slot: Slot) -> Link:
        return Link(slot.node, slot.exit, self.flow.links[slot.node][slot.exit])

    def _build(self) -> None:
        flow = self._model.flow
        self._shapes = {key: self._shape_of(node) for key, node in flow.nodes.items()}
        self._lines: dict[Slot, LinkLine] = {}
        self._node_grid: Grid[NodeId] = Grid()
        self._line_grid: Grid[Slot] = Grid()
        self._positions.clear()
        self._node_grid.fill({node: shape.bounds for node, shape in self._shapes.items()})
        shapes, lines = self._shapes, self._lines
        for node, ways in flow.links.items():
            source = shapes.get(node)
            if source is None:
                continue
            for way, target in ways.items():
                aim = shapes.get(target)
                if aim is not None:
                    link, start, end = Link(node, way, target), source.way_out(way), aim.entry
                    lines[Slot(node, way)] = LinkLine(
                        link, start, end, self._route_for(link, start, end)
                    )
        self._line_grid.fill({slot: line.bounds for slot, line in lines.items()})

    def _shape_of(self, node: Node) -> NodeShape:
        """The card of a node; one that only lies elsewhere keeps what was worked out for it."""
        shape = self._shapes.get(node.id)
        if shape is None or not shape.has_exits_of(node):
            return NodeShape(node)
        shape.node, shape.x, shape.y = node, node.x, node.y
        return shape

    def _draw_line(self, link: Link) -> Bounds:
        source, target = self._shapes.get(link.node), self._shapes.get(link.target)
        if source is None or target is None:
            return Bounds(0, 0, 0, 0)
        start, end = source.way_out(link.exit), target.entry
        line = LinkLine(link, start, end, self._route_for(link, start, end))
        slot = Slot(link.node, link.exit)
        self._lines[slot] = line
        bounds = line.bounds
        self._line_grid.put(slot, bounds)
        return bounds

    def _route_for(self, link: Link, start: Place, end: Place) -> Polyline | None:
        route = self._routes.get(link)
        if route is None or len(route) < 3:
            return None
        return route if _near(route[0], start) and _near(route[-1], end) else None

    def _on_model_flow_reset(self) -> None:
        self.still_version += 1
        self._rebuild()

    def _rebuild(self) -> None:
        self._build()
        self.version += 1
        self.reset.emit()

    def _on_model_flow_changed(self, told: News) -> None:
        self.still_version += 1
        if len(told.touched_nodes) > MANY:
            self._rebuild()
            return
        dirty: list[Bounds] = []
        for link in told.links_removed:
            dirty += self._drop_line(Slot(link.node, link.exit))
        for node in told.nodes_removed:
            dirty.append(self._shapes.pop(node).bounds)
            self._node_grid.drop(node)
            self._positions.pop(node, None)
            for slot in self._slots_at(node):
                dirty += self._drop_line(slot)
        for node in (*told.nodes_added, *told.nodes_changed):
            dirty += self._renew(node)
        for link in told.links_added:
            dirty.append(self._draw_line(link))
        changed = {*told.touched_nodes, *told.nodes_changed}
        dirty += [self._shapes[node].bounds for node in changed if node in self._shapes]
        self._tell(dirty)
        if told.notes_added or told.notes_changed or told.notes_removed:
            self.reset.emit()

    def _renew(self, node: NodeId) -> list[Bounds]:
        """Take over what the model says of a node."""
        before = self._shapes.get(node)
        dirty = [] if before is None else [before.bounds]
        self._shapes[node] = self._shape_of(self._model.flow.nodes[node])
        return dirty + self._place_node(node)

    def _drop_line(self, slot: Slot) -> list[Bounds]:
        line = self._lines.pop(slot, None)
        if line is None:
            return []
        self._line_grid.drop(slot)
        return [line.bounds]

    def _tell(self, dirty: list[Bounds]) -> None:
        if dirty:
            self.version += 1
            self.moved.emit(dirty)


def _near(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) < 0.5 and abs(one[1] - other[1]) < 0.5
