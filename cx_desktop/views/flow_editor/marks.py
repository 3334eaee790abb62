"""What gestures, the search and the mouse want to be seen on the canvas."""

from collections.abc import Mapping

from msgspec import Struct

from cx_desktop.domain.flow.diff import Mark
from cx_desktop.domain.flow.graph import Link, NodeId, Slot


class CallMarks(Struct, frozen=True):
    """A simulated call as it is seen on the canvas."""

    present: NodeId | None = None
    """Where the call is."""
    nodes: frozenset[NodeId] = frozenset()
    """Where it has been."""
    links: frozenset[Link] = frozenset()
    breakpoints: frozenset[NodeId] = frozenset()


class ChangeMarks(Struct, frozen=True):
    """What became of nodes and links between two versions, as it is seen on the canvas."""

    nodes_by_mark: Mapping[Mark, frozenset[NodeId]] = {}
    added: frozenset[Link] = frozenset()
    removed: tuple[Link, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is compared, or nothing differs."""
        return not (self.nodes_by_mark or self.added or self.removed)

    def mark_of(self, node: NodeId) -> Mark | None:
        """What became of a node."""
        return next((mark for mark, nodes in self.nodes_by_mark.items() if node in nodes), None)


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
    changes: ChangeMarks = ChangeMarks()
