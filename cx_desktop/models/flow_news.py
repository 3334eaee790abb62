"""What an edit did to a flow: the nodes, links and notes that came, changed and went."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, Link, NodeId, NoteId
from cx_desktop.domain.patch import Change

Key = TypeVar("Key", bound=str)
Entry = TypeVar("Entry")


class News(Struct, frozen=True):
    """The difference one batch of changes made to a flow, told once after it was made."""

    nodes_added: tuple[NodeId, ...] = ()
    nodes_changed: tuple[NodeId, ...] = ()
    nodes_removed: tuple[NodeId, ...] = ()
    links_added: tuple[Link, ...] = ()
    links_removed: tuple[Link, ...] = ()
    notes_added: tuple[NoteId, ...] = ()
    notes_changed: tuple[NoteId, ...] = ()
    notes_removed: tuple[NoteId, ...] = ()
    is_meta_changed: bool = False
    are_tests_changed: bool = False

    @property
    def touched_nodes(self) -> frozenset[NodeId]:
        """Every node that was written, or that a link came to or left."""
        linked = (*self.links_added, *self.links_removed)
        return frozenset(
            (
                *self.nodes_added,
                *self.nodes_changed,
                *self.nodes_removed,
                *(link.node for link in linked),
                *(link.target for link in linked),
            )
        )


def news(before: Flow, after: Flow, changes: Iterable[Change]) -> News | None:
    """What the changes did; ``None`` when they replaced a whole part of the flow."""
    places = [each.path for each in changes]
    if any(len(path) < 2 for path in places):
        return None
    touched: dict[str, dict[str, None]] = {"nodes": {}, "links": {}, "notes": {}, "meta": {}}
    for path in places:
        touched.setdefault(path[0], {})[path[1]] = None
    nodes = _sorted(before.nodes, after.nodes, [NodeId(key) for key in touched["nodes"]])
    notes = _sorted(before.notes, after.notes, [NoteId(key) for key in touched["notes"]])
    added, removed = _links(before, after, [NodeId(key) for key in touched["links"]])
    return News(
        *nodes,
        added,
        removed,
        *notes,
        is_meta_changed=before.meta != after.meta,
        are_tests_changed=before.tests != after.tests,
    )


def _sorted(
    before: dict[Key, Entry], after: dict[Key, Entry], keys: Iterable[Key]
) -> tuple[tuple[Key, ...], tuple[Key, ...], tuple[Key, ...]]:
    added, changed, removed = [], [], []
    for key in keys:
        if key not in before:
            if key in after:
                added.append(key)
        elif key not in after:
            removed.append(key)
        elif before[key] != after[key]:
            changed.append(key)
    return tuple(added), tuple(changed), tuple(removed)


def _links(
    before: Flow, after: Flow, sources: Iterable[NodeId]
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    added, removed = [], []
    for source in sources:
        old, new = before.links.get(source, {}), after.links.get(source, {})
        removed += [Link(source, way, to) for way, to in old.items() if new.get(way) != to]
        added += [Link(source, way, to) for way, to in new.items() if old.get(way) != to]
    return tuple(added), tuple(removed)
