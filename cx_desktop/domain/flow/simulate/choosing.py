"""Which move a call makes where it is not asked again: by data, by the world, by its caller."""

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    ANONYMOUS,
    Case,
    Chosen,
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
    Subject,
    seconds_of,
)
from cx_desktop.domain.flow.behaviour.decision import first_of
from cx_desktop.domain.flow.expressions import Template, Value, value_of
from cx_desktop.domain.flow.expressions.operators import holds_of_caller
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.scope import count_in, filled, value_at

#: Nobody leaves a message shorter than this.
SHORTEST_MESSAGE = 1.0


def decided(call: Call, moves: tuple[Move, ...], figure: int | None = None) -> Move | None:
    """The move that data decide; ``None`` where they decide nothing. Raises ``PlacedError``."""
    told = [(each, each.when) for each in moves if each.when is not None]
    if not told:
        return None
    index = _index(call, max((when for _, when in told), key=lambda when: len(when.cases)), figure)
    return next((move for move, when in told if when.index == index), None)


def _index(call: Call, chosen: Chosen, figure: int | None) -> int | None:
    """The number of the first case that holds now."""
    match chosen.subject:
        case Subject.CALLER if not call.world.caller:
            return ANONYMOUS
        case Subject.CALLER:
            return _first_of_caller(call, chosen.cases)
        case Subject.METRIC:
            return first_of(_filled(call, chosen.cases), figure or 0)
        case Subject.VARIABLE:
            return first_of(chosen.cases, count_in(call, chosen.of))
        case Subject.FORMULA:
            return first_of(_filled(call, chosen.cases), value_at(call, chosen.of))


def _filled(call: Call, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases with variables in what they compare with filled in; patterns keep their braces."""
    return tuple(
        replace(each, value=filled(call, Template.tolerant(each.value).render()))
        if isinstance(each.value, str) and "{" in each.value and each.operator != "matches"
        else each
        for each in cases
    )


def _first_of_caller(call: Call, cases: tuple[Case, ...]) -> int | None:
    caller = call.world.caller
    return next(
        (
            index
            for index, each in enumerate(_filled(call, cases))
            if holds_of_caller(each.operator, caller, _operand(call, each))
        ),
        None,
    )


def _operand(call: Call, case: Case) -> Value:
    """What a caller is compared with: the members of a list, else the value itself."""
    if case.operator == "in_list":
        return call.world.caller_lists.get(str(case.value), value_of(case.value))
    return value_of(case.value)


def by_itself(moves: tuple[Move, ...]) -> Move | None:
    """The move of a step that needs nobody."""
    is_free = (each for each in moves if not each.stimuli and each.when is None)
    return next(is_free, None)


def fitting(step: Step, moves: tuple[Move, ...], stimulus: Stimulus) -> Move | None:
    """The move that a stimulus makes, if it means anything here."""
    if isinstance(stimulus, Key | Digits) and step.kind.id in _ELSE:
        return _by_key(step, moves, stimulus)
    found = next((each for each in moves if _is_answer(each, stimulus)), None)
    if found is None and isinstance(stimulus, Speech) and step.kind.id == "voicebot":
        return next(each for each in moves if each.exit == "no_match")
    return found


#: Where a key that is not on offer means something all the same: the exit it leaves by.
_ELSE = {"voicemail": "empty", "callback": "refused"}


def _by_key(step: Step, moves: tuple[Move, ...], stimulus: Key | Digits) -> Move | None:
    key = stimulus.key if isinstance(stimulus, Key) else stimulus.keys[:1]
    if not key:
        return None
    if step.kind.id == "voicemail" and key != step.text("terminator"):
        return None
    return next((each for each in moves if each.exit == _ELSE[step.kind.id]), None)


def _is_answer(move: Move, stimulus: Stimulus) -> bool:
    expected = move.stimuli[-1] if move.stimuli else None
    match stimulus, expected:
        case (Key(key=key), Key(key=wanted)):
            return key == wanted
        case (Digits(keys=keys), Key(key=wanted)):
            return keys[:1] == wanted
        case (Speech(intent=intent), Speech(intent=wanted)):
            return intent == wanted
        case (Outcome(way=way), Outcome(way=wanted)):
            return way == wanted
        case (Silence(), Silence()) | (HangUp(), HangUp()):
            return True
        case _:
            return False


def cost_of(step: Step, move: Move, stimulus: Stimulus | None) -> Cost:
    """What a move costs by this stimulus: within its bounds."""
    seconds = within(_seconds(step, move, stimulus), move.least.seconds, move.most.seconds)
    keys = 1 if isinstance(stimulus, Key | Digits) and move.most.keys else 0
    return Cost(0, seconds, keys, move.least.sms, move.least.lookups)


def within(seconds: float, least: float, most: float) -> float:
    """A duration between two others; one that is no number is the least."""
    return min(max(least, seconds), most)


def _seconds(step: Step, move: Move, stimulus: Stimulus | None) -> float:
    match stimulus:
        case None | Silence():
            return move.most.seconds
        case Speech() if step.kind.id == "voicemail":
            return _message(step, move, stimulus)
        case Outcome():
            return stimulus.seconds or 0.0
        case Measured():
            return 0.0
        case Key() | Digits() | HangUp() | Speech():
            return stimulus.after or 0.0


def _message(step: Step, move: Move, speech: Speech) -> float:
    """A message lasts as it was said to, or as its words do; then comes the closing silence."""
    longest, silence = step.number("max_length"), step.number("final_silence")
    words = seconds_of([{"type": "text", "text": speech.text}])
    lasts = max(words, SHORTEST_MESSAGE) if speech.lasts is None else speech.lasts
    before = move.most.seconds - longest - silence
    return before + (longest if lasts >= longest else min(lasts + silence, longest))
