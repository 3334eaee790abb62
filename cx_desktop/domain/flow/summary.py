"""What differs between two flows, told by steps and links: what a publication would change."""

from collections.abc import Iterable

from msgspec import UNSET, Struct

from cx_desktop.domain.flow.graph import ATOM_DEPTH, UNHEARD, ExitId, NodeId, Slot, flow_of
from cx_desktop.domain.patch import Change, Document, Json, differences

#: Fields of a node that callers never meet.
_PLACES = frozenset({"x", "y"})
_NOTHING: tuple[Json, ...] = (None, "", {})


class NodeChange(Struct, frozen=True):
    """A node that stands in both flows, and which of its fields differ.

    ``fields`` holds ``title``, ``kind`` or the names of properties.
    """

    node: NodeId
    title: str
    kind: str
    fields: tuple[str, ...]


class NodeName(Struct, frozen=True):
    """A node as people call it."""

    node: NodeId
    title: str
    kind: str


class LinkChange(Struct, frozen=True):
    """An exit that led elsewhere; "" stands for nowhere. Titles are of the newer flow if it can."""

    slot: Slot
    title: str
    old: str
    new: str


class Summary(Struct, frozen=True):
    """The differences callers may meet, and how many are only drawn."""

    added: tuple[NodeName, ...] = ()
    removed: tuple[NodeName, ...] = ()
    changed: tuple[NodeChange, ...] = ()
    links: tuple[LinkChange, ...] = ()
    settings: tuple[str, ...] = ()
    moved: int = 0
    notes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether both flows are the same, drawing included."""
        return not (self.is_heard or self.moved or self.notes)

    @property
    def is_heard(self) -> bool:
        """Whether a caller could notice."""
        return bool(self.added or self.removed or self.changed or self.links or self.settings)


def summary(old: Document, new: Document) -> Summary:
    """What changes when ``new`` takes the place of ``old``."""
    changes = differences(_whole(old), _whole(new), depth=ATOM_DEPTH)
    names = _names(new) | {
        node: name for node, name in _names(old).items() if node not in _names(new)
    }
    nodes = [each for each in changes if each.path[0] == "nodes"]
    whole = [each for each in nodes if len(each.path) == 2]
    parts = [each for each in nodes if len(each.path) > 2]
    return Summary(
        added=tuple(names[NodeId(each.path[1])] for each in whole if each.was is UNSET),
        removed=tuple(names[NodeId(each.path[1])] for each in whole if each.value is UNSET),
        changed=_changed(parts, names),
        links=_links(old, new, names),
        settings=tuple(each.path[1] for each in changes if each.path[0] == "meta"),
        moved=len({each.path[1] for each in parts if each.path[2] in _PLACES}),
        notes=len({each.path[1] for each in changes if each.path[0] == "notes"}),
    )


def are_same(one: Document, other: Document) -> bool:
    """Whether two documents are one and the same flow, drawing included, tests not.

    What is absent and what is empty are one; edited there and back again is equal again.
    """
    return _bare(one) == _bare(other)


def _bare(document: Document) -> Document:
    """The document without what says nothing: empty titles, exits without a link, zero places."""
    bare: Document = {}
    for part in ATOM_DEPTH.keys() - UNHEARD:
        entries = document.get(part)
        if isinstance(entries, dict):
            lean = {key: _lean(entry) for key, entry in entries.items()}
            bare[part] = {key: entry for key, entry in lean.items() if entry not in _NOTHING}
    return {part: entries for part, entries in bare.items() if entries}


def _lean(entry: Json) -> Json:
    if not isinstance(entry, dict):
        return entry
    return {
        key: value
        for key, value in entry.items()
        if value not in _NOTHING and not (key in _PLACES and value == 0)
    }


def _whole(document: Document) -> Document:
    """The document with all four parts, and nodes with all they may hold: fields are told apart."""
    parts: Document = {part: document.get(part, {}) for part in ATOM_DEPTH}
    nodes = parts["nodes"]
    if isinstance(nodes, dict):
        parts["nodes"] = {
            key: {"title": "", "props": {}, **node} if isinstance(node, dict) else node
            for key, node in nodes.items()
        }
    return parts


def _names(document: Document) -> dict[NodeId, NodeName]:
    return {
        NodeId(node.id): NodeName(node=node.id, title=node.title, kind=node.kind)
        for node in flow_of(document).nodes.values()
    }


def _changed(parts: Iterable[Change], names: dict[NodeId, NodeName]) -> tuple[NodeChange, ...]:
    fields: dict[NodeId, dict[str, None]] = {}
    for each in parts:
        if each.path[2] not in _PLACES:
            fields.setdefault(NodeId(each.path[1]), {})[each.path[-1]] = None
    return tuple(
        NodeChange(node=node, title=names[node].title, kind=names[node].kind, fields=tuple(changed))
        for node, changed in fields.items()
    )


def _links(old: Document, new: Document, names: dict[NodeId, NodeName]) -> tuple[LinkChange, ...]:
    before, after = _targets(old), _targets(new)
    gone = {node for node in names if node not in flow_of(new).nodes}
    return tuple(
        LinkChange(
            slot=slot,
            title=_title(slot.node, names),
            old=_title(before.get(slot), names),
            new=_title(after.get(slot), names),
        )
        for slot in dict.fromkeys([*before, *after])
        if before.get(slot) != after.get(slot) and slot.node not in gone
    )


def _targets(document: Document) -> dict[Slot, NodeId]:
    return {
        Slot(link.node, ExitId(link.exit)): link.target for link in flow_of(document).each_link()
    }


def _title(node: NodeId | None, names: dict[NodeId, NodeName]) -> str:
    if node is None:
        return ""
    return names[node].title or str(node) if node in names else str(node)
