"""A flow: nodes, and for each exit of a node the one node it leads to.

Links are kept as *slots* (source node, exit → target), so that a second link from one exit cannot
exist. A ``Flow`` is a value: every edit makes a new one that shares what did not change.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, NewType, TypeVar, cast

import msgspec
from msgspec import Struct

from cx_desktop.domain.patch import Change, Document, Json, apply, differences

NodeId = NewType("NodeId", str)
ExitId = NewType("ExitId", str)
NoteId = NewType("NoteId", str)
TestId = NewType("TestId", str)

#: How many keys make one atom below each part of a flow document (``sync.md`` 2.4).
ATOM_DEPTH = {"meta": 2, "nodes": 4, "links": 3, "notes": 3, "tests": 3}

#: The parts that callers never meet, nor anybody who looks at the drawing.
UNHEARD = frozenset({"tests"})


class Slot(NamedTuple):
    """One exit of one node: where a link begins."""

    node: NodeId
    exit: ExitId


class Link(NamedTuple):
    """A link from an exit to a node."""

    node: NodeId
    exit: ExitId
    target: NodeId


class Origin(Struct, frozen=True, omit_defaults=True):
    """What a vendor's file said of a node, verbatim: enough to write it back without loss.

    ``exits`` names the ways out of the vendor's step that the node's kind has not; a foreign node
    has just these.
    """

    format: str
    type: str
    raw: Json = None
    exits: tuple[ExitId, ...] = ()


class Node(Struct, frozen=True, omit_defaults=True):
    """One step of a flow; ``kind`` is a key of ``kinds.KINDS``, or ``foreign``."""

    id: NodeId
    kind: str
    title: str = ""
    props: Document = {}
    x: float = 0.0
    y: float = 0.0
    origin: Origin | None = None


class Note(Struct, frozen=True, omit_defaults=True):
    """A comment on the canvas, or a frame around nodes; callers never meet it."""

    id: NoteId
    kind: str = "comment"
    text: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 240.0
    height: float = 96.0
    colour: str = ""


class Flow(Struct, frozen=True, omit_defaults=True):
    """The graph callers walk, with its notes and its own settings (``meta``)."""

    meta: Document = {}
    nodes: dict[NodeId, Node] = {}
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    notes: dict[NoteId, Note] = {}
    tests: dict[TestId, Document] = {}
    """Calls to try it with, verbatim: read by ``testing``. Callers never meet them."""

    @property
    def start(self) -> NodeId | None:
        """The node a call enters by: the first of kind ``start``."""
        return next((node.id for node in self.nodes.values() if node.kind == "start"), None)

    def target(self, node: NodeId, way: ExitId) -> NodeId | None:
        """The node an exit leads to, if it is linked."""
        return self.links.get(node, {}).get(way)

    def each_link(self) -> Iterator[Link]:
        """Every link of the flow."""
        for node, ways in self.links.items():
            for way, target in ways.items():
                yield Link(node, way, target)

    def links_into(self, node: NodeId) -> tuple[Link, ...]:
        """The links that lead to a node. Walks all links: keep an index where it is asked often."""
        return tuple(link for link in self.each_link() if link.target == node)

    def with_changes(self, changes: Iterable[Change]) -> "Flow":
        """The flow after these changes; only the entries they touch are read anew.

        Raises ``msgspec.ValidationError`` when a change leaves something that is not a flow.
        """
        changes = tuple(changes)
        if any(len(each.path) < 2 for each in changes):
            return flow_of(apply(document_of(self), changes))
        touched = {each.path[:2] for each in changes}
        after = flow_of(apply(self._excerpt(touched), changes))
        return Flow(
            meta=_merged(self.meta, after.meta, touched, "meta"),
            nodes=_merged(self.nodes, after.nodes, touched, "nodes"),
            links=_merged(self.links, after.links, touched, "links"),
            notes=_merged(self.notes, after.notes, touched, "notes"),
            tests=_merged(self.tests, after.tests, touched, "tests"),
        )

    def _excerpt(self, entries: Iterable[tuple[str, ...]]) -> Document:
        """The part of this flow's document that holds these entries, for changes to work on."""
        sections: dict[str, Mapping[str, object]] = {
            "meta": self.meta,
            "nodes": cast("Mapping[str, object]", self.nodes),
            "links": cast("Mapping[str, object]", self.links),
            "notes": cast("Mapping[str, object]", self.notes),
            "tests": cast("Mapping[str, object]", self.tests),
        }
        excerpt: dict[str, dict[str, object]] = {}
        for section, key in entries:
            value = sections.get(section, {}).get(key)
            if value is not None:
                excerpt.setdefault(section, {})[key] = msgspec.to_builtins(value)
        return cast("Document", excerpt)


Entry = TypeVar("Entry")
Key = TypeVar("Key", bound=str)


def _merged(
    before: dict[Key, Entry], after: dict[Key, Entry], touched: set[tuple[str, ...]], section: str
) -> dict[Key, Entry]:
    """``before`` with the touched entries of one section as they are ``after``; order is kept."""
    keys = {key for part, key in touched if part == section}
    if not keys:
        return before
    kept = {
        key: after.get(key, value)
        for key, value in before.items()
        if key not in keys or key in after
    }
    return kept | after


def flow_of(document: Document) -> Flow:
    """Read a flow document. Unknown fields are ignored here and kept in the document.

    Raises ``msgspec.ValidationError`` with the place of what is not a flow.
    """
    flow = msgspec.convert(document, Flow)
    misnamed = next((key for key, node in flow.nodes.items() if node.id != key), None)
    if misnamed is not None:
        raise msgspec.ValidationError(f"Node under another id - at `$.nodes[{misnamed!r}]`")
    links = {node: ways for node, ways in flow.links.items() if ways}
    return Flow(flow.meta, flow.nodes, links, flow.notes, flow.tests)


def document_of(flow: Flow) -> Document:
    """The JSON document of a flow: ``meta``, ``nodes``, ``links``, ``notes`` and ``tests``."""
    return cast("Document", msgspec.to_builtins(flow))


def changes_between(old: Flow, new: Flow) -> tuple[Change, ...]:
    """The atoms in which two flows differ, as changes from the old to the new one."""
    return differences(document_of(old), document_of(new), depth=ATOM_DEPTH)
