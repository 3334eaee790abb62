"""Every edit that waits, with what it waits for. Not for the GUI thread."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, OpState, Place, Transfer, Waiting, Way
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
    TOGETHER = "together"
    """Another edit of the same gesture waits or was refused; all of them arrive, or none."""
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
    done: int = 0
    """How many of its bytes the service has."""
    is_refused: bool = False
    """It arrived as another file, twice: somebody has to look at it."""

    @property
    def percent(self) -> int:
        """How much of it has arrived."""
        return 100 * self.done // self.size if self.size else 0


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
    target: str = ""
    """Of an action: the name of what it is about beside its object."""
    is_company_refused: bool = False
    """Whether somebody has to decide on another edit of its gesture."""

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
    def gesture(self) -> str:
        """What it was done together with; empty for an edit on its own."""
        return self.waiting.row.group

    @property
    def is_action(self) -> bool:
        """Whether it is a guarded verb that was decided on, and not an edit."""
        return self.waiting.row.op.kind == "action"

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
        return self.waiting.row.op.kind == "create"

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
    """The edits of one object, or of one gesture over several; oldest first."""

    entries: tuple[Entry, ...]

    @property
    def is_gesture(self) -> bool:
        """Whether they were done as one, and go as one."""
        return bool(self.first.gesture)

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
    under_way = {each.place: each for each in cache.transfers.all(Way.UP)}
    files = {each: _file(cache, each, under_way.get(each)) for each in cache.blobs.unsent()}
    projects = {row.id: str(row.data.get("name", "")) for row in cache.rows("project")}
    entries = tuple(_entries(waiting, files, _Names(cache, projects)))
    mentioned = {each.place for entry in entries for each in entry.files}
    strays = tuple(each for place, each in files.items() if place not in mentioned)
    since = _empty_since(cache, clock, is_empty=not entries and not strays)
    return Listing(entries, strays, since)


def _file(cache: Cache, place: Place, transfer: Transfer | None) -> File:
    size = cache.blobs.size(place)
    if transfer is None:
        return File(place, size)
    return File(place, size, done=transfer.done, is_refused=bool(transfer.problem))


def grouped(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """By gesture, else by object; those with the oldest edits first."""
    groups: dict[str, list[Entry]] = {}
    for each in entries:
        groups.setdefault(each.gesture or each.object_id, []).append(each)
    return tuple(Group(tuple(each)) for each in groups.values())


class _Names:
    """What people call projects, and the flows that actions are about."""

    def __init__(self, cache: Cache, projects: Mapping[str, str]) -> None:
        self._cache = cache
        self._projects = projects

    def project(self, waiting: Waiting) -> str:
        """The project of an edit."""
        return self._projects.get(waiting.project_id, "")

    def target(self, waiting: Waiting) -> str:
        """The flow that a number is given to."""
        op = waiting.row.op
        flow = (op.value or {}).get("flow_id") if op.kind == "action" else None
        row = self._cache.row("flow", flow) if isinstance(flow, str) else None
        return "" if row is None else str(row.data.get("name", ""))


def _entries(
    waiting: Iterable[Waiting], files: Mapping[Place, File], names: _Names
) -> Iterator[Entry]:
    waiting = tuple(waiting)
    stuck = {each.row.group for each in waiting if each.row.group and _is_disputed(each)}
    last: dict[str, Entry] = {}
    for each in waiting:
        op = each.row.op
        places = (Place(each.project_id, digest) for digest in sorted(each.digests))
        mine = tuple(files[place] for place in places if place in files)
        before = last.get(op.id)
        if before is not None and before.gesture and before.gesture == each.row.group:
            before = before.behind
        is_stuck = each.row.group in stuck and not _is_disputed(each)
        state = _state(each, before, has_files=bool(mine))
        entry = Entry(
            waiting=each,
            state=State.TOGETHER if is_stuck and state is State.WAITING else state,
            project=names.project(each),
            behind=before,
            files=mine,
            author=_author(each),
            target=names.target(each),
            is_company_refused=is_stuck,
        )
        if not _stops_nothing(entry):
            last[op.id] = entry
        yield entry


def _stops_nothing(entry: Entry) -> bool:
    """What waits for a decision, and nothing was made upon (``cache/claiming.py``)."""
    if entry.is_action:
        return entry.state is State.REFUSED
    return entry.state is State.CONFLICT and not entry.gesture


def _is_disputed(waiting: Waiting) -> bool:
    return waiting.row.state in {OpState.REJECTED, OpState.CONFLICT}


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
