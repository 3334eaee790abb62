"""What the cache does when the service counts anew: offers again, recovers, and lets go in time."""

from datetime import timedelta

from cx_desktop.cache import pushing
from cx_desktop.protocol import OpStatus, Problem
from tests.cache.world import World, put


def acknowledged(world: World, count: int, *, seq: int = 10) -> str:
    """A flow with so many edits that the service has taken."""
    flow = world.received()
    for n in range(count):
        world.edit(flow, "name", to=f"Nom {n}")
        (op,) = world.send()
        world.answer(op, ver=n + 2, seq=seq + n)
    return flow


def test_what_was_acknowledged_waits_again_under_its_old_ids_in_its_old_order(
    world: World,
) -> None:
    flow = acknowledged(world, 3)
    assert world.cache.outbox() == ()
    world.cache.sync.adopt("e2")
    assert world.cache.sync.verify() == ()
    assert [each.op.changes[0].value for each in world.cache.outbox()] == [
        "Nom 0",
        "Nom 1",
        "Nom 2",
    ]
    assert world.data(flow)["name"] == "Nom 2"


def test_nothing_is_sent_before_the_streams_were_read_anew(world: World) -> None:
    flow = acknowledged(world, 1)
    world.cache.sync.adopt("e2")
    assert world.send() == ()
    world.snapshot("projects", [])
    world.snapshot("config", [])
    assert world.send() == ()
    world.snapshot("flows", [put({**world.flow(), "id": flow}, ver=1, seq=1)])
    (op,) = world.send()
    assert op.changes[0].value == "Nom 0"


def test_an_edit_offered_again_that_meets_what_came_after_it_is_done(world: World) -> None:
    flow = acknowledged(world, 1)
    last = {**world.flow("Nom d’après"), "id": flow}
    world.receive(put(last, ver=9, seq=90))
    world.cache.sync.adopt("e2")
    for stream in ("projects", "config"):
        world.snapshot(stream, [])
    world.snapshot("flows", [put(last, ver=3, seq=5)])
    (op,) = world.send()
    world.answer(op, OpStatus.CONFLICT, ver=3, entity={**last, "ver": 3})
    assert world.cache.conflicts() == ()
    assert world.data(flow)["name"] == "Nom d’après"
    assert world.cache.sync.verify() == ()


def test_an_edit_made_since_is_in_conflict_as_ever(world: World) -> None:
    """Only what was acknowledged before the restore may be overtaken."""
    flow = acknowledged(world, 1)
    last = {**world.flow("Nom 0"), "id": flow}
    world.cache.sync.adopt("e2")
    for stream in ("projects", "config"):
        world.snapshot(stream, [])
    world.snapshot("flows", [put(last, ver=3, seq=5)])
    (op,) = world.send()
    world.answer(op, OpStatus.DUPLICATE, ver=2, seq=4)
    world.edit(flow, "name", to="Neuf")
    (op,) = world.send()
    world.answer(op, OpStatus.CONFLICT, ver=4, entity={**last, "name": "Autre", "ver": 4})
    assert [each.op_id for each in world.cache.conflicts()] == [op.op_id]


def test_a_copy_of_this_computer_is_passed_in_order_and_later_edits_follow(world: World) -> None:
    one, two = world.received("Un"), world.received("Deux", seq=2)
    world.edit(one, "name", to="Eins")
    world.edit(two, "name", to="Zwei")
    before = [each.op.op_id for each in world.cache.outbox()]
    world.cache.sync.safekeeping.pass_the_other(10**13)
    ops = [each.op for each in world.cache.outbox()]
    assert [op.op_id for op in ops] == before
    assert [op.n for op in ops] == [10**13 + 1, 10**13 + 2]
    world.edit(world.received("Drei", seq=3), "name", to="3")
    assert world.cache.outbox()[-1].op.n == 10**13 + 3


def test_an_id_that_a_copy_used_for_another_edit_is_drawn_anew(world: World) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Eins")
    (op,) = world.send()
    reused = Problem(type="https://x/op-id-reused", title="", status=409)
    world.answer(op, OpStatus.REJECTED, problem=reused)
    (again,) = world.send()
    assert again.op_id != op.op_id
    assert again.changes == op.changes
    assert world.cache.conflicts() == ()


def test_acknowledged_edits_are_kept_up_to_so_many_bytes_and_the_oldest_go(world: World) -> None:
    acknowledged(world, 4)
    count, size = world.cache.sync.safekeeping.kept()
    assert count == 4
    world.cache.sync._do(lambda connection: pushing.prune(connection, 0, most_bytes=size // 2))
    assert world.cache.sync.safekeeping.kept()[0] == 2
    world.cache.sync.adopt("e2")
    assert [each.op.changes[0].value for each in world.cache.outbox()] == ["Nom 2", "Nom 3"]


def test_what_a_backup_holds_is_let_go_of(world: World) -> None:
    acknowledged(world, 4, seq=10)
    world.cache.sync.safekeeping.prune(11)
    assert world.cache.sync.safekeeping.kept()[0] == 2
    world.cache.sync.safekeeping.prune(13)
    assert world.cache.sync.safekeeping.kept() == (0, 0)


def test_what_was_acknowledged_long_ago_by_the_services_days_is_let_go_of(world: World) -> None:
    acknowledged(world, 4, seq=10)
    store, day = world.cache.sync, world.clock.now()
    for days, high_seq in [(0, 11), (1, 12), (90, 40), (200, 50)]:
        assert store.safekeeping.kept()[0] == (2 if days == 200 else 4)
        store.saw(high_seq, day + timedelta(days=days))
        store.saw(high_seq + 1, day + timedelta(days=days, hours=1))
        store.safekeeping.prune(0)
    assert store.safekeeping.kept() == (0, 0)


def test_a_new_epoch_begins_to_count_days_anew(world: World) -> None:
    acknowledged(world, 4, seq=10)
    world.cache.sync.saw(99, world.clock.now())
    world.cache.sync.adopt("e2")
    world.cache.sync.saw(1, world.clock.now() + timedelta(days=400))
    assert len(world.cache.outbox()) == 4, "they wait to be offered again"
    world.cache.sync.safekeeping.prune(0)
    assert len(world.cache.outbox()) == 4
