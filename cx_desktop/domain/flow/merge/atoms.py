"""A document as atoms: the smallest parts that two people can change without each other.

Of a flow: a setting; a field of a node or a property of it; a slot (an exit and the one node it
leads to); a field of a note or of a test. That one of these exists is an atom too, but a special
one: see ``merging``. Other documents come apart by a ``Shape`` of their own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import UNSET, Struct

from cx_desktop.domain.flow.graph import ATOM_DEPTH
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import FOREIGN, KINDS, SETTINGS
from cx_desktop.domain.patch import Document, Json, Path

Atoms: TypeAlias = Mapping[Path, Json]

#: Properties by kind of node, and settings of the flow, that name a node without a link.
_NAMING: Mapping[str, frozenset[str]] = {
    kind.id: frozenset(
        each.name
        for each in kind.properties
        if each.type is FieldType.REFERENCE and each.refers_to == "node"
    )
    for kind in (*KINDS.values(), FOREIGN)
}
_NAMING_SETTINGS = frozenset(each.name for each in SETTINGS if each.refers_to == "node")


def _flow_name(atoms: Atoms, path: Path) -> str | None:
    """The node that an atom of a flow leads to or names, if it does."""
    value = atoms.get(path)
    if not isinstance(value, str) or not value:
        return None
    match path:
        case ("links", _, _):
            return value
        case ("meta", name) if name in _NAMING_SETTINGS:
            return value
        case ("nodes", node, "props", name):
            kind = atoms.get(("nodes", node, "kind"))
            return value if name in _NAMING.get(str(kind), frozenset()) else None
        case _:
            return None


def _nothing(_atoms: Atoms, _path: Path) -> str | None:
    return None


class Shape(Struct, frozen=True):
    """How a kind of document comes apart."""

    depth: Mapping[str, int] = {}
    """By its first key, how many keys make an atom; one where nothing is said."""
    wholes: tuple[str, ...] = ()
    """The sections whose entries come and go as a whole."""
    named_by: Callable[[Atoms, Path], str | None] = _nothing
    """The node that an atom leads to or names."""


FLOW = Shape(ATOM_DEPTH, ("nodes", "notes", "tests"), _flow_name)


def atoms_of(document: Document, shape: Shape = FLOW) -> dict[Path, Json]:
    """Every atom of a document, by its place."""
    return {
        path: value
        for section, below in document.items()
        for path, value in _leaves(below, (section,), shape.depth.get(section, 1))
    }


def _leaves(value: Json, path: Path, depth: int) -> Iterator[tuple[Path, Json]]:
    if len(path) == depth or not isinstance(value, dict):
        if len(path) > 1 or depth == 1:
            yield path, value
        return
    for key, below in value.items():
        yield from _leaves(below, (*path, key), depth)


def document_of(atoms: Atoms, shape: Shape = FLOW) -> Document:
    """The document that holds just these atoms, with all its sections."""
    document: Document = {section: {} for section, depth in shape.depth.items() if depth > 1}
    for path, value in atoms.items():
        if value is UNSET:
            continue
        here = document
        for key in path[:-1]:
            below = here.setdefault(key, {})
            if not isinstance(below, dict):
                break
            here = below
        else:
            here[path[-1]] = value
    return document


def entries(atoms: Atoms, section: str) -> frozenset[str]:
    """The ids of the nodes, the notes or others that exist."""
    return frozenset(path[1] for path in atoms if path[0] == section and len(path) > 1)


def owner(path: Path, shape: Shape = FLOW) -> tuple[str, str] | None:
    """What an atom is a part of, as section and id: slots are their node's."""
    if len(path) > 1 and path[0] in shape.wholes:
        return path[0], path[1]
    return ("nodes", path[1]) if path[0] == "links" else None
