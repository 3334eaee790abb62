"""Errors: RFC 9457 problems, whoever refuses."""

from collections.abc import Iterator

import httpx
import pytest

from cx_desktop.service.blobs import MOST_BYTES
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor, problem


@pytest.fixture
def http(service: RunningService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url) as client:
        yield client


def test_an_unknown_address_is_a_problem(http: httpx.Client) -> None:
    for path in ("/", "/v1", "/v1/nothing", "/v1/flows/a/b/c", "/%00", "/v1/../etc"):
        assert problem(http.get(path)).name == "not-found"


def test_a_wrong_method_is_a_problem_that_says_which_are_right(http: httpx.Client) -> None:
    answer = http.delete("/v1/server")
    assert problem(answer).name == "method-not-allowed"
    assert "GET" in answer.headers["allow"]


def test_another_content_type_is_a_problem(http: httpx.Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = http.post("/v1/sessions", content=b"{}", headers={"Content-Type": kind})
        assert problem(answer).name == "unsupported-media-type"


def test_json_with_a_charset_is_json(leo: Visitor) -> None:
    answer = leo.http.post(
        "/v1/sync/fetch",
        content=b'{"ids":["x"]}',
        headers={"Content-Type": "Application/JSON; charset=utf-8"},
    )
    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_a_problem(http: httpx.Client) -> None:
    answer = http.post(
        "/v1/sessions",
        content=b" " * (MOST_BYTES + 1),
        headers={"Content-Type": "application/json"},
    )
    assert problem(answer).name == "too-large"


def test_a_body_that_hides_its_size_is_held_to_the_same_limit(http: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 65536 + 8):
            yield b" " * 65536

    try:
        answer = http.post(
            "/v1/sessions", content=endless(), headers={"Content-Type": "application/json"}
        )
    except httpx.WriteError:
        return  # the service hung up before all was sent
    assert problem(answer).name == "too-large"


def test_a_wrong_field_is_named_by_a_pointer(http: httpx.Client) -> None:
    body = {"username": "x", "password": "y", "device": {"name": 7, "public_key": ""}}
    (fault,) = problem(http.post("/v1/sessions", json=body)).errors
    assert (fault.pointer, fault.code) == ("/device/name", "shape")
    (fault,) = problem(http.post("/v1/sessions", json={"username": "x"})).errors
    assert "password" in fault.message


def test_a_pointer_escapes_what_it_names(leo: Visitor) -> None:
    body = {"changes": [{"path": ["name"]}, {"path": 7}]}
    answer = leo.http.patch("/v1/flows/x", json=body, headers={"If-Match": '"a-1"'})
    assert problem(answer).errors[0].pointer == "/changes/1/path"


def test_a_failure_of_ours_tells_nothing_but_its_request(
    service: RunningService, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert service.service is not None
    service.service.store.close()
    (service.data_dir / "service.db").write_bytes(b"no database any more" * 1000)
    for suffix in ("-wal", "-shm"):
        (service.data_dir / f"service.db{suffix}").unlink(missing_ok=True)
    answer = http.post("/v1/sessions/x/verify", json={"code": "123456"})
    told = problem(answer)
    assert told.status in {500, 503}
    assert "database" not in answer.text
    assert told.request_id == answer.headers["x-request-id"]
    assert told.retryable
    assert caplog.records


def test_every_problem_carries_its_own_request(http: httpx.Client) -> None:
    ids = {problem(http.get("/v1/nothing")).request_id for _ in range(5)}
    assert len(ids) == 5
