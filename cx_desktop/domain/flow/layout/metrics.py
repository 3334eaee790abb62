"""How large a node is drawn, and where its links begin and end: one truth for layout and editor."""

from typing import NamedTuple

from cx_desktop.domain.flow.graph import ExitId, Node
from cx_desktop.domain.flow.kinds import exits_of

WIDTH = 208.0
HEADER = 40.0
ROW = 22.0
FOOTER = 6.0
GRID = 8.0


class Point(NamedTuple):
    """A place on the canvas; y grows downwards."""

    x: float
    y: float


class Box(NamedTuple):
    """The rectangle a node covers."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def height_for(exit_count: int) -> float:
    """The height of a node with so many exits."""
    return HEADER + (exit_count * ROW + FOOTER if exit_count else 0.0)


def size_of(node: Node) -> tuple[float, float]:
    """Width and height of a node as the editor draws it."""
    return WIDTH, height_for(len(exits_of(node)))


def entry_offset() -> Point:
    """Where links enter a node, from its top left corner: the middle of its header's left edge."""
    return Point(0.0, HEADER / 2)


def exit_offset(index: int) -> Point:
    """Where the link of the exit in this row begins, from the node's top left corner."""
    return Point(WIDTH, HEADER + ROW * index + ROW / 2)


def exit_offsets(node: Node) -> dict[ExitId, Point]:
    """Where the link of each exit begins, from the node's top left corner."""
    return {way.id: exit_offset(index) for index, way in enumerate(exits_of(node))}
