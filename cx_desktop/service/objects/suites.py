"""The tests of a flow, run again by the service before callers hear it."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.flow.testing import run_all, suite_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.state import hours_of
from cx_desktop.protocol import Fault
from cx_desktop.service.objects import revisions
from cx_desktop.service.store import Entity, entities

#: What a publication names to go live although a test of it has not passed.
TESTS_FAILED = "tests-failed"


def failed_tests(
    connection: Connection, project_id: str, chosen: Iterable[Entity]
) -> tuple[Fault, ...]:
    """The tests that have not passed, of the flows among what is to be published.

    Each flow is tried as its draft, together with what else goes live; all else as callers meet it.
    """
    coming = {each.id: each for each in chosen}
    flows = {key: flow_of(_draft(each)) for key, each in coming.items() if each.type == "flow"}
    tested = [key for key, flow in flows.items() if flow.tests]
    if not tested:
        return ()
    world = _world(connection, project_id, coming, flows)
    return tuple(fault for key in tested for fault in _faults(key, flows[key], world))


def _faults(key: str, flow: Flow, world: World) -> Iterator[Fault]:
    tests = suite_of(flow).tests
    for failed in run_all(flow, key, world).failed:
        name = tests[failed].name if failed in tests else ""
        yield Fault(pointer=failed, code=TESTS_FAILED, message=name, object_id=key)


def _world(
    connection: Connection, project_id: str, coming: Mapping[str, Entity], flows: dict[str, Flow]
) -> World:
    others = {
        found.id: flow_of(live)
        for found, live in _met(connection, project_id, "flow", coming)
        if found.id not in flows
    }
    schedules = _met(connection, project_id, "schedule", coming)
    queues = _met(connection, project_id, "queue", coming)
    return World(
        flows={**others, **flows},
        started=STARTED,
        schedules={found.id: hours_of(schedule_of(live)) for found, live in schedules},
        queues={found.id: QueueState(hours=queue_of(live).schedule) for found, live in queues},
    )


def _met(
    connection: Connection, project_id: str, kind: str, coming: Mapping[str, Entity]
) -> Iterator[tuple[Entity, Document]]:
    """Objects as callers will meet them: what goes live now, else what is live."""
    for found in entities.each(connection, kind, project_ids=[project_id]):
        if found.data.get("archived"):
            continue
        live = (
            _draft(coming[found.id])
            if found.id in coming
            else revisions.live_document(connection, found)
        )
        if live is not None:
            yield found, live


def _draft(found: Entity) -> Document:
    draft = found.data.get("draft")
    return draft if isinstance(draft, dict) else {}
