"""What gestures, the search and the mouse want to be seen on the canvas."""

from msgspec import Struct

from cx_desktop.domain.flow.graph import Link, NodeId, Slot


class Marks(Struct):
    """What a gesture, the search and the mouse want to be seen."""

    hovered: object = None
    hovered_exit: Slot | None = None
    greyed: frozenset[NodeId] = frozenset()
    aimed: NodeId | Link | None = None
    found: frozenset[NodeId] = frozenset()
    current: NodeId | None = None
