"""Invariants 3, 9 and 10: whatever the network does, nothing is lost, doubled or deleted."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Op, OpStatus, Push
from cx_desktop.sync import Phase
from tests.fakes.faults import (
    NOT_THE_SERVICE,
    Fault,
    Replayed,
    answer,
    drop_reply,
    drop_request,
    duplicate,
    problem,
)
from tests.sync.dump import dump, edits, entities
from tests.sync.world import Desk

Desks = Callable[[], tuple[Desk, Desk]]
CHANGES, SNAPSHOT = "/sync/changes?stream=flows", "/sync/snapshot?stream=flows"
ENDPOINTS = ("/sync/hello", "/sync/push", CHANGES, SNAPSHOT)


def _ver(desk: Desk, flow: str) -> int:
    row = desk.cache.row("flow", flow)
    assert row is not None
    return row.ver


def test_invariant_03_an_edit_whose_reply_was_lost_takes_effect_once(desk: Desk) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.sync()
    before = _ver(desk, flow)
    desk.edit(flow, "name", to="Nuit")
    for _ in range(3):
        desk.faults.strike("/sync/push", drop_reply)
        with pytest.raises(CXError):
            desk.sync()
        assert desk.cache.unsent().count == 1
    desk.edit(flow, "name", to="Jour")  # made while nobody knew whether the first had arrived
    assert desk.sync().is_all_synced
    assert _ver(desk, flow) == before + 2
    assert desk.read(flow, "name") == "Jour"


def test_invariant_03_a_request_that_arrives_twice_takes_effect_once(desk: Desk) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.faults.strike("/sync/push", duplicate)
    assert desk.sync().is_all_synced
    before = _ver(desk, flow)
    desk.edit(flow, "name", to="Nuit")
    desk.faults.strike("/sync/push", duplicate)
    desk.sync()
    assert _ver(desk, flow) == before + 1
    assert desk.read(flow, "name") == "Nuit"


def test_invariant_03_the_same_op_with_another_body_is_refused(desk: Desk) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    (waiting,) = desk.cache.outbox()
    desk.sync()
    assert waiting.op.value is not None
    other = msgspec.structs.replace(waiting.op, value={**waiting.op.value, "name": "Autre"})
    assert _pushed(desk, other) is OpStatus.REJECTED
    desk.sync()
    assert desk.read(flow, "name") == "Accueil"


def _pushed(desk: Desk, op: Op) -> OpStatus:
    batch = Push(desk.session.device_id, desk.cache.sync.epoch, 1, 0, (op,))
    return desk.session.client.sync.push(batch).results[0].status


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_invariant_09_an_old_reply_in_the_place_of_a_new_one_is_a_no_op(
    desks: Desks, endpoint: str
) -> None:
    claire, leo = desks()
    old = Replayed()
    claire.faults.always = old.record
    claire.sync()
    flow = claire.create("Accueil")
    claire.sync()
    claire.faults.always = None
    leo.sync()
    leo.edit(flow, "name", to="Nuit")
    leo.sync()
    claire.edit(flow, "description", to="à moi")
    if endpoint == SNAPSHOT:
        claire.cache.sync.expire("flows")
    before, waiting = claire.flows(), edits(claire.cache)
    claire.faults.strike(endpoint, old.replay)
    try:
        claire.sync()
    except CXError:
        assert claire.flows() == before or endpoint != "/sync/push"
        assert edits(claire.cache) == waiting or endpoint != "/sync/push"
    assert claire.cache.sync.verify() == ()
    assert claire.faults.pending == 0
    assert claire.sync().is_all_synced
    leo.sync()
    assert leo.flows().items() <= claire.flows().items()
    assert (claire.read(flow, "name"), claire.read(flow, "description")) == ("Nuit", "à moi")


def test_invariant_09_replies_that_come_twice_change_nothing_the_second_time(desk: Desk) -> None:
    desk.sync()
    old = Replayed()
    desk.create("Accueil")
    desk.faults.always = old.record
    desk.sync()
    before = dump(desk.cache, without=("meta",))
    desk.faults.always = old.replay
    desk.create("À envoyer")
    with pytest.raises(CXError):
        desk.sync()
    desk.faults.always = None
    after = dump(desk.cache, without=("meta",))
    assert set(before["entity"]) <= set(after["entity"])
    assert desk.sync().is_all_synced
    assert len(dump(desk.cache)["entity"]) == len(before["entity"]) + 1


def _at_work(desks: Desks, endpoint: str) -> Desk:
    """A desk that is about to use this endpoint, with an edit that waits."""
    claire, leo = desks()
    claire.sync()
    leo.sync()
    leo.create("De Léo")
    leo.sync()
    flow = claire.create("Accueil")
    claire.sync()
    claire.edit(flow, "name", to="Nuit")
    leo.create("Encore de Léo")
    leo.sync()
    if endpoint == SNAPSHOT:
        claire.cache.sync.expire("flows")
    return claire


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_invariant_10_what_is_not_the_service_deletes_nothing(desks: Desks, endpoint: str) -> None:
    desk = _at_work(desks, endpoint)
    before, waiting = entities(desk.cache), edits(desk.cache)
    for name, fault in {**NOT_THE_SERVICE, **_IN_OUR_FORMAT}.items():
        desk.faults.strike(endpoint, fault)
        with pytest.raises(CXError):
            desk.sync()
        assert desk.faults.pending == 0, name
        if endpoint in {"/sync/hello", "/sync/push"}:
            assert edits(desk.cache) == waiting, name
            assert entities(desk.cache) == before, name
        assert _rows(before) <= _rows(entities(desk.cache)), name
        assert not desk.engine.status.is_all_synced, name
        assert desk.engine.status.phase in {Phase.OFFLINE, Phase.STOPPED}, name
    assert desk.sync().is_all_synced


def _rows(tables: dict[str, list[tuple[object, ...]]]) -> set[object]:
    return {row[0] for row in tables["entity"]}


#: Words of the service itself that are no reason either.
_IN_OUR_FORMAT: dict[str, Fault] = {
    "not found": problem("not-found", 404),
    "forbidden": problem("forbidden", 403),
    "session over": problem("device-revoked", 401),
    "unavailable": problem("unavailable", 503, retry_after=5),
    "too many": problem("rate-limited", 429, retry_after=5),
    "broken": problem("internal", 500),
}


def test_invariant_10_the_line_of_hints_takes_nobody_else_for_the_service(desk: Desk) -> None:
    for name, fault in NOT_THE_SERVICE.items():
        desk.faults.strike("/events", fault)
        with pytest.raises(CXError), desk.session.client.sync.events() as line:
            list(line)
        assert desk.faults.pending == 0, name


def test_a_lost_request_is_sent_again(desk: Desk) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.faults.strike("/sync/push", drop_request)
    with pytest.raises(CXError):
        desk.sync()
    status = desk.engine.status
    assert (status.phase, status.unsent) == (Phase.OFFLINE, 1)
    assert status.problem is not None
    assert desk.sync().is_all_synced
    assert _ver(desk, flow) >= 1


def test_what_the_service_asks_to_wait_is_waited(desk: Desk) -> None:
    desk.sync()
    desk.faults.strike("/sync/hello", problem("rate-limited", 429, retry_after=120))
    with pytest.raises(ServiceProblem):
        desk.sync()
    clock = desk.session.service.clock
    assert desk.engine._state.wake_at == clock.monotonic() + 120


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ({"retry_after": "120"}, 120.0),
        (
            {
                "retry_after": "Mon, 16 Nov 2026 09:04:00 GMT",
                "date": "Mon, 16 Nov 2026 09:02:00 GMT",
            },
            120.0,
        ),
        ({"retry_after": "86400"}, 900.0),
    ],
    ids=["seconds", "a date", "a day"],
)
def test_what_a_proxy_asks_to_wait_is_waited_within_reason(
    desk: Desk, status: int, said: dict[str, str], waited: float
) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.faults.strike("/sync/push", answer(status, b"<p>busy", "text/html", **said))
    with pytest.raises(CXError):
        desk.sync()
    clock = desk.session.service.clock
    assert desk.engine._state.wake_at == clock.monotonic() + waited
    assert desk.cache.unsent().count == 1
    assert desk.sync().is_all_synced, "whoever says so is not kept waiting"
    assert _ver(desk, flow) >= 1


def test_a_poison_edit_blocks_its_own_chain_and_nothing_else(desks: Desks) -> None:
    claire, leo = desks()
    claire.sync()
    poison, sound = claire.create("Poison"), claire.create("Sain")
    claire.sync()
    leo.sync()
    claire.edit(poison, "name", to="")  # the service wants a name
    claire.edit(sound, "name", to="Toujours sain")
    leo.edit(poison, "description", to="de Léo")
    leo.sync()
    status = claire.sync()
    assert (status.conflicts, status.unsent) == (1, 0)
    assert not status.is_all_synced
    assert claire.read(poison, "description") == "de Léo"
    (disputed,) = claire.cache.conflicts()
    assert disputed.problem is not None
    claire.edit(poison, "description", to="après")
    assert claire.sync().unsent == 1
    leo.sync()
    assert leo.read(sound, "name") == "Toujours sain"
    claire.cache.resolve(disputed.op_id, "theirs")
    assert claire.sync().is_all_synced
    assert claire.read(poison, "name") == "Poison"


def test_an_edit_that_the_service_cannot_even_read_does_not_hold_up_the_others(
    desk: Desk,
) -> None:
    desk.sync()
    flows = [desk.create(f"SVI {n}") for n in range(6)]
    poison = desk.cache.outbox()[2].op.op_id.encode()

    def refuses(
        request: httpx.Request, send: Callable[[httpx.Request], httpx.Response]
    ) -> httpx.Response:
        is_bad = request.url.path.endswith("/push") and poison in request.content
        return problem("malformed", 400)(request, send) if is_bad else send(request)

    desk.faults.always = refuses
    status = desk.sync()
    assert (status.unsent, status.conflicts) == (0, 1)
    assert [each.op_id.encode() for each in desk.cache.conflicts()] == [poison]
    assert sum(_ver(desk, flow) > 0 for flow in flows) == 5


def test_times_of_devices_order_nothing(desks: Desks) -> None:
    claire, leo = desks()
    claire.sync()
    flow = claire.create("Accueil")
    claire.sync()
    leo.sync()
    clock = claire.session.service.clock
    now = clock.now()
    claire.edit(flow, "name", to="D’abord")
    claire.sync()
    leo.sync()
    clock.set(datetime(1999, 1, 1, tzinfo=UTC))
    leo.edit(flow, "name", to="Ensuite")
    clock.set(now)
    leo.sync()
    claire.sync()
    assert claire.read(flow, "name") == "Ensuite"
