"""A flow in the making, drawn from a tree of steps.

Trees say what comes next by nesting: after a branch the call goes on behind the step that branched.
A reader hands that place down as it walks (``after``), so ids are given before steps are drawn.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from cx_desktop.domain.flow.formats import ImportNote, Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_DEPTH, MAX_STEPS
from cx_desktop.domain.flow.formats.naming import free_name
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.patch import Document, Json


class Drawing:
    """Nodes get ids and exits get targets; what is foreign keeps all its ways."""

    def __init__(self, format_name: str) -> None:
        self._format = format_name
        self._count: Counter[str] = Counter()
        self._nodes: dict[NodeId, Node] = {}
        self._links: dict[NodeId, dict[ExitId, NodeId]] = {}
        self._ways: dict[NodeId, list[str]] = {}
        self.notes: list[ImportNote] = []
        self.schedules: dict[str, Document] = {}

    def reserve(self, kind: str) -> NodeId:
        """An id for a node that will be drawn; refuses more of them than a flow may have."""
        self._count[kind] += 1
        total = self._count.total()
        if total > MAX_STEPS:
            raise Unreadable("problem.import-too-many-steps", count=total, limit=MAX_STEPS)
        number = self._count[kind]
        return NodeId(kind if number == 1 else f"{kind}_{number}")

    def draw(
        self,
        node_id: NodeId,
        kind: str,
        *,
        title: str = "",
        props: Document | None = None,
        origin: tuple[str, Json] | None = None,
    ) -> NodeId:
        """A node under its id; ``origin`` is the type of the step and what the file says of it."""
        if origin is not None:
            check_depth(origin[1])
        self._nodes[node_id] = Node(
            id=node_id,
            kind=kind,
            title=title,
            props=props or {},
            origin=Origin(self._format, *origin) if origin else None,
        )
        return node_id

    def link(self, node: NodeId, ways: Iterable[str], target: NodeId | None) -> None:
        """Have these exits of a node lead somewhere; without a target they stay unlinked."""
        for way in ways:
            self._ways.setdefault(node, []).append(way)
            if target is not None:
                self._links.setdefault(node, {})[ExitId(way)] = target

    def schedule(self, name: str, draft: Document) -> str:
        """A schedule that the file writes out; what it is called: one name means one of them."""
        others = frozenset(each for each, known in self.schedules.items() if known != draft)
        called = free_name(name, others)
        self.schedules[called] = draft
        return called

    def node(self, node: NodeId) -> Node | None:
        """The node that was drawn under an id."""
        return self._nodes.get(node)

    def is_target(self, node: NodeId) -> bool:
        """Whether an exit leads to this id."""
        return any(node in ways.values() for ways in self._links.values())

    def note(self, what: str, node: NodeId | None = None, **params: str | int) -> None:
        """Something to tell about the reading."""
        told = ImportNote(f"import.{what}", params, node)
        if told not in self.notes[-_TOLD_ONCE:]:
            self.notes.append(told)

    def flow(self, meta: Document) -> Flow:
        """The drawn flow, its nodes side by side; links to what was never drawn are left out."""
        nodes = {key: self._with_ways(node) for key, node in self._nodes.items()}
        links = {
            key: {way: target for way, target in self._links[key].items() if target in nodes}
            for key in nodes
            if key in self._links
        }
        flow = Flow(meta, nodes, {key: ways for key, ways in links.items() if ways})
        places = tidy(flow)
        return msgspec.structs.replace(
            flow,
            nodes={
                key: msgspec.structs.replace(node, x=places[key][0], y=places[key][1])
                for key, node in nodes.items()
            },
        )

    def _with_ways(self, node: Node) -> Node:
        """A node whose origin names the ways out that its kind has not."""
        own = {each.id for each in exits_of(node)}
        extra = tuple(
            ExitId(way) for way in dict.fromkeys(self._ways.get(node.id, ())) if way not in own
        )
        if not extra:
            return node
        origin = node.origin or Origin(self._format, node.kind)
        origin = msgspec.structs.replace(origin, exits=extra)
        return msgspec.structs.replace(node, origin=origin)


_TOLD_ONCE = 50


def check_depth(value: Json) -> None:
    """Refuse what a file says of a step when it is nested deeper than our own files may be."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise Unreadable("problem.import-too-deep", limit=MAX_DEPTH)
