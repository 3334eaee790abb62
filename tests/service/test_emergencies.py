"""Closing at once: guarded, audited, seen by everybody, over by itself or by somebody."""

import uuid
from datetime import timedelta

import httpx
import pytest

from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules.emergency import emergency_of
from cx_desktop.service.timekeeping import tick
from tests.service.conftest import Visit
from tests.service.test_flows import lumen
from tests.service.visitor import Visitor, problem


def schedule_of(person: Visitor) -> str:
    return next(
        str(each["id"])
        for each in person.entities("config")
        if each["type"] == "schedule" and each["project_id"] == lumen(person)
    )


def close(person: Visitor, order: Document | None = None, *, key: str = "") -> httpx.Response:
    body: Document = {"schedules": [schedule_of(person)]} | (order or {})
    path = f"/v1/projects/{lumen(person)}/emergencies"
    return person.post(path, body, key=key or uuid.uuid4().hex)


def closed(person: Visitor, **order: object) -> Document:
    answer = close(person, order)
    assert answer.status_code == 200, answer.text
    made: Document = answer.json()
    return made


def test_it_needs_a_fresh_code(claire: Visitor) -> None:
    assert problem(close(claire)).name == "step-up-required"


def test_everybody_who_syncs_sees_it(claire: Visitor, leo: Visitor) -> None:
    claire.step_up()
    made = closed(claire, message="Fermé pour cause de neige.")
    assert made["began_by"]["name"] == "Claire Martin"  # type: ignore[index]
    seen = [each for each in leo.entities("config") if each["id"] == made["id"]]
    assert seen[0]["message"] == "Fermé pour cause de neige."
    assert emergency_of(seen[0]).is_in_force(claire.service.clock.now())


def test_the_same_request_closes_once(claire: Visitor) -> None:
    claire.step_up()
    key = uuid.uuid4().hex
    assert close(claire, key=key).json()["id"] == close(claire, key=key).json()["id"]


@pytest.mark.parametrize(
    "order",
    [
        {"schedules": []},
        {"until": "2020-01-01T00:00:00Z"},
        {"until": "2099-01-01T00:00:00"},
        {"until": "9999-12-31T23:59:59-12:00"},
        {"message": "x" * 2_001},
    ],
)
def test_what_cannot_be_meant_is_refused(claire: Visitor, order: Document) -> None:
    claire.step_up()
    assert problem(close(claire, order)).name == "malformed"


def test_what_is_not_of_the_project_is_not_found(claire: Visitor) -> None:
    claire.step_up()
    assert problem(close(claire, {"numbers": [str(uuid.uuid4())]})).name == "not-found"


def test_somebody_reopens_and_doing_so_again_changes_nothing(claire: Visitor) -> None:
    claire.step_up()
    made = closed(claire)
    path = f"/v1/emergencies/{made['id']}/end"
    first = claire.post(path, key=uuid.uuid4().hex).json()
    assert first["ended_by"]["name"] == "Claire Martin"
    assert claire.post(path, key=uuid.uuid4().hex).json() == first


def test_its_time_over_it_ends_by_itself_and_the_audit_says_so(claire: Visitor) -> None:
    claire.step_up()
    running = claire.service
    until = running.clock.now().replace(microsecond=0) + timedelta(minutes=5)
    made = closed(claire, until=until.isoformat())
    assert running.service is not None
    tick(running.service)
    assert not [each for each in claire.entities("config") if each.get("ended_at")]
    running.clock.advance(timedelta(minutes=5))
    tick(running.service)
    found = next(each for each in claire.entities("config") if each["id"] == made["id"])
    assert emergency_of(found).ended_at == until.replace(
        microsecond=until.microsecond // 1000 * 1000
    )
    assert found["ended_by"] is None
    rows = claire.get("/v1/audit?after=0&limit=1000").json()["rows"]
    assert [row["detail"] for row in rows if row["entity_id"] == made["id"]] == ["close", "over"]


@pytest.mark.parametrize(
    ("username", "status"), [("ines.moreau", 200), ("leo.bernard", 200), ("paul.girard", 403)]
)
def test_supervisors_and_designers_may_and_trainers_may_not(
    visit: Visit, username: str, status: int
) -> None:
    person = visit(username).sign_in()
    person.step_up()
    assert close(person).status_code == status
