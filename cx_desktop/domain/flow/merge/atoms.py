"""A flow document as atoms: the smallest parts that two people can change without each other.

A setting; a field of a node or a property of it; a slot (an exit and the one node it leads to); a
field of a note or of a test. That one of these exists is an atom too, but a special one: see
``merging``.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import UNSET

from cx_desktop.domain.flow.graph import ATOM_DEPTH
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import FOREIGN, KINDS, SETTINGS
from cx_desktop.domain.patch import Document, Json, Path

Atoms: TypeAlias = Mapping[Path, Json]

#: The sections whose entries come and go as a whole.
WHOLES = ("nodes", "notes", "tests")
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


def atoms_of(document: Document) -> dict[Path, Json]:
    """Every atom of a flow document, by its place."""
    return {
        path: value
        for section, depth in ATOM_DEPTH.items()
        for path, value in _leaves(document.get(section), (section,), depth)
    }


def _leaves(value: Json, path: Path, depth: int) -> Iterator[tuple[Path, Json]]:
    if len(path) == depth or not isinstance(value, dict):
        if len(path) > 1:
            yield path, value
        return
    for key, below in value.items():
        yield from _leaves(below, (*path, key), depth)


def document_of(atoms: Atoms) -> Document:
    """The flow document that holds just these atoms."""
    document: Document = {section: {} for section in ATOM_DEPTH}
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
    """The ids of the nodes or the notes that exist."""
    return frozenset(path[1] for path in atoms if path[0] == section)


def named_by(atoms: Atoms, path: Path) -> str | None:
    """The node that an atom leads to or names, if it does."""
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


def owner(path: Path) -> tuple[str, str] | None:
    """The node or note, as section and id, that an atom is a part of: slots are their node's."""
    if path[0] in WHOLES:
        return path[0], path[1]
    return ("nodes", path[1]) if path[0] == "links" else None
