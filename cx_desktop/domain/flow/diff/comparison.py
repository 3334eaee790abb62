"""Two flows laid over each other: one drawing of both, and every change with its place in it."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.diff.marks import Mark, marks
from cx_desktop.domain.flow.graph import ExitId, Flow, Link, Node, NodeId
from cx_desktop.domain.flow.kind import Property
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.patch import Json, same

#: How far what is gone is put aside where something else has taken its place.
ASIDE = 32.0
#: Changes in one column of the drawing are told from top to bottom.
_COLUMN = 240.0


class Spot(Struct, frozen=True):
    """One change: a node, or an exit of a node that leads elsewhere."""

    mark: Mark
    node: NodeId
    exit: ExitId | None = None
    """The exit; ``None`` for the node itself."""
    old: NodeId | None = None
    """Where the exit led."""
    new: NodeId | None = None
    """Where it leads now."""


class Field(Struct, frozen=True):
    """What of a node differs: its title, its kind, its place, or a property."""

    name: str
    declared: Property | None
    old: Json
    new: Json


class Comparison(Struct, frozen=True):
    """Everything there is to see of a change."""

    old: Flow
    new: Flow
    flow: Flow
    """Both at once: the new flow, with what is gone."""
    nodes: Mapping[NodeId, Mark]
    added: frozenset[Link]
    removed: tuple[Link, ...]
    spots: tuple[Spot, ...]
    """Every change, in reading order."""

    def fields(self, node: NodeId) -> tuple[Field, ...]:
        """What differs in a node that stands in both flows, or all that one holds."""
        return tuple(_fields(self.old.nodes.get(node), self.new.nodes.get(node)))

    def count(self, mark: Mark) -> int:
        """How many changes there are of a kind."""
        return sum(each.mark is mark for each in self.spots)


def compare(old: Flow, new: Flow) -> Comparison:
    """Lay two flows over each other."""
    found = marks(old, new)
    flow = _drawn(found.flow, found.nodes)
    removed = tuple(link for link, mark in found.links.items() if mark is Mark.REMOVED)
    return Comparison(
        old=old,
        new=new,
        flow=flow,
        nodes=found.nodes,
        added=frozenset(link for link, mark in found.links.items() if mark is Mark.ADDED),
        removed=removed,
        spots=tuple(_spots(old, new, flow, found.nodes)),
    )


def _drawn(flow: Flow, nodes: Mapping[NodeId, Mark]) -> Flow:
    """The united flow with what is gone below everything else, and beside what took its place."""
    taken = {
        (node.x, node.y) for key, node in flow.nodes.items() if nodes.get(key) is not Mark.REMOVED
    }
    gone = {
        key: replace(node, x=node.x + ASIDE, y=node.y + ASIDE)
        if (node.x, node.y) in taken
        else node
        for key, node in flow.nodes.items()
        if nodes.get(key) is Mark.REMOVED
    }
    standing = {key: node for key, node in flow.nodes.items() if key not in gone}
    return replace(flow, nodes={**gone, **standing})


def _spots(old: Flow, new: Flow, flow: Flow, nodes: Mapping[NodeId, Mark]) -> Iterator[Spot]:
    """The changes; links of a node that came or went are part of that."""
    spots = [Spot(mark, node) for node, mark in nodes.items()]
    for node in new.nodes:
        if node in old.nodes:
            spots += _moved_exits(node, old.links.get(node, {}), new.links.get(node, {}))

    def place(spot: Spot) -> tuple[float, float, bool]:
        at = flow.nodes[spot.node]
        return at.x // _COLUMN, at.y, spot.exit is not None

    yield from sorted(spots, key=place)


def _moved_exits(
    node: NodeId, before: Mapping[ExitId, NodeId], after: Mapping[ExitId, NodeId]
) -> Iterator[Spot]:
    for way in dict.fromkeys((*before, *after)):
        old, new = before.get(way), after.get(way)
        if old != new:
            mark = Mark.ADDED if old is None else Mark.REMOVED if new is None else Mark.CHANGED
            yield Spot(mark, node, way, old, new)


def _fields(old: Node | None, new: Node | None) -> Iterator[Field]:
    node = new or old
    if node is None:
        return
    for name in ("title", "kind"):
        was, now = (getattr(each, name) if each else None for each in (old, new))
        if was != now:
            yield Field(name, None, was, now)
    declared = {each.name: each for each in (*_declared(old), *_declared(new))}
    before = old.props if old is not None else {}
    after = new.props if new is not None else {}
    for name in dict.fromkeys((*declared, *before, *after)):
        found = declared.get(name)
        default = found.default if found is not None else None
        was, now = before.get(name, default), after.get(name, default)
        if not same(was if old else None, now if new else None):
            yield Field(name, found, was if old else None, now if new else None)
    if old is not None and new is not None and (old.x, old.y) != (new.x, new.y):
        yield Field("place", None, [old.x, old.y], [new.x, new.y])


def _declared(node: Node | None) -> tuple[Property, ...]:
    return tuple(kind_of(node).properties) if node is not None else ()
