"""What happens at a step that asks: a stimulus answers it, or fails one of its tries."""

from typing import NamedTuple

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    OPERATOR,
    Cost,
    Digits,
    HangUp,
    Key,
    Measured,
    Move,
    Outcome,
    Silence,
    Speech,
    Step,
    Stimulus,
    moves_of,
)
from cx_desktop.domain.flow.behaviour.asking import (
    SECONDS_PER_DIGIT,
    SECONDS_TO_CONFIRM,
    YES,
    accepted,
    keys_of,
)
from cx_desktop.domain.flow.behaviour.attempts import Fault, Tries, after
from cx_desktop.domain.flow.behaviour.listening import Listening, limits_of, listening_of
from cx_desktop.domain.flow.behaviour.validation import accepts, check_of
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.choosing import within
from cx_desktop.domain.flow.simulate.events import Did, Faulted, Unheard
from cx_desktop.domain.flow.simulate.onward import left, saying


class Typed(NamedTuple):
    """What keys come to at a collection."""

    text: str
    is_closed: bool
    """Whether the closing key ended it, or its greatest length."""
    keys: int
    """How many keys counted."""
    rest: str
    """The keys typed after it was over."""


def hear(call: Call, step: Step, stimulus: Stimulus) -> Call:
    """The call after something has happened at a menu or a collection."""
    match stimulus:
        case Silence():
            return _silence(call, step)
        case HangUp(after=moment):
            return _hung_up(call, step, moment)
        case Outcome(way=way):
            move = _by_exit(step, way)
            is_taken = move is not None and Outcome(way) in move.stimuli
            return (
                _left(call, step, stimulus, move) if move and is_taken else unheard(call, stimulus)
            )
        case Measured():
            return unheard(call, stimulus)
        case _ if call.visit.is_confirming:
            return _confirmation(call, step, stimulus)
        case _ if step.kind.id == "menu":
            return _at_menu(call, step, stimulus)
        case _:
            return _at_collection(call, step, stimulus)


def unheard(call: Call, stimulus: Stimulus) -> Call:
    """The call after something that means nothing to its step."""
    return call.with_event(
        Unheard(at=call.cost.seconds, flow=call.flow, node=call.node, stimulus=stimulus)
    )


def did(call: Call, step: Step, stimulus: Stimulus) -> Call:
    """The call with what its caller did, or the world answered, on record."""
    if step.is_on("sensitive") and isinstance(stimulus, Key | Digits):
        stimulus = Digits("•" * len(_keys(stimulus)))
    return call.with_event(
        Did(at=call.cost.seconds, flow=call.flow, node=call.node, stimulus=stimulus)
    )


def _keys(stimulus: Stimulus) -> str:
    if isinstance(stimulus, Key):
        return stimulus.key
    return stimulus.keys if isinstance(stimulus, Digits) else ""


def _at_menu(call: Call, step: Step, stimulus: Stimulus) -> Call:
    listening = listening_of(step)
    moment = _moment(call, listening, stimulus)
    if isinstance(stimulus, Speech):
        is_taken = moment is not None and step.has("speech")
        move = _by_exit(step, ExitId("speech")) if is_taken else None
        if move is None or moment is None:
            return unheard(call, stimulus)
        return _left(call, step, stimulus, move, Cost(seconds=moment), {"speech": stimulus.text})
    keys = _keys(stimulus)
    if moment is None or not keys:
        return unheard(call, stimulus)
    cost = Cost(seconds=moment, keys=1)
    call = replace(call, buffer=keys[1:])
    if keys[0] not in accepted(step):
        return _failed(did(call, step, stimulus), step, Fault.INVALID, cost)
    way = ExitId(f"key_{keys[0]}") if keys[0] in keys_of(step) else OPERATOR
    return _left(call, step, stimulus, _by_exit(step, way), cost, {"key": keys[0]})


def _at_collection(call: Call, step: Step, stimulus: Stimulus) -> Call:
    moment = _moment(call, listening_of(step), stimulus)
    typed = typed_of(step, _keys(stimulus))
    if moment is None or not (typed.text or typed.is_closed):
        return unheard(call, stimulus)
    gap = step.number("inter_digit_timeout")
    pace = within(stimulus.pace, 0.0, gap) if isinstance(stimulus, Digits) else 0.0
    seconds = moment + pace * (typed.keys - 1) + (0.0 if typed.is_closed else gap)
    cost = Cost(seconds=seconds, keys=typed.keys)
    call = did(replace(call, buffer=typed.rest), step, stimulus)
    if not accepts(check_of(step), typed.text):
        return _failed(call, step, Fault.INVALID, cost)
    if step.is_on("confirm"):
        return _read_back(replace(call, cost=call.cost + cost, buffer=""), step, typed.text)
    return _collected(call, step, typed.text, cost)


def typed_of(step: Step, keys: str) -> Typed:
    """What keys come to: until the closing key, the greatest length, or the last of them."""
    text, most = "", step.whole("max_digits")
    for index, key in enumerate(keys):
        if key == step.text("terminator"):
            if text or accepts(check_of(step), ""):
                return Typed(text, True, len(text) + 1, keys[index + 1 :])
        elif key == step.text("cancel_key"):
            text = ""
        else:
            text += key
            if len(text) == most:
                return Typed(text, True, most, keys[index + 1 :])
    return Typed(text, False, len(text), "")


def _collected(call: Call, step: Step, text: str, cost: Cost) -> Call:
    return left(call, step, _accepting(step, is_silent=False), cost, {"digits": text})


def _accepting(step: Step, *, is_silent: bool) -> Move:
    """The move by ``ok``: with what was typed, or with the silence that is stored."""
    return next(
        each
        for each in moves_of(step)
        if each.exit == "ok" and (each.stimuli == (Silence(),)) is is_silent
    )


def _read_back(call: Call, step: Step, text: str) -> Call:
    """The call while what was typed is read back."""
    visit = replace(call.visit, typed=text, is_confirming=True, is_heard=True)
    said = "•" * len(text) if step.is_on("sensitive") else text
    prompt = [{"type": "say_as", "as": "digits", "text": said}]
    return saying(replace(call, visit=visit), step, (prompt,))


def _confirmation(call: Call, step: Step, stimulus: Stimulus) -> Call:
    """Key 1 says yes; any other key says no."""
    keys = _keys(stimulus)
    reading = _reading(call)
    moment = getattr(stimulus, "after", None)
    moment = reading if moment is None else min(moment, reading + _patience(step))
    if not keys or not moment >= reading:
        return unheard(call, stimulus)
    cost = Cost(seconds=moment, keys=1)
    call = did(call, step, stimulus)
    if keys[0] == YES:
        return _collected(call, step, call.visit.typed, cost)
    return _failed(call, step, Fault.INVALID, cost)


def _reading(call: Call) -> float:
    return SECONDS_TO_CONFIRM + SECONDS_PER_DIGIT * len(call.visit.typed)


def _patience(step: Step) -> float:
    return step.number("first_digit_timeout")


def _silence(call: Call, step: Step) -> Call:
    call = did(call, step, Silence())
    if call.visit.is_confirming:
        cost = Cost(seconds=_reading(call) + _patience(step))
        return _failed(call, step, Fault.INVALID, cost)
    cost = Cost(seconds=listening_of(step).window_at(call.visit.tries.count))
    if step.kind.id == "collect" and not step.has("no_input"):
        return left(call, step, _accepting(step, is_silent=True), cost)
    return _failed(call, step, Fault.SILENCE, cost)


def _failed(call: Call, step: Step, fault: Fault, cost: Cost) -> Call:
    """The call after a try has failed: it is asked again, or leaves."""
    call = replace(call, visit=replace(call.visit, is_heard=True))
    tries = after(limits_of(step), call.visit.tries, fault)
    count = call.visit.tries.count + 1
    at = call.cost.seconds + cost.seconds
    call = call.with_event(
        Faulted(at=at, flow=call.flow, node=call.node, fault=fault.value, tries=count)
    )
    if not isinstance(tries, Tries):
        return _left(call, step, None, _by_exit(step, tries), cost)
    visit = replace(call.visit, tries=tries, typed="", is_confirming=False)
    call = replace(call, cost=call.cost + cost, visit=visit)
    return saying(call, step, (listening_of(step).prompt_at(tries.count),))


def _hung_up(call: Call, step: Step, moment: float | None) -> Call:
    if call.visit.is_confirming:
        window = _reading(call) + _patience(step)
    else:
        window = listening_of(step).window_at(call.visit.tries.count)
    cost = Cost(seconds=within(moment or 0.0, 0.0, window))
    alone = replace(call, is_alone=True)
    return _left(alone, step, HangUp(moment), _by_exit(step, ExitId("hangup")), cost)


def _moment(call: Call, listening: Listening, stimulus: Stimulus) -> float | None:
    """When an answer begins, from the beginning of its try; ``None``: too early to count."""
    attempt = call.visit.tries.count
    moment = getattr(stimulus, "after", None)
    earliest = listening.heard_at(attempt)
    if moment is None:
        return earliest
    return min(moment, listening.window_at(attempt)) if moment >= earliest else None


def _by_exit(step: Step, way: ExitId) -> Move | None:
    return next((each for each in moves_of(step) if each.exit == way), None)


def _left(
    call: Call,
    step: Step,
    stimulus: Stimulus | None,
    move: Move | None,
    cost: Cost | None = None,
    given: dict[str, str] | None = None,
) -> Call:
    """The call after its step was left; every exit a caller can take has a move."""
    if move is None:
        raise AssertionError(f"no move for what happened at {step.node.id}")
    if stimulus is not None:
        call = replace(did(call, step, stimulus), visit=replace(call.visit, is_heard=True))
    return left(call, step, move, cost or Cost(), given)
