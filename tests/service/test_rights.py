"""What callers may ask for: found by their number, deleted, answered, proven; the number unkept."""

import json
from base64 import urlsafe_b64decode
from contextlib import closing
from datetime import timedelta

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cx_desktop.domain.patch import Document
from cx_desktop.protocol.rights import RightsPage
from cx_desktop.service.audit.chain import broken_links
from cx_desktop.service.housekeeping import sweep
from tests.fakes.recordings import record_call, record_calls, recording_project
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.test_retention import holding
from tests.service.visitor import Visitor, problem

CALLER = "+33639985555"
SPELLED = "06 39 98 55 55"
MARKER = b"what the caller does not want to be kept"


@pytest.fixture
def project(service: RunningService) -> str:
    return recording_project(service)


def ask(
    claire: Visitor, project: str, kind: str = "access", number: str = SPELLED, note: str = ""
) -> httpx.Response:
    body = {"kind": kind, "number": number, "asked_on": "2026-11-12", "note": note}
    return claire.post(f"/v1/projects/{project}/rights-requests", body)


def opened(claire: Visitor, project: str, kind: str = "access") -> Document:
    claire.step_up("reveal")
    answer = ask(claire, project, kind)
    assert answer.status_code == 200, answer.text
    page: Document = answer.json()
    return page


def request_of(page: Document) -> Document:
    request = page["request"]
    assert isinstance(request, dict)
    return request


def where(page: Document, verb: str = "") -> str:
    return f"/v1/rights-requests/{request_of(page)['id']}{verb}"


@pytest.mark.parametrize("typed", [SPELLED, "+33 6 39 98 55 55", "0033639985555", "0639985555"])
def test_a_caller_is_found_by_the_number_in_any_spelling(
    claire: Visitor, service: RunningService, project: str, typed: str
) -> None:
    mine = record_call(service, MARKER, caller=CALLER)
    record_call(service, b"somebody else", caller="+33639985556")
    assert problem(ask(claire, project, number=typed)).name == "step-up-required"
    claire.step_up("reveal")
    page = ask(claire, project, number=typed).json()
    assert [each["id"] for each in page["recordings"]] == [mine.id]
    assert page["request"]["found"] == [mine.id]


def test_it_says_what_exists_and_what_was_done_with_it(
    claire: Visitor, service: RunningService, project: str, visit: Visit
) -> None:
    call = record_call(service, MARKER, caller=CALLER)
    with closing(visit("ines.moreau").sign_in()) as ines:
        for _ in range(2):
            ines.get(f"/v1/recordings/{call.id}/sound?purpose=listen")
        ines.step_up("export")
        ines.get(f"/v1/recordings/{call.id}/sound?purpose=export")
    page = msgspec.convert(opened(claire, project), RightsPage)
    found = page.recordings[0]
    assert (found.heard, found.exported, found.has_sound) == (2, 1, True)
    rows = claire.get(f"/v1/recordings/{call.id}/audit").json()["rows"]
    assert [each["verb"] for each in rows][-1] == "recording.rights"


def test_who_objects_is_deleted_and_there_is_proof(
    claire: Visitor, service: RunningService, project: str
) -> None:
    first, second = record_calls(service, [MARKER, b"kept"], caller=CALLER)
    page = opened(claire, project, "objection")
    answer = claire.post(where(page, "/delete"), {"recordings": [first.id]}).json()
    assert [each["id"] for each in answer["recordings"]] == [second.id]
    assert answer["request"]["deleted"] == [first.id]
    assert holding(service.data_dir, MARKER) == []
    said = claire.get(f"/v1/recordings/{first.id}/audit").json()["deletion"]
    assert (said["reason"], said["is_proven"]) == ("rights", True)
    assert said["row"]["n"] == answer["request"]["rows"][0]
    assert said["row"]["who_name"] == "Claire Martin"
    again = claire.post(where(page, "/delete"), {"recordings": [first.id]})
    assert again.json()["request"]["deleted"] == [first.id]
    assert service.service is not None
    with service.service.store.read() as connection:
        assert list(broken_links(connection)) == []


def test_the_answer_is_signed_and_ends_the_request(
    claire: Visitor, service: RunningService, project: str
) -> None:
    record_call(service, MARKER, caller=CALLER)
    page = opened(claire, project)
    done = claire.post(where(page, "/answer"), {"answer": "Copie remise le 16 novembre."}).json()
    assert done["request"]["done_by"]["name"] == "Claire Martin"
    body, signature = (urlsafe_b64decode(part + "==") for part in done["proof"].split("."))
    key = Ed25519PublicKey.from_public_bytes(
        urlsafe_b64decode(
            claire.get("/v1/audit/heads").json()["signing_key"].translate(str.maketrans("+/", "-_"))
        )
    )
    key.verify(signature, body)
    assert json.loads(body) == done["request"]
    assert problem(claire.post(where(page, "/answer"), {"answer": "x"})).name == "time-is-over"
    assert claire.get(where(page)).json()["request"] == done["request"]


def test_the_same_caller_is_known_again_without_the_number_being_kept(
    claire: Visitor, service: RunningService, project: str
) -> None:
    first = opened(claire, project)
    second = opened(claire, project, "objection")
    earlier = msgspec.convert(second, RightsPage).earlier
    assert [each.id for each in earlier] == [request_of(first)["id"]]
    claire.step_up("reveal")
    other = ask(claire, project, number="06 39 98 55 56").json()
    assert other["earlier"] == []
    register = claire.get(f"/v1/projects/{project}/rights-requests").json()["requests"]
    assert len(register) == 3
    assert holding(service.data_dir, CALLER.encode(), SPELLED.encode()) == []


def test_what_is_protected_is_released_first(
    claire: Visitor, service: RunningService, project: str
) -> None:
    call = record_call(service, MARKER, caller=CALLER)
    claire.post(f"/v1/recordings/{call.id}/hold", {"reason": "litige"})
    page = opened(claire, project, "objection")
    refused = problem(claire.post(where(page, "/delete"), {"recordings": [call.id]}))
    assert refused.name == "recording-held"
    claire.post(f"/v1/recordings/{call.id}/release", {"reason": "clos"})
    claire.step_up("reveal")
    answer = claire.post(where(page, "/delete"), {"recordings": [call.id]}).json()
    assert answer["request"]["deleted"] == [call.id]


def test_only_what_the_request_found_is_deleted(
    claire: Visitor, service: RunningService, project: str
) -> None:
    mine = record_call(service, MARKER, caller=CALLER)
    other = record_call(service, b"x", caller="+33639985556")
    access, objection = opened(claire, project), opened(claire, project, "objection")
    for page, wanted, code in (
        (access, mine.id, "not-asked-for"),
        (objection, other.id, "unknown"),
    ):
        refused = problem(claire.post(where(page, "/delete"), {"recordings": [wanted]}))
        assert (refused.name, refused.errors[0].code) == ("malformed", code)


@pytest.mark.parametrize("number", ["Anaïs", "06 39 98", "3639", "' OR 1=1 --"])
def test_what_is_no_number_finds_nobody(claire: Visitor, project: str, number: str) -> None:
    claire.step_up("reveal")
    refused = problem(ask(claire, project, number=number))
    assert (refused.name, refused.errors[0].code) == ("malformed", "no-number")


def test_a_number_of_one_s_own_is_no_caller(claire: Visitor, project: str) -> None:
    own = next(
        str(each["e164"])
        for each in claire.entities("config")
        if each["type"] == "number" and each["project_id"] == project
    )
    claire.step_up("reveal")
    assert problem(ask(claire, project, number=own)).errors[0].code == "own-number"


def test_a_supervisor_answers_no_such_request(visit: Visit, project: str) -> None:
    with closing(visit("ines.moreau").sign_in()) as ines:
        assert problem(ask(ines, project)).name == "forbidden"


def test_the_register_ends_after_a_year(
    claire: Visitor, service: RunningService, project: str, visit: Visit
) -> None:
    opened(claire, project)
    assert service.service is not None
    for ahead, left in ((360, 1), (6, 0)):
        service.clock.advance(timedelta(days=ahead))
        sweep(service.service)
        with closing(visit("claire.martin").sign_in()) as later:
            register = later.get(f"/v1/projects/{project}/rights-requests").json()
            assert len(register["requests"]) == left
