"""Edits of one gesture: sent together or not at all, dropped and put back as one."""

import pytest

from cx_desktop.cache import Edit, OpState
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import change
from cx_desktop.protocol import Op, OpStatus, Problem
from tests.cache.world import World


def together(world: World, to: str, *flows: str) -> tuple[str, ...]:
    edits = (Edit("flow", each, (change(world.data(each), ("name",), to),)) for each in flows)
    return world.cache.edit(*edits, are_one=True)


def two(world: World) -> tuple[str, str]:
    return world.received("Accueil"), world.received("Nuit", seq=2)


def refused(world: World, op: Op) -> None:
    world.answer(op, OpStatus.REJECTED, problem=Problem("malformed", "", 400))


def ids(ops: tuple[Op, ...]) -> set[str]:
    return {each.op_id for each in ops}


def test_a_gesture_is_sent_whole_with_its_count(world: World) -> None:
    made = together(world, "Soir", *two(world))
    ops = world.send()
    assert ids(ops) == set(made)
    assert {each.members for each in ops} == {2}
    assert len({each.group for each in ops}) == 1
    assert ops[0].group


def test_one_edit_is_no_group(world: World) -> None:
    flow, _ = two(world)
    together(world, "Soir", flow)
    (op,) = world.send()
    assert (op.group, op.members) == ("", 0)


def test_a_gesture_that_changes_only_one_is_no_group(world: World) -> None:
    together(world, "Nuit", *two(world))
    (op,) = world.send()
    assert op.group == ""


def test_a_group_waits_for_what_its_members_were_made_upon(world: World) -> None:
    flow, other = two(world)
    first = world.edit(flow, "name", to="Soir")
    (op,) = world.send()
    assert op.op_id == first
    together(world, "Midi", flow, other)
    assert world.send()[0].op_id == first  # its answer may have been lost
    assert len(world.send()) == 1
    world.answer(op, ver=2, seq=3)
    assert len(world.send()) == 2


def test_a_refused_member_holds_back_its_group_and_the_chains_it_touches(world: World) -> None:
    flow, other = two(world)
    apart = world.received("Apart", seq=3)
    together(world, "Soir", flow, other)
    one, two_ = world.send()
    refused(world, one)
    world.answer(two_, OpStatus.BLOCKED)
    behind = world.edit(other, "description", to="dahinter")
    free = world.edit(apart, "name", to="Libre")
    assert ids(world.send()) == {free}
    assert behind not in ids(world.send())
    world.cache.resolve(one.op_id, "theirs")
    assert two_.op_id in ids(world.send())


def test_a_member_offered_again_stays_in_its_group(world: World) -> None:
    together(world, "Soir", *two(world))
    one, two_ = world.send()
    refused(world, one)
    world.answer(two_, OpStatus.BLOCKED)
    world.cache.resolve(one.op_id, "mine")
    again = world.send()
    assert {each.members for each in again} == {2}
    assert {each.supersedes for each in again} == {"", one.op_id}


def test_an_edit_after_a_gesture_is_not_part_of_it(world: World) -> None:
    flow, other = two(world)
    together(world, "Soir", flow, other)
    world.edit(flow, "description", to="Le soir")
    assert len(world.cache.outbox()) == 3
    assert [bool(each.group) for each in world.cache.outbox()] == [True, True, False]
    assert len(world.send()) == 2


def test_a_gesture_taken_back_before_it_was_sent_leaves_nothing(world: World) -> None:
    flow, other = two(world)
    together(world, "Soir", flow, other)
    edits = [
        Edit("flow", each, (change(world.data(each), ("name",), was),))
        for each, was in ((flow, "Accueil"), (other, "Nuit"))
    ]
    world.cache.edit(*edits, are_one=True)
    assert world.cache.outbox() == ()


def test_a_group_is_dropped_as_one_and_put_back_as_one(world: World) -> None:
    flow, other = two(world)
    made = together(world, "Soir", flow, other)
    plan = world.cache.outgoing.plan(made[:1])
    assert set(plan.asked) == set(made)
    dropped = world.cache.outgoing.drop(plan.all)
    assert dropped.count == 2
    assert world.data(other)["name"] == "Nuit"
    assert world.cache.outgoing.put_back(dropped) == 2
    assert {each.members for each in world.send()} == {2}


def test_half_a_group_is_not_dropped(world: World) -> None:
    made = together(world, "Soir", *two(world))
    with pytest.raises(CXError, match=r"problem\.outbox-moved"):
        world.cache.outgoing.drop(made[:1])
    assert world.cache.outgoing.drop([]).count == 0
    assert len(world.send()) == 2


def test_what_goes_with_a_group_takes_its_own_group_along(world: World) -> None:
    flow, other = two(world)
    first = together(world, "Soir", flow, other)
    third = world.received("Drei", seq=3)
    later = together(world, "Midi", other, third)
    plan = world.cache.outgoing.plan(first)
    assert set(plan.asked) == set(first)
    assert set(plan.also) == set(later)


def test_a_service_that_knows_no_groups_gets_edits_one_by_one(world: World) -> None:
    together(world, "Soir", *two(world))
    ops = world.cache.sync.claim(limit=100, max_bytes=1_000_000, schema=1).ops
    assert [(each.group, each.members) for each in ops] == [("", 0), ("", 0)]


def test_a_group_larger_than_a_batch_goes_alone(world: World) -> None:
    alone = world.received("Allein", seq=50)
    flows = [world.received(f"F{n}", seq=n + 60) for n in range(5)]
    world.edit(alone, "name", to="Zuerst")
    together(world, "Soir", *flows)
    claim = world.cache.sync.claim
    assert len(claim(limit=3, max_bytes=1_000_000).ops) == 1
    for each in world.cache.outbox():
        if each.state is OpState.INFLIGHT:
            world.answer(each.op, ver=2, seq=99)
    assert len(claim(limit=3, max_bytes=10).ops) == 5


def test_groups_survive_a_restart_and_a_lost_reply(world: World) -> None:
    together(world, "Soir", *two(world))
    before = world.send()
    world.reopened()
    assert world.send() == before
