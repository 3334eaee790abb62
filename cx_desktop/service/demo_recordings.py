"""Recordings of the demo's calls: as many as asked for, over the last six months.

They are made up, so their sound is not there. Telephone numbers lie in the ranges that the French
regulator keeps for fiction.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random

from msgspec import Struct

from cx_desktop.domain.recordings import delete_by
from cx_desktop.protocol import Recording
from cx_desktop.service.service import Service
from cx_desktop.service.store import Entity, entities, recordings

#: More than this nobody needs to see, and no temporary folder should hold.
MOST_RECORDINGS = 5_000_000

_DAYS = 178
_SUNDAY = 6
_OPENS, _HOURS = 8, 11
_AT_ONCE = 100_000
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
    queues: tuple[str, ...]
    flows: tuple[str, ...]
    numbers: tuple[str, ...]
    agents: tuple[tuple[str, str], ...]


def seed_recordings(service: Service, count: int) -> int:
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
    calls = _calls(world, missing, service.clock.now(), latest=1 if here else _DAYS)
    for done in range(0, missing, _AT_ONCE):
        with service.store.write() as txn:
            batch = islice(calls, min(_AT_ONCE, missing - done))
            recordings.add(txn, world.project_id, batch)
    return missing


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
            queues=found("queue"),
            flows=found("flow"),
            numbers=found("number", "e164"),
            agents=tuple((service.config.ids.new(), name) for name in _AGENTS),
        )


def _calls(world: _World, count: int, now: datetime, *, latest: int) -> Iterator[Recording]:
    """Calls from the oldest to the newest, so that ids, places and times have one order."""
    chance = Random(count)  # noqa: S311  (the same demo each time, no secret)
    today = now.date()
    past = [today - timedelta(days=back) for back in range(_DAYS, 0, -1)]
    days = [day for day in past if day.weekday() != _SUNDAY][-latest:]
    opening = [
        datetime(day.year, day.month, day.day, _OPENS, tzinfo=UTC).timestamp() for day in days
    ]
    ends = [delete_by(day) for day in days]
    for number in range(count):
        day, part = divmod((number + chance.random()) / count * len(days), 1.0)
        index = min(int(day), len(days) - 1)
        seconds = int(opening[index] + part * _HOURS * 3600)
        yield _call(world, chance, datetime.fromtimestamp(seconds, UTC), ends[index], number)


def _call(world: _World, chance: Random, at: datetime, end: date, number: int) -> Recording:
    is_in = chance.random() < 0.8
    other = f"+3363998{chance.randrange(10_000):04d}"
    ours = chance.choice(world.numbers)
    duration = int(min(3_600, 20 + chance.expovariate(1 / 210)))
    agent_id, agent_name = chance.choice(world.agents)
    return Recording(
        id=_id_at(at, number, chance),
        project_id=world.project_id,
        started_at=at,
        duration=duration,
        direction="in" if is_in else "out",
        queue_id=chance.choice(world.queues) if is_in else None,
        agent_id=agent_id,
        agent_name=agent_name,
        caller=other if is_in else ours,
        called=ours if is_in else other,
        flow_id=chance.choice(world.flows) if is_in else None,
        size=duration * _BYTES_PER_SECOND,
        blob=None,
        delete_by=end,
        ver=1,
    )


def _id_at(at: datetime, number: int, chance: Random) -> str:
    """A UUIDv7 of that second; calls of one second keep their order by their number."""
    time, place = int(at.timestamp()) * 1000, number & 0xFFFFFFFF
    salt = chance.getrandbits(30)
    digits = (
        f"{time:012x}7{place & 0xFFF:03x}{0x8000 | salt >> 16:04x}{place:08x}{salt & 0xFFFF:04x}"
    )
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
