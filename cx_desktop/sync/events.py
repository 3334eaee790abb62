"""What the engine's thinking is made of: its state, what happens to it, what it does next."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Limits, Problem, Welcome

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


class Known(Struct, frozen=True):
    """What the cache knows of a stream."""

    name: str
    has_cursor: bool
    high_seq: int
    access_version: str


class Later(Struct, frozen=True):
    """An op that is to be sent again, not before ``at``."""

    attempts: int
    at: float


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


# Effects: what the engine is to do. ``Confirm`` and ``Complete`` are done; each of the others is
# answered by one event, and there is at most one of them.


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


class Expire(Struct, frozen=True):
    """Forget a cursor."""

    stream: str


class Confirm(Struct, frozen=True):
    """A stream is complete for this access."""

    stream: str
    access_version: str


class Complete(Struct, frozen=True):
    """The whole cycle went well: remember when."""


Event: TypeAlias = Woken | Welcomed | Adopted | Sent | Pulled | Expired | Failed
Effect: TypeAlias = (
    SayHello | Adopt | PushBatch | Refuse | PullPage | PullSnapshot | Expire | Confirm | Complete
)
Next: TypeAlias = tuple[State, tuple[Effect, ...]]
