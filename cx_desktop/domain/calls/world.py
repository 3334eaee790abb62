"""The world that a project's own objects make around a call: one for everybody who plays calls."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.speech import seconds_of
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.simulate.world import Closure, QueueState, World, prompt_key
from cx_desktop.domain.prompts import Prompt, Spoken
from cx_desktop.domain.queues import Queue
from cx_desktop.domain.schedules import Schedule
from cx_desktop.domain.schedules.emergency import Emergency
from cx_desktop.domain.schedules.state import hours_of

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document


class Objects(Struct, frozen=True, kw_only=True):
    """Objects of one project by their ids, in the versions that a call shall meet."""

    flows: Mapping[str, Flow]
    schedules: Mapping[str, Schedule] = {}
    queues: Mapping[str, Queue] = {}
    prompts: Mapping[str, Prompt] = {}
    pinned: Mapping[str, Mapping[str, Prompt]] = {}
    """Prompts that one flow plays in a version of its own, by the flow."""


def world_of(objects: Objects, started: datetime) -> World:
    """What a call meets that comes in at this instant."""
    prompts = dict(objects.prompts)
    for flow, own in objects.pinned.items():
        prompts.update((prompt_key(flow, key), each) for key, each in own.items())
    return World(
        flows=objects.flows,
        started=started,
        schedules={key: hours_of(each) for key, each in objects.schedules.items()},
        queues={key: QueueState(hours=each.schedule) for key, each in objects.queues.items()},
        lengths={
            key: max(map(_seconds, each.languages.values()))
            for key, each in prompts.items()
            if each.languages
        },
        texts={
            key: {language: _words(spoken) for language, spoken in each.languages.items()}
            for key, each in prompts.items()
        },
    )


def closures_of(
    emergencies: Iterable[Emergency], numbers: Mapping[str, str]
) -> Mapping[str, tuple[Closure, ...]]:
    """What emergencies close, the last one first; ``numbers`` are spelled out by their ids."""
    found: dict[str, tuple[Closure, ...]] = {}
    for each in sorted(emergencies, key=lambda each: str(each.began_at)):
        if each.began_at is None:
            continue
        ends = [moment for moment in (each.until, each.ended_at) if moment is not None]
        closure = Closure(each.began_at, min(ends, default=None), each.message)
        for name in _closed_by(each, numbers):
            found[name] = (closure, *found.get(name, ()))
    return found


def _closed_by(emergency: Emergency, numbers: Mapping[str, str]) -> Iterator[str]:
    yield from emergency.schedules
    yield from (numbers[each] for each in emergency.numbers if each in numbers)


def _seconds(spoken: Spoken) -> float:
    if spoken.audio is not None:
        return spoken.audio.seconds
    said: Document = {"type": "text", "text": spoken.text}
    return seconds_of([said])


def _words(spoken: Spoken) -> str:
    """The words of a recording are those it was made from."""
    return (spoken.audio.text if spoken.audio is not None else "") or spoken.text
