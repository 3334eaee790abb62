"""Sounds of recordings: sealed one by one, read at any place, gone for good when destroyed."""

import hashlib
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cx_desktop.cache import Cache, sealing, tables
from cx_desktop.cache.overdue import FOLDER, purge_files
from cx_desktop.cache.sealing import CHUNK, Reader, derived
from cx_desktop.cache.sounds import SoundState
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Recording
from tests.cache.calls import (
    DIGEST,
    SOUND,
    WORDS,
    arrive,
    download,
    ends_in,
    recording,
    wanted,
)
from tests.cache.world import KEY, World
from tests.fakes.clock import FakeClock
from tests.fakes.disk_scan import found_in, readable


@pytest.fixture
def call(world: World) -> Recording:
    """A recording, of which nothing but the row is here."""
    each = recording(world, world.clock.now())
    arrive(world, each)
    return each


def files(world: World) -> list[Path]:
    return sorted((world.folder / FOLDER).glob("*"))


def the_key(cache: Cache) -> tuple[bytes, bytes]:
    """A sound's key, as it is kept and as it is."""
    with cache._read() as connection:
        wrapped = bytes(connection.execute(select(tables.recording_sound.c.key)).scalar_one())
    return wrapped, aes_key_unwrap(derived(KEY, b"", b"cx-desktop keys of sounds"), wrapped)


def test_a_sound_that_came_is_read_again_after_a_restart(world: World, call: Recording) -> None:
    assert world.cache.sounds.state(call.id) is SoundState.ABSENT
    download(world, call)
    sounds = world.reopened().sounds
    assert sounds.has(call.id)
    sound = sounds.open(call.id)
    assert sound.size == len(SOUND)
    assert sound.read_at(0, len(SOUND) + 5) == SOUND
    assert sound.read_at(len(SOUND), 10) == b""
    sound.close()
    assert sounds.bytes_used() > len(SOUND)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path = tmp_path_factory.mktemp("sealed") / "sound"
    sealing.write(path, AESGCM, b"label", SOUND)
    return Reader(path, AESGCM, b"label")


@settings(deadline=None)
@given(offset=st.integers(0, len(SOUND)), count=st.integers(0, 3 * CHUNK))
def test_any_place_of_it_reads_as_what_stands_there(
    sealed: Reader, offset: int, count: int
) -> None:
    assert sealed.read_at(offset, count) == SOUND[offset : offset + count]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_sound_of_any_length_is_whole(world: World, size: int) -> None:
    content = SOUND[:size]
    digest = hashlib.sha256(content).hexdigest()
    each = recording(world, world.clock.now(), blob=digest, size=size)
    download(world, each, content=content)
    sound = world.cache.sounds.open(each.id)
    assert (sound.size, sound.read_at(0, size + 1)) == (size, content)


def test_a_part_of_a_sound_is_never_read(world: World, call: Recording) -> None:
    sounds = world.cache.sounds
    sounds.want([wanted(world, call)])
    arriving = sounds.begin(call.id)
    arriving.add(SOUND[:-1])
    assert sounds.state(call.id) is SoundState.WANTED
    with pytest.raises(CXError, match="recording-not-here"):
        sounds.open(call.id)
    assert not sounds.finish(call.id, arriving)  # another digest
    assert not sounds.has(call.id)
    again = world.reopened().sounds.begin(call.id)
    assert 0 < again.size < len(SOUND)
    again.add(SOUND[again.size :])
    assert world.cache.sounds.finish(call.id, again)


def test_nothing_of_a_sound_shows_on_the_disk_and_each_has_its_own_key(world: World) -> None:
    calls = [recording(world, world.clock.now()) for _ in range(2)]
    download(world, *calls)
    one, other = files(world)
    assert one.read_bytes()[64:] != other.read_bytes()[64:]
    assert one.stat().st_mode & 0o777 == 0o600
    ids = [each.id.encode() for each in calls] + [
        each.id.replace("-", "").encode() for each in calls
    ]
    assert not found_in(world.folder / FOLDER, KEY, [WORDS, DIGEST.encode(), *ids])
    one.write_bytes(other.read_bytes())
    assert len(_opens(world, calls)) == 1


def _opens(world: World, calls: list[Recording]) -> list[str]:
    found = []
    for each in calls:
        try:
            world.cache.sounds.open(each.id)
        except CXError:
            continue
        found.append(each.id)
    return found


def test_damage_is_told_and_never_played(world: World, call: Recording) -> None:
    download(world, call)
    (path,) = files(world)
    sealed = bytearray(path.read_bytes())
    sealed[-100] ^= 1
    path.write_bytes(sealed)
    sound = world.cache.sounds.open(call.id)
    assert sound.read_at(0, 10) == SOUND[:10]
    with pytest.raises(CXError, match="recording-not-here"):
        sound.read_at(len(SOUND) - 10, 10)
    path.write_bytes(sealed[: CHUNK + 500])  # cut short: its end is missing
    with pytest.raises(CXError, match="recording-not-here"):
        world.cache.sounds.open(call.id).read_at(0, len(SOUND))


def test_a_destroyed_sound_is_gone_with_its_key_also_while_it_plays(
    world: World, call: Recording
) -> None:
    download(world, call)
    wrapped, key = the_key(world.cache)
    assert found_in(world.folder, KEY, [wrapped])  # the scan sees what is there
    sound = world.cache.sounds.open(call.id)
    world.cache.sounds.keep_beside(call.id, "wave", b"the shape of a sound")
    assert world.cache.sounds.beside(call.id, "wave") == b"the shape of a sound"
    world.cache.sounds.destroy([call.id])
    assert not files(world)
    assert not found_in(world.folder, KEY, [wrapped, key, WORDS])
    with pytest.raises(CXError, match="recording-gone"):
        sound.read_at(0, 10)
    assert world.cache.sounds.beside(call.id, "wave") is None
    assert world.reopened().sounds.state(call.id) is SoundState.ABSENT


def test_what_comes_on_while_it_is_destroyed_does_not_come_back(
    world: World, call: Recording
) -> None:
    sounds = world.cache.sounds
    sounds.want([wanted(world, call)])
    arriving = sounds.begin(call.id)
    arriving.add(SOUND[: 2 * CHUNK])
    sounds.destroy([call.id])
    with pytest.raises(CXError, match="not-writable"):
        arriving.add(SOUND[2 * CHUNK :])
    assert not files(world)


def test_a_file_without_a_row_goes_at_the_next_start(world: World, call: Recording) -> None:
    download(world, call)
    with world.cache._engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("DELETE FROM recording_sound")  # a crash came right after this
        connection.exec_driver_sql("COMMIT")
    world.reopened()
    assert not files(world)


def test_a_lowered_end_is_in_the_name_also_after_a_crash_between(
    world: World, call: Recording
) -> None:
    download(world, call)
    (path,) = files(world)
    end = world.clock.now() + timedelta(days=3)
    world.cache.sounds.set_ends({call.id: end})
    (moved,) = files(world)
    assert moved.name.split(".")[1] == str(int(end.timestamp()))
    assert world.cache.sounds.open(call.id).read_at(0, 4) == SOUND[:4]
    world.cache.close()
    moved.rename(path)
    world.reopened()
    assert files(world) == [moved]
    assert world.cache.sounds.has(call.id)


def test_without_any_key_what_is_over_goes_and_the_rest_stays(world: World) -> None:
    over = recording(world, world.clock.now(), delete_by=ends_in(world, 3))
    stays = recording(world, world.clock.now(), delete_by=ends_in(world, 4))
    arrive(world, over, stays)
    download(world, over, stays)
    world.cache.close()
    foreign = world.folder / FOLDER / "notes.txt"
    foreign.write_text("somebody put this here")
    paris_midnight = world.clock.now().replace(hour=23) + timedelta(days=2)
    assert purge_files(world.folder, paris_midnight - timedelta(seconds=1)) == 0
    assert purge_files(world.folder, paris_midnight) == 1
    assert foreign.exists()
    sounds = world.reopened().sounds
    assert (sounds.has(over.id), sounds.has(stays.id)) == (False, True)


def test_the_scan_reads_what_was_deleted_and_not_overwritten(world: World) -> None:
    """The judge is judged: a row deleted as SQLite does by itself is still there to be read."""
    name = f"Marqueur {Random(2).random()}"  # noqa: S311  (the same each time, no secret)
    flow_id = world.received(name)
    assert found_in(world.folder, KEY, [name.encode()])
    with world.cache._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        key = bytes.fromhex(flow_id.replace("-", ""))
        connection.exec_driver_sql("DELETE FROM entity WHERE id = ?", (key,))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
    assert found_in(world.folder, KEY, [name.encode()])
    assert len(list(readable(world.folder, KEY))) > 2


def test_what_cannot_be_deleted_keeps_nothing_else_and_nobody_out(
    world: World, clock: FakeClock
) -> None:
    calls = [recording(world, world.clock.now(), delete_by=ends_in(world, 2)) for _ in range(3)]
    download(world, *calls)
    world.cache.close()
    stubborn = world.folder / FOLDER / "0123.1.sound"
    stubborn.mkdir()  # nobody unlinks a folder
    with pytest.raises(CXError, match="not-writable"):
        purge_files(world.folder, clock.now() + timedelta(days=3))
    assert files(world) == [stubborn]
    assert world.reopened().sounds.all()
    stubborn.rmdir()
    clock.advance(timedelta(days=3))
    world.cache.purging.turn()
    assert world.cache.sounds.all() == ()
