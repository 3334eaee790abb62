"""What goes into the cache and comes out of it: rows, edits, what waits to be sent."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Change, Document, Json, Path
from cx_desktop.protocol import Op, Problem

Origin: TypeAlias = Literal["local", "remote"]


class Row(Struct, frozen=True):
    """One entity as it stands on this computer: the service's state with our unsent edits."""

    type: str
    id: str
    ver: int
    seq: int
    project_id: str | None
    is_dirty: bool
    data: Document


class Edit(Struct, frozen=True):
    """A wish to change an entity: ``changes`` to one that exists, or the ``value`` of a new one."""

    entity_type: str
    id: str
    changes: tuple[Change, ...] = ()
    value: Document | None = None


class Action(Struct, frozen=True):
    """A guarded verb decided now, to happen when the network is back, in time or never."""

    entity_type: str
    id: str
    verb: str
    not_after: datetime
    value: Document = {}


class Changed(Struct, frozen=True):
    """What a transaction did to the entities of one type."""

    entity_type: str
    ids: frozenset[str]
    origin: Origin


class OpState(StrEnum):
    """Where an edit is on its way to the service."""

    PENDING = "pending"
    INFLIGHT = "inflight"
    CONFLICT = "conflict"
    """The service holds something else at the same places: ``decide`` them. It stops nothing."""
    REJECTED = "rejected"
    """The service refused it, and says why in ``problem``: ``resolve`` it."""
    ACKED = "acked"
    """In the service's history; kept until that is known to be in a backup."""


#: States in which an edit still belongs to the effective value of its entity.
UNSETTLED = (OpState.PENDING, OpState.INFLIGHT, OpState.CONFLICT, OpState.REJECTED)
#: States in which somebody has to decide.
DISPUTED = (OpState.CONFLICT, OpState.REJECTED)


class OutboxRow(Struct, frozen=True):
    """An edit on its way to the service."""

    op: Op
    state: OpState
    attempts: int
    problem: Problem | None
    after: str
    """The edit of the same entity before it, which must arrive first."""
    group: str = ""
    """The gesture that it is one of several edits of: all of them arrive, or none."""


class Unsent(Struct, frozen=True):
    """How many edits the service does not have yet, and since when."""

    count: int
    oldest: datetime | None


class KeptPart(Struct, frozen=True, omit_defaults=True):
    """A part of a draft that one removed while the other changed or needed it: it stays."""

    section: str
    id: str
    is_mine_removed: bool
    """Whether it was removed here; else the others removed it."""
    base: Json = UNSET
    value: Json = UNSET
    """It as whoever did not remove it has it."""

    @property
    def path(self) -> Path:
        """Its place in the object."""
        return ("draft", self.section, self.id)


class Arisen(Struct, frozen=True):
    """What is wrong with an object only since two people's edits came together."""

    finding: Finding
    who: str
    at: datetime


class Conflict(Struct, frozen=True):
    """An edit that the service did not take; nothing of it is lost until it is resolved.

    Where others wrote at the same places, ``changes`` holds just these: what stood there, and what
    it is here. All else of such an edit was brought together with theirs.
    """

    op_id: str
    entity_type: str
    id: str
    changes: tuple[Change, ...]
    value: Document | None
    theirs: Document | None
    """What the service holds; nothing when the edit was refused for another reason."""
    theirs_ver: int
    opened: datetime
    problem: Problem | None
    kept: tuple[KeptPart, ...] = ()
    now: Document | None = None
    """What the service holds by now, as far as it was heard of."""


class Quarantined(Struct, frozen=True):
    """A row of the service that this program cannot read; kept aside, it stops nothing."""

    stream: str
    id: str
    seq: int
    error: str


class StreamState(Struct, frozen=True):
    """How far one stream of the service has been read."""

    name: str
    cursor: str = ""
    """Where the next page begins; empty until a first snapshot is complete."""
    resume: str = ""
    """Where a snapshot that was cut off goes on."""
    gen: int = 0
    high_seq: int = 0
    """The service's position up to which this stream is known to be complete."""
    access_version: str = ""
    rows: int = 0
    """How many rows the snapshot under way has brought so far."""
    total: int = 0
    """How many rows were here when that snapshot began."""
    last_ok: datetime | None = None


class PutRow(Struct, frozen=True, tag="put", tag_field="t"):
    """A row of a page with the entity's JSON as it came, byte by byte."""

    id: str
    ver: int
    seq: int
    data: msgspec.Raw


class GoneRow(Struct, frozen=True, tag="del", tag_field="t"):
    """A tombstone of a page."""

    id: str
    seq: int
    reason: str


PageRow: TypeAlias = PutRow | GoneRow


class Unfit(Struct, frozen=True):
    """A line of a page that is no row this program can read."""

    id: str
    seq: int
    raw: bytes
    error: str
