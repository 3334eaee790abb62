"""The merge itself: scalar atoms first, then what was removed on one side and needed on the other.

- An atom that one side changed has that side's value; one that both changed alike has it too; one
  that both changed differently is a dispute, unless it is only a place on the canvas, or a link
  that one side lost only because it removed the node at its end.
- What one side removed and the other left alone (or only moved about) is removed.
- What one side removed and the other changed, or came to lead to, is kept whole as the other has
  it: its fields, its exits, and the links into it that went with it. What those links and exits
  lead to is needed then as well, and so on until nothing more is missing.
- A link whose end is in no version at all is not made: whoever wanted it is told by a dispute.
"""

from collections.abc import Iterator

from msgspec import UNSET

from cx_desktop.domain.flow.merge.atoms import (
    FLOW,
    Atoms,
    Shape,
    atoms_of,
    document_of,
    entries,
    owner,
)
from cx_desktop.domain.flow.merge.outcome import Dispute, Kept, Merged, Side
from cx_desktop.domain.patch import Document, Json, Path, encode, is_cosmetic, same

_Whole = tuple[str, str]
"""A node or a note: its section and its id."""


def merge(base: Document, mine: Document, theirs: Document, shape: Shape = FLOW) -> Merged:
    """Bring two versions of a document together, a flow's if nothing is said. Changes neither.

    Clean results do not depend on which side is called mine; of a disputed atom the document
    holds their value, so that what is shared already stays as everybody knows it.
    """
    sides = (atoms_of(each, shape) for each in (base, mine, theirs))
    return Merging(*sides, shape=shape).outcome()


class Merging:
    """One merge under way."""

    def __init__(self, base: Atoms, mine: Atoms, theirs: Atoms, *, shape: Shape = FLOW) -> None:
        self._shape = shape
        self._base = base
        self._sides = {Side.MINE: mine, Side.THEIRS: theirs}
        self._gone = {side: frozenset(self._gone_from(side)) for side in Side}
        self._removed = {side: self._gone[side] - self._gone[side.other] for side in Side}
        self._needed = {side: self._needed_by(side) for side in Side}
        self._kept: dict[_Whole, Side] = {}

    def outcome(self) -> Merged:
        """The merged document, and what somebody has to decide about it."""
        atoms, disputes = self._scalars()
        for whole, removed_by in self._rescued():
            self._kept[whole] = removed_by
            self._restore(atoms, whole, removed_by.other)
        self._drop_remains(atoms)
        disputes = [each for each in disputes if self._owner(each.path) not in self._kept]
        return Merged(
            disputes=(*disputes, *self._cut_loose(atoms, {each.path for each in disputes})),
            document=document_of(atoms, self._shape),
            kept=tuple(Kept(*whole, side) for whole, side in self._kept.items()),
        )

    def _gone_from(self, side: Side) -> Iterator[_Whole]:
        """The nodes and notes of the base that one side has not; ``removed`` if the other has."""
        for section in self._shape.wholes:
            gone = entries(self._base, section) - entries(self._sides[side], section)
            yield from ((section, each) for each in gone)

    def _needed_by(self, side: Side) -> frozenset[_Whole]:
        """What one side changed, or came to lead to; moving it about is no change."""
        here, base = self._sides[side], self._base
        needed: set[_Whole] = set()
        for path in dict.fromkeys((*base, *here)):
            if is_cosmetic(path) or same(base.get(path, UNSET), here.get(path, UNSET)):
                continue
            if self._is_cut_off(path, side):
                continue
            whole, named = self._owner(path), self._named_by(here, path)
            if whole is not None:
                needed.add(whole)
            if named is not None:
                needed.add(("nodes", named))
        return frozenset(needed)

    def _scalars(self) -> tuple[dict[Path, Json], list[Dispute]]:
        """Every atom by itself, and the disputes."""
        mine, theirs = self._sides[Side.MINE], self._sides[Side.THEIRS]
        atoms: dict[Path, Json] = {}
        disputes = []
        for path in dict.fromkeys((*self._base, *theirs, *mine)):
            values = [each.get(path, UNSET) for each in (self._base, mine, theirs)]
            settled, is_disputed = _settled(path, *values)
            if is_disputed and (winner := self._not_cut_off(path)) is not None:
                settled, is_disputed = self._sides[winner].get(path, UNSET), False
            if settled is not UNSET:
                atoms[path] = settled
            if is_disputed:
                disputes.append(Dispute(path, *values))
        return atoms, disputes

    def _not_cut_off(self, path: Path) -> Side | None:
        """The side that led a link elsewhere, where the other lost it with the node at its end."""
        return next((side.other for side in Side if self._is_cut_off(path, side)), None)

    def _is_cut_off(self, path: Path, side: Side) -> bool:
        """Whether a side lost a link, or a name, only because it removed the node at its end."""
        target = ("nodes", self._named_by(self._base, path))
        return path not in self._sides[side] and target in self._gone[side]

    def _rescued(self) -> Iterator[tuple[_Whole, Side]]:
        """What one side removed and must not go, with that side; more as more is rescued."""
        waiting = [
            (whole, side)
            for side in Side
            for whole in sorted(self._removed[side])
            if whole in self._needed[side.other]
        ]
        seen = {whole for whole, _ in waiting}
        while waiting:
            whole, side = waiting.pop(0)
            yield whole, side
            for target in self._ends_of(whole, side.other):
                by = next((each for each in Side if target in self._removed[each]), None)
                if by is not None and target not in seen:
                    seen.add(target)
                    waiting.append((target, by))

    def _ends_of(self, whole: _Whole, side: Side) -> Iterator[_Whole]:
        """The nodes that a node of one side leads to or names."""
        atoms = self._sides[side]
        for path in atoms:
            if self._owner(path) == whole and (named := self._named_by(atoms, path)) is not None:
                yield ("nodes", named)

    def _restore(self, atoms: dict[Path, Json], whole: _Whole, keeper: Side) -> None:
        """Take a node or a note whole from one side, with the links into it that went with it."""
        there, gone = self._sides[keeper], self._sides[keeper.other]
        for path in [path for path in atoms if self._owner(path) == whole]:
            del atoms[path]
        standing = {self._owner(path) for path in atoms} | {None, whole}
        for path, value in there.items():
            leads_there = whole[0] == "nodes" and self._named_by(there, path) == whole[1]
            went_along = leads_there and path not in gone and path not in atoms
            if self._owner(path) == whole or (went_along and self._owner(path) in standing):
                atoms[path] = value

    def _owner(self, path: Path) -> _Whole | None:
        return owner(path, self._shape)

    def _named_by(self, atoms: Atoms, path: Path) -> str | None:
        return self._shape.named_by(atoms, path)

    def _cut_loose(self, atoms: dict[Path, Json], told: set[Path]) -> Iterator[Dispute]:
        """Take out links to what is not there; those that hang loose in theirs stay as they are."""
        mine, theirs = self._sides[Side.MINE], self._sides[Side.THEIRS]
        standing, stood = entries(atoms, "nodes"), entries(theirs, "nodes")
        for path in [path for path in atoms if path[0] == "links" and len(path) > 2]:
            ends = {path[1], str(atoms[path])}
            hung_loose = same(theirs.get(path, UNSET), atoms[path]) and not ends <= stood
            if ends <= standing or hung_loose:
                continue
            del atoms[path]
            values = (each.get(path, UNSET) for each in (self._base, mine, theirs))
            lost = Dispute(path, *values)
            is_news = not same(lost.mine, lost.base) and not same(lost.mine, lost.theirs)
            if is_news and path[1] in standing and path not in told:
                yield lost

    def _drop_remains(self, atoms: dict[Path, Json]) -> None:
        """Leave nothing of what is removed, such as a place that the other side moved it to."""
        removed = {each for side in Side for each in self._removed[side]} - self._kept.keys()
        for path in [path for path in atoms if self._owner(path) in removed]:
            del atoms[path]


def _settled(path: Path, base: Json, mine: Json, theirs: Json) -> tuple[Json, bool]:
    """The value of one atom, and whether somebody has to decide."""
    if same(mine, theirs) or same(base, mine):
        return theirs, False
    if same(base, theirs):
        return mine, False
    if is_cosmetic(path):
        return max((each for each in (mine, theirs) if each is not UNSET), key=encode), False
    return theirs, True
