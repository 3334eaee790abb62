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

from collections.abc import Iterable

import msgspec

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import PerProject, Problem, family_of
from cx_desktop.sync import loading
from cx_desktop.sync.events import (
    STRIKES,
    Adopt,
    Adopted,
    Broken,
    Complete,
    Confirm,
    Doubt,
    Event,
    Expire,
    Expired,
    Failed,
    Kind,
    Known,
    Later,
    Next,
    Part,
    Phase,
    Pulled,
    PullPage,
    PushBatch,
    Refuse,
    SayHello,
    Sent,
    State,
    Welcomed,
    Woken,
)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
#: A stream that would lose very much is read anew at most so rarely.
LONGEST_DOUBT = 3_600.0
POLL = 60.0


def step(state: State, event: Event) -> Next:
    """What the engine is after an event, and what it does next."""
    match event:
        case Woken():
            return _woken(state, event)
        case Welcomed():
            return _welcomed(state, event)
        case Adopted():
            return _push(_with(state, known=_named(event.known, state.access)), event.now)
        case Sent():
            return _sent(state, event)
        case Failed():
            return _failed(state, event)
        case _:
            return _read_on(state, event)


def _read_on(state: State, event: Pulled | Part | Broken | Expired) -> Next:
    """What happened to a stream that is being read."""
    match event:
        case Pulled():
            return _pulled(state, event)
        case Part():
            return loading.came(state, event)
        case Broken():
            return _broken(state, event)
        case Expired():
            state = loading.over(state, event.stream)
            return state, (loading.snapshot(state, event.stream),)


def _with(state: State, **changes: object) -> State:
    return msgspec.structs.replace(state, **changes)


def _woken(state: State, event: Woken) -> Next:
    if state.busy:
        return _with(state, poked=True), ()
    if event.now < state.wake_at and state.failures and not event.is_urgent:
        return state, ()
    if event.is_urgent:
        doubts = {name: _due(doubt) for name, doubt in state.doubts.items()}
        state = _with(state, strikes={}, doubts=doubts)
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
        known=_named(event.known, (facts.name for facts in welcome.streams)),
        later=_not_forgotten(state.later, event.now),
        hold=event.hold,
        doubts={} if is_new else state.doubts,
    )
    return (state, (Adopt(welcome.epoch),)) if is_new else _push(state, event.now)


def _named(known: tuple[Known, ...], names: Iterable[str]) -> tuple[Known, ...]:
    """With the streams of projects that the service names and nobody has read here yet."""
    there = {each.name for each in known}
    return (
        *known,
        *(
            Known(name, has_cursor=False, high_seq=0, access_version="")
            for name in names
            if name not in there and isinstance(family_of(name), PerProject)
        ),
    )


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
        if each.name in state.access
        and each.name not in state.stuck
        and each.name not in state.held
        and not _is_doubted(state, each.name, event.now)
        and _is_behind(state, each)
    )
    if event.is_held and missing:  # what is held is sent when these were read
        state = _with(state, sent=True)
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
        return state, (_page(state, name) if has_cursor else loading.snapshot(state, name),)
    return _push(_with(state, sent=False), now) if state.sent else _rest(state, now)


def _page(state: State, stream: str) -> PullPage:
    return PullPage(stream, loading.size_of(state, stream), state.high_seq)


def _broken(state: State, event: Broken) -> Next:
    """A long load was left at a mark: for news, for a person's wish, or for another one's turn."""
    if state.poked:
        return _hello(_with(state, to_pull=()))
    first, *others = state.to_pull
    names = tuple(name for name in (*others, first) if name not in state.held)
    return _next_stream(_with(state, to_pull=names), event.now)


def _pulled(state: State, event: Pulled) -> Next:
    state = _with(state, known=tuple(_read(each, event) for each in state.known))
    state = loading.measured(state, event)
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
            doubts={name: n for name, n in state.doubts.items() if name != event.stream},
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
    doubts = tuple(state.doubts.values())
    problem = next((each.problem for each in doubts), None)
    if stuck:
        problem = CXError("problem.sync-stuck", stream=stuck[0])
    due = min([now + POLL, *(each.at for each in state.later.values())])
    due = min([due, *(each.at for each in doubts)])
    state = _with(
        state,
        busy=False,
        failures=0,
        problem=problem,
        phase=Phase.STOPPED if problem else Phase.IDLE,
        strikes={name: count for name, count in state.strikes.items() if name},
        wake_at=max(due, now + FIRST_PAUSE),
    )
    files = not state.hold.stops_files
    complete = () if problem else (Complete(is_whole=not state.held, with_files=files),)
    if not state.poked:
        return state, complete
    state, effects = _hello(state)
    return state, (*complete, *effects)


def _failed(state: State, event: Failed) -> Next:
    if event.kind is Kind.CURSOR and event.stream:
        return _cursor_expired(state, event)
    if event.kind in {Kind.EPOCH, Kind.CLONED} and state.strikes.get("", 0) + 1 < STRIKES:
        return _hello(_struck(state, ""))
    if event.kind is Kind.BATCH:
        return _batch_refused(state, event)
    if event.kind is Kind.DOUBT:
        return _doubted(state, event)
    state = loading.slower(state, event.stream)
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


def _doubted(state: State, event: Failed) -> Next:
    """Nothing of that stream was deleted; others go on, and it is read anew after a while."""
    before = state.doubts.get(event.stream)
    attempts = 1 if before is None else before.attempts + 1
    wait = min(LONGEST_DOUBT, LONGEST_PAUSE * 2.0 ** min(attempts - 1, 16))
    doubt = Doubt(attempts, event.now + wait, event.error)
    state = loading.over(state, event.stream)
    state = _with(state, doubts={**state.doubts, event.stream: doubt}, to_pull=state.to_pull[1:])
    return _next_stream(state, event.now)


def _is_doubted(state: State, stream: str, now: float) -> bool:
    return stream in state.doubts and state.doubts[stream].at > now


def _due(doubt: Doubt) -> Doubt:
    return msgspec.structs.replace(doubt, at=0.0)


def _batch_refused(state: State, event: Failed) -> Next:
    if state.batch > 1:
        state = _with(state, batch=state.batch // 2)
        return _push(state, event.now)
    problem = getattr(event.error, "problem", None)
    return state, (Refuse(problem if isinstance(problem, Problem) else None),)


def pause(failures: int, chance: float) -> float:
    """Full jitter: anywhere between nothing and a bound that doubles, up to five minutes."""
    return chance * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 16))
