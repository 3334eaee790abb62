"""The world that simulated calls meet: a project's flows, hours, queues and prompts, as drafted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import Closure, World
from cx_desktop.domain.flow.simulate.project import Objects, closures_of, world_of
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import Audio, Prompt, prompt_of
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.emergency import Emergency, emergency_of
from cx_desktop.models.flow_entity import number_facts
from cx_desktop.models.prompts.sounds import Sounds

Read = TypeVar("Read")


#: The recordings of prompts, by the prompt's id and then by language.
Recordings = Mapping[str, Mapping[str, Audio]]


class Surroundings(Struct, frozen=True):
    """What is known around a flow."""

    world: World
    """The world of any day: tests are run in it."""
    closures: Mapping[str, tuple[Closure, ...]] = {}
    """The emergencies of today."""
    numbers: tuple[str, ...] = ()
    """The telephone numbers that lead into the flow."""
    recordings: Recordings = {}
    """What prompts sound like where they were recorded."""


class Around(NamedTuple):
    """What a flow is simulated in: its own id, and how the world around it is read."""

    flow_id: str
    read: Callable[[], Surroundings]
    """Not for the GUI thread."""
    ask: Callable[[Request], Outcome] | None = None
    """Asks a web address for real. Not for the GUI thread."""
    sounds: Sounds | None = None
    """Plays recordings, where they can be heard."""


def read_world(cache: Cache, project_id: str, now: datetime) -> World:
    """The world of a project as this device knows it. Not for the GUI thread."""
    objects = Objects(
        flows=dict(_each(cache, "flow", project_id, flow_of)),
        schedules=dict(_each(cache, "schedule", project_id, schedule_of)),
        queues=dict(_each(cache, "queue", project_id, queue_of)),
        prompts=dict(_each(cache, "prompt", project_id, prompt_of)),
    )
    return world_of(objects, now)


def read_surroundings(cache: Cache, flow_id: str, project_id: str, now: datetime) -> Surroundings:
    """What calls into a flow meet now, as this device knows it. Not for the GUI thread."""
    numbers = [number_facts(row.data) for row in cache.rows("number", project_id=project_id)]
    emergencies = map(_emergency, cache.rows("emergency", project_id=project_id))
    return Surroundings(
        read_world(cache, project_id, now),
        closures_of(emergencies, {each.id: each.e164 for each in numbers}),
        tuple(each.e164 for each in numbers if each.flow_id == flow_id),
        {key: _recorded(each) for key, each in _each(cache, "prompt", project_id, prompt_of)},
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


def _recorded(prompt: Prompt) -> Mapping[str, Audio]:
    spoken = prompt.languages.items()
    return {language: each.audio for language, each in spoken if each.audio is not None}


def _emergency(row: Row) -> Emergency:
    return emergency_of(row.data)
