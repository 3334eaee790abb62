"""What the engine's thinking is made of: its state, what happens to it, what it does next."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Limits, Problem, Welcome, is_large
from cx_desktop.sync.holds import Hold
from cx_desktop.sync.pace import Load

STRIKES = 3
_DEFAULT_LIMITS = Limits(page_max=5000, op_max=500, batch_bytes=1_000_000)


class Phase(StrEnum):
    """What the status bar says."""

    OFFLINE = "offline"
    SYNCING = "syncing"
    IDLE = "idle"
    STOPPED = "stopped"


class Kind(StrEnum):
    """What a fault means for the cycle."""

    AWAY = "away"
    """The service cannot be reached or cannot answer now."""
    HERE = "here"
    """This computer cannot go on: a full disk."""
    ENDED = "ended"
    """The service will not have us: a session ended, a device revoked, a program too old."""
    CURSOR = "cursor"
    """A cursor expired: this stream must be read anew."""
    EPOCH = "epoch"
    """The service counts anew: say hello again."""
    CLONED = "cloned"
    """Another copy of this device counts its edits too: these have new counters now."""
    BATCH = "batch"
    """The service refused a batch as a whole."""
    DOUBT = "doubt"
    """A stream read anew would take away very much, and the service does not confirm that."""


class Known(Struct, frozen=True):
    """What the cache knows of a stream."""

    name: str
    has_cursor: bool
    high_seq: int
    access_version: str

    @property
    def is_load(self) -> bool:
        """Whether it is a large stream that has to be read as a whole."""
        return not self.has_cursor and is_large(self.name)


class Later(Struct, frozen=True):
    """An op that is to be sent again, not before ``at``."""

    attempts: int
    at: float


class Doubt(Struct, frozen=True):
    """A stream that was read anew in vain: looked at again, not before ``at``."""

    attempts: int
    at: float
    problem: CXError


class State(Struct, frozen=True):
    """Where the engine is. ``busy`` means that the answer to a question is awaited."""

    epoch: str = ""
    busy: bool = False
    phase: Phase = Phase.STOPPED
    problem: CXError | None = None
    poked: bool = False
    failures: int = 0
    wake_at: float = 0.0
    high_seq: int = 0
    limits: Limits = _DEFAULT_LIMITS
    batch: int = _DEFAULT_LIMITS.op_max
    sent: bool = False
    """Whether the last push carried something, so that another may follow."""
    known: tuple[Known, ...] = ()
    to_pull: tuple[str, ...] = ()
    access: dict[str, str] = {}
    totals: dict[str, int] = {}
    strikes: dict[str, int] = {}
    later: dict[str, Later] = {}
    sizes: dict[str, int] = {}
    """How many rows of each stream are asked for at once."""
    loads: dict[str, Load] = {}
    """How far each large stream is that is being read."""
    hold: Hold = Hold()
    doubts: dict[str, Doubt] = {}

    @property
    def held(self) -> tuple[str, ...]:
        """The large streams that wait for a person or for another line."""
        return tuple(
            each.name
            for each in self.known
            if self.hold.stops_loads and each.is_load and each.name in self.access
        )

    @property
    def stuck(self) -> tuple[str, ...]:
        """What was tried in vain too often."""
        return tuple(name for name, count in self.strikes.items() if count >= STRIKES)


# Events: what happened. ``chance`` is a random number in [0, 1).


class Woken(Struct, frozen=True):
    """Time passed, an edit was made, a hint came. ``is_urgent`` does not wait for a pause."""

    now: float
    is_urgent: bool = False


class Welcomed(Struct, frozen=True):
    """The service answered hello."""

    now: float
    welcome: Welcome
    known: tuple[Known, ...]
    hold: Hold = Hold()


class Adopted(Struct, frozen=True):
    """The cache follows the new epoch."""

    now: float
    known: tuple[Known, ...]


class Sent(Struct, frozen=True):
    """A push was answered and settled; without ``ops`` there was nothing to send."""

    now: float
    chance: float
    ops: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    """Those of them that are to be sent again later."""
    high_seq: int = 0
    is_held: bool = False
    """Nothing was sent: edits wait until the service was read anew."""


class Pulled(Struct, frozen=True):
    """A page, or a whole snapshot, is in the cache."""

    now: float
    stream: str
    high_seq: int
    """The position up to which it was read, if this was the last of it."""
    has_more: bool = False
    is_snapshot: bool = False
    rows: int = 0
    seconds: float = 0.0
    """How long it took to come and to be written; 0 where that was not measured."""


class Part(Struct, frozen=True):
    """A part of a long load is in the cache: it goes on, unless the answer is ``Break``."""

    stream: str
    rows: int
    """How many rows of it are here."""
    more: int
    """How many of them this part brought, in so many ``seconds``."""
    seconds: float
    hold: Hold = Hold()


class Broken(Struct, frozen=True):
    """A long load was left at a mark, as the core wished."""

    now: float
    stream: str


class Expired(Struct, frozen=True):
    """The cache has forgotten a cursor."""

    now: float
    stream: str


class Failed(Struct, frozen=True):
    """A question was not answered, or not with what was asked."""

    now: float
    chance: float
    kind: Kind
    error: CXError
    stream: str = ""
    retry_after: float = 0.0


# Effects: what the engine is to do. ``Confirm`` and ``Complete`` are done, ``Break`` is heeded by
# who told of a part; each of the others is answered by one event, and there is at most one of them.


class SayHello(Struct, frozen=True):
    """Ask who and where the service is."""


class Adopt(Struct, frozen=True):
    """Follow a new epoch: keep the outbox, read every stream anew."""

    epoch: str


class PushBatch(Struct, frozen=True):
    """Send the heads of chains."""

    limit: int
    max_bytes: int
    skip: frozenset[str]


class Refuse(Struct, frozen=True):
    """The one op of the last batch is refused by the service as it stands."""

    problem: Problem | None


class PullPage(Struct, frozen=True):
    """Get the next changes of a stream, on the way to a position."""

    stream: str
    limit: int
    upto: int


class PullSnapshot(Struct, frozen=True):
    """Get a stream from its start, or from where a snapshot was cut off."""

    stream: str
    size: int = 0
    """How many rows to a mark; 0 leaves it to the service."""


class Break(Struct, frozen=True):
    """Leave a long load at this mark: something else goes first."""


class Expire(Struct, frozen=True):
    """Forget a cursor."""

    stream: str


class Confirm(Struct, frozen=True):
    """A stream is complete for this access."""

    stream: str
    access_version: str


class Complete(Struct, frozen=True):
    """The cycle went well: remember when, if all was read; bring files, if the line is for it."""

    is_whole: bool = True
    with_files: bool = True


Event: TypeAlias = Woken | Welcomed | Adopted | Sent | Pulled | Part | Broken | Expired | Failed
Effect: TypeAlias = (
    SayHello
    | Adopt
    | PushBatch
    | Refuse
    | PullPage
    | PullSnapshot
    | Break
    | Expire
    | Confirm
    | Complete
)
Next: TypeAlias = tuple[State, tuple[Effect, ...]]
