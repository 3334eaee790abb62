"""The tests of a flow, run as the service will run them before callers hear it."""

from collections.abc import Iterator

import msgspec

from cx_desktop.cache import Cache
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.flow.testing import run_all, suite_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.state import hours_of
from cx_desktop.models.objects.plan import Plan, Planned
from cx_desktop.models.objects.uses import live_document


def failed_tests(cache: Cache, planned: Planned, plan: Plan) -> tuple[str, ...]:
    """The tests of a flow that have not passed, by name. Not for the GUI thread.

    The flow meets what goes live with it, and all else as callers meet it.
    """
    flow = flow_of(planned.new)
    if not flow.tests:
        return ()
    tests = suite_of(flow).tests
    failed = run_all(flow, planned.id, _world(cache, plan)).failed
    return tuple((tests[each].name if each in tests else "") or each for each in failed)


def _world(cache: Cache, plan: Plan) -> World:
    coming = {each.id: each.new for each in plan.objects if each.id in plan.chosen}
    flows = _met(cache, "flow", plan.project_id, coming)
    return World(
        flows={key: flow for key, document in flows if (flow := _flow(document)) is not None},
        started=STARTED,
        schedules={
            key: hours_of(schedule_of(document))
            for key, document in _met(cache, "schedule", plan.project_id, coming)
        },
        queues={
            key: QueueState(hours=queue_of(document).schedule)
            for key, document in _met(cache, "queue", plan.project_id, coming)
        },
    )


def _flow(document: Document) -> Flow | None:
    try:
        return flow_of(document)
    except msgspec.ValidationError:  # a newer program wrote it
        return None


def _met(
    cache: Cache, kind: str, project_id: str, coming: dict[str, Document]
) -> Iterator[tuple[str, Document]]:
    """Objects as callers will meet them: what goes live now, else what is live."""
    for row in cache.rows(kind, project_id=project_id):
        if row.data.get("archived"):
            continue
        document = coming.get(row.id) or live_document(cache, row)
        if document is not None:
            yield row.id, document
