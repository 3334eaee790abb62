"""Invariant 32: a cache that cannot be read is never replaced by an empty one in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cx_desktop.cache import Cache, Edit
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import OpStatus
from tests.cache.world import KEY, World, put
from tests.fakes.clock import FakeClock

PAGE = 4096
WRONG_KEY = bytes(32)


@pytest.fixture
def lived_in(tmp_path: Path, clock: FakeClock) -> World:
    """A closed cache with many flows, one op in flight and many edits."""
    world = World(tmp_path, clock)
    flows = [world.flow(f"SVI {n}") for n in range(30)]
    world.receive(*(put(flow, ver=1, seq=n) for n, flow in enumerate(flows, start=1)))
    for flow in flows[:20]:
        world.edit(str(flow["id"]), "name", to="modifié")
    world.send()
    world.edit(str(flows[0]["id"]), "name", to="modifié encore")
    world.cache.close()
    return world


def _open(world: World, key: bytes = KEY) -> Cache:
    return Cache.open(world.folder, key, clock=world.clock, ids=world.ids)


def _refused(world: World, key: bytes = KEY) -> CXError:
    with pytest.raises(CXError) as caught:
        _open(world, key)
    assert caught.value.key == "problem.cache-unreadable"
    return caught.value


def _file(world: World) -> Path:
    return world.folder / "cache.db"


def test_invariant_32_a_wrong_key_moves_the_file_aside_and_says_where(lived_in: World) -> None:
    before = _file(lived_in).read_bytes()
    error = _refused(lived_in, WRONG_KEY)
    aside = Path(str(error.params["where"]))
    assert aside.name == "cache-unreadable-2026-11-16T09-00-00.db"
    assert aside.read_bytes() == before
    assert error.params["count"] == 0
    assert not _file(lived_in).exists()


def test_invariant_32_the_right_key_brings_the_file_back(lived_in: World) -> None:
    _refused(lived_in, WRONG_KEY)
    cache = _open(lived_in)
    assert cache.unsent().count == 21
    assert len(cache.rows("flow")) == 30
    cache.close()


def _damage(world: World, page: int) -> None:
    content = bytearray(_file(world).read_bytes())
    content[page * PAGE + 100] ^= 1
    _file(world).write_bytes(content)


def test_invariant_32_any_damaged_page_is_noticed_and_edits_are_saved_from_it(
    lived_in: World,
) -> None:
    sound = _file(lived_in).read_bytes()
    saved = []
    for page in range(len(sound) // PAGE):
        for leftover in lived_in.folder.iterdir():
            leftover.unlink()
        _file(lived_in).write_bytes(sound)
        _damage(lived_in, page)
        count = int(_refused(lived_in).params["count"])
        if count:
            cache = _open(lived_in)
            assert cache.unsent().count == count
            assert cache.sync.stream("flows").cursor == ""
            cache.close()
        saved.append(count)
    # Page 1 holds the salt and the schema; only damage to the outbox itself costs edits.
    assert saved[0] == 0
    assert sum(count == 21 for count in saved) >= len(saved) * 2 // 3


def test_invariant_32_what_was_saved_is_sent_under_its_old_op_ids(lived_in: World) -> None:
    cache = _open(lived_in)
    before = {each.op.op_id: each.op for each in cache.outbox()}
    cache.close()
    cache = _saved_whole(lived_in)
    assert {each.op.op_id: each.op for each in cache.outbox()} == before
    row = cache.row("flow", cache.outbox()[0].op.id)
    assert row is not None
    assert row.data["name"] == "modifié encore"
    assert cache.sync.verify() == ()
    fresh = lived_in.ids.new()
    cache.edit(Edit("flow", fresh, value={**lived_in.flow(), "id": fresh}))
    assert max(each.n for each in before.values()) < cache.outbox()[-1].op.n
    cache.close()


def _saved_whole(world: World) -> Cache:
    """The new cache after damage to a page of which no edit needs anything."""
    sound = _file(world).read_bytes()
    for page in range(len(sound) // PAGE - 1, 1, -1):
        for leftover in world.folder.iterdir():
            leftover.unlink()
        _file(world).write_bytes(sound)
        _damage(world, page)
        if _refused(world).params["count"] == 21:
            cache = _open(world)
            if len(cache.rows("flow")) == 20:
                return cache
            cache.close()
    raise AssertionError("no page could be damaged without loss")


def _emptied(content: bytes) -> bytes:
    return content[:0]


def _halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _overwritten(content: bytes) -> bytes:
    return b"SQLite format 3\0" + bytes(len(content) - 16)


@pytest.mark.parametrize("harm", [_emptied, _halved, _overwritten])
def test_invariant_32_a_file_cut_short_or_overwritten_is_no_new_file(
    lived_in: World, harm: Callable[[bytes], bytes]
) -> None:
    harmed = harm(_file(lived_in).read_bytes())
    _file(lived_in).write_bytes(harmed)
    error = _refused(lived_in)
    assert Path(str(error.params["where"])).read_bytes() == harmed


def test_invariant_32_damage_that_shows_later_is_looked_for_at_the_next_start(
    tmp_path: Path, clock: FakeClock
) -> None:
    world = World(tmp_path, clock)
    flow = world.received()
    op_id = world.edit(flow, "name", to="Nuit")
    (tmp_path / "cache.suspect").touch()
    cache = world.reopened()
    assert not (tmp_path / "cache.suspect").exists()
    assert [each.op.op_id for each in cache.outbox()] == [op_id]
    world.answer(world.send()[0], OpStatus.APPLIED, ver=2, seq=2)
    cache.close()


def test_a_second_unreadable_file_does_not_replace_the_first(lived_in: World) -> None:
    for _ in range(2):
        _file(lived_in).write_bytes(b"nothing that was ever a database" * 400)
        _refused(lived_in)
    assert len(list(lived_in.folder.glob("cache-unreadable-*.db"))) == 2


def test_a_cache_of_a_newer_program_is_refused_unharmed(lived_in: World) -> None:
    cache = _open(lived_in)
    cache._writer._edits.exec_driver_sql("PRAGMA user_version = 99")
    cache.close()
    before = _file(lived_in).read_bytes()
    with pytest.raises(CXError) as caught:
        _open(lived_in)
    assert caught.value.key == "problem.cache-newer"
    assert _file(lived_in).read_bytes() == before


def test_nothing_readable_is_on_the_disk(lived_in: World) -> None:
    for path in lived_in.folder.iterdir():
        assert b"modifi" not in path.read_bytes()
        assert b"SQLite format" not in path.read_bytes()
