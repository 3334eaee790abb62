"""The world that simulated calls meet: a project's flows, hours, queues and prompts, as drafted."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from cx_desktop.cache import Cache
from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.prompts.prompt import Prompt
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.state import hours_of

Read = TypeVar("Read")


class Around(NamedTuple):
    """What a flow is simulated in: its own id, and how the world around it is read."""

    flow_id: str
    read: Callable[[], World]
    """Not for the GUI thread."""
    ask: Callable[[Request], Outcome] | None = None
    """Asks a web address for real. Not for the GUI thread."""


def read_world(cache: Cache, project_id: str, now: datetime) -> World:
    """The world of a project as this device knows it. Not for the GUI thread."""
    prompts = dict(_each(cache, "prompt", project_id, prompt_of))
    return World(
        flows=dict(_each(cache, "flow", project_id, flow_of)),
        started=now,
        schedules={
            key: hours_of(each) for key, each in _each(cache, "schedule", project_id, schedule_of)
        },
        queues={
            key: QueueState(hours=each.schedule)
            for key, each in _each(cache, "queue", project_id, queue_of)
        },
        lengths={key: seconds for key, each in prompts.items() if (seconds := _length(each))},
        texts={key: words for key, each in prompts.items() if (words := _words(each))},
    )


def with_flow(world: World, flow_id: str, flow: Flow) -> World:
    """The world with a flow as it is on the canvas now."""
    return replace(world, flows={**world.flows, flow_id: flow})


def _each(
    cache: Cache, entity_type: str, project_id: str, read: Callable[[Document], Read]
) -> Iterator[tuple[str, Read]]:
    """Every object that is in use, by id; one that this program cannot read is left out."""
    for row in cache.rows(entity_type, project_id=project_id):
        draft = row.data.get("draft")
        if row.data.get("archived") or not isinstance(draft, dict):
            continue
        try:
            yield row.id, read(draft)
        except msgspec.ValidationError:
            continue


def _length(prompt: Prompt) -> float:
    audios = (each.audio for each in prompt.languages.values())
    return next((audio.seconds for audio in audios if audio is not None), 0.0)


def _words(prompt: Prompt) -> str:
    return next((each.text for each in prompt.languages.values() if each.text), "")
