"""Timed publications by REST: planned, listed, moved, cancelled, carried out early."""

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import TimedMove, TimedOrder
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.idempotency import once
from cx_desktop.service.objects import carrying_out, reading, timed
from cx_desktop.service.objects.publishing import Version
from cx_desktop.service.objects.suites import Tried
from cx_desktop.service.objects.trying import once_tried
from cx_desktop.service.shapes import TimedList, TimedView
from cx_desktop.service.store import Txn

_PUBLISHING = ("archived", "findings-block", "stale-version", "tests-failed", "unknown-revision")


@endpoint(
    HttpMethod.GET,
    "/v1/projects/{project_id}/timed-publications",
    verb=Verb.CONFIG_READ,
    answer=TimedList,
)
def project_timed_publications(call: Asked) -> Response[bytes]:
    """The timed publications of a project, those that are over too."""
    project_id, store = call.path["project_id"], call.service.store
    with store.read() as connection:
        found = reading.of_project(connection, call.actor, Verb.CONFIG_READ, timed.TYPE, project_id)
    call.looked(Verb.CONFIG_READ, project_id=project_id)
    return answer(reading.listed("timed_publications", store.epoch, found))


@endpoint(
    HttpMethod.POST,
    "/v1/projects/{project_id}/timed-publications",
    verb=timed.VERB,
    body=TimedOrder,
    answer=TimedView,
    needs_key=True,
    problems=(*_PUBLISHING, "nothing-to-return-to", "planned-already"),
)
def plan_publication(call: Asked) -> Response[bytes]:
    """Let drafts, as they are now, go live at a time. Needs the step-up ``publish``."""
    order, project_id = call.body(TimedOrder), call.path["project_id"]

    def look(txn: Txn) -> tuple[Version, ...]:
        return timed.asked(txn, call.actor, project_id, order)

    def act(txn: Txn, tried: Tried) -> bytes:
        return reading.shown(txn.epoch, timed.plan(txn, call.actor, project_id, order, tried))

    return once_tried(call, look, act)


@endpoint(
    HttpMethod.POST,
    "/v1/timed-publications/{timed_publication_id}/move",
    verb=timed.VERB,
    body=TimedMove,
    answer=TimedView,
    needs_key=True,
    problems=("nothing-to-return-to", "planned-already", "time-is-over"),
)
def move_timed_publication(call: Asked) -> Response[bytes]:
    """Give it other times; one that failed waits again. Needs the step-up ``publish``."""
    times = call.body(TimedMove)

    def act(txn: Txn) -> bytes:
        return reading.shown(txn.epoch, timed.move(txn, call.actor, _id(call), times))

    return once(call, act)


@endpoint(
    HttpMethod.POST,
    "/v1/timed-publications/{timed_publication_id}/cancel",
    verb=timed.VERB,
    answer=TimedView,
    needs_key=True,
)
def cancel_timed_publication(call: Asked) -> Response[bytes]:
    """Let it not happen; of one that failed, take note. Needs the step-up ``publish``."""

    def act(txn: Txn) -> bytes:
        return reading.shown(txn.epoch, timed.cancel(txn, call.actor, _id(call)))

    return once(call, act)


@endpoint(
    HttpMethod.POST,
    "/v1/timed-publications/{timed_publication_id}/carry-out",
    verb=timed.VERB,
    answer=TimedView,
    needs_key=True,
    problems=(*_PUBLISHING, "live-moved", "time-is-over"),
)
def carry_out_timed_publication(call: Asked) -> Response[bytes]:
    """Do now what comes next of it. Needs the step-up ``publish``."""

    def look(txn: Txn) -> tuple[Version, ...]:
        return carrying_out.coming(txn, call.actor, _id(call))

    def act(txn: Txn, tried: Tried) -> bytes:
        done = carrying_out.carry_out_early(txn, call.actor, _id(call), tried)
        return reading.shown(txn.epoch, done)

    return once_tried(call, look, act)


def _id(call: Asked) -> str:
    return call.path["timed_publication_id"]


ROUTES = (
    project_timed_publications,
    plan_publication,
    move_timed_publication,
    cancel_timed_publication,
    carry_out_timed_publication,
)
