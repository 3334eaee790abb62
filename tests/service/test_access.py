"""The door, for every endpoint of the OpenAPI document: a new one cannot be forgotten here."""

import re
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Change
from cx_desktop.protocol import Grant, PerProject, Stream
from cx_desktop.service.app import ENDPOINTS
from cx_desktop.service.contract import OPEN_ENDPOINTS, endpoint
from cx_desktop.service.describe import contract_of
from cx_desktop.service.sessions.invitations import invite
from tests.fakes.service import RunningService
from tests.service.operations import OPERATIONS, ask, ids_of, in_path, stored
from tests.service.visitor import Visitor, problem


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture(scope="module")
def leo(service: RunningService) -> Iterator[Visitor]:
    """A flow designer of « Maison Lumen » and nothing else."""
    account = service.account("flow_designer")
    with Visitor(service, account.username, account.password) as leo:
        yield leo.sign_in()


@pytest.fixture(scope="module")
def claire(service: RunningService) -> Iterator[Visitor]:
    account = service.account("administrator")
    with Visitor(service, account.username, account.password) as claire:
        yield claire.sign_in()


@pytest.fixture(scope="module")
def theirs(claire: Visitor) -> dict[str, str]:
    """Ids of « Lumen Pro », of every kind that a path can name."""
    return ids_of(claire, "Lumen Pro")


def test_the_document_names_every_endpoint_and_no_other() -> None:
    declared = {(contract_of(each).method, contract_of(each).path) for each in ENDPOINTS}
    assert declared == set(OPERATIONS)


def test_the_open_endpoints_are_these() -> None:
    assert {
        ("GET", "/openapi.json"),
        ("GET", "/v1/server"),
        ("POST", "/v1/sessions"),
        ("POST", "/v1/sessions/{challenge_id}/verify"),
        ("POST", "/v1/sessions/refresh"),
        ("POST", "/v1/invitations"),
        ("POST", "/v1/devices/self/challenge"),
        ("GET", "/v1/devices/self/directive"),
        ("POST", "/v1/devices/self/escrow"),
        ("POST", "/v1/devices/self/wiped"),
    } == OPEN_ENDPOINTS


def test_an_endpoint_without_a_verb_outside_the_table_is_not_even_declared() -> None:
    with pytest.raises(ValueError, match="one table"):
        endpoint(HttpMethod.GET, "/v1/forgotten", verb=None)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("token", ["", "Bearer x.y", "Basic Y2xhaXJlOng=", "Bearer"])
def test_nothing_answers_without_a_signed_in_user(
    service: RunningService, method: str, path: str, token: str
) -> None:
    if (method, path) in OPEN_ENDPOINTS:
        return
    headers = {"Authorization": token} if token else {}
    answer = httpx.request(method, service.url + re.sub(r"\{\w+\}", "x", path), headers=headers)
    assert answer.status_code == 401
    assert method == "HEAD" or problem(answer).name == "token-invalid"


@pytest.mark.parametrize("token", ["", "Bearer x.y"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_answer_nothing_either(
    service: RunningService, method: str, token: str
) -> None:
    for path in sorted({path for _, path in OPERATIONS}):
        if (method, path) in OPERATIONS:
            continue
        headers = {"Authorization": token} if token else {}
        answer = httpx.request(method, service.url + re.sub(r"\{\w+\}", "x", path), headers=headers)
        assert answer.status_code in {404, 405}, (method, path, answer.text)


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for method, path in OPERATIONS if in_path(path)]
)
def test_what_lies_in_another_project_is_neither_read_nor_written(
    service: RunningService, leo: Visitor, theirs: dict[str, str], method: str, path: str
) -> None:
    before = stored(service)
    answer = ask(leo, theirs, method, path)
    assert problem(answer).name in {"not-found", "forbidden"}
    assert problem(answer).status in {403, 404}
    assert stored(service) == before


def test_a_flow_is_not_created_in_another_project(
    service: RunningService, leo: Visitor, theirs: dict[str, str]
) -> None:
    before = stored(service)
    answer = leo.http.put(
        "/v1/flows/01999999-0000-7000-8000-000000000000",
        json={"project_id": theirs["project_id"], "name": "x"},
        headers={"If-None-Match": "*"},
    )
    assert problem(answer).name == "not-found"
    assert stored(service) == before


#: Endpoints that name no project in their path: how each is held to one's own, by whom tested.
UNSCOPED = {
    ("GET", "/v1/projects"),
    ("GET", "/v1/capabilities"),
    ("GET", "/v1/me"),
    ("POST", "/v1/me/recovery-codes"),
    ("POST", "/v1/step-up"),
    ("DELETE", "/v1/sessions/current"),
    ("GET", "/v1/blobs/{sha256}"),
    ("PUT", "/v1/blobs/{sha256}"),
    ("POST", "/v1/blobs"),
    ("HEAD", "/v1/uploads/{upload}"),
    ("PATCH", "/v1/uploads/{upload}"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/audit/heads"),
    ("GET", "/v1/devices"),
    ("POST", "/v1/devices/{device_id}/lock"),
    ("POST", "/v1/devices/{device_id}/revoke"),
    ("POST", "/v1/devices/{device_id}/wipe"),
    ("GET", "/v1/events"),
    ("GET", "/v1/sync/changes"),
    ("GET", "/v1/sync/snapshot"),
    ("GET", "/v1/sync/digest"),
    ("GET", "/v1/sync/range"),
    ("GET", "/v1/sync/state"),
    ("POST", "/v1/sync/hello"),
    ("POST", "/v1/sync/fetch"),
    ("POST", "/v1/sync/push"),
}


def test_every_endpoint_is_held_to_its_project_by_one_of_these_tests() -> None:
    closed = set(OPERATIONS) - OPEN_ENDPOINTS
    assert {each for each in closed if not in_path(each[1])} == UNSCOPED


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects",
        "/v1/capabilities",
        "/v1/me",
        *(
            f"/v1/sync/{kind}?stream={stream.value}"
            for kind in ("changes", "snapshot", "range")
            for stream in Stream
        ),
    ],
)
def test_nothing_of_another_project_comes_along(
    leo: Visitor, theirs: dict[str, str], path: str
) -> None:
    answer = leo.get(path)
    assert answer.status_code == 200
    for each in theirs.values():
        assert each not in answer.text


@pytest.mark.parametrize("kind", ["changes", "snapshot", "range", "digest"])
def test_a_stream_of_another_project_is_empty(
    leo: Visitor, theirs: dict[str, str], kind: str
) -> None:
    name = PerProject.RECORDINGS.of(theirs["project_id"])
    answer = leo.get(f"/v1/sync/{kind}?stream={name}")
    assert answer.status_code in {200, 403, 404}
    assert b'"t":"put"' not in answer.content
    if kind == "digest" and answer.status_code == 200:
        assert sum(each["rows"] for each in answer.json()["buckets"]) == 0


@pytest.mark.parametrize("stream", [each.value for each in Stream])
def test_counts_and_checksums_are_of_one_s_own_projects(
    leo: Visitor, claire: Visitor, stream: str
) -> None:
    own = [row["id"] for row in leo.rows(stream) if row["t"] == "put"]
    assert 0 < len(own) < len(claire.entities(stream))
    (bucket,) = leo.get(f"/v1/sync/digest?stream={stream}").json()["buckets"]
    assert bucket["rows"] == len(own)
    facts = {each["name"]: each["rows"] for each in leo.hello().json()["streams"]}
    assert facts[stream] == len(own)
    last = max(int(str(row["seq"])) for row in leo.rows(stream) if row["t"] == "put")
    assert leo.get("/v1/sync/state").json()["streams"][stream] == last


def test_fetching_by_id_finds_nothing_of_another_project(
    leo: Visitor, theirs: dict[str, str]
) -> None:
    ids = sorted(theirs.values())
    assert leo.post("/v1/sync/fetch", {"ids": ids}).json() == {"entities": [], "missing": ids}


def test_pushing_changes_nothing_in_another_project(
    service: RunningService, leo: Visitor, claire: Visitor, theirs: dict[str, str]
) -> None:
    flow = next(each for each in claire.entities("flows") if each["id"] == theirs["flow_id"])
    before = stored(service)
    patched = leo.op(flow, Change(path=("name",), value="Mine", was=flow["name"]))
    created = msgspec.structs.replace(
        leo.op(flow),
        id="01999999-0000-7000-8000-000000000001",
        kind="create",
        value={"project_id": theirs["project_id"], "name": "Mine"},
    )
    blind = leo.op(flow, Change(path=("name",), value="Mine", was="a wrong guess"))
    for result in leo.push(patched, created, blind):
        assert result.status == "rejected"
        assert result.entity is None
        assert result.problem is not None
        assert result.problem.name == "not-found"
    assert stored(service) == before


def test_a_designer_does_not_read_the_audit(leo: Visitor) -> None:
    assert problem(leo.get("/v1/audit")).name == "forbidden"
    assert problem(leo.get("/v1/audit/heads")).name == "forbidden"


def test_an_agent_may_sign_in_and_nothing_else(service: RunningService) -> None:
    running = service.service
    assert running is not None
    with running.store.write() as txn:
        token = invite(txn, (Grant(role="agent"),), "fr")
    password = "un mot de passe assez long"
    body = {"token": token, "username": "agent", "name": "Ali", "password": password}
    assert httpx.post(f"{service.url}/v1/invitations", json=body).status_code == 201
    with Visitor(service, "agent", password) as agent:
        agent.sign_in()
        assert agent.get("/v1/me").status_code == 200
        for method, path in sorted(set(OPERATIONS) - OPEN_ENDPOINTS):
            contract = next(
                contract_of(each)
                for each in ENDPOINTS
                if (contract_of(each).method, contract_of(each).path) == (method, path)
            )
            if contract.verb is Verb.SESSION_OWN:
                continue
            answer = agent.http.request(method, re.sub(r"\{\w+\}", "x", path))
            assert answer.status_code == 403, (method, path)
            if method != "HEAD":  # which has no body
                assert problem(answer).name == "forbidden", (method, path)
