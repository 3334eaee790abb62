"""Edits as data: a change sets or removes one place of a JSON document and knows what stood there.

A *change* carries its base (``was``), so that whoever applies it can tell an undisturbed place from
one that somebody else moved meanwhile: the same three-way rule serves undo, the cache and the
service (``sync.md`` 2.4). Places are paths of object keys; lists are values, never walked into.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec
from msgspec import UNSET, Struct

#: Any JSON value: what msgspec decodes without a type. Narrow it with ``isinstance`` before use.
Json: TypeAlias = object
Document: TypeAlias = dict[str, Json]
Path: TypeAlias = tuple[str, ...]


#: The fields of a node or a note that say where it is drawn.
POSITION = frozenset({"x", "y"})


def is_cosmetic(path: Path) -> bool:
    """Whether a place says only where a node or a note is drawn: the later writer wins there."""
    return len(path) >= 3 and path[-1] in POSITION and path[-3] in {"nodes", "notes"}


class Change(Struct, frozen=True, omit_defaults=True):
    """One place of a document and its new value; ``UNSET`` means the place does not exist."""

    path: Path
    value: Json = UNSET
    was: Json = UNSET

    @property
    def inverse(self) -> "Change":
        """The change that puts back what stood there."""
        return Change(path=self.path, value=self.was, was=self.value)


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal; unlike in Python, ``true`` is not 1."""
    if one is other:
        return True
    if type(one) is str:
        return one == other
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def read(document: Document, path: Path) -> Json:
    """What stands at a path, or ``UNSET`` when nothing does."""
    here: Json = document
    for key in path:
        if not isinstance(here, dict) or key not in here:
            return UNSET
        here = here[key]
    return here


def change(document: Document, path: Path, value: Json) -> Change:
    """The change that brings ``path`` of this document to ``value``."""
    return Change(path=path, value=value, was=read(document, path))


def based(document: Document, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same changes in order, each with what will stand at its place in ``document`` by then.

    Whoever makes changes from a *read view* (a ``Flow``) passes them through here with the verbatim
    document, so that unknown fields and spelled-out defaults never look like somebody's edit.
    """
    fresh: dict[int, Document] = {}
    document, result = _own(document, fresh), []
    for each in changes:
        known = change(document, each.path, each.value)
        _make(document, known, fresh)
        result.append(known)
    return tuple(result)


def apply(document: Document, changes: Iterable[Change]) -> Document:
    """A new document with the changes made; untouched parts are shared with the old one.

    Objects on the way to a place are made when they are missing, and left, even empty, when their
    last place is removed. A cosmetic place of an object that is gone stays gone with it.
    """
    fresh: dict[int, Document] = {}
    result = _own(document, fresh)
    for each in changes:
        _make(result, each, fresh)
    return result


def _make(document: Document, made: Change, fresh: dict[int, Document]) -> None:
    """Make a change in a document whose objects are copied when they are not fresh."""
    if is_cosmetic(made.path) and read(document, made.path[:-1]) is UNSET:
        return
    here = document
    for key in made.path[:-1]:
        below = here.get(key)
        here[key] = here = _own(below if isinstance(below, dict) else {}, fresh)
    if made.value is UNSET:
        here.pop(made.path[-1], None)
    else:
        here[made.path[-1]] = made.value


def _own(document: Document, fresh: dict[int, Document]) -> Document:
    """A copy that this call may write to; one already made by this call is returned as it is."""
    if fresh.get(id(document)) is document:
        return document
    copy = dict(document)
    fresh[id(copy)] = copy
    return copy


def inverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take these back, last first."""
    return tuple(each.inverse for each in reversed(list(changes)))


def overlap(one: Path, other: Path) -> bool:
    """Whether one place lies in the other."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def disturbed(document: Document, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes whose place holds neither what they expect nor what they would write.

    Cosmetic places are never disturbed.
    """
    return tuple(
        each
        for each in changes
        if not is_cosmetic(each.path)
        and not same(now := read(document, each.path), each.was)
        and not same(now, each.value)
    )


def coalesce(changes: Iterable[Change]) -> tuple[Change, ...]:
    """One change per place, from its first base to its last value; those that change nothing go.

    A change below a place that is already written becomes part of that value; changes below a
    place that is written later are taken back out of its base. So the result applies wherever
    the originals would have.
    """
    merged: dict[Path, Change] = {}
    places_below: Counter[Path] = Counter()  # how many merged places lie below a path
    for each in changes:
        above = next((p for n in range(1, len(each.path)) if (p := each.path[:n]) in merged), None)
        if above is not None and isinstance(value := merged[above].value, dict):
            inside = Change(each.path[len(above) :], each.value)
            merged[above] = Change(above, apply(value, [inside]), merged[above].was)
            continue
        was = each.was
        for path in _below(each.path, merged) if places_below[each.path] else ():
            below = Change(path[len(each.path) :], merged.pop(path).was)
            places_below.subtract(_prefixes(path))
            was = apply(was, [below]) if isinstance(was, dict) else was
        first = merged.pop(each.path, None)
        if first is None:
            places_below.update(_prefixes(each.path))
        merged[each.path] = Change(each.path, each.value, was if first is None else first.was)
    return tuple(each for each in merged.values() if not same(each.value, each.was))


def _prefixes(path: Path) -> list[Path]:
    return [path[:length] for length in range(1, len(path))]


def _below(path: Path, places: Iterable[Path]) -> list[Path]:
    return [each for each in places if len(each) > len(path) and each[: len(path)] == path]


def differences(
    old: Document, new: Document, *, depth: Mapping[str, int] | None = None
) -> tuple[Change, ...]:
    """The changes that turn ``old`` into ``new``.

    ``depth`` says, per first key, how many keys make one place (default 1): with
    ``{"nodes": 3}`` the place ``nodes/n1/title`` is compared on its own.
    """
    return tuple(_differences(old, new, (), depth or {}))


def _differences(
    old: Document, new: Document, at: Path, depth: Mapping[str, int]
) -> Iterator[Change]:
    for key in [*old, *(key for key in new if key not in old)]:
        path = (*at, key)
        was, value = old.get(key, UNSET), new.get(key, UNSET)
        if same(was, value):
            continue
        deeper = len(path) < depth.get(path[0], 1)
        if deeper and isinstance(was, dict) and isinstance(value, dict):
            yield from _differences(was, value, path, depth)
        else:
            yield Change(path=path, value=value, was=was)


def encode(document: Json) -> bytes:
    """The one canonical JSON form of a document: keys sorted, no spaces, UTF-8."""
    return msgspec.json.encode(document, order="sorted")
