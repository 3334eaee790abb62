"""The frames of sync: hello, pages and snapshots in NDJSON, pushed ops and their results."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol.problem import Problem
from cx_desktop.protocol.schema import Count, Schema


class Hello(Struct, frozen=True, omit_defaults=True):
    """``POST /v1/sync/hello``: who asks, and what they last knew."""

    device_id: str
    app: str
    schema: Schema
    epoch: str = ""
    high_seq: Count = 0


class StreamFacts(Struct, frozen=True):
    """One stream as the service sees it for this user."""

    name: str
    rows: int
    access_version: str


class Limits(Struct, frozen=True):
    """How much the service takes and gives at once."""

    page_max: int
    op_max: int
    batch_bytes: int


class Welcome(Struct, frozen=True):
    """The answer to ``Hello``."""

    epoch: str
    schema: int
    server_time: datetime
    high_seq: int
    durable_seq: int
    tombstone_floor_seq: int
    lease: str
    limits: Limits
    streams: tuple[StreamFacts, ...]
    directives: tuple[str, ...] = ()
    """What the device is to ask its directive for; by themselves these words order nothing."""
    newest: int = 0
    """The highest schema that the service speaks; beyond ours, this program needs an update."""


class PageHead(Struct, frozen=True, tag="head", tag_field="t", omit_defaults=True):
    """First line of a page (``GET /v1/sync/changes``, NDJSON)."""

    epoch: str
    stream: str
    high_seq: int
    has_more: bool
    server_time: datetime
    since: str
    """The cursor (or resume mark) of the request, echoed: a stale reply is told by it."""
    cols: tuple[str, ...] = ()
    """Of a snapshot whose rows are arrays: what stands at each place."""


class Put(Struct, frozen=True, tag="put", tag_field="t"):
    """An entity as it stands."""

    id: str
    ver: int
    seq: int
    data: Document


class Gone(Struct, frozen=True, tag="del", tag_field="t"):
    """A tombstone; ``reason`` is ``deleted``, ``retention`` or ``access``."""

    id: str
    seq: int
    reason: str


class PageEnd(Struct, frozen=True, tag="end", tag_field="t"):
    """Last line: without it, or with another checksum, the page does not exist.

    ``sha256`` is the hex digest over the head and every row line, each with its line feed, and
    then ``next`` (``Seal``).
    """

    rows: int
    sha256: str
    next: str
    """The cursor (or resume mark) that this page earns."""


class Mark(Struct, frozen=True, tag="mark", tag_field="t"):
    """Inside a snapshot: what came so far is whole; ``resume`` goes on from here.

    ``rows`` and ``sha256`` count from the head of this reply, so that each mark vouches for all
    that was read before it, and for its own ``resume``.
    """

    rows: int
    sha256: str
    resume: str


class OpStatus(StrEnum):
    """What became of a pushed op (``sync.md`` 1.5)."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    RETRY = "retry"


class Op(Struct, frozen=True, omit_defaults=True):
    """One edit on its way to the service. ``kind`` is ``create``, ``patch`` or ``action``.

    A ``create`` carries its whole document in ``value``, a ``patch`` its ``changes`` with bases, an
    ``action`` the name of its ``verb`` with what it takes in ``value``.
    """

    op_id: str
    n: Count
    entity: str
    id: str
    kind: str
    at: datetime
    base_ver: Count = 0
    changes: tuple[Change, ...] = ()
    value: Document | None = None
    after: str = ""
    supersedes: str = ""
    """The refused op whose edit this one offers again: that one never applies any more."""
    group: str = ""
    """Ops of one gesture, done all or none; all ``members`` come in one batch."""
    members: Count = 0
    verb: str = ""
    if_match: str = ""
    """Of an action: the ETag it was decided on. On any other it never happens."""
    not_after: datetime | None = None
    """Of an action: the moment after which it never happens, by the service's clock."""


class Push(Struct, frozen=True):
    """``POST /v1/sync/push``: a batch of ops, each its own transaction."""

    device_id: str
    epoch: str
    schema: Count
    acked_upto: Count
    ops: tuple[Op, ...]


class OpResult(Struct, frozen=True, omit_defaults=True):
    """The outcome of one op; ``entity`` holds the service's state after merge or conflict."""

    op_id: str
    status: OpStatus
    ver: int = 0
    seq: int = 0
    entity: Document | None = None
    problem: Problem | None = None


class Pushed(Struct, frozen=True):
    """The answer to ``Push``, one result per op, in order."""

    high_seq: int
    durable_seq: int
    server_time: datetime
    results: tuple[OpResult, ...]


class Hint(Struct, frozen=True):
    """A server-sent event: something moved. Never data."""

    epoch: str
    streams: dict[str, int]
