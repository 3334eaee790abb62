"""Invariant 25: three schemas, programs of each, and nobody loses a word of anybody else's.

A service takes pushes of its schema and the two before. A program that is older keeps and never
erases fields it does not know, sends what waits, and makes no new edits until it is updated.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from cx_desktop.cache import Action, Edit
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, change
from cx_desktop.protocol import Dialect, Schema
from cx_desktop.service.store import entities
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

#: What programs of three releases speak.
FIRST, SECOND, THIRD = Schema(1, 1), Schema(1, 2), Schema(1, 3)
PROGRAMS = {"first": FIRST, "second": SECOND, "third": THIRD}
#: What a service of another release speaks.
NEXT = Dialect(Schema(2, 4))
FAR = Dialect(Schema(4, 6))

Sit = Callable[[Schema], Desk]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def service(running: RunningService) -> Iterator[RunningService]:
    yield running
    if running.dialect != Dialect():
        speak(running, Dialect())


def speak(service: RunningService, dialect: Dialect) -> None:
    """The service is replaced by another release of it."""
    service.dialect = dialect
    service.stop()
    service.start()


@pytest.fixture
def sit(service: RunningService, tmp_path: Path) -> Iterator[Sit]:
    with ExitStack() as leaving:

        def desk(schema: Schema) -> Desk:
            session = Session(service)
            leaving.callback(session.close)
            folder = tmp_path / session.device_id
            made = Desk(session, folder, schema=schema)
            leaving.callback(made.close)
            return made

        yield desk


def write_as_newer(service: RunningService, flow: str, **fields: object) -> None:
    """A newer service writes fields that nobody here has heard of, also deep in a draft."""
    assert service.service is not None
    with service.service.store.write() as txn:
        found = entities.load(txn.connection, "flow", flow)
        assert found is not None
        draft = msgspec.convert(found.data["draft"], Document)
        nodes = msgspec.convert(draft["nodes"], dict[str, Document])
        start = next(iter(nodes))
        nodes[start] = nodes[start] | {"tint": "blue"}
        entities.save(
            txn,
            "flow",
            flow,
            found.project_id,
            found.data | fields | {"draft": draft | {"nodes": nodes, "weather": {"sun": 1}}},
        )


def served(service: RunningService, flow: str) -> Document:
    assert service.service is not None
    with service.service.store.read() as connection:
        found = entities.load(connection, "flow", flow)
    assert found is not None
    return found.data


def holds_what_it_does_not_know(data: Document) -> bool:
    draft = msgspec.convert(data["draft"], Document)
    nodes = msgspec.convert(draft["nodes"], dict[str, Document])
    tints = [node.get("tint") for node in nodes.values()]
    return data.get("colour") == "red" and draft.get("weather") == {"sun": 1} and "blue" in tints


@pytest.mark.parametrize("schema", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_fields_nobody_knows_survive_edits_conflicts_and_a_restart(
    service: RunningService, sit: Sit, schema: Schema
) -> None:
    speak(service, Dialect(schema))
    desk, other = sit(schema), sit(THIRD)
    desk.sync()
    flow, calm = desk.create("Neu"), desk.create("Ruhig")
    desk.sync()
    desk.edit(flow, "name", to="Meiner")
    desk.edit(flow, "draft", "nodes", "start", "title", to="Anfang")
    desk.edit(calm, "name", to="Umbenannt")
    speak(service, Dialect())  # and only then the edits are sent
    for each in (flow, calm):
        write_as_newer(service, each, colour="red")
    other.sync()
    other.edit(flow, "name", to="Ihrer")
    other.sync()
    desk.sync()
    assert holds_what_it_does_not_know(desk.flows()[flow])  # mine over theirs, undecided
    desk.resolve_all("mine")
    desk.reopen()
    desk.sync()
    assert desk.cache.outbox() == ()
    for each, name in ((flow, "Meiner"), (calm, "Umbenannt")):
        data = served(service, each)
        assert data["name"] == name
        assert holds_what_it_does_not_know(data)
        assert desk.flows()[each] == {**data, "etag": desk.flows()[each]["etag"]}


@pytest.mark.parametrize("schema", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_fields_nobody_knows_are_offered_again_after_a_restore(
    service: RunningService, sit: Sit, schema: Schema
) -> None:
    """A row that only this computer still has is created again from every word that it had."""
    speak(service, Dialect(schema))
    desk = sit(schema)
    desk.sync()
    flow = desk.create("Verloren")
    desk.sync()
    speak(service, Dialect())
    write_as_newer(service, flow, colour="red")
    desk.sync()
    desk.cache.sync.safekeeping.prune(10**9)  # a backup has the edits, they say: the row remains
    forget(service, flow)
    desk.sync()
    assert "Verloren" in {each["name"] for each in desk.flows().values()}
    (found,) = (each for each in desk.cache.sync.safekeeping.recovered() if each.id == flow)
    assert holds_what_it_does_not_know(found.data)
    draft = msgspec.convert(served(service, flow)["draft"], Document)
    assert draft["weather"] == {"sun": 1}


def forget(service: RunningService, flow: str) -> None:
    """A backup from before the flow comes back."""
    assert service.service is not None
    store = service.service.store
    with store.write() as txn:
        txn.connection.exec_driver_sql("DELETE FROM entity WHERE id = ?", (flow,))
        txn.connection.exec_driver_sql("DELETE FROM op_result")
    store.rotate_epoch()


@pytest.mark.parametrize("schema", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_what_programs_of_three_releases_send_is_taken(
    service: RunningService, sit: Sit, schema: Schema
) -> None:
    speak(service, Dialect(schema))
    desk = sit(schema)
    desk.sync()
    one, two = desk.create("Eins"), desk.create("Zwei")
    edits = (
        Edit("flow", each, (change(desk.flows()[each], ("description",), "beide"),))
        for each in (one, two)
    )
    desk.cache.edit(*edits, are_one=True)
    speak(service, Dialect())
    assert desk.sync().needs_update == (schema != THIRD)
    desk.sync()
    assert {served(service, each)["description"] for each in (one, two)} == {"beide"}
    assert desk.cache.outbox() == ()


def test_a_program_older_than_its_service_reads_sends_and_says_what_it_needs(
    service: RunningService, sit: Sit
) -> None:
    speak(service, Dialect(SECOND))
    desk = sit(SECOND)
    desk.sync()
    flow = desk.create("Wartet")
    desk.edit(flow, "description", to="noch vor dem Wechsel")
    speak(service, NEXT)
    status = desk.sync()
    assert status.needs_update
    assert served(service, flow)["description"] == "noch vor dem Wechsel"
    assert desk.cache.outbox() == ()
    with pytest.raises(CXError, match=r"problem\.update-needed"):
        desk.edit(flow, "name", to="Zu spät")
    write_as_newer(service, flow, colour="red")
    desk.sync()
    assert holds_what_it_does_not_know(desk.flows()[flow])  # reading goes on


def test_an_updated_program_edits_again_without_asking_the_service(
    service: RunningService, sit: Sit
) -> None:
    desk = sit(SECOND)
    speak(service, NEXT)
    assert desk.sync().needs_update
    desk.schema = Schema(2, 4)
    desk.reopen()
    assert not desk.cache.needs_update
    assert desk.create("Weiter")


def test_a_program_too_old_for_its_service_keeps_what_waits(
    service: RunningService, sit: Sit
) -> None:
    desk = sit(THIRD)
    desk.sync()
    flow = desk.create("Bleibt")
    speak(service, FAR)
    with pytest.raises(CXError, match=r"problem\.unsupported-schema"):
        desk.sync()
    assert desk.engine.status.needs_update
    assert [each.op.id for each in desk.cache.outbox()] == [flow]
    speak(service, Dialect())
    desk.sync()
    assert desk.cache.outbox() == ()
    assert not desk.engine.status.needs_update


def test_a_newer_program_sends_an_older_service_only_what_it_knows(
    service: RunningService, sit: Sit
) -> None:
    desk = sit(THIRD)
    desk.sync()
    number = desk.cache.rows("number")[0]
    until = service.clock.now().replace(hour=23)
    speak(service, Dialect(Schema(1, 2)))
    desk.cache.act(Action("number", number.id, "assign", until, {"flow_id": None}))
    assert not desk.sync().needs_update
    assert len(desk.cache.outbox()) == 1  # kept back
    speak(service, Dialect())
    desk.sync()
    assert desk.cache.outbox() == ()


@pytest.mark.parametrize(("stream", "other"), [("flows", "config"), ("config", "flows")])
def test_columns_that_came_expire_one_stream_and_no_other(
    service: RunningService, sit: Sit, stream: str, other: str
) -> None:
    desk = sit(THIRD)
    desk.sync()
    before = {each.name: each.gen for each in desk.cache.sync.streams()}
    waiting = desk.create("Bleibt")
    speak(service, Dialect(Schema(1, 3), {stream: (3,)}))
    desk.create("Auch")
    desk.faults.asked.clear()
    write_as_newer(service, next(iter(desk.flows())), colour="red")
    touch(service)
    desk.sync()
    after = {each.name: each.gen for each in desk.cache.sync.streams()}
    assert after[stream] > before[stream]
    assert after[other] == before[other]
    assert waiting in desk.flows()
    assert desk.cache.outbox() == ()
    desk.faults.asked.clear()
    desk.sync()
    assert not [each for each in desk.faults.asked if "snapshot" in each]  # once


def test_an_older_program_is_not_made_to_read_columns_it_does_not_know(
    service: RunningService, sit: Sit
) -> None:
    desk = sit(SECOND)
    desk.sync()
    before = {each.name: each.gen for each in desk.cache.sync.streams()}
    speak(service, Dialect(Schema(1, 3), {"flows": (3,)}))
    touch(service)
    desk.sync()
    assert {each.name: each.gen for each in desk.cache.sync.streams()} == before


def touch(service: RunningService) -> None:
    """Something moves in every stream that the tests look at."""
    assert service.service is not None
    store = service.service.store
    with store.write() as txn:
        for kind in ("flow", "queue"):
            found = next(entities.each(txn.connection, kind))
            entities.save(txn, kind, found.id, found.project_id, found.data)
