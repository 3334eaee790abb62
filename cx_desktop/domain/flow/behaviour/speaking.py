"""How the steps behave in which the caller listens."""

from collections.abc import Iterator

from cx_desktop.domain.flow.behaviour.move import Cost, End, Move, Reached
from cx_desktop.domain.flow.behaviour.shapes import by_itself, failure, hang_ups, outcome, said
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import Key, Outcome
from cx_desktop.domain.flow.graph import ExitId


def play(step: Step) -> Iterator[Move]:
    """Says its message `repeat` times and goes on.

    With `barge_in` a key ends the message and counts at the next step that asks; without, keys
    typed meanwhile are lost. `error` is taken when a recording cannot be played.
    """
    prompt = step.prompt()
    times = step.whole("repeat")
    length = step.lasts(prompt) * times
    yield Move(
        exit=ExitId("next"),
        least=Cost(1, 0.0 if step.is_on("barge_in") else length),
        most=Cost(1, length),
        prompts=said(*[prompt] * times),
        tells=True if said(prompt) else None,
    )
    yield from failure(step, "error")
    yield from hang_ups(step, length, prompts=said(prompt))


def wait(step: Step) -> Iterator[Move]:
    """The caller hears music, or nothing, for `duration` seconds. Keys typed meanwhile are lost."""
    duration = step.number("duration")
    yield by_itself("next", seconds=duration)
    yield from failure(step, "error")
    yield from hang_ups(step, duration)


def queue_treatment(step: Step) -> Iterator[Move]:
    """What is heard while waiting: the messages in turn, with music, again from the first.

    After `period` seconds the waiting leaves by `interrupted`; with 0 it goes on until the call's
    longest duration. A key on offer leaves by its exit at once, other keys do nothing. An agent
    who becomes free takes the call: it ends with a conversation. This step waits: it has no tries.
    """
    period = step.number("period")
    longest = min(period or step.setting.longest_call, step.setting.longest_call)
    prompts = said(*step.prompts("prompts"))
    waited = Move(
        exit=None, least=Cost(1), most=Cost(1, longest, keys=1), prompts=prompts[:1], tells=False
    )
    for way in step.exits:
        if way.startswith("key_"):
            key = way.removeprefix("key_")
            yield Move(
                exit=way,
                stimuli=(Key(key),),
                longest=(Key(key, longest),),
                least=Cost(1, keys=1),
                most=waited.most,
                prompts=waited.prompts,
                tells=False,
            )
    if step.has("interrupted"):
        cost = Cost(1, period)
        yield Move(
            exit=ExitId("interrupted"), least=cost, most=cost, prompts=waited.prompts, tells=None
        )
    yield Move(
        exit=None,
        end=End.PERSON,
        reached=Reached.PERSON,
        stimuli=(Outcome(ExitId("agent")),),
        longest=(Outcome(ExitId("agent"), seconds=longest),),
        most=Cost(1, longest),
        prompts=waited.prompts,
    )
    yield from outcome(step, "error")
    yield from hang_ups(step, longest, prompts=waited.prompts)
