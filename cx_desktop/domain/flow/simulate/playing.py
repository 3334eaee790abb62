"""A call from its beginning to its end, one stimulus at a time: no clock, no network, no chance.

Whatever a flow is, a call neither raises nor runs for ever: it ends at its longest duration, or
after ``MOST_STEPS`` steps without a pause, or ``MOST_IN_ALL`` of any sort.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    CALLERS,
    GRACE,
    Cost,
    Digits,
    HangUp,
    Key,
    Measured,
    Move,
    Outcome,
    Step,
    Stimulus,
    hung_up,
    moves_of,
)
from cx_desktop.domain.flow.behaviour.asking import YES
from cx_desktop.domain.flow.expressions import PlacedError, Value
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate.answers import answer, closure_at, is_offering, told_at
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.choosing import by_itself, cost_of, decided, fitting
from cx_desktop.domain.flow.simulate.events import Unheard
from cx_desktop.domain.flow.simulate.hearing import did, hear, unheard
from cx_desktop.domain.flow.simulate.onward import (
    announcing,
    begun,
    entered,
    gone,
    left,
    overrun,
    why_not_entered,
)
from cx_desktop.domain.flow.simulate.scope import NO_VALUE, field_of, troubled
from cx_desktop.domain.flow.simulate.world import World

_ERROR = Outcome(ExitId("error"))
_ASKING = frozenset({"menu", "collect"})


def begin(flow_id: str, world: World) -> Call:
    """A call that has just come into a flow."""
    return begun(flow_id, world)


def advance(call: Call, stimulus: Stimulus | None = None) -> Call:
    """The call after one stimulus at the step it is at; ``None``: the caller just lets it happen.

    What the world answers comes from the call's world, unless the stimulus says it. At a step that
    asks, ``None`` is a silence.
    """
    if call.end is not None:
        return call
    after = _played(call, stimulus)
    limit = call.limit + (GRACE if call.is_overtime else 0.0)
    return overrun(call) if after.cost.seconds > limit else after


def replay(flow_id: str, world: World, script: Iterable[Stimulus | None]) -> Call:
    """A whole call: one stimulus for each ``advance``."""
    call = begin(flow_id, world)
    for each in script:
        call = advance(call, each)
    return call


def run(call: Call, steps: int = 10_000) -> Call:
    """The call when it next waits for its caller, or is over."""
    for _ in range(steps):
        if call.end is not None or waits(call):
            break
        call = advance(call)
    return call


def waits(call: Call) -> bool:
    """Whether the call waits for its caller: without them it would be a silence."""
    if call.end is not None or call.is_alone:
        return False
    step = call.step
    if step.kind.id in _ASKING:
        return not call.buffer
    return step.kind.id in ("voicebot", "voicemail") or is_offering(call, step)


def _played(call: Call, stimulus: Stimulus | None) -> Call:
    step = call.step
    if call.is_alone and isinstance(stimulus, CALLERS):
        return unheard(call, stimulus)
    if step.kind.id in _ASKING:
        return _asked(call, step, stimulus)
    if isinstance(stimulus, HangUp):
        return _hung_up(call, step, stimulus)
    if stimulus is None:
        return _by_world(call, step)
    return _by_stimulus(call, step, stimulus)


def _asked(call: Call, step: Step, stimulus: Stimulus | None) -> Call:
    """Keys typed ahead answer first."""
    if stimulus is None and call.buffer:
        return hear(replace(call, buffer=""), step, Digits(call.buffer))
    return hear(call, step, stimulus or answer(call, step) or _ERROR)


def _hung_up(call: Call, step: Step, stimulus: HangUp) -> Call:
    move = fitting(step, moves_of(step), stimulus)
    call = did(call, step, stimulus)
    if move is None:
        call = replace(call, is_told=False)
        return gone(call, hung_up(call.graph), None)
    cost = cost_of(step, move, stimulus)
    return left(replace(call, is_alone=True), step, move, cost)


def _by_world(call: Call, step: Step) -> Call:
    """What happens when the caller does nothing."""
    if step.kind.id == "subflow" and told_at(call, step) is None:
        return entered(call, step) or _by_stimulus(why_not_entered(call, step), step, _ERROR)
    answered = answer(call, step)
    closure = closure_at(call, step)
    if closure is not None:
        call = announcing(call, closure)
    if answered is not None:
        after = _by_stimulus(call, step, answered)
        return _nothing(call) if isinstance(after.recent[-1], Unheard) else after
    return _of_itself(call, step)


def _of_itself(call: Call, step: Step) -> Call:
    """What a step does without anybody: it decides by data, or just goes on."""
    moves = moves_of(step)
    try:
        move = decided(call, moves) or by_itself(moves)
    except PlacedError as error:
        call = troubled(call, NO_VALUE, {"variable": "", "why": error.key})
        return _by_stimulus(call, step, _ERROR)
    return _nothing(call) if move is None else left(call, step, move, cost_of(step, move, None))


def _nothing(call: Call) -> Call:
    """Nothing ever happens here: the call waits until its longest duration is over."""
    return replace(call, cost=call.cost + Cost(seconds=call.limit + GRACE + 1))


def _by_stimulus(call: Call, step: Step, stimulus: Stimulus) -> Call:
    moves = moves_of(step)
    if isinstance(stimulus, Measured):
        move = decided(call, moves, stimulus.value) if step.kind.id == "queue_status" else None
    elif is_offering(call, step) and isinstance(stimulus, Key | Digits) and _says_yes(stimulus):
        return _accepted(call, step, stimulus)
    elif isinstance(stimulus, Key | Digits) and _is_interrupting(step):
        return _interrupted(call, step, stimulus, moves)
    else:
        move = fitting(step, moves, stimulus)
    if move is None or (is_offering(call, step) and isinstance(stimulus, Outcome)):
        return unheard(call, stimulus)
    return _made(call, step, move, stimulus)


def _made(call: Call, step: Step, move: Move, stimulus: Stimulus) -> Call:
    cost = cost_of(step, move, stimulus)
    if call.visit.is_confirming:
        cost = Cost()
    heard = call.visit.is_heard or isinstance(stimulus, CALLERS)
    call = replace(did(call, step, stimulus), visit=replace(call.visit, is_heard=heard))
    return left(call, step, move, cost, _given(move, stimulus))


def _given(move: Move, stimulus: Stimulus) -> dict[str, Value]:
    """What a stimulus brings: what was said, the fields of an answer, the key."""
    if isinstance(stimulus, Outcome):
        paths = (getattr(each.what, "detail", "") for each in move.sets)
        return {f"lookup:{path}": field_of(stimulus.body, path) for path in paths if path}
    return {"speech": getattr(stimulus, "text", ""), "key": getattr(stimulus, "key", "")}


def _says_yes(stimulus: Key | Digits) -> bool:
    return (stimulus.key if isinstance(stimulus, Key) else stimulus.keys[:1]) == YES


def _accepted(call: Call, step: Step, stimulus: Key | Digits) -> Call:
    """The offer is accepted: what follows depends on the number."""
    move = next(each for each in moves_of(step) if each.exit == "accepted")
    moment = cost_of(step, move, stimulus).seconds
    call = did(call, step, stimulus)
    visit = replace(call.visit, is_confirming=True, is_heard=True)
    return replace(call, cost=call.cost + Cost(seconds=moment, keys=1), visit=visit)


def _is_interrupting(step: Step) -> bool:
    return step.kind.id == "play" and step.is_on("barge_in")


def _interrupted(call: Call, step: Step, stimulus: Key | Digits, moves: tuple[Move, ...]) -> Call:
    """A message ends at a key, which counts at the next step that asks."""
    move = by_itself(moves)
    keys = stimulus.key if isinstance(stimulus, Key) else stimulus.keys
    if move is None or not keys:
        return unheard(call, stimulus)
    cost = replace(cost_of(step, move, stimulus), keys=0)
    call = did(call, step, stimulus)
    call = replace(call, buffer=call.buffer + keys, visit=replace(call.visit, is_heard=True))
    return left(call, step, move, cost)
