"""Every edit that waits, with what it waits for. Not for the GUI thread."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, OpState, Place, Waiting
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.ports import Clock
from cx_desktop.protocol import Person

_EMPTY_SINCE = "outbox.empty-since"


class State(StrEnum):
    """How an edit stands; ``outbox.state.<value>``."""

    WAITING = "waiting"
    SENDING = "sending"
    UNANSWERED = "unanswered"
    """It was sent, and the service's answer did not come: it may have it."""
    BEHIND = "behind"
    """An earlier edit of the same object has to arrive first."""
    FILE = "file"
    """A file that it mentions has to arrive first."""
    REFUSED = "refused"
    CONFLICT = "conflict"


#: In these somebody has to decide.
DISPUTED = frozenset({State.REFUSED, State.CONFLICT})

_NODES = frozenset({"nodes", "links"})


class File(Struct, frozen=True):
    """A file that has not been sent."""

    place: Place
    size: int


class Entry(Struct, frozen=True, kw_only=True):
    """One edit, as a person reads of it."""

    waiting: Waiting
    state: State
    project: str
    behind: "Entry | None" = None
    """The edit that has to arrive first."""
    files: tuple[File, ...] = ()
    author: Person | None = None
    """Who wrote what the edit is in conflict with."""

    @property
    def op_id(self) -> str:
        """The edit's id."""
        return self.waiting.row.op.op_id

    @property
    def type(self) -> str:
        """What it is an edit of."""
        return self.waiting.row.op.entity

    @property
    def object_id(self) -> str:
        """The id of that object."""
        return self.waiting.row.op.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.waiting.name

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.waiting.row.op.at

    @property
    def is_creation(self) -> bool:
        """Whether it makes the object."""
        return self.waiting.row.op.value is not None

    @property
    def node(self) -> str | None:
        """The first node of a flow that it touches."""
        paths = (each.path for each in self.waiting.row.op.changes)
        return next((path[2] for path in paths if len(path) > 2 and path[1] in _NODES), None)

    @property
    def error(self) -> CXError | None:
        """Why the service refused it."""
        problem = self.waiting.row.problem
        return ServiceProblem(problem) if problem and self.state is State.REFUSED else None


class Group(Struct, frozen=True):
    """The edits of one object, oldest first."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        """The oldest; it also names the object."""
        return self.entries[0]


class Listing(Struct, frozen=True):
    """All that waits."""

    entries: tuple[Entry, ...] = ()
    strays: tuple[File, ...] = ()
    """Files on their way that no edit on its way mentions."""
    empty_since: datetime | None = None
    """Since when nothing waits, if so."""

    @property
    def count(self) -> int:
        """How many edits and files the service does not have."""
        return len(self.entries) + len(self.strays)


def read_listing(cache: Cache, clock: Clock) -> Listing:
    """Look at the outbox as it stands."""
    waiting = cache.outgoing.waiting()
    files = {each: File(each, cache.blobs.size(each)) for each in cache.blobs.unsent()}
    projects = {row.id: str(row.data.get("name", "")) for row in cache.rows("project")}
    entries = tuple(_entries(waiting, files, projects))
    mentioned = {each.place for entry in entries for each in entry.files}
    strays = tuple(each for place, each in files.items() if place not in mentioned)
    since = _empty_since(cache, clock, is_empty=not entries and not strays)
    return Listing(entries, strays, since)


def grouped(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """By object, those with the oldest edits first."""
    groups: dict[str, list[Entry]] = {}
    for each in entries:
        groups.setdefault(each.object_id, []).append(each)
    return tuple(Group(tuple(each)) for each in groups.values())


def _entries(
    waiting: Iterable[Waiting], files: Mapping[Place, File], projects: Mapping[str, str]
) -> Iterator[Entry]:
    last: dict[str, Entry] = {}
    for each in waiting:
        op = each.row.op
        places = (Place(each.project_id, digest) for digest in sorted(each.digests))
        mine = tuple(files[place] for place in places if place in files)
        before = last.get(op.id)
        entry = Entry(
            waiting=each,
            state=_state(each, before, has_files=bool(mine)),
            project=projects.get(each.project_id, ""),
            behind=before,
            files=mine,
            author=_author(each),
        )
        last[op.id] = entry
        yield entry


def _state(waiting: Waiting, before: Entry | None, *, has_files: bool) -> State:
    row = waiting.row
    match row.state:
        case OpState.REJECTED:
            return State.REFUSED
        case OpState.CONFLICT:
            return State.CONFLICT
        case OpState.INFLIGHT:
            return State.SENDING
    if before is not None:
        return State.BEHIND
    if row.attempts:
        return State.UNANSWERED
    return State.FILE if has_files else State.WAITING


def _author(waiting: Waiting) -> Person | None:
    if waiting.theirs is None:
        return None
    try:
        return object_facts(waiting.theirs).updated_by
    except msgspec.ValidationError:  # a newer program wrote it
        return None


def _empty_since(cache: Cache, clock: Clock, *, is_empty: bool) -> datetime | None:
    """Since when nothing waits; remembered over restarts."""
    known = cache.meta(_EMPTY_SINCE)
    if not is_empty:
        if known:
            cache.set_meta(_EMPTY_SINCE, "")
        return None
    if known:
        return datetime.fromisoformat(known)
    now = clock.now()
    cache.set_meta(_EMPTY_SINCE, now.isoformat())
    return now
