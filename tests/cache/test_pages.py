"""A page counts once, where it was asked for, with its cursor; rows are kept byte by byte."""

import msgspec
import pytest

from cx_desktop.cache import Chunk, Page, PutRow, StalePage, SyncStore, Unfit
from cx_desktop.cache.pages import forget_versions
from cx_desktop.overrides import override
from tests.cache.world import World, gone, put


def test_the_json_of_the_service_is_kept_byte_by_byte(world: World) -> None:
    flow = world.ids.new()
    raw = b'{"type":"flow", "id":"%s","unknown":{"b":1.50,"a":[1e3]},"ver":1}' % flow.encode()
    world.receive(PutRow(id=flow, ver=1, seq=1, data=msgspec.Raw(raw)))
    assert _stored(world) == raw
    world.edit(flow, "name", to="Nuit")
    assert world.data(flow)["unknown"] == {"b": 1.5, "a": [1000.0]}
    world.edit(flow, "name", to=msgspec.UNSET)
    assert _stored(world) == raw


def _stored(world: World) -> bytes:
    with world.cache._read() as connection:
        found = connection.exec_driver_sql("SELECT data FROM entity WHERE type = 'flow'")
        return bytes(found.scalar_one())


def test_a_page_asked_for_from_elsewhere_changes_nothing(world: World) -> None:
    flow = world.flow("Accueil")
    page = world.page(put(flow, ver=1, seq=1))
    world.cache.sync.apply_page(page)
    before = world.cache.sync.stream("flows")
    with pytest.raises(StalePage):
        world.cache.sync.apply_page(page)
    assert world.cache.sync.stream("flows") == before


def test_an_older_state_of_a_row_is_no_news(world: World) -> None:
    flow = world.flow("Neuf")
    world.receive(put(flow, ver=5, seq=50))
    world.receive(put({**flow, "name": "Vieux"}, ver=4, seq=40))
    world.receive(put({**flow, "name": "Vieux"}, ver=4, seq=60))
    assert world.data(str(flow["id"]))["name"] == "Neuf"
    world.receive(gone(str(flow["id"]), seq=40))
    assert world.data(str(flow["id"]))["name"] == "Neuf"


class WithoutVersions(SyncStore):
    """The mutant that takes whatever comes for news."""

    @override
    def apply_page(self, page: Page) -> None:
        self._do(forget_versions)
        super().apply_page(page)


def test_mutant_a_cache_without_the_guard_of_versions_is_caught(world: World) -> None:
    cache = world.cache
    cache.sync = WithoutVersions(cache._writer, cache._read, clock=world.clock, ids=world.ids)
    with pytest.raises(AssertionError, match="Vieux"):
        test_an_older_state_of_a_row_is_no_news(world)


def test_a_tombstone_takes_the_row_away(world: World) -> None:
    flow = world.received(seq=1)
    world.receive(gone(flow, seq=2))
    assert world.cache.row("flow", flow) is None


def test_a_row_put_and_deleted_in_one_page_is_gone(world: World) -> None:
    flow = world.flow()
    world.receive(put(flow, ver=1, seq=1), gone(str(flow["id"]), seq=2))
    assert world.cache.rows("flow") == ()


def test_a_newer_base_slips_under_my_edits(world: World) -> None:
    flow = world.flow("Accueil")
    world.receive(put(flow, ver=1, seq=1))
    world.edit(str(flow["id"]), "name", to="Mien")
    world.receive(put({**flow, "description": "de Léa"}, ver=2, seq=2))
    data = world.data(str(flow["id"]))
    assert (data["name"], data["description"]) == ("Mien", "de Léa")
    (waiting,) = world.cache.outbox()
    assert waiting.op.base_ver == 1
    (sent,) = world.send()
    assert sent.base_ver == 2


def test_rows_are_listed_by_project(world: World) -> None:
    mine = world.flow("Ici")
    elsewhere = world.flow("Là", project_id=world.ids.new())
    world.receive(put(mine, ver=1, seq=1), put(elsewhere, ver=1, seq=2))
    assert [row.data["name"] for row in world.cache.rows("flow", project_id=world.project)] == [
        "Ici"
    ]
    assert len(world.cache.rows("flow")) == 2


def test_a_new_generation_removes_what_the_service_has_no_more_and_keeps_my_edits(
    world: World,
) -> None:
    kept, lost, edited = (world.received(name, seq=n) for n, name in enumerate("ABC", start=1))
    world.edit(edited, "name", to="C bis")
    world.cache.sync.expire("flows")
    assert len(world.cache.rows("flow")) == 3
    world.cache.sync.apply_chunk(
        Chunk("flows", "", 9, (put(world.flow("A"), ver=1, seq=1),), resume="r1")
    )
    assert world.cache.row("flow", lost) is not None
    survivor = {**world.flow("A"), "id": kept}
    world.cache.sync.apply_chunk(
        Chunk("flows", "r1", 12, (put(survivor, ver=1, seq=1),), cursor="c0")
    )
    assert world.cache.row("flow", lost) is None
    assert world.cache.row("flow", kept) is not None
    assert world.data(edited)["name"] == "C bis"
    assert world.cache.unsent().count == 1
    assert world.cache.sync.stream("flows").high_seq == 9


def test_a_snapshot_goes_on_only_where_it_was_cut_off(world: World) -> None:
    world.cache.sync.expire("flows")
    world.cache.sync.apply_chunk(Chunk("flows", "", 5, (), resume="r1"))
    for since in ("", "r0"):
        with pytest.raises(StalePage):
            world.cache.sync.apply_chunk(Chunk("flows", since, 5, (), cursor="c9"))
    assert world.cache.sync.stream("flows").resume == "r1"


def test_a_new_epoch_keeps_the_outbox_and_reads_everything_anew(world: World) -> None:
    flow = world.flow("Accueil")
    world.receive(put(flow, ver=7, seq=70))
    world.edit(str(flow["id"]), "name", to="Mien")
    world.cache.sync.adopt("e2")
    assert world.cache.sync.epoch == "e2"
    assert world.cache.sync.stream("flows").cursor == ""
    world.snapshot("flows", [put({**flow, "description": "d’avant"}, ver=3, seq=30)], high_seq=30)
    data = world.data(str(flow["id"]))
    assert (data["name"], data["description"]) == ("Mien", "d’avant")
    assert world.cache.unsent().count == 1
    row = world.cache.row("flow", str(flow["id"]))
    assert row is not None
    assert (row.ver, row.seq) == (3, 30)


def test_a_row_that_cannot_be_read_is_set_aside_and_stops_nothing(world: World) -> None:
    flow = world.flow("Sain")
    page = msgspec.structs.replace(
        world.page(put(flow, ver=1, seq=1)),
        unfit=(Unfit(id="bad", seq=2, raw=b'{"t":"put"}', error="no data"),),
    )
    world.cache.sync.apply_page(page)
    assert world.cache.row("flow", str(flow["id"])) is not None
    (bad,) = world.cache.sync.quarantined()
    assert (bad.id, bad.error) == ("bad", "no data")
