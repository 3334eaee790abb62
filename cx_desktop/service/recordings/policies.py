"""The recording policy of a project: looked at, tried out, and written as a whole.

Lowering retention deletes recordings; so an order names how many that may be, and is refused with
the true number where there are more (REC-08). Ends move right after the policy is written.
"""

from typing import TYPE_CHECKING

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.recordings.policy import (
    DUE_NOW,
    ITEMS,
    Policy,
    findings,
    policy_id,
    refusals,
)
from cx_desktop.protocol import Fault
from cx_desktop.protocol.policies import PolicyCheck, PolicyOrder
from cx_desktop.service.actor import Actor
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.objects import deeds, reading
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.recordings import days, keeping
from cx_desktop.service.recordings.shapes import PolicyView
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, Txn, entities

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

#: So many thousands of ends move before the answer; the service goes on by itself.
_PARTS_AT_ONCE = 4
_PATH = "/v1/projects/{project_id}/recording-policy"


@endpoint(HttpMethod.GET, _PATH, verb=Verb.CONFIG_READ, answer=PolicyView)
def recording_policy(call: Asked) -> Response[bytes]:
    """What a project records, and for how long; version 0 where nobody has said so yet."""
    project_id, epoch = call.path["project_id"], call.service.store.epoch
    with call.service.store.read() as connection:
        reading.seen(connection, call.actor, Verb.CONFIG_READ, "project", project_id)
        found = _stored(connection, project_id)
    call.looked(Verb.CONFIG_READ, entity=found)
    return answer(reading.shown(epoch, found), etag=entities.etag(epoch, found.ver))


@endpoint(
    HttpMethod.POST,
    f"{_PATH}/check",
    verb=Verb.RECORDING_POLICY,
    body=PolicyOrder,
    answer=PolicyCheck,
)
def check_recording_policy(call: Asked) -> Response[bytes]:
    """What an order would mean, and how many recordings it would delete; changes nothing."""
    order, project_id = call.body(PolicyOrder), call.path["project_id"]
    with call.service.store.write() as txn:
        deeds.require(txn, call.actor, Verb.RECORDING_POLICY, project_id)
        _refuse_strange(txn.connection, project_id, order)
        found = _judged(txn, project_id, order)
    return answer(found)


@endpoint(
    HttpMethod.PUT,
    _PATH,
    verb=Verb.RECORDING_POLICY,
    body=PolicyOrder,
    answer=PolicyView,
    needs_version=True,
    problems=("findings-block", "confirmation-needed", "on-request"),
)
def set_recording_policy(call: Asked) -> Response[bytes]:
    """Write the policy, naming how many recordings it may delete. Needs ``publish``."""
    etag, order = call.if_match, call.body(PolicyOrder)
    project_id, service = call.path["project_id"], call.service
    with service.store.write() as txn:
        saved = write(service, txn, call.actor, project_id, etag, order)
    keeping.apply(service, project_id, parts=_PARTS_AT_ONCE)
    epoch = service.store.epoch
    return answer(reading.shown(epoch, saved), etag=entities.etag(epoch, saved.ver))


def write(
    service: Service, txn: Txn, actor: Actor, project_id: str, etag: str, order: PolicyOrder
) -> Entity:
    """Write a policy that the rules allow, and whose deletions are known."""
    deeds.require(txn, actor, Verb.RECORDING_POLICY, project_id)
    if Verb.RECORDING_POLICY in service.config.on_request:
        raise Refusal("on-request", verb=Verb.RECORDING_POLICY.value)
    before = keeping.found(txn.connection, project_id)
    deeds.require_version(txn, _stored(txn.connection, project_id), etag)
    _refuse_strange(txn.connection, project_id, order)
    check = _judged(txn, project_id, order)
    if check.blocks:
        today, was = days.today(txn, project_id), keeping.policy(txn.connection, project_id)
        blocking = refusals(_policy(order, was), today, was=was)
        raise Refusal("findings-block", faults=tuple(map(_fault, blocking)))
    if check.due > order.due:
        raise Refusal("confirmation-needed", count=check.due)
    require_step_up(txn, actor, StepUpClass.PUBLISH)
    now = _in_month(txn, project_id, keeping.policy(txn.connection, project_id))
    policy = msgspec.to_builtins(_policy(order, now))
    data: Document = {
        "type": "recording_policy",
        "id": policy_id(project_id),
        "project_id": project_id,
        **policy,
        **deeds.signature(txn, actor),
    }
    detail = f"due: {check.due}" if check.due else ""
    return deeds.write(txn, actor, Verb.RECORDING_POLICY, data, before=before, detail=detail)


def _policy(order: PolicyOrder, was: Policy) -> Policy:
    """The policy that an order makes of one; packs are asked for, the rest is as it is said."""
    said = {name: getattr(order, name) for name in Policy.__struct_fields__ if name != "packs"}
    return Policy(**said, packs=was.packs.ask(order.packs))


def _in_month(txn: Txn, project_id: str, policy: Policy) -> Policy:
    """With the packs of this month, where the last ones were said of another."""
    month = f"{days.today(txn, project_id):%Y-%m}"
    return msgspec.structs.replace(policy, packs=policy.packs.at(month))


def _judged(txn: Txn, project_id: str, order: PolicyOrder) -> PolicyCheck:
    today = days.today(txn, project_id)
    was = keeping.policy(txn.connection, project_id)
    policy = _policy(order, was)
    said = findings(policy, today, was=was)
    blocking = refusals(policy, today, was=was)
    due = keeping.Due(0, 0)
    if not any(each.rule.startswith("REC-01") for each in blocking):
        due = keeping.due_under(txn.connection, project_id, today, order.retention)
    if due.now:
        params: dict[str, str | int] = {"due": due.now}
        lowered = Finding(DUE_NOW.id, Severity.WARNING, property="retention", params=params)
        said = (*said, lowered)
    return PolicyCheck(tuple(map(_fault, said)), bool(blocking), due.now, due.held)


def _fault(finding: Finding) -> Fault:
    return Fault(
        pointer="/" + (finding.property or "").replace(".", "/"),
        code=finding.rule,
        message=finding.severity.value,
        params=finding.params,
    )


def _refuse_strange(connection: Connection, project_id: str, order: PolicyOrder) -> None:
    """Refuse what names a queue or a message of another project, or an item nobody knows."""
    for place, kind, ids in (
        ("/queues", "queue", order.queues),
        ("/retention/queues", "queue", tuple(order.retention.queues)),
        ("/notice/prompt_id", "prompt", (order.notice.prompt_id,)),
        ("/notice/outbound_prompt_id", "prompt", (order.notice.outbound_prompt_id,)),
    ):
        for each in ids:
            found = entities.load(connection, kind, each) if each is not None else None
            if each is not None and (found is None or found.project_id != project_id):
                raise malformed(place, "unknown", "There is none in this project")
    for item in order.notice.items:
        if item not in ITEMS:
            raise malformed("/notice/items", "unknown", f"One of {', '.join(ITEMS)}")


def _stored(connection: Connection, project_id: str) -> Entity:
    """The policy of a project, as version 0 where nobody has written one."""
    found = keeping.found(connection, project_id)
    if found is not None:
        return found
    own: Document = {"type": "recording_policy", "id": policy_id(project_id), "ver": 0}
    data = own | {"project_id": project_id} | msgspec.to_builtins(Policy())
    unsigned: Document = {"updated_at": None, "updated_by": None}
    return Entity("recording_policy", policy_id(project_id), project_id, 0, 0, data | unsigned)


ROUTES = (recording_policy, check_recording_policy, set_recording_policy)
"""The endpoints."""
