"""What gestures, the search and the mouse want to be seen on the canvas."""

from msgspec import Struct

from cx_desktop.domain.flow.graph import Link, NodeId, Slot


class CallMarks(Struct, frozen=True):
    """A simulated call as it is seen on the canvas."""

    present: NodeId | None = None
    """Where the call is."""
    nodes: frozenset[NodeId] = frozenset()
    """Where it has been."""
    links: frozenset[Link] = frozenset()
    breakpoints: frozenset[NodeId] = frozenset()


class Marks(Struct):
    """What a gesture, the search and the mouse want to be seen."""

    hovered: object = None
    hovered_exit: Slot | None = None
    greyed: frozenset[NodeId] = frozenset()
    aimed: NodeId | Link | None = None
    found: frozenset[NodeId] = frozenset()
    current: NodeId | None = None
    call: CallMarks = CallMarks()
    covered: dict[NodeId, float] = {}
    """How much of each node tests go through, from 0 to 1; -1 where no call can come."""
