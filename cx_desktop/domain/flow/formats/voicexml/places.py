"""Places of a document that calls come to, before it is known which step stands there.

A form may lead to one further down, or back to itself, and some hold no step at all: links are
kept between places until every place is known.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.graph import NodeId


class Place(NamedTuple):
    """Somewhere in the document, as a key: what kind of place, and where."""

    kind: str
    key: tuple[object, ...]


#: A step, a place that will turn out to be one, or nothing: the call ends there.
Target: TypeAlias = NodeId | Place | None


class _Way(NamedTuple):
    node: NodeId
    way: str
    target: Target


class Places:
    """Finds out, place by place and without recursion, which step a call meets there."""

    def __init__(self, drawing: Drawing, explore: Callable[[Place], Target]) -> None:
        self._drawing = drawing
        self._explore = explore
        self._found: dict[Place, Target] = {}
        self._waiting: list[Place] = []
        self._ways: list[_Way] = []
        self._ids: set[NodeId] = set()
        self.has_circles = False
        """Whether places that are led to only lead to each other, never to a step."""

    def at(self, kind: str, *key: object) -> Place:
        """A place; it is looked at before the flow is done."""
        place = Place(kind, key)
        if place not in self._found:
            self._found[place] = None
            self._waiting.append(place)
        return place

    def reserve(self, name: str) -> NodeId:
        """An id of its own for a step."""
        while True:
            node = self._drawing.reserve(name)
            if node not in self._ids:
                self._ids.add(node)
                return node

    def lead(self, node: NodeId, ways: Iterable[str], target: Target) -> None:
        """Have exits of a step lead to a place."""
        self._ways.extend(_Way(node, each, target) for each in ways)

    def explore(self) -> None:
        """Look at every place that something leads to."""
        while self._waiting:
            place = self._waiting.pop()
            self._found[place] = self._explore(place)

    def draw_links(self) -> None:
        """Link what was led somewhere."""
        for each in self._ways:
            self._drawing.link(each.node, (each.way,), self.step_at(each.target))

    def step_at(self, target: Target) -> NodeId | None:
        """The step at a place; ``None`` where places only lead to each other."""
        way: list[Place] = []
        seen: set[Place] = set()
        while isinstance(target, Place):
            if target in seen:
                self.has_circles = True
                target = None
                break
            seen.add(target)
            way.append(target)
            target = self._found.get(target)
        self._found.update(dict.fromkeys(way, target))
        return target
