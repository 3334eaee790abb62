"""Two people and the real service: edits go there, come here, and are told truly."""

from collections.abc import Callable

from cx_desktop.sync import Phase
from tests.sync.world import Desk

Desks = Callable[[], tuple[Desk, Desk]]


def test_the_first_sync_brings_everything(desk: Desk) -> None:
    status = desk.sync()
    assert len(desk.cache.rows("project")) >= 1
    assert len(desk.cache.rows("flow")) >= 6
    assert len(desk.cache.rows("revision")) >= 6
    assert status.phase is Phase.IDLE
    assert status.is_all_synced
    assert status.first_sync_progress is None
    assert status.last_complete_pull == desk.session.service.clock.now()


def test_a_sync_without_news_is_one_request(desk: Desk) -> None:
    desk.sync()
    desk.faults.asked.clear()
    desk.sync()
    assert desk.faults.asked == ["POST /v1/sync/hello"]


def test_an_edit_arrives_at_the_other_desk(desks: Desks) -> None:
    claire, leo = desks()
    claire.sync()
    leo.sync()
    flow = claire.create("Accueil du soir")
    claire.edit(flow, "name", to="Accueil de nuit")
    assert not claire.engine.status.is_all_synced
    assert claire.sync().is_all_synced
    leo.sync()
    assert leo.read(flow, "name") == "Accueil de nuit"
    assert leo.flows()[flow] == claire.flows()[flow]
    assert claire.cache.outbox() == ()


def test_edits_of_different_places_are_merged(desks: Desks) -> None:
    claire, leo = desks()
    claire.sync()
    flow = claire.create()
    claire.sync()
    leo.sync()
    claire.edit(flow, "name", to="De Claire")
    leo.edit(flow, "draft", "nodes", "start", "title", to="De Léo")
    claire.sync()
    leo.sync()
    claire.sync()
    assert claire.flows()[flow] == leo.flows()[flow]
    assert claire.read(flow, "name") == "De Claire"
    assert claire.read(flow, "draft", "nodes", "start", "title") == "De Léo"


def test_edits_of_the_same_place_are_a_conflict_that_a_person_decides(desks: Desks) -> None:
    claire, leo = desks()
    claire.sync()
    flow = claire.create()
    claire.sync()
    leo.sync()
    claire.edit(flow, "name", to="De Claire")
    leo.edit(flow, "name", to="De Léo")
    claire.sync()
    status = leo.sync()
    assert status.conflicts == 1
    assert not status.is_all_synced
    assert leo.read(flow, "name") == "De Léo"
    (conflict,) = leo.cache.conflicts()
    assert conflict.theirs is not None
    assert conflict.theirs["name"] == "De Claire"
    leo.cache.resolve(conflict.op_id, "mine")
    assert leo.sync().is_all_synced
    claire.sync()
    assert claire.read(flow, "name") == "De Léo"
