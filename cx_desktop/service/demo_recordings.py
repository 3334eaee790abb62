"""Recordings of the demo's calls: as many as asked for, over the last six months.

Calls come as they do to a shop: more at eleven and at four than at noon, few on Saturday. The
newest of them can be heard; so many sounds there are (``demo_speech``) that lengths differ.
Telephone numbers lie in the ranges that the French regulator keeps for fiction.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, islice
from random import Random
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from cx_desktop.domain.recordings import delete_by
from cx_desktop.domain.recordings.policy import ITEMS, Notice, Pause, Policy, Scope, policy_id
from cx_desktop.protocol import Recording
from cx_desktop.service.demo_speech import Heard, dialogues, nothing
from cx_desktop.service.objects import deeds
from cx_desktop.service.recordings import keeping
from cx_desktop.service.recordings.taking import take
from cx_desktop.service.service import Service
from cx_desktop.service.store import Entity, entities, recordings
from cx_desktop.service.store.zones import zone_of

#: More than this nobody needs to see, and no temporary folder should hold.
MOST_RECORDINGS = 5_000_000
#: So many of the newest have a sound; the others are for lists.
MOST_HEARD = 20_000

_DAYS = 178
_SUNDAY = 6
#: Of a week's calls, Monday to Saturday; of a day's, from eight o'clock to seven, hour by hour.
_WEEK = (1.2, 1.0, 1.0, 1.0, 1.0, 0.4)
_OPENS = 8
_DAY = (3, 9, 13, 14, 7, 6, 9, 12, 13, 9, 5)
#: How often callers wait for long, as ``demo_speech.WAITS`` has it.
_WAITS = (45, 25, 20, 10)
_AT_ONCE = 100_000
_PURPOSE = {"fr": "Former les nouveaux conseillers", "en": "Training new advisers"}
_BYTES_PER_SECOND = 3_000
_AGENTS = (
    "Anaïs Lefèvre",
    "Bruno Caron",
    "Chloé Marchand",
    "Damien Roussel",
    "Émilie Faure",
    "Farid Benali",
    "Gaëlle Perrin",
    "Hugo Lemaire",
    "Inès Garnier",
    "Julien Morel",
    "Karine Blanc",
    "Loïc Guérin",
)


class _World(Struct, frozen=True):
    """What a project's calls are about."""

    project_id: str
    zone: ZoneInfo
    queues: tuple[str, ...]
    flows: tuple[str, ...]
    numbers: tuple[str, ...]
    agents: tuple[tuple[str, str], ...]


def seed_recordings(service: Service, count: int, language: str = "fr") -> int:
    """See to it that the demo has at least so many recordings; how many were added."""
    with service.store.read() as connection:
        world = next(
            each
            for project in entities.each(connection, "project")
            if (each := _world(service, project)).flows and _records(project)
        )
        stream = f"recordings:{world.project_id}"
        here = recordings.row_count(connection, stream)
        missing = max(0, count - here)
    # What is added to what is there has just been recorded.
    spoken = dialogues(language) if missing else ()
    calls = _calls(world, missing, service.clock.now(), spoken, latest=1 if here else _DAYS)
    sounds = {each.sha256: each.content for calls in spoken for each in (*calls, nothing())}
    for done in range(0, missing, _AT_ONCE):
        batch = islice(calls, min(_AT_ONCE, missing - done))
        take(service, world.project_id, batch, sounds)
    return missing


def seed_policy(service: Service, language: str = "fr") -> None:
    """Let the project that records have said what it records, unless it has."""
    with service.store.write() as txn:
        for project in entities.each(txn.connection, "project"):
            if _records(project) and keeping.found(txn.connection, project.id) is None:
                policy = msgspec.to_builtins(_policy(txn.now.date(), language))
                own = {"type": "recording_policy", "id": policy_id(project.id)}
                signed = {"updated_at": deeds.instant(txn.now), "updated_by": None}
                data = policy | own | signed | {"project_id": project.id}
                entities.save(txn, "recording_policy", policy_id(project.id), project.id, data)


def _policy(today: date, language: str) -> Policy:
    return Policy(
        is_on=True,
        rate=20,
        end_date=today + timedelta(days=60),
        scope=(Scope.IVR_TRANSFER, Scope.AGENT_IN, Scope.AGENT_OUT),
        purpose=_PURPOSE[language],
        notice=Notice(
            items=ITEMS, is_said_by_agents=True, staff_told_on=today - timedelta(days=200)
        ),
        pause=Pause.AGENT,
    )


def _records(project: Entity) -> bool:
    features = project.data.get("features")
    return isinstance(features, list) and "recording" in features


def _world(service: Service, project: Entity) -> _World:
    with service.store.read() as connection:

        def found(kind: str, field: str = "id") -> tuple[str, ...]:
            rows = entities.each(connection, kind, project_ids=[project.id])
            return tuple(str(each.data[field]) for each in rows)

        return _World(
            project_id=project.id,
            zone=zone_of(connection, project.id),
            queues=found("queue"),
            flows=found("flow"),
            numbers=found("number", "e164"),
            agents=tuple((service.config.ids.new(), name) for name in _AGENTS),
        )


def _calls(
    world: _World,
    count: int,
    now: datetime,
    spoken: Sequence[Sequence[Heard]],
    *,
    latest: int,
) -> Iterator[Recording]:
    """Calls from the oldest to the newest, so that ids, places and times have one order."""
    chance = Random(count)  # noqa: S311  (the same demo each time, no secret)
    for number, at in enumerate(_times(world, count, now, chance, latest)):
        heard = _heard(chance, spoken) if count - number <= MOST_HEARD else None
        yield _call(world, chance, at, heard, number)


def _times(
    world: _World, count: int, now: datetime, chance: Random, latest: int
) -> Iterator[datetime]:
    """When calls came: evenly along the hours of the days, each as long as it is busy."""
    today = now.astimezone(world.zone).date()
    past = [today - timedelta(days=back) for back in range(_DAYS, 0, -1)]
    days = [day for day in past if day.weekday() != _SUNDAY][-latest:]
    hours = [
        (datetime.combine(day, time(_OPENS), world.zone).timestamp() + 3600 * hour, weight * much)
        for day in days
        for much in (_WEEK[day.weekday()],)
        for hour, weight in enumerate(_DAY)
    ]
    ends = list(accumulate(weight for _, weight in hours))
    for number in range(count):
        place = (number + chance.random()) / count * ends[-1]
        index = min(bisect_right(ends, place), len(hours) - 1)
        start, weight = hours[index]
        part = 1 - (ends[index] - place) / weight
        yield datetime.fromtimestamp(int(start + max(0.0, part) * 3600), UTC)


def _heard(chance: Random, spoken: Sequence[Sequence[Heard]]) -> Heard | None:
    """What was recorded; now and then nothing, or it lies elsewhere by now."""
    luck = chance.random()
    if luck < 0.03:
        return nothing() if luck < 0.01 else None
    return chance.choices(chance.choice(spoken), _WAITS)[0]


def _call(
    world: _World, chance: Random, at: datetime, heard: Heard | None, number: int
) -> Recording:
    is_in = heard.direction == "in" if heard else chance.random() < 0.8
    other = f"+3363998{chance.randrange(10_000):04d}"
    ours = chance.choice(world.numbers)
    duration = heard.seconds if heard else int(min(3_600, 20 + chance.expovariate(1 / 210)))
    agent_id, agent_name = chance.choice(world.agents)
    return Recording(
        id=_id_at(at, number, chance),
        project_id=world.project_id,
        started_at=at,
        duration=duration,
        direction="in" if is_in else "out",
        queue_id=_queue(world, chance, heard) if is_in else None,
        agent_id=agent_id,
        agent_name=agent_name,
        caller=other if is_in else ours,
        called=ours if is_in else other,
        flow_id=chance.choice(world.flows) if is_in else None,
        size=len(heard.content) if heard else duration * _BYTES_PER_SECOND,
        blob=heard.sha256 if heard else None,
        delete_by=_end(at.astimezone(world.zone).date()),
        ver=1,
    )


#: Of a day there are thousands.
_end = lru_cache(maxsize=400)(delete_by)


def _queue(world: _World, chance: Random, heard: Heard | None) -> str:
    """The queue that a dialogue fits."""
    if heard is None or heard.queue is None:
        return chance.choice(world.queues)
    return world.queues[heard.queue % len(world.queues)]


def _id_at(at: datetime, number: int, chance: Random) -> str:
    """A UUIDv7 of that second; calls of one second keep their order by their number."""
    time, place = int(at.timestamp()) * 1000, number & 0xFFFFFFFF
    salt = chance.getrandbits(30)
    digits = (
        f"{time:012x}7{place & 0xFFF:03x}{0x8000 | salt >> 16:04x}{place:08x}{salt & 0xFFFF:04x}"
    )
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
