"""What would change on a service so that it says what a folder says, object by object.

Objects are told apart by type and name. Drafts change freely; what callers hear changes only where
publishing is asked for. Nothing is deleted: what the folder has not is archived where that is asked
for. A plan made again says the same, as long as neither side has changed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import UNSET, Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import UNHEARD
from cx_desktop.domain.objects import refers, renamed
from cx_desktop.domain.patch import Change, Document, based, encode, is_cosmetic
from cx_desktop.domain.project.kinds import KINDS
from cx_desktop.domain.project.project import (
    Key,
    Project,
    Stated,
    blobs_of,
)

#: What goes on using an object as it was published, until it is published again.
PINNED = frozenset({"flow", "prompt"})

#: The parts of a flow that callers never meet.
_UNSEEN = UNHEARD | {"notes"}


class Act(StrEnum):
    """What becomes of an object; in the order in which it is done."""

    CREATE = "create"
    RESTORE = "restore"
    CHANGE = "change"
    PUBLISH = "publish"
    ASSIGN = "assign"
    ARCHIVE = "archive"


class Held(Struct, frozen=True, kw_only=True):
    """One object as the service has it."""

    type: str
    id: str
    etag: str
    name: str
    description: str = ""
    is_archived: bool = False
    entity: Document = {}
    """All that the service says of it."""
    draft: Document = {}
    live: Document | None = None
    """What callers hear, if anything."""
    live_revision: int | None = None
    pins: Mapping[str, int] = {}
    """The versions of other objects that callers hear with it."""

    @property
    def key(self) -> Key:
        """What tells it apart."""
        return Key(self.type, self.name)


class HeldNumber(Struct, frozen=True):
    """One number as the service has it."""

    id: str
    etag: str
    e164: str
    label: str = ""
    flow_id: str | None = None


class Present(Struct, frozen=True):
    """A project as the service has it."""

    project_id: str
    name: str
    objects: tuple[Held, ...] = ()
    numbers: tuple[HeldNumber, ...] = ()


class Wishes(Struct, frozen=True):
    """What is wanted besides drafts."""

    publish: bool = False
    archive_missing: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """One act on one object; ``old`` and ``new`` are drafts in which names stand for ids."""

    act: Act
    type: str
    name: str
    id: str
    etag: str = ""
    file: str = ""
    changes: tuple[Change, ...] = ()
    """To the entity, by the ids of the service."""
    draft: Document = {}
    """The whole new draft, by the ids of the service."""
    description: str = ""
    old: Document | None = None
    new: Document | None = None
    blobs: frozenset[str] = frozenset()
    was: str = ""
    flow_id: str | None = None
    """Of a number: the flow that shall answer it; ``was`` and ``description`` are names."""

    @property
    def digest(self) -> str:
        """Equal for equal steps, told by names; where things are drawn is no matter."""
        said = [self.act, self.type, self.name, self.description, self.was, self._difference()]
        return hashlib.sha256(encode(said)).hexdigest()

    def _difference(self) -> object:
        if self.old is None or self.new is None:
            return self.new
        return [
            (each.path, _plain(each.value), _plain(each.was))
            for each in KINDS[self.type].changes(self.old, self.new)
            if not is_cosmetic(each.path)
        ]


class Unheard(Struct, frozen=True):
    """An object of which callers hear another version, or none."""

    type: str
    name: str


class Plan(Struct, frozen=True):
    """Everything that would be done, in order; and what would still not be heard afterwards."""

    project_id: str
    steps: tuple[Step, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    missing: tuple[Key, ...] = ()
    """What the service has and the folder has not, and is left alone."""
    unknown_numbers: tuple[str, ...] = ()
    """Numbers of the folder that the service has not: an operator brings them."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps

    def count(self, act: Act) -> int:
        """How many acts of one sort there are."""
        return sum(each.act is act for each in self.steps)


def plan(
    project: Project, present: Present, wishes: Wishes, new_id: Callable[[Key], str] | None = None
) -> Plan:
    """Compare a folder with a service.

    ``new_id`` gives the ids of objects that are to be made; else they are called by their names.
    """
    return _Planner(project, present, wishes, new_id or _placeholder).plan()


class _Planner:
    def __init__(
        self,
        project: Project,
        present: Present,
        wishes: Wishes,
        new_id: Callable[[Key], str],
    ) -> None:
        self._project = project
        self._present = present
        self._wishes = wishes
        self._held = _by_key(present.objects)
        self._ids = {each.key: each.id for each in self._held.values()}
        for stated in project.objects:
            self._ids.setdefault(stated.key, "")
            self._ids[stated.key] = self._ids[stated.key] or new_id(stated.key)
        self._names = {Key(key.type, each): key.name for key, each in self._ids.items()}

    def plan(self) -> Plan:
        project, wishes = self._project, self._wishes
        order = list(KINDS)
        objects = sorted(project.objects, key=lambda each: (order.index(each.type), each.name))
        steps = [step for each in objects for step in self._drafted(each)]
        unheard = self._unheard(objects)
        if wishes.publish:
            steps += (self._published(each) for each in unheard)
            steps += self._assigned()
        stated = {each.key for each in project.objects}
        missing = [
            each for each in self._held.values() if each.key not in stated and not each.is_archived
        ]
        if wishes.archive_missing:
            steps += map(_archived, sorted(missing, key=lambda each: -order.index(each.type)))
        left = () if wishes.archive_missing else tuple(sorted(each.key for each in missing))
        known = {each.e164 for each in self._present.numbers}
        return Plan(
            project_id=self._present.project_id,
            steps=tuple(steps),
            unheard=()
            if wishes.publish
            else tuple(Unheard(each.type, each.name) for each in unheard),
            missing=left,
            unknown_numbers=tuple(each.e164 for each in project.numbers if each.e164 not in known),
        )

    def _drafted(self, stated: Stated) -> Iterator[Step]:
        """What becomes of a draft: made, brought back from the archive, changed, or nothing."""
        held = self._held.get(stated.key)
        draft = self._by_ids(stated)
        blobs = blobs_of(stated.type, draft)
        if held is None:
            yield Step(
                act=Act.CREATE,
                type=stated.type,
                name=stated.name,
                id=self._ids[stated.key],
                file=stated.file,
                draft=draft,
                description=stated.description,
                new=stated.draft,
                blobs=blobs,
            )
            return
        if held.is_archived:
            yield Step(
                act=Act.RESTORE,
                type=held.type,
                name=held.name,
                id=held.id,
                etag=held.etag,
                file=stated.file,
            )
        changes = tuple(_changes(stated, held, draft))
        if changes:
            yield Step(
                act=Act.CHANGE,
                type=held.type,
                name=held.name,
                id=held.id,
                etag=held.etag,
                file=stated.file,
                changes=changes,
                draft=draft,
                description=stated.description,
                old=self._by_names(held.type, held.draft),
                new=stated.draft,
                was=held.description,
                blobs=blobs,
            )

    def _unheard(self, objects: Iterable[Stated]) -> list[Stated]:
        """What callers do not hear as the folder says it, or with older parts than they would."""
        objects = list(objects)
        found = {each.key for each in objects if self._is_unheard(each)}
        while stale := {
            each.key for each in objects if each.key not in found and self._is_stale(each, found)
        }:
            found |= stale
        return [each for each in objects if each.key in found]

    def _is_unheard(self, stated: Stated) -> bool:
        """Whether callers do not hear what the folder says."""
        held = self._held.get(stated.key)
        if held is None or held.live is None:
            return True
        changes = KINDS[stated.type].changes(held.live, self._by_ids(stated))
        return any(each.path[0] not in _UNSEEN and not is_cosmetic(each.path) for each in changes)

    def _is_stale(self, stated: Stated, unheard: Iterable[Key]) -> bool:
        """Whether it plays an older version of something than callers would hear then."""
        held = self._held.get(stated.key)
        if held is None or held.live is None:
            return False
        coming = {self._ids[each] for each in unheard if each.type in PINNED}
        latest = {each.id: each.live_revision for each in self._held.values()}
        return any(
            target.id in coming or latest.get(target.id) != held.pins.get(target.id)
            for target in refers(held.type, held.live)
            if target.type in PINNED and target.id in latest
        )

    def _published(self, stated: Stated) -> Step:
        held = self._held.get(stated.key)
        live = held.live if held is not None else None
        return Step(
            act=Act.PUBLISH,
            type=stated.type,
            name=stated.name,
            id=self._ids[stated.key],
            etag=held.etag if held is not None else "",
            file=stated.file,
            old=self._by_names(stated.type, live) if live is not None else None,
            new=stated.draft,
        )

    def _assigned(self) -> Iterator[Step]:
        numbers = {each.e164: each for each in self._present.numbers}
        for line in self._project.numbers:
            held = numbers.get(line.e164)
            wanted = self._ids.get(Key("flow", line.flow), line.flow) or None
            if held is not None and held.flow_id != wanted:
                yield Step(
                    act=Act.ASSIGN,
                    type="number",
                    name=line.e164,
                    id=held.id,
                    etag=held.etag,
                    description=line.flow,
                    was=self._names.get(Key("flow", held.flow_id or ""), held.flow_id or ""),
                    flow_id=wanted,
                )

    def _by_ids(self, stated: Stated) -> Document:
        def rename(kind: str, name: str) -> str:
            return self._ids.get(Key(kind, name), name)

        return renamed(stated.type, stated.draft, rename)

    def _by_names(self, kind: str, draft: Document) -> Document:
        def rename(kind: str, object_id: str) -> str:
            return self._names.get(Key(kind, object_id), object_id)

        return renamed(kind, draft, rename)


def _changes(stated: Stated, held: Held, draft: Document) -> Iterator[Change]:
    """The changes to an entity, each with what stands at its place."""
    if stated.description != held.description:
        yield Change(("description",), stated.description, held.description)
    found = KINDS[held.type].changes(held.draft, draft)
    yield from based(held.entity, (Change(("draft", *each.path), each.value) for each in found))


def _archived(held: Held) -> Step:
    return Step(act=Act.ARCHIVE, type=held.type, name=held.name, id=held.id, etag=held.etag)


def _by_key(objects: Iterable[Held]) -> dict[Key, Held]:
    """The object that a name means: the one in use, else the last that was archived."""
    found: dict[Key, Held] = {}
    for each in sorted(objects, key=lambda each: (not each.is_archived, each.id)):
        twin = found.get(each.key)
        if twin is not None and not twin.is_archived:
            raise CXError("problem.project-twins", type=each.type, name=each.name)
        found[each.key] = each
    return found


def _placeholder(key: Key) -> str:
    return f"new:{key.name}"


def _plain(value: object) -> object:
    return None if value is UNSET else value


def without(steps: Iterable[Step], digests: Iterable[str]) -> tuple[Step, ...]:
    """The steps that are none of these."""
    known = set(digests)
    return tuple(each for each in steps if each.digest not in known)


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Tells whether a folder says the same as before."""
    told = hashlib.sha256()
    for path in sorted(files):
        told.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return told.hexdigest()
