"""Retention here: what is due is read by nobody, and nothing of it stays on the disk."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cx_desktop.cache import Cache, Edit, PutRow, tables
from cx_desktop.cache.overdue import FOLDER
from cx_desktop.cache.purging import Purged, begin_of
from cx_desktop.cache.sealing import CHUNK, derived
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, change
from cx_desktop.protocol import Recording
from tests.cache.calls import (
    AGENT,
    CALLER,
    SOUND,
    WORDS,
    arrive,
    download,
    ends_in,
    recording,
    told,
    wanted,
)
from tests.cache.crash_points import opened
from tests.cache.test_crash_points import Raiser, kills
from tests.cache.world import KEY, World, put
from tests.fakes.clock import FakeClock
from tests.fakes.disk_scan import found_in

DAY = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
WAVE, TORN, NOTE = b"the shape of what was said", "+33655500777", "Marqueur de note"


def secrets_of(cache: Cache) -> list[bytes]:
    """The keys of sounds, as they are and as they are kept."""
    with cache._read() as connection:
        wrapped = [bytes(each) for each in connection.execute(select(_KEY)).scalars()]
    wrapping = derived(KEY, b"", b"cx-desktop keys of sounds")
    return [*wrapped, *(aes_key_unwrap(wrapping, each) for each in wrapped)]


MARKERS = (CALLER.encode(), AGENT.encode(), WORDS, WAVE, TORN.encode())


_KEY = tables.recording_sound.c.key


@pytest.fixture
def due(world: World) -> Recording:
    """A recording with everything that can be of it here, due in ten days."""
    each = recording(world, world.clock.now(), delete_by=ends_in(world, 10))
    half = recording(world, world.clock.now(), delete_by=ends_in(world, 10))
    torn = PutRow(world.ids.new(), 1, 3, msgspec.Raw(_torn(ends_in(world, 10))))
    world.snapshot(f"recordings:{world.project}", [*told(each, half), torn], high_seq=3)
    download(world, each)
    world.cache.sounds.keep_beside(each.id, "wave", WAVE)
    world.cache.sounds.want([wanted(world, half)])
    world.cache.sounds.begin(half.id).add(SOUND[: 2 * CHUNK])
    return each


def _torn(end: date) -> bytes:
    """A row that this program cannot read; somebody's number stands in it all the same."""
    return msgspec.json.encode({"caller": TORN, "delete_by": end.isoformat(), "duration": "?"})


def at(day: date) -> datetime:
    """When a day begins where the project is."""
    return datetime.combine(day, datetime.min.time(), PARIS).astimezone(UTC)


def test_invariant_18_from_its_day_on_nobody_reads_it_purged_or_not(
    world: World, due: Recording, clock: FakeClock
) -> None:
    cache = world.cache
    clock.set(at(due.delete_by) - timedelta(seconds=1))
    assert due.id in [each.id for each in cache.recordings(world.project, limit=9)]
    sound = cache.sounds.open(due.id)
    clock.set(at(due.delete_by))
    assert cache.recordings(world.project, limit=9) == ()
    cache.purging.turn()
    with pytest.raises(CXError, match="recording-gone"):
        sound.read_at(0, 1)
    with pytest.raises(CXError, match="recording-not-here"):
        cache.sounds.open(due.id)
    assert cache.sounds.beside(due.id, "wave") is None


def test_invariant_18_nothing_of_it_stays_anywhere_in_the_profile(
    world: World, due: Recording, clock: FakeClock
) -> None:
    world.cache.sync.complete(is_whole=True)
    assert world.cache.recording_list.prepare()  # with the indexes that are searched
    secrets = secrets_of(world.cache)
    assert len(secrets) == 4
    before = found_in(world.folder, KEY, [*MARKERS, *secrets])
    assert set(before) == {CALLER.encode(), AGENT.encode(), TORN.encode(), *secrets[:2]}
    clock.set(at(due.delete_by))
    assert world.cache.purging.run() == Purged(recordings=2, sounds=0, annotations=0)
    assert not found_in(world.folder, KEY, [*MARKERS, *secrets])
    assert not list((world.folder / FOLDER).iterdir())
    assert world.cache.sounds.all() == ()
    world.reopened()
    assert not found_in(world.folder, KEY, [*MARKERS, *secrets])


def test_what_is_not_due_stays_whole(world: World, due: Recording, clock: FakeClock) -> None:
    later = recording(world, clock.now(), delete_by=ends_in(world, 11))
    arrive(world, due, later)
    download(world, later)
    clock.set(at(due.delete_by))
    world.cache.purging.run()
    assert [each.id for each in world.cache.recordings(world.project, limit=9)] == [later.id]
    assert world.cache.sounds.open(later.id).read_at(0, len(WORDS)) == WORDS


def test_invariant_19_a_clock_set_back_prolongs_nothing(
    world: World, due: Recording, clock: FakeClock
) -> None:
    highest = [clock.now()]

    def floor() -> datetime:
        highest[0] = max(highest[0], clock.now())
        return highest[0]

    world.cache.purging.begin(floor)
    clock.set(at(due.delete_by))
    floor()
    clock.set(clock.now() - timedelta(days=3_650))
    assert world.cache.recordings(world.project, limit=9) == ()
    world.cache.purging.turn()
    assert not found_in(world.folder, KEY, MARKERS)


def test_the_day_is_the_project_s_own(world: World, clock: FakeClock) -> None:
    """Réunion's day begins three hours before Paris's."""
    project: Document = {"type": "project", "id": world.project, "time_zone": "Indian/Reunion"}
    world.serve_project(project)
    each = recording(world, clock.now(), delete_by=ends_in(world, 10))
    arrive(world, each)
    download(world, each)
    midnight = at(each.delete_by) - timedelta(hours=3)
    assert world.cache.sounds.all()[0].ends == midnight
    clock.set(midnight - timedelta(seconds=1))
    world.cache.purging.run()
    assert world.cache.sounds.has(each.id)
    clock.set(midnight)
    assert world.cache.purging.run().recordings == 1


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["Europe/Paris", "Asia/Beirut", "America/Havana", "Pacific/Apia", "UTC"]),
)
def test_the_moment_of_an_end_is_when_the_day_begins(day: date, name: str) -> None:
    """Also where the night has no midnight, or two of them."""
    zone = ZoneInfo(name)
    moment = begin_of(day, zone)
    before = (moment - timedelta(minutes=61)).astimezone(zone).date()
    assert before < day
    assert (moment + timedelta(hours=1)).astimezone(zone).date() == day


def test_a_lowered_end_is_followed_and_a_sound_that_left_the_service_goes(
    world: World, due: Recording, clock: FakeClock
) -> None:
    moved = recording(world, clock.now())
    arrive(world, due, moved)
    download(world, moved)
    lowered = msgspec.structs.replace(due, delete_by=ends_in(world, 2), ver=2)
    gone = msgspec.structs.replace(moved, blob=None, ver=2)
    arrive(world, lowered, gone)
    world.cache.purging.run()
    assert [each.id for each in world.cache.sounds.all()] == [due.id]
    assert world.cache.sounds.all()[0].ends == at(lowered.delete_by)
    clock.set(at(lowered.delete_by))
    world.cache.purging.run()
    assert not list((world.folder / FOLDER).iterdir())


def test_notes_end_at_their_own_term_and_never_before_they_are_sent(
    world: World, due: Recording, clock: FakeClock
) -> None:
    notes: list[Document] = [
        {
            "type": "note",
            "id": world.ids.new(),
            "project_id": world.project,
            "recording_id": due.id,
            "text": f"{NOTE} {n}",
            "delete_by": ends_in(world, 20).isoformat(),
        }
        for n in range(2)
    ]
    stream = f"notes:{world.project}"
    world.snapshot(stream, [put(each, ver=1, seq=4 + n) for n, each in enumerate(notes)])
    unsent = world.cache.row("note", str(notes[1]["id"]))
    assert unsent is not None
    world.cache.edit(
        Edit("note", unsent.id, changes=(change(unsent.data, ("text",), "pas encore envoyée"),))
    )
    clock.set(at(due.delete_by))
    world.cache.purging.run()
    assert len(world.cache.rows("note")) == 2, "they outlive their recording"
    clock.advance(20 * DAY)
    assert world.cache.purging.run().annotations == 1
    assert [each.id for each in world.cache.rows("note")] == [unsent.id]
    assert not found_in(world.folder, KEY, [f"{NOTE} 0".encode()])
    for op in world.send():
        world.answer(op, ver=2, seq=9)
    assert world.cache.purging.run().annotations == 1


def test_very_much_that_is_due_goes_bit_by_bit_and_is_read_by_nobody_meanwhile(
    world: World, clock: FakeClock
) -> None:
    calls = [recording(world, clock.now(), delete_by=ends_in(world, 1)) for _ in range(2_500)]
    arrive(world, *calls)
    clock.advance(2 * DAY)
    turns = iter([True, False])
    assert not world.cache.purging.turn(lambda: next(turns))
    assert world.cache.recordings(world.project, limit=9) == ()
    with world.cache._read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM recording").scalar_one()
    assert left == 1_500
    assert world.cache.purging.turn()
    assert not found_in(world.folder, KEY, [CALLER.encode()])


def test_a_full_disk_keeps_no_sound(world: World, due: Recording, clock: FakeClock) -> None:
    clock.set(at(due.delete_by))
    with world.cache._engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")  # nobody else can write
        other.exec_driver_sql("PRAGMA busy_timeout = 0")
        world.cache._writer._edits.exec_driver_sql("PRAGMA busy_timeout = 0")
        world.cache._writer._edits.rollback()
        world.cache.purging.turn()
        assert not list((world.folder / FOLDER).iterdir())
        other.exec_driver_sql("ROLLBACK")
    world.cache.purging.turn()
    assert not found_in(world.folder, KEY, MARKERS)


def test_invariant_24_an_evicted_project_leaves_no_sound_and_no_key(
    world: World, due: Recording
) -> None:
    assert world.cache.sounds.has(due.id)
    secrets = secrets_of(world.cache)
    bundle = world.cache.leaving.bundle(world.project)
    assert world.cache.leaving.evict({world.project: bundle}, world.clock.now())
    assert not found_in(world.folder, KEY, [*MARKERS, *secrets])
    assert not list((world.folder / FOLDER).iterdir())
    assert world.cache.sounds.all() == ()


@pytest.fixture(scope="module")
def raiser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raiser]:
    """Children that purge a cache in which much is due, and are killed on the way."""
    base = tmp_path_factory.mktemp("base")
    world = World(base, FakeClock(datetime(2026, 11, 10, 9, tzinfo=UTC)))
    calls = [
        recording(world, world.clock.now(), delete_by=date(2026, 11, 12 + n)) for n in range(3)
    ]
    arrive(world, *calls)
    download(world, *calls)
    secrets = secrets_of(world.cache)
    world.cache.close()
    raiser = Raiser(base, tmp_path_factory.mktemp("lives"), look_for(world.project, secrets))
    yield raiser
    raiser.close()


def look_for(project: str, secrets: list[bytes]) -> Callable[[Path], tuple[object, ...]]:
    """What the next start makes of a folder that a killed purge has left."""

    def look(folder: Path) -> tuple[object, ...]:
        left = frozenset(found_in(folder, KEY, [*MARKERS, *secrets]))
        cache = opened(folder)
        try:
            assert cache.recordings(project, limit=9) == ()
            cache.purging.turn()
            assert not found_in(folder, KEY, [*MARKERS, *secrets])
            assert not list((folder / FOLDER).iterdir())
        finally:
            cache.close()
        return (left,)

    return look


@pytest.mark.parametrize("point", ["statement", "commit", "remove"])
def test_invariant_18_a_purge_killed_anywhere_is_gone_on_with(raiser: Raiser, point: str) -> None:
    assert list(kills(raiser, "purge", point)), "each life is judged by the look of it"
