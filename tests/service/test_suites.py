"""Tests of a flow are run again before callers hear it; going live despite them is written down."""

import uuid

import httpx

from cx_desktop.domain.patch import Document
from tests.service.test_audit import newest
from tests.service.test_flows import HELLO, create, lumen
from tests.service.visitor import Visitor, problem

PASSES: Document = {"name": "bonjour", "expects": [{"expect": "says", "text": "Bonjour"}]}
FAILS: Document = {"name": "ventes", "expects": [{"expect": "queue", "queue": "sales"}]}


def publish(person: Visitor, flow: Document, *overrides: str) -> httpx.Response:
    person.step_up()
    body = {
        "message": "Go",
        "objects": [{"entity": "flow", "id": flow["id"], "etag": flow["etag"]}],
        "overrides": overrides,
    }
    path = f"/v1/projects/{lumen(person)}/publications"
    return person.post(path, body, key=uuid.uuid4().hex)


def with_tests(person: Visitor, **tests: Document) -> Document:
    made: Document = create(person, draft=HELLO | {"tests": tests}).json()
    return made


def test_a_flow_whose_tests_pass_goes_live(leo: Visitor) -> None:
    assert publish(leo, with_tests(leo, test_1=PASSES)).status_code == 200


def test_a_test_that_fails_refuses_the_publication(leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES, test_2=FAILS)
    refused = problem(publish(leo, flow))
    assert refused.name == "tests-failed"
    (fault,) = refused.errors
    assert (fault.pointer, fault.message, fault.object_id) == ("test_2", "ventes", flow["id"])


def test_a_refusal_can_be_overridden_and_that_is_written_down(
    claire: Visitor, leo: Visitor
) -> None:
    flow = with_tests(leo, test_2=FAILS)
    assert publish(leo, flow, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == flow["id"]]
    assert told[-1] == "publish 1 despite tests-failed"


def test_an_override_that_was_not_needed_is_not_written_down(claire: Visitor, leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES)
    assert publish(leo, flow, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == flow["id"]]
    assert told[-1] == "publish 1"


def test_an_edit_of_tests_alone_leaves_the_flow_as_callers_hear_it(leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES)
    (live,) = publish(leo, flow).json()["objects"]
    change = {"path": ["draft", "tests", "test_3"], "value": PASSES}
    answer = leo.http.patch(
        f"/v1/flows/{flow['id']}", json={"changes": [change]}, headers={"If-Match": live["etag"]}
    )
    edited = answer.json()
    assert edited["draft"]["tests"]["test_3"] == PASSES
    assert edited["live_draft_ver"] == edited["draft_ver"]


def test_a_discarded_draft_keeps_its_tests(leo: Visitor) -> None:
    (live,) = publish(leo, with_tests(leo, test_1=PASSES)).json()["objects"]
    change = {"path": ["draft", "tests", "test_3"], "value": PASSES}
    path = f"/v1/flows/{live['id']}"
    edited = leo.http.patch(path, json={"changes": [change]}, headers={"If-Match": live["etag"]})
    etag = edited.json()["etag"]
    discarded = leo.http.post(f"{path}/discard-draft", headers={"If-Match": etag})
    assert set(discarded.json()["draft"]["tests"]) == {"test_1", "test_3"}
