"""What can happen next in a call: what its step listens for, and what the world may answer."""

from collections.abc import Iterator

from msgspec import Struct

from cx_desktop.domain.flow.behaviour import Key, Measured, Outcome, Speech, moves_of
from cx_desktop.domain.flow.behaviour.asking import YES, accepted
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate.answers import is_offering
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.playing import waits


class Question(Struct, frozen=True, kw_only=True):
    """What can happen at the step a call is at."""

    waits: bool
    """Whether the call waits for its caller."""
    keys: tuple[str, ...] = ()
    """The keys that lead somewhere of their own."""
    takes_digits: bool = False
    """Whether several keys are one answer."""
    takes_speech: bool = False
    intents: tuple[str, ...] = ()
    """The outcomes a voicebot may find in what is said; "" is none of them."""
    outcomes: tuple[ExitId, ...] = ()
    """What the world may answer."""
    takes_figure: bool = False
    """Whether the figure of a queue is asked for."""


def question(call: Call) -> Question | None:
    """What can happen next; ``None`` when the call is over."""
    if call.end is not None:
        return None
    step, moves = call.step, moves_of(call.step)
    stimuli = [each.stimuli[-1] for each in moves if each.stimuli]
    said = [each for each in stimuli if isinstance(each, Speech)]
    is_collecting = step.kind.id == "collect" and not call.visit.is_confirming
    ways = (each.way for each in stimuli if isinstance(each, Outcome))
    return Question(
        waits=waits(call),
        keys=tuple(_keys(call)),
        takes_digits=is_collecting,
        takes_speech=bool(said),
        intents=tuple(each.intent for each in said) if step.kind.id == "voicebot" else (),
        outcomes=() if is_offering(call, step) else tuple(dict.fromkeys(ways)),
        takes_figure=any(isinstance(each, Measured) for each in stimuli),
    )


def _keys(call: Call) -> Iterator[str]:
    step = call.step
    if step.kind.id == "menu":
        yield from accepted(step)
    elif is_offering(call, step) or (step.kind.id == "collect" and call.visit.is_confirming):
        yield YES
    elif step.kind.id not in ("collect", "callback"):
        keys = (each.stimuli[-1] for each in moves_of(step) if each.stimuli)
        yield from (each.key for each in keys if isinstance(each, Key))
