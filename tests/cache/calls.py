"""Recordings in a cache, with things in them that can be looked for on the disk."""

import hashlib
from datetime import date, datetime, timedelta
from random import Random

import msgspec

from cx_desktop.cache import PutRow
from cx_desktop.cache.sound_rows import Sound
from cx_desktop.domain.recordings import delete_by
from cx_desktop.protocol import Recording
from tests.cache.world import World

CALLER, AGENT = "+33655500123", "Planchon Marqueur"
#: A sound, all of it noise but the words that are looked for, in its first and its last chunk.
WORDS = b"the words that a caller said"
SOUND = WORDS + Random(5).randbytes(200_000) + WORDS  # noqa: S311  (any bytes)
DIGEST = hashlib.sha256(SOUND).hexdigest()


def recording(world: World, started: datetime, **more: object) -> Recording:
    """A recording of the world's project, as the service has it."""
    values: dict[str, object] = {
        "type": "recording",
        "id": world.ids.new(),
        "project_id": world.project,
        "started_at": started,
        "duration": 61,
        "direction": "in",
        "queue_id": None,
        "agent_id": None,
        "agent_name": AGENT,
        "caller": CALLER,
        "called": "+33189000000",
        "flow_id": None,
        "size": len(SOUND),
        "blob": DIGEST,
        "delete_by": delete_by(started.date()),
        "held": False,
        "ver": 1,
    }
    return msgspec.convert({**values, **more}, Recording)


def told(*recordings: Recording) -> list[PutRow]:
    """The rows of a page that brings them."""
    return [
        PutRow(each.id, each.ver, seq, msgspec.Raw(msgspec.json.encode(each)))
        for seq, each in enumerate(recordings, start=1)
    ]


def arrive(world: World, *recordings: Recording) -> None:
    """The stream of recordings is read, all of it."""
    world.cache.sync.expire(f"recordings:{world.project}")
    world.snapshot(f"recordings:{world.project}", told(*recordings), high_seq=len(recordings))


def wanted(world: World, each: Recording) -> Sound:
    """A recording as a sound that is to be here."""
    end = world.cache.purging.end_of(each.project_id, each.delete_by)
    return Sound(each.id, each.project_id, each.blob or "", each.size, end)


def download(world: World, *recordings: Recording, content: bytes = SOUND) -> None:
    """Their sounds come, whole."""
    world.cache.sounds.want([wanted(world, each) for each in recordings])
    for each in recordings:
        arriving = world.cache.sounds.begin(each.id)
        arriving.add(content[arriving.size :])
        assert world.cache.sounds.finish(each.id, arriving)


def ends_in(world: World, days: int) -> date:
    """A day from now."""
    return (world.clock.now() + timedelta(days=days)).date()
