"""An edit is effective row, base shadow and outbox row at once; unsent ones are clay."""

import pytest
from msgspec import UNSET

from cx_desktop.cache import Cache, Changed, Edit, OpState
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change
from cx_desktop.protocol import OpResult, OpStatus, Problem
from tests.cache.world import World, gone, put, set_to


def test_an_edit_is_seen_at_once_and_waits_in_the_outbox(world: World) -> None:
    flow = world.received("Accueil")
    op_id = world.edit(flow, "name", to="Accueil du soir")

    row = world.cache.row("flow", flow)
    assert row is not None
    assert row.data["name"] == "Accueil du soir"
    assert row.is_dirty
    (waiting,) = world.cache.outbox()
    assert waiting.op.op_id == op_id
    assert waiting.op.kind == "patch"
    assert waiting.op.base_ver == 1
    assert waiting.op.changes == (set_to(("name",), "Accueil", "Accueil du soir"),)
    assert world.cache.unsent().count == 1
    assert world.cache.unsent().oldest == world.clock.now()


def test_an_edit_survives_closing_and_opening(world: World) -> None:
    flow = world.received()
    op_id = world.edit(flow, "name", to="Nuit")
    cache = world.reopened()
    assert world.data(flow)["name"] == "Nuit"
    assert [each.op.op_id for each in cache.outbox()] == [op_id]


def test_unsent_edits_of_one_flow_become_one(world: World) -> None:
    flow = world.received()
    first = world.edit(flow, "name", to="N")
    assert world.edit(flow, "name", to="Nu") == first
    assert world.edit(flow, "draft", "nodes", "menu", "title", to="Choix") == first
    (waiting,) = world.cache.outbox()
    assert waiting.op.changes == (
        set_to(("name",), "Accueil", "Nu"),
        set_to(("draft", "nodes", "menu", "title"), "Menu", "Choix"),
    )


def test_an_edit_that_is_taken_back_leaves_no_trace(world: World) -> None:
    flow = world.received("Accueil")
    before = world.cache.row("flow", flow)
    world.edit(flow, "name", to="Nuit")
    world.edit(flow, "name", to="Accueil")
    assert world.cache.outbox() == ()
    assert world.cache.row("flow", flow) == before


def test_a_place_put_back_where_it_was_shows_what_others_wrote_there_meanwhile(
    world: World,
) -> None:
    flow = world.flow("Accueil")
    flow_id = str(flow["id"])
    world.receive(put(flow, ver=1, seq=1))
    world.edit(flow_id, "name", to="Mien")
    world.edit(flow_id, "draft", "meta", "language", to="en")
    world.receive(put({**flow, "name": "Sien"}, ver=2, seq=2))
    assert world.data(flow_id)["name"] == "Mien"
    world.edit(flow_id, "name", to="Accueil")
    assert world.data(flow_id)["name"] == "Sien"
    (waiting,) = world.cache.outbox()
    assert waiting.op.changes == (set_to(("draft", "meta", "language"), "fr", "en"),)


def test_an_edit_that_changes_nothing_is_none(world: World) -> None:
    flow = world.received("Accueil")
    assert world.cache.edit(Edit("flow", flow, (set_to(("name",), "Accueil", "Accueil"),))) == ()
    assert world.cache.unsent().count == 0


def test_what_is_done_to_a_new_flow_before_it_is_sent_is_part_of_its_creation(
    world: World,
) -> None:
    value = world.flow("Nouveau")
    flow = str(value["id"])
    world.cache.edit(Edit("flow", flow, value=value))
    world.edit(flow, "name", to="Renommé")
    (waiting,) = world.cache.outbox()
    assert waiting.op.kind == "create"
    assert waiting.op.value is not None
    assert waiting.op.value["name"] == "Renommé"
    assert waiting.op.changes == ()


def test_an_edit_that_was_sent_is_never_reshaped(world: World) -> None:
    flow = world.received("Accueil")
    first = world.edit(flow, "name", to="Nuit")
    (sent,) = world.send()
    second = world.edit(flow, "name", to="Jour")
    assert second != first
    inflight, waiting = world.cache.outbox()
    assert (inflight.state, waiting.state) == (OpState.INFLIGHT, OpState.PENDING)
    assert inflight.op == sent
    assert waiting.after == first
    assert waiting.op.changes == (set_to(("name",), "Nuit", "Jour"),)


def test_an_edit_in_flight_when_the_program_ended_waits_again_and_stays_as_it_was(
    world: World,
) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Nuit")
    (sent,) = world.send()
    cache = world.reopened()
    assert [each.state for each in cache.outbox()] == [OpState.PENDING]
    world.edit(flow, "name", to="Jour")
    assert [each.op for each in cache.outbox()][:1] == [sent]
    assert world.send() == (sent,)


def test_only_the_head_of_each_chain_is_sent(world: World) -> None:
    one, other = world.received("Un", seq=1), world.received("Deux", seq=2)
    first = world.edit(one, "name", to="Un bis")
    world.send()
    world.edit(one, "name", to="Un ter")
    third = world.edit(other, "name", to="Deux bis")
    assert [op.op_id for op in world.send()] == [first, third]


def test_an_applied_edit_becomes_the_base(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Nuit")
    (op,) = world.send()
    world.answer(op, ver=2, seq=5)
    row = world.cache.row("flow", flow)
    assert row is not None
    assert (row.is_dirty, row.ver, row.data["name"]) == (False, 2, "Nuit")
    assert world.cache.unsent().count == 0
    served = {**world.flow("Nuit"), "id": flow, "updated_by": {"id": "u", "name": "Léa"}}
    world.receive(put(served, ver=2, seq=5))
    assert world.data(flow)["updated_by"] == {"id": "u", "name": "Léa"}


def test_an_edit_made_while_another_was_under_way_goes_on_the_new_base(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Nuit")
    (first,) = world.send()
    world.edit(flow, "draft", "meta", "language", to="en")
    world.answer(first, ver=2, seq=5)
    (second,) = world.send()
    assert second.base_ver == 2
    assert world.data(flow)["name"] == "Nuit"


def test_a_merged_edit_brings_what_others_did(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Nuit")
    (op,) = world.send()
    theirs = {**world.flow("Nuit"), "id": flow, "description": "de Léa", "ver": 3}
    world.answer(op, OpStatus.MERGED, ver=3, seq=7, entity=theirs)
    assert world.data(flow)["description"] == "de Léa"
    assert world.cache.unsent().count == 0


def test_results_of_ops_that_are_not_under_way_change_nothing(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Nuit")
    (op,) = world.send()
    world.answer(op, ver=2, seq=5)
    world.edit(flow, "name", to="Jour")
    world.answer(op, ver=2, seq=5)
    assert world.data(flow)["name"] == "Jour"
    assert world.cache.unsent().count == 1


def test_a_refused_edit_blocks_its_own_chain_and_no_other(world: World) -> None:
    one, other = world.received("Un", seq=1), world.received("Deux", seq=2)
    world.edit(one, "name", to="")
    (op,) = world.send()
    problem = Problem(type="x/malformed", title="malformed", status=400)
    world.answer(op, OpStatus.REJECTED, problem=problem)
    world.edit(one, "draft", "meta", "language", to="en")
    sound = world.edit(other, "name", to="Deux bis")
    assert [each.op_id for each in world.send()] == [sound]
    (disputed,) = world.cache.conflicts()
    assert (disputed.op_id, disputed.problem) == (op.op_id, problem)
    assert world.data(one)["name"] == ""


def _conflict(world: World) -> tuple[str, str]:
    """Léa and I gave the flow different names, and I changed its language too."""
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Mien")
    world.edit(flow, "draft", "meta", "language", to="en")
    (op,) = world.send()
    theirs = {**world.flow("Sien"), "id": flow, "ver": 2}
    world.answer(op, OpStatus.CONFLICT, ver=2, seq=4, entity=theirs)
    return flow, op.op_id


def test_in_a_conflict_nothing_is_lost(world: World) -> None:
    flow, op_id = _conflict(world)
    (conflict,) = world.cache.conflicts()
    assert conflict.op_id == op_id
    assert conflict.theirs is not None
    assert conflict.theirs["name"] == "Sien"
    assert world.data(flow)["name"] == "Mien"
    assert [each.path for each in conflict.changes] == [("name",)]


def test_what_comes_together_with_theirs_is_offered_again_without_asking(world: World) -> None:
    flow, op_id = _conflict(world)
    (op,) = world.send()
    assert (op.supersedes, op.base_ver) == (op_id, 2)
    assert op.changes == (set_to(("draft", "meta", "language"), "fr", "en"),)
    world.answer(op, OpStatus.APPLIED, ver=3, seq=5)
    assert world.send() == ()
    (conflict,) = world.cache.conflicts()
    assert conflict.op_id == op_id
    assert world.data(flow)["name"] == "Mien"


def test_a_late_result_does_not_settle_what_is_disputed(world: World) -> None:
    flow, op_id = _conflict(world)
    world.cache.sync.settle([OpResult(op_id, OpStatus.APPLIED, ver=9, seq=9)])
    assert [each.op_id for each in world.cache.conflicts()] == [op_id]
    assert world.data(flow)["name"] == "Mien"


def test_keeping_mine_offers_it_again_on_their_base_under_a_new_op(world: World) -> None:
    flow, op_id = _conflict(world)
    world.edit(flow, "draft", "nodes", "menu", "title", to="Après")
    world.cache.resolve(op_id, "mine")
    (op,) = world.send()
    assert op.op_id != op_id
    assert op.supersedes == op_id
    assert op.base_ver == 2
    assert set_to(("name",), "Sien", "Mien") in op.changes
    assert set_to(("draft", "nodes", "menu", "title"), "Menu", "Après") in op.changes
    assert world.cache.conflicts() == ()


def test_keeping_theirs_drops_what_is_disputed_and_nothing_else(world: World) -> None:
    flow, op_id = _conflict(world)
    world.cache.resolve(op_id, "theirs")
    assert world.data(flow)["name"] == "Sien"
    (op,) = world.send()
    assert op.changes == (set_to(("draft", "meta", "language"), "fr", "en"),)


def test_resolving_twice_is_resolving_once(world: World) -> None:
    _, op_id = _conflict(world)
    world.cache.resolve(op_id, "mine")
    before = world.cache.outbox()
    world.cache.resolve(op_id, "theirs")
    assert world.cache.outbox() == before


def test_dropping_a_refused_creation_takes_the_flow_away(world: World) -> None:
    value = world.flow("Nouveau")
    flow = str(value["id"])
    world.cache.edit(Edit("flow", flow, value=value))
    (op,) = world.send()
    world.answer(op, OpStatus.REJECTED, problem=Problem("x/forbidden", "forbidden", 403))
    world.cache.resolve(op.op_id, "theirs")
    assert world.cache.row("flow", flow) is None
    assert world.cache.outbox() == ()


def test_dropping_a_refused_edit_keeps_the_later_ones_on_the_old_base(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Refusé")
    (op,) = world.send()
    world.answer(op, OpStatus.REJECTED, problem=Problem("x/malformed", "malformed", 400))
    world.edit(flow, "draft", "meta", "language", to="en")
    world.cache.resolve(op.op_id, "theirs")
    assert world.data(flow)["name"] == "Accueil"
    (fresh,) = world.send()
    assert fresh.changes == (set_to(("draft", "meta", "language"), "fr", "en"),)


def test_an_op_that_has_to_wait_is_sent_again_as_it_was(world: World) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Nuit")
    (op,) = world.send()
    world.answer(op, OpStatus.RETRY)
    assert world.send() == (op,)


def test_several_edits_are_made_all_or_none(world: World) -> None:
    flow = world.received("Accueil")
    nowhere = world.ids.new()
    with pytest.raises(CXError, match="no-longer-here"):
        world.cache.edit(
            Edit("flow", flow, (set_to(("name",), "Accueil", "Nuit"),)),
            Edit("flow", nowhere, (set_to(("name",), UNSET, "Nuit"),)),
        )
    assert world.data(flow)["name"] == "Accueil"
    assert world.cache.outbox() == ()


def test_listeners_hear_of_an_edit_after_it_is_committed(world: World) -> None:
    flow = world.received("Accueil")
    heard: list[tuple[Changed, object]] = []
    stop = world.cache.subscribe(lambda changed: heard.append((changed, world.data(flow)["name"])))
    world.edit(flow, "name", to="Nuit")
    world.cache.set_meta("barrier", "1")
    stop()
    world.edit(flow, "name", to="Jour")
    assert heard == [(Changed("flow", frozenset({flow}), "local"), "Nuit")]


def test_a_submitted_edit_is_done_when_its_future_is(world: World) -> None:
    flow = world.received("Accueil")
    future = world.cache.submit(Edit("flow", flow, (set_to(("name",), "Accueil", "Nuit"),)))
    assert len(future.result()) == 1
    assert world.data(flow)["name"] == "Nuit"


def test_acknowledged_edits_are_kept_until_a_backup_is_known(world: World) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Nuit")
    (op,) = world.send()
    world.answer(op, ver=2, seq=5)
    assert _kept(world.cache) == 1
    world.cache.sync.settle([], durable_seq=4)
    assert _kept(world.cache) == 1
    world.cache.sync.settle([], durable_seq=5)
    assert _kept(world.cache) == 0


def _kept(cache: Cache) -> int:
    with cache._read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())


def test_a_flow_deleted_on_the_service_keeps_my_unsent_edit(world: World) -> None:
    flow = world.received("Accueil")
    world.edit(flow, "name", to="Nuit")
    world.receive(gone(flow, seq=9))
    assert world.data(flow)["name"] == "Nuit"
    (op,) = world.send()
    world.answer(op, OpStatus.REJECTED, problem=Problem("x/not-found", "not found", 404))
    world.cache.resolve(op.op_id, "theirs")
    assert world.cache.row("flow", flow) is None


def test_the_counter_of_ops_never_goes_back(world: World) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Nuit")
    (first,) = world.send()
    world.answer(first, ver=2, seq=5)
    world.cache.sync.settle([], durable_seq=99)
    world.reopened()
    world.edit(flow, "name", to="Jour")
    (second,) = world.send()
    assert second.n > first.n


def test_a_value_that_is_a_new_node_can_be_edited_before_it_is_sent(world: World) -> None:
    flow = world.received()
    world.edit(flow, "draft", "nodes", "m2", to={"id": "m2", "kind": "menu", "title": ""})
    world.edit(flow, "draft", "nodes", "m2", "title", to="Deux")
    (waiting,) = world.cache.outbox()
    assert waiting.op.changes == (
        Change(("draft", "nodes", "m2"), {"id": "m2", "kind": "menu", "title": "Deux"}, UNSET),
    )


def test_after_closing_nothing_is_written_and_nobody_waits_for_ever(world: World) -> None:
    flow = world.received("Accueil")
    world.cache.close()
    late = world.cache.submit(Edit("flow", flow, (set_to(("name",), "Accueil", "Nuit"),)))
    assert late.cancelled()
    world.reopened()
    assert world.data(flow)["name"] == "Accueil"
