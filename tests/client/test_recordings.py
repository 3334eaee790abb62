"""Recordings as the program asks for them: protected, judged by their policy, found for callers."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.recordings.retention import Retention
from cx_desktop.protocol import StepUp
from cx_desktop.protocol.policies import PolicyOrder
from cx_desktop.protocol.rights import Right, RightsOrder
from tests.fakes.recordings import record_call, recording_project
from tests.fakes.service import RunningService
from tests.sync.world import Session


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture
def claire(service: RunningService) -> Iterator[Session]:
    with closing(Session(service, "administrator")) as session:
        yield session


def step_up(session: Session, verb: str) -> None:
    session.service.clock.advance(timedelta(seconds=30))
    account = session.service.account("administrator")
    session.client.sessions.step_up(StepUp(session.service.code(account.username), verb))


def test_a_recording_is_protected_released_and_its_trail_read(claire: Session) -> None:
    call = record_call(claire.service, b"x")
    calls = claire.client.recordings
    assert calls.hold(call.id, "réclamation")["held"] is True
    assert calls.release(call.id, "close")["held"] is False
    trail = calls.trail(call.id)
    assert [row.detail for row in trail.rows] == ["hold: réclamation", "release: close"]
    assert trail.deletion is None


def test_a_policy_is_looked_at_tried_and_written(claire: Session) -> None:
    project = recording_project(claire.service)
    record_call(claire.service, b"x", at=claire.service.clock.now() - timedelta(days=40))
    policies = claire.client.policies
    here = policies.read(project)
    order = PolicyOrder(is_on=False, rate=10, retention=Retention(months=1))
    assert policies.check(project, order).due == 1
    step_up(claire, "publish")
    with pytest.raises(ServiceProblem) as refused:
        policies.write(project, str(here["etag"]), order)
    assert refused.value.key == "problem.confirmation-needed"
    assert refused.value.params["count"] == 1
    known = PolicyOrder(is_on=False, rate=10, retention=Retention(months=1), due=1)
    assert policies.write(project, str(here["etag"]), known)["ver"] == 1


def test_a_caller_s_request_is_taken_in_and_answered(claire: Session) -> None:
    project = recording_project(claire.service)
    call = record_call(claire.service, b"x", caller="+33639985555")
    rights = claire.client.rights
    step_up(claire, "reveal")
    today = claire.service.clock.now().date()
    order = RightsOrder(kind=Right.OBJECTION, number="06 39 98 55 55", asked_on=today)
    page = rights.open(project, order)
    assert [each.id for each in page.recordings] == [call.id]
    assert rights.delete(page.request.id, [call.id]).request.deleted == (call.id,)
    assert rights.answer(page.request.id, "Supprimé.").request.answer == "Supprimé."
    assert rights.read(page.request.id).request.done_at is not None
    assert len(rights.register(project).requests) == 1
    deletion = claire.client.recordings.trail(call.id).deletion
    assert deletion is not None
    assert (deletion.reason, deletion.is_proven) == ("rights", True)
