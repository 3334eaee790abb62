"""A stream read anew takes very much away only where the service confirms it (invariant 11)."""

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import msgspec
import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import OpResult, OpStatus, PageEnd, Pushed, Seal
from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.service.store import entities
from cx_desktop.sync.guard import FEW_OF_ALL, FEW_ROWS
from tests.fakes.faults import Fault, Send, like, whole
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

COUNT = 900


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        assert service.service is not None
        seed_recordings(service.service, COUNT)
        yield service


@pytest.fixture
def desk(service: RunningService, tmp_path: Path) -> Iterator[Desk]:
    """Claire's computer, which has everything."""
    with closing(Session(service)) as claire:
        desk = Desk(claire, tmp_path)
        desk.sync()
        yield desk
        desk.faults.calm()
        assert desk.cache.sync.verify() == ()
        desk.close()


def stream_of(desk: Desk) -> str:
    """The stream of the project that records."""
    names = [each.name for each in desk.cache.sync.streams() if ":" in each.name]
    return max(names, key=desk.cache.repairs.count)


def here(desk: Desk) -> set[str]:
    return {each.id for each in desk.cache.recordings(stream_of(desk)[11:], limit=2 * COUNT)}


def there(service: RunningService, kind: str) -> list[entities.Entity]:
    assert service.service is not None
    with service.service.store.read() as connection:
        return list(entities.each(connection, kind))


def remove(service: RunningService, found: list[entities.Entity]) -> None:
    assert service.service is not None
    with service.service.store.write() as txn:
        for each in found:
            entities.remove(txn, each.type, each.id, "deleted")


def only(rows: int) -> Fault:
    """A snapshot that is whole, and wrong: the service has more than it says."""

    def shorten(request: httpx.Request, send: Send) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"
        response = send(request)
        head, *lines, end = whole(response).splitlines()
        seal = Seal(head)
        for line in lines[:rows]:
            seal.add(line)
        cursor = msgspec.json.decode(end, type=PageEnd).next
        last = {"t": "end", "rows": seal.rows, "sha256": seal.closed_by(cursor), "next": cursor}
        body = b"\n".join([head, *lines[:rows], json.dumps(last).encode(), b""])
        return like(response, body)

    return shorten


def asked(desk: Desk, what: str) -> int:
    return sum(what in each for each in desk.faults.asked)


def test_what_the_service_does_not_confirm_is_not_deleted(desk: Desk) -> None:
    stream, before = stream_of(desk), here(desk)
    desk.cache.sync.expire(stream)
    desk.faults.strike("/sync/snapshot?stream=recordings", only(50))
    with pytest.raises(CXError, match="sync-doubtful") as caught:
        desk.sync()
    assert (caught.value.params["count"], caught.value.params["rows"]) == (COUNT - 50, COUNT)
    assert here(desk) == before
    status = desk.engine.status
    assert (status.phase, status.is_complete, status.is_all_synced) == ("stopped", False, False)
    assert desk.sync().is_all_synced  # a person asks: it is read again, and is well
    assert here(desk) == before


def test_it_is_not_read_again_at_once_and_holds_up_nothing_else(desk: Desk) -> None:
    stream = stream_of(desk)
    desk.cache.sync.expire(stream)
    desk.faults.strike("/sync/snapshot?stream=recordings", only(0))
    flow = desk.create("Entre-temps")
    with pytest.raises(CXError, match="doubtful"):
        desk.sync()
    assert desk.cache.unsent().count == 0
    assert desk.cache.row("flow", flow) is not None
    desk.faults.asked.clear()
    desk.session.service.clock.advance(timedelta(minutes=2))
    desk.engine.poke()
    desk.engine._advance(desk.engine._next() or pytest.fail("nothing woke it"))
    assert asked(desk, "hello") == 1
    assert asked(desk, "snapshot") == 0
    desk.session.service.clock.advance(timedelta(minutes=5))
    desk.engine.poke()
    desk.engine._advance(desk.engine._next() or pytest.fail("nothing woke it"))
    assert asked(desk, "snapshot") == 1
    assert desk.engine.status.is_all_synced


def test_what_the_service_confirms_goes(desk: Desk, service: RunningService) -> None:
    gone = there(service, "recording")[: COUNT // 2]
    remove(service, gone)
    desk.cache.sync.expire(stream_of(desk))
    desk.faults.asked.clear()
    assert desk.sync().is_all_synced
    assert here(desk) == {each.id for each in there(service, "recording")}
    assert asked(desk, "digest") >= 1


def test_what_moves_while_it_is_read_is_no_reason_to_doubt(
    desk: Desk, service: RunningService
) -> None:
    recordings = there(service, "recording")
    remove(service, recordings[:300])
    stream = stream_of(desk)
    desk.cache.sync.expire(stream)

    def meanwhile(request: httpx.Request, send: Send) -> httpx.Response:
        response = send(request)
        body = whole(response)
        remove(service, recordings[300:310])
        assert service.service is not None
        with service.service.store.write() as txn:
            for each in recordings[400:405]:
                entities.save(txn, "recording", each.id, each.project_id, each.data)
        return like(response, body)

    desk.faults.strike("/sync/snapshot?stream=recordings", meanwhile)
    assert desk.sync().is_all_synced
    desk.sync()  # what moved comes after it
    assert here(desk) == {each.id for each in there(service, "recording")}


@pytest.mark.parametrize("gone", [FEW_ROWS, int(COUNT * FEW_OF_ALL)])
def test_a_little_goes_unasked(desk: Desk, service: RunningService, gone: int) -> None:
    remove(service, there(service, "recording")[:gone])
    desk.cache.sync.expire(stream_of(desk))
    desk.faults.asked.clear()
    desk.sync()
    assert len(here(desk)) == COUNT - gone
    assert asked(desk, "digest") == 0


def test_the_service_out_of_reach_confirms_nothing(desk: Desk, service: RunningService) -> None:
    before = here(desk)
    remove(service, there(service, "recording")[:400])
    desk.cache.sync.expire(stream_of(desk))

    def away(_request: httpx.Request, _send: Send) -> httpx.Response:
        raise httpx.ConnectError("away")

    desk.faults.strike("/sync/digest", away)
    with pytest.raises(CXError, match="unreachable"):
        desk.sync()
    assert here(desk) == before
    assert desk.sync().is_all_synced
    assert len(here(desk)) == COUNT - 400


@pytest.mark.parametrize("seed", range(4))
def test_invariant_11_a_resync_keeps_every_edit_and_removes_exactly_what_is_absent(
    desk: Desk, service: RunningService, seed: int
) -> None:
    """Whatever is expired, removed and edited in whatever order, cut off or not."""
    chance = Random(seed)  # noqa: S311  (the same lives each time, no secret)
    for _ in range(3):
        some_edits(desk, chance)
        ops = {each.op.op_id: each.op for each in desk.cache.outbox()}
        gone = chance.sample(there(service, "flow"), chance.randrange(3))
        remove(service, gone + chance.sample(there(service, "recording"), chance.choice([3, 150])))
        for stream in chance.sample(["flows", "config", stream_of(desk)], 2):
            desk.cache.sync.expire(stream)
            if chance.random() < 0.4:
                desk.faults.strike(f"/sync/snapshot?stream={stream[:10]}", cut(chance))
        desk.faults.strike("/sync/push", *[not_now] * 9)
        for _ in range(3):
            with suppress(CXError):
                desk.sync()
        assert {each.op.op_id: each.op for each in desk.cache.outbox()} == ops
        assert desk.cache.sync.verify() == ()
        edited = {each.id for each in ops.values()}
        assert set(desk.flows()) - edited == {each.id for each in there(service, "flow")} - edited
        assert edited <= set(desk.flows())
        assert here(desk) == {each.id for each in there(service, "recording")}
        desk.faults.calm()
        service.clock.advance(timedelta(minutes=10))
        desk.sync()
        desk.resolve_all()
        desk.sync()
        assert set(desk.flows()) == {each.id for each in there(service, "flow")}


def some_edits(desk: Desk, chance: Random) -> None:
    for flow in chance.sample(sorted(desk.flows()), 2):
        desk.edit(flow, "name", to=f"Nom {chance.random()}")
    desk.create(f"Neuf {chance.random()}")


def not_now(request: httpx.Request, _send: Send) -> httpx.Response:
    """The service takes none of the edits for the time being."""
    ops = json.loads(request.content)["ops"]
    results = tuple(OpResult(op["op_id"], OpStatus.RETRY) for op in ops)
    now = datetime.now(UTC)
    body = msgspec.json.encode(Pushed(high_seq=0, durable_seq=0, server_time=now, results=results))
    headers = {"content-type": "application/json", REPR_DIGEST: repr_digest(body)}
    return httpx.Response(200, headers=headers, content=body)


def cut(chance: Random) -> Fault:
    """A snapshot that breaks off somewhere."""

    def broken(request: httpx.Request, send: Send) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"
        response = send(request)
        body = whole(response)
        return like(response, body[: chance.randrange(len(body))])

    return broken
