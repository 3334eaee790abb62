"""Undo by atoms: a command keeps the changes it made, and takes back those that still stand.

When somebody else wrote a place meanwhile, undo leaves that place alone and says so; so it does
with a change that would leave a link to nothing.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import cast

from msgspec import UNSET, Struct
from PySide6.QtGui import QUndoCommand

from cx_desktop.domain.patch import (
    POSITION,
    Change,
    Document,
    Json,
    Path,
    apply,
    coalesce,
    inverse,
    read,
)
from cx_desktop.overrides import override


class Refused(Struct, frozen=True):
    """Places that undo or redo had to leave as they are, and who wrote there ("" when unknown)."""

    paths: tuple[Path, ...]
    who: str = ""


class FlowEdit(QUndoCommand):
    """One gesture of the user, kept as the changes it made."""

    def __init__(
        self,
        key: str,
        changes: tuple[Change, ...],
        *,
        make: Callable[[tuple[Change, ...]], None],
        restore: Callable[[tuple[Change, ...]], None],
        merge: Hashable | None = None,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.changes = changes
        self._make = make
        self._restore = restore
        self.merge = merge
        self._is_made = False

    @override
    def id(self) -> int:
        return -1 if self.merge is None else 1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, FlowEdit) or other.merge != self.merge:
            return False
        self.changes = coalesce((*self.changes, *other.changes))
        self.setObsolete(not self.changes)
        return True

    @override
    def redo(self) -> None:
        if self._is_made:
            self._restore(self.changes)
        else:
            self._is_made = True
            self._make(self.changes)

    @override
    def undo(self) -> None:
        self._restore(inverse(self.changes))


def restorable(
    document: Document, changes: Iterable[Change]
) -> tuple[tuple[Change, ...], tuple[Path, ...]]:
    """The changes that may be made now, and the places of those that may not.

    A place must still hold what the change expects there; a node goes only when no link that
    stays needs it, and a link comes only between nodes that are there.
    """
    kept, refused = [], []
    for each in changes:
        now = read(document, each.path)
        if _same(each.path, now, each.was):
            kept.append(each)
        elif not _same(each.path, now, each.value):
            refused.append(each.path)
    while kept:
        after = apply(document, kept)
        linked = _linked(_part(after, "links"))
        possible = [each for each in kept if _holds(after, linked, each)]
        if len(possible) == len(kept):
            break
        stays = {each.path for each in possible}
        refused += [each.path for each in kept if each.path not in stays]
        kept = possible
    return tuple(kept), tuple(refused)


def _same(path: Path, one: Json, other: Json) -> bool:
    """Whether two values of a place are equal, where a node may lie and emptiness left aside."""
    if one == other:
        return True
    if len(path) == 2 and isinstance(one, dict) and isinstance(other, dict):
        return _essence(one) == _essence(other)
    return False


def _essence(entry: Document) -> Document:
    return {
        key: value for key, value in entry.items() if key not in POSITION and value not in ({}, "")
    }


def _holds(after: Document, linked: frozenset[Json], made: Change) -> bool:
    """Whether what a change wrote can stand in the document it led to."""
    section, *rest = made.path
    nodes = _part(after, "nodes")
    if section == "links" and len(rest) == 2 and made.value is not UNSET:
        return rest[0] in nodes and made.value in nodes
    if section == "nodes" and len(rest) == 1 and made.value is UNSET:
        return rest[0] not in linked
    if section in {"nodes", "notes"} and len(rest) > 1 and made.value is not UNSET:
        return "id" in _part(_part(after, section), rest[0])
    return True


def _linked(links: Document) -> frozenset[Json]:
    """Every node that a link begins or ends at."""
    found: set[Json] = set()
    for node, ways in links.items():
        if isinstance(ways, dict) and ways:
            found.add(node)
            found.update(target for target in ways.values() if isinstance(target, str))
    return frozenset(found)


def _part(document: Document, key: str) -> Document:
    part = document.get(key)
    return cast("Document", part) if isinstance(part, dict) else {}
