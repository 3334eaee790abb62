"""Two people each added something under one id: mine gets another id, and both are there.

Ids of nodes are short (``menu_2``), so that this happens whenever two people add a menu each.
"""

from collections.abc import Mapping
from typing import cast

from cx_desktop.domain.flow.edits import fresh_ids
from cx_desktop.domain.flow.merge.atoms import FLOW, atoms_of, document_of
from cx_desktop.domain.patch import Document, Json, Path, same


def apart(base: Document, mine: Document, theirs: Document) -> Document:
    """My flow document, in which nothing that I added bears the id of another thing they added."""
    renamed = {
        section: names
        for section in FLOW.wholes
        if (names := _renamed(_part(base, section), _part(mine, section), _part(theirs, section)))
    }
    if not renamed:
        return mine
    atoms = atoms_of(mine)
    called = {
        _moved(path, renamed): _value(path, value, renamed, FLOW.named_by(atoms, path))
        for path, value in atoms.items()
    }
    return {**mine, **document_of(called)}


def _renamed(base: Document, mine: Document, theirs: Document) -> dict[str, str]:
    both = [
        each
        for each in mine
        if each in theirs and each not in base and not same(mine[each], theirs[each])
    ]
    return dict(zip(both, fresh_ids(both, {*base, *mine, *theirs}), strict=True))


def _moved(path: Path, renamed: Mapping[str, Mapping[str, str]]) -> Path:
    section = "nodes" if path[0] == "links" else path[0]
    names = renamed.get(section, {})
    return (path[0], names.get(path[1], path[1]), *path[2:]) if len(path) > 1 else path


def _value(
    path: Path, value: Json, renamed: Mapping[str, Mapping[str, str]], named: str | None
) -> Json:
    if len(path) == 3 and path[2] == "id" and path[1] in renamed.get(path[0], {}):
        return renamed[path[0]][path[1]]
    return renamed.get("nodes", {}).get(named, value) if named is not None else value


def _part(document: Document, section: str) -> Document:
    part = document.get(section)
    return cast("Document", part) if isinstance(part, dict) else {}
