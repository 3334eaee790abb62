"""The world that simulated calls meet: a project's flows, hours, queues and prompts, as drafted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.cache import Cache
from cx_desktop.domain.calls.pinned import Version, pinned
from cx_desktop.domain.calls.world import Objects, closures_of, world_of
from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import Closure, World
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.flow.simulate.world import prompt_key
from cx_desktop.domain.prompts import Audio, Prompt, prompt_of
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.emergency import emergency_of
from cx_desktop.models.flow_entity import number_facts
from cx_desktop.models.objects.facts import revision_facts
from cx_desktop.models.objects.reading import objects_of
from cx_desktop.models.objects.uses import live_document
from cx_desktop.models.prompts.sounds import Sounds

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


def read_surroundings(cache: Cache, flow_id: str, project_id: str, now: datetime) -> Surroundings:
    """What calls into a draft meet now, as this device knows it. Not for the GUI thread."""
    prompts = dict(objects_of(cache, "prompt", project_id, prompt_of))
    objects = Objects(
        flows=dict(objects_of(cache, "flow", project_id, flow_of)),
        schedules=dict(objects_of(cache, "schedule", project_id, schedule_of)),
        queues=dict(objects_of(cache, "queue", project_id, queue_of)),
        prompts=prompts,
    )
    recordings = {key: _recorded(each) for key, each in prompts.items()}
    world = world_of(objects, now)
    return _around(cache, flow_id, project_id, world=world, recordings=recordings)


def read_published(
    cache: Cache, flow_id: str, number: int, project_id: str, now: datetime
) -> Surroundings:
    """What calls into a version of a flow meet: what it pinned, and hours and queues as live.

    Not for the GUI thread.
    """
    found = _version(cache, flow_id, number) or Version({}, {})
    played = pinned(flow_id, flow_of(found.document), found.pins, partial(_version, cache))
    live = partial(live_document, cache)
    objects = Objects(
        flows=played.flows,
        pinned=played.prompts,
        schedules=dict(objects_of(cache, "schedule", project_id, schedule_of, live)),
        queues=dict(objects_of(cache, "queue", project_id, queue_of, live)),
    )
    recordings = {
        prompt_key(flow, key): _recorded(each)
        for flow, own in played.prompts.items()
        for key, each in own.items()
    }
    world = world_of(objects, now)
    return _around(cache, flow_id, project_id, world=world, recordings=recordings)


def with_flow(world: World, flow_id: str, flow: Flow) -> World:
    """The world with a flow as it is on the canvas now."""
    return replace(world, flows={**world.flows, flow_id: flow})


def _around(
    cache: Cache, flow_id: str, project_id: str, *, world: World, recordings: Recordings
) -> Surroundings:
    numbers = [number_facts(row.data) for row in cache.rows("number", project_id=project_id)]
    emergencies = (emergency_of(row.data) for row in cache.rows("emergency", project_id=project_id))
    return Surroundings(
        world,
        closures_of(emergencies, {each.id: each.e164 for each in numbers}),
        tuple(each.e164 for each in numbers if each.flow_id == flow_id),
        recordings,
    )


def _version(cache: Cache, object_id: str, number: int | None) -> Version | None:
    """A version as this device knows it."""
    rows = cache.revisions(object_id, number=number) if number is not None else ()
    facts = revision_facts(rows[0].data) if rows else None
    return None if facts is None else Version(facts.document, facts.pins)


def _recorded(prompt: Prompt) -> Mapping[str, Audio]:
    spoken = prompt.languages.items()
    return {language: each.audio for language, each in spoken if each.audio is not None}
