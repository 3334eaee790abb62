"""The engine's thinking, without any input or output: ``step(state, event) -> state, effects``.

A cycle is hello → push one batch → pull each stream up to what hello (or the push) named, again
from push while edits remain, then rest. Pulling never waits for pushing: an edit that the service
does not take stops its own chain only (that part lives in the cache).

Failure policy: a fault of the way ends the cycle and is tried again after a pause that doubles, is
jittered over its whole length and respects what the service asked for. A cursor that is worth
nothing any more starts a new snapshot of its stream; three times in a row without success, and the
stream is left alone and reported. Clocks of devices order nothing: ``now`` is monotonic and only
measures pauses.
"""

from enum import StrEnum
from typing import TypeAlias

import msgspec
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Limits, Problem, Welcome

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
POLL = 60.0
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


def step(state: State, event: Event) -> Next:
    """What the engine is after an event, and what it does next."""
    match event:
        case Woken():
            return _woken(state, event)
        case Welcomed():
            return _welcomed(state, event)
        case Adopted():
            return _push(_with(state, known=event.known), event.now)
        case Sent():
            return _sent(state, event)
        case Pulled():
            return _pulled(state, event)
        case Expired():
            return state, (PullSnapshot(event.stream),)
        case Failed():
            return _failed(state, event)


def _with(state: State, **changes: object) -> State:
    return msgspec.structs.replace(state, **changes)


def _woken(state: State, event: Woken) -> Next:
    if state.busy:
        return _with(state, poked=True), ()
    if event.now < state.wake_at and state.failures and not event.is_urgent:
        return state, ()
    if event.is_urgent:
        state = _with(state, strikes={})
    return _hello(state)


def _hello(state: State) -> Next:
    return _with(state, busy=True, poked=False, phase=Phase.SYNCING), (SayHello(),)


def _welcomed(state: State, event: Welcomed) -> Next:
    welcome = event.welcome
    is_new = welcome.epoch != state.epoch
    state = _with(
        state,
        epoch=welcome.epoch,
        high_seq=welcome.high_seq,
        limits=welcome.limits,
        batch=max(1, min(state.batch, welcome.limits.op_max)),
        access={facts.name: facts.access_version for facts in welcome.streams},
        totals={facts.name: facts.rows for facts in welcome.streams},
        known=event.known,
        later=_not_forgotten(state.later, event.now),
    )
    return (state, (Adopt(welcome.epoch),)) if is_new else _push(state, event.now)


def _push(state: State, now: float) -> Next:
    skip = frozenset(op for op, later in state.later.items() if later.at > now)
    return state, (PushBatch(state.batch, state.limits.batch_bytes, skip),)


def _sent(state: State, event: Sent) -> Next:
    later = {op: each for op, each in state.later.items() if op not in event.ops}
    for op in event.waiting:
        attempts = state.later[op].attempts + 1 if op in state.later else 1
        later[op] = Later(attempts, event.now + pause(attempts, event.chance))
    state = _with(
        state,
        later=later,
        sent=bool(event.ops),
        high_seq=max(state.high_seq, event.high_seq),
        batch=min(state.batch * 2, state.limits.op_max) if event.ops else state.batch,
    )
    missing = tuple(
        each.name
        for each in state.known
        if each.name in state.access and each.name not in state.stuck and _is_behind(state, each)
    )
    return _next_stream(_with(state, to_pull=missing), event.now)


def _is_behind(state: State, known: Known) -> bool:
    return (
        not known.has_cursor
        or known.high_seq < state.high_seq
        or known.access_version != state.access[known.name]
    )


def _next_stream(state: State, now: float) -> Next:
    if state.to_pull:
        name = state.to_pull[0]
        has_cursor = next(each.has_cursor for each in state.known if each.name == name)
        return state, (_page(state, name) if has_cursor else PullSnapshot(name),)
    return _push(_with(state, sent=False), now) if state.sent else _rest(state, now)


def _page(state: State, stream: str) -> PullPage:
    return PullPage(stream, state.limits.page_max, state.high_seq)


def _pulled(state: State, event: Pulled) -> Next:
    state = _with(state, known=tuple(_read(each, event) for each in state.known))
    if event.has_more or (event.is_snapshot and event.high_seq < state.high_seq):
        return state, (_page(state, event.stream),)
    known = next(each for each in state.known if each.name == event.stream)
    access = state.access[event.stream]
    confirm = (Confirm(event.stream, access),) if known.access_version != access else ()
    state, effects = _next_stream(
        _with(
            state,
            to_pull=state.to_pull[1:],
            strikes={name: n for name, n in state.strikes.items() if name != event.stream},
            known=tuple(_confirmed(each, event.stream, access) for each in state.known),
        ),
        event.now,
    )
    return state, (*confirm, *effects)


def _read(known: Known, event: Pulled) -> Known:
    if known.name != event.stream:
        return known
    high_seq = known.high_seq if event.has_more else event.high_seq
    return msgspec.structs.replace(known, has_cursor=True, high_seq=high_seq)


def _confirmed(known: Known, stream: str, access: str) -> Known:
    return msgspec.structs.replace(known, access_version=access) if known.name == stream else known


def _not_forgotten(later: dict[str, Later], now: float) -> dict[str, Later]:
    """Without ops that were due long ago: they have left the outbox."""
    return {op: each for op, each in later.items() if each.at > now - LONGEST_PAUSE}


def _rest(state: State, now: float) -> Next:
    stuck = state.stuck
    problem = CXError("problem.sync-stuck", stream=stuck[0]) if stuck else None
    due = min([now + POLL, *(later.at for later in state.later.values())])
    state = _with(
        state,
        busy=False,
        failures=0,
        problem=problem,
        phase=Phase.STOPPED if stuck else Phase.IDLE,
        strikes={name: count for name, count in state.strikes.items() if name},
        wake_at=max(due, now + FIRST_PAUSE),
    )
    complete = () if stuck else (Complete(),)
    if not state.poked:
        return state, complete
    state, effects = _hello(state)
    return state, (*complete, *effects)


def _failed(state: State, event: Failed) -> Next:
    if event.kind is Kind.CURSOR and event.stream:
        return _cursor_expired(state, event)
    if event.kind is Kind.EPOCH and state.strikes.get("", 0) + 1 < STRIKES:
        return _hello(_struck(state, ""))
    if event.kind is Kind.BATCH:
        return _batch_refused(state, event)
    failures = state.failures + 1
    wait = max(event.retry_after, pause(failures, event.chance))
    phase = Phase.OFFLINE if event.kind is Kind.AWAY else Phase.STOPPED
    state = _with(
        state,
        busy=False,
        poked=False,
        sent=False,
        to_pull=(),
        failures=failures,
        problem=event.error,
        phase=phase,
        wake_at=event.now + (LONGEST_PAUSE if event.kind is Kind.ENDED else wait),
    )
    return state, ()


def _struck(state: State, name: str) -> State:
    return _with(state, strikes={**state.strikes, name: state.strikes.get(name, 0) + 1})


def _cursor_expired(state: State, event: Failed) -> Next:
    state = _struck(state, event.stream)
    if event.stream in state.stuck:
        return _next_stream(_with(state, to_pull=state.to_pull[1:]), event.now)
    return state, (Expire(event.stream),)


def _batch_refused(state: State, event: Failed) -> Next:
    if state.batch > 1:
        state = _with(state, batch=state.batch // 2)
        return _push(state, event.now)
    problem = getattr(event.error, "problem", None)
    return state, (Refuse(problem if isinstance(problem, Problem) else None),)


def pause(failures: int, chance: float) -> float:
    """Full jitter: anywhere between nothing and a bound that doubles, up to five minutes."""
    return chance * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 16))
