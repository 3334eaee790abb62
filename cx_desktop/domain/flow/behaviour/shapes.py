"""Shapes of moves that several kinds share."""

from collections.abc import Iterator

from cx_desktop.domain.flow.behaviour.move import Cost, End, Move, Prompt, Sets
from cx_desktop.domain.flow.behaviour.speech import says_something
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import HangUp, Outcome
from cx_desktop.domain.flow.graph import ExitId

HANGUP = ExitId("hangup")


def said(*prompts: Prompt) -> tuple[Prompt, ...]:
    """These prompts, without those that say nothing."""
    return tuple(each for each in prompts if says_something(each))


def by_itself(way: str, *, seconds: float = 0.0, sets: tuple[Sets, ...] = ()) -> Move:
    """A move that needs nobody: the step is done, and takes so long."""
    cost = Cost(1, seconds)
    return Move(exit=ExitId(way), least=cost, most=cost, sets=sets)


def outcome(
    step: Step,
    way: str,
    *,
    least: float = 0.0,
    most: float = 0.0,
    sets: tuple[Sets, ...] = (),
    prompts: tuple[Prompt, ...] = (),
) -> Iterator[Move]:
    """A move that the world decides, if the step has the exit."""
    if step.has(way):
        yield Move(
            exit=ExitId(way),
            stimuli=(Outcome(ExitId(way)),),
            longest=(Outcome(ExitId(way), seconds=most),) if most else (Outcome(ExitId(way)),),
            least=Cost(1, least),
            most=Cost(1, most),
            sets=sets,
            prompts=prompts,
            tells=True if prompts else None,
        )


def failure(step: Step, way: str) -> Iterator[Move]:
    """A move because something failed, at once, if the step has an exit for that."""
    yield from outcome(step, way)


def hang_ups(step: Step, longest: float, *, prompts: tuple[Prompt, ...] = ()) -> Iterator[Move]:
    """The caller hangs up while the step takes its time: by its exit for that, or just so."""
    way = HANGUP if step.has(HANGUP) else None
    if longest > 0 or way:
        yield Move(
            exit=way,
            end=None if way else End.ABANDONED,
            stimuli=(HangUp(),),
            longest=(HangUp(after=longest),) if longest else (HangUp(),),
            least=Cost(1),
            most=Cost(1, longest),
            prompts=prompts,
            tells=False,
        )
