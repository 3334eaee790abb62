"""Guarded actions that wait: nothing changes here by them, and none is sent too late."""

from datetime import timedelta

import pytest

from cx_desktop.cache import Action, OpState
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import OpStatus, Problem, Schema
from tests.cache.world import World, put

HOUR = timedelta(hours=1)


def number(world: World) -> str:
    served: dict[str, object] = {
        "type": "number",
        "id": world.ids.new(),
        "project_id": world.project,
        "etag": '"e1-1"',
        "e164": "+33123456789",
        "label": "Accueil",
        "flow_id": None,
    }
    world.cache.sync.apply_page(world.page(put(served, ver=1, seq=9), stream="config"))
    return str(served["id"])


def decide(world: World, what: str, *, flow: str = "f", within: timedelta = HOUR) -> str:
    until = world.clock.now() + within
    return world.cache.act(Action("number", what, "assign", until, {"flow_id": flow}))[0]


def test_an_action_changes_nothing_here_and_says_what_it_was_decided_on(world: World) -> None:
    what = number(world)
    before = world.cache.row("number", what)
    decide(world, what)
    after = world.cache.row("number", what)
    assert before is not None
    assert after is not None
    assert after.data == before.data
    (op,) = world.send()
    assert (op.kind, op.verb, op.value) == ("action", "assign", {"flow_id": "f"})
    assert op.if_match == '"e1-1"'
    assert op.not_after == world.clock.now() + HOUR


def test_a_later_decision_takes_the_place_of_one_that_was_not_sent(world: World) -> None:
    what = number(world)
    decide(world, what, flow="one")
    decide(world, what, flow="two")
    (op,) = world.send()
    assert op.value == {"flow_id": "two"}
    with pytest.raises(CXError, match=r"problem\.edits-first"):
        decide(world, what, flow="three")


def test_nothing_is_decided_on_an_object_with_edits_of_ones_own(world: World) -> None:
    flow = world.received()
    world.edit(flow, "name", to="Soir")
    with pytest.raises(CXError, match=r"problem\.edits-first"):
        world.cache.act(Action("flow", flow, "archive", world.clock.now() + HOUR))


def test_what_it_was_decided_on_stays_when_others_write(world: World) -> None:
    what = number(world)
    decide(world, what)
    row = world.cache.row("number", what)
    assert row is not None
    theirs = {**row.data, "etag": '"e1-2"', "flow_id": "theirs"}
    world.cache.sync.apply_page(world.page(put(theirs, ver=2, seq=10), stream="config"))
    (op,) = world.send()
    assert op.if_match == '"e1-1"'


def test_an_action_whose_time_has_passed_is_withdrawn_and_says_so(world: World) -> None:
    what = number(world)
    op_id = decide(world, what)
    assert world.cache.outgoing.withdraw_overdue(world.clock.now()) == 0
    assert world.cache.outgoing.withdraw_overdue(world.clock.now() + 2 * HOUR) == 1
    (waiting,) = world.cache.outgoing.waiting()
    assert waiting.row.state is OpState.REJECTED
    assert waiting.row.problem is not None
    assert waiting.row.problem.name == "expired"
    assert world.send() == ()
    assert [each.op_id for each in world.cache.conflicts()] == [op_id]
    world.cache.outgoing.drop([op_id])
    row = world.cache.row("number", what)
    assert row is not None
    assert not row.is_dirty


def test_an_action_that_was_sent_is_not_withdrawn_for_it_may_have_happened(world: World) -> None:
    decide(world, number(world))
    (op,) = world.send()
    world.reopened()
    assert world.cache.outgoing.withdraw_overdue(world.clock.now() + 2 * HOUR) == 0
    assert world.send() == (op,)


def test_a_refused_action_stops_no_edit(world: World) -> None:
    flow = world.received()
    world.cache.act(Action("flow", flow, "archive", world.clock.now() + HOUR))
    edit = world.edit(flow, "name", to="Soir")
    (op,) = world.send()
    assert op.kind == "action"
    world.answer(op, OpStatus.REJECTED, problem=Problem("stale-version", "", 412))
    assert [each.op_id for each in world.send()] == [edit]


def test_an_action_that_happened_shows_what_the_service_made_of_it(world: World) -> None:
    what = number(world)
    decide(world, what)
    (op,) = world.send()
    row = world.cache.row("number", what)
    assert row is not None
    done = {**row.data, "flow_id": "f", "etag": '"e1-2"', "ver": 2}
    world.answer(op, OpStatus.APPLIED, ver=2, seq=10, entity=done)
    row = world.cache.row("number", what)
    assert row is not None
    assert (row.data["flow_id"], row.is_dirty) == ("f", False)


def test_actions_are_kept_from_a_service_that_does_not_know_them(world: World) -> None:
    decide(world, number(world))
    assert world.cache.sync.claim(limit=9, max_bytes=10_000, schema=2).ops == ()
    assert len(world.cache.sync.claim(limit=9, max_bytes=10_000, schema=3).ops) == 1


def test_a_program_older_than_the_service_reads_and_sends_and_edits_nothing(world: World) -> None:
    flow = world.received()
    waiting = world.edit(flow, "name", to="Soir")
    world.cache.heard_newest(Schema(1, 3).max + 1)
    assert world.cache.needs_update
    with pytest.raises(CXError, match=r"problem\.update-needed"):
        world.edit(flow, "name", to="Midi")
    with pytest.raises(CXError, match=r"problem\.update-needed"):
        world.cache.act(Action("flow", flow, "archive", world.clock.now() + HOUR))
    assert [each.op_id for each in world.send()] == [waiting]
    world.reopened()
    assert world.cache.needs_update  # also before the service is heard again
