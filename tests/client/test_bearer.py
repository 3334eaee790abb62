"""A session's requests stay authorised: one refresh for all, kept before it is used."""

import base64
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import PROBLEM_BASE, Problem, RefreshRequest, StepUp, Tokens
from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest


class SmallService:
    """Takes the newest access token; rotates a refresh token once."""

    def __init__(self) -> None:
        self.generation = 0
        self.refreshes: list[RefreshRequest] = []
        self.served = 0
        self.refresh_answer: httpx.Response | Exception | None = None
        self.lock = threading.Lock()

    def answer(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            if request.url.path == "/v1/sessions/refresh":
                return self._refresh(request)
            if request.headers.get("authorization") != f"Bearer access-{self.generation}":
                return problem("token-invalid", 401)
            self.served += 1
            return httpx.Response(200, json={}, headers={REPR_DIGEST: repr_digest(b"{}")})

    def _refresh(self, request: httpx.Request) -> httpx.Response:
        asked = msgspec.json.decode(request.content, type=RefreshRequest)
        self.refreshes.append(asked)
        if isinstance(self.refresh_answer, Exception):
            raise self.refresh_answer
        if self.refresh_answer is not None:
            return self.refresh_answer
        if asked.refresh_token != f"refresh-{self.generation}":
            return problem("token-reused", 401)
        self.generation += 1
        tokens = Tokens(
            f"access-{self.generation}", datetime.now(UTC), f"refresh-{self.generation}"
        )
        content = msgspec.json.encode(tokens)
        return httpx.Response(200, content=content, headers={"content-type": "application/json"})


def problem(name: str, status: int) -> httpx.Response:
    content = msgspec.json.encode(Problem(type=PROBLEM_BASE + name, title="", status=status))
    return httpx.Response(
        status, content=content, headers={"content-type": "application/problem+json"}
    )


def client_of(
    service: SmallService,
    *,
    access_token: str = "access-0",  # noqa: S107  (no password)
    persist: Callable[[Tokens], None] = lambda _: None,
    answer: Callable[[httpx.Request], httpx.Response] | None = None,
) -> ServiceClient:
    bearer = Bearer(
        device_id="device",
        refresh_token="refresh-0",
        access_token=access_token,
        sign=lambda message: b"signed " + message,
        persist=persist,
    )
    transport = httpx.MockTransport(answer or service.answer)
    return ServiceClient(
        build_http("https://cx.example", loopback_only=False, transport=transport), bearer
    )


def test_a_good_token_is_used_as_it_is() -> None:
    service = SmallService()
    client_of(service).sync.state()
    assert (service.served, service.refreshes) == (1, [])


@pytest.mark.parametrize("access_token", ["access-of-yesterday", ""])
def test_an_old_or_missing_token_is_refreshed_and_the_request_sent_again(access_token: str) -> None:
    service = SmallService()
    kept: list[Tokens] = []
    client = client_of(service, access_token=access_token, persist=kept.append)
    client.sync.state()
    client.sync.state()
    assert service.served == 2
    assert [asked.refresh_token for asked in service.refreshes] == ["refresh-0"]
    assert [tokens.refresh_token for tokens in kept] == ["refresh-1"]


def test_the_device_signs_the_refresh_token() -> None:
    service = SmallService()
    client_of(service, access_token="").sync.state()
    [asked] = service.refreshes
    assert asked.device_id == "device"
    assert base64.b64decode(asked.signature) == b"signed refresh-0"


def test_many_threads_share_one_refresh() -> None:
    service = SmallService()
    client = client_of(service, access_token="old")
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        client.sync.state()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask) for _ in range(8)]:
            done.result()
    assert service.served == 8
    assert len(service.refreshes) == 1


def test_the_rotated_token_is_kept_before_it_is_used() -> None:
    service = SmallService()
    served_when_kept: list[int] = []
    client = client_of(
        service, access_token="", persist=lambda _: served_when_kept.append(service.served)
    )
    client.sync.state()
    assert served_when_kept == [0]


def test_a_token_that_cannot_be_kept_is_not_used_until_it_can() -> None:
    service = SmallService()
    disk_is_full = True

    def persist(_: Tokens) -> None:
        if disk_is_full:
            raise CXError("problem.cannot-write", folder="/")

    client = client_of(service, access_token="", persist=persist)
    for _ in range(2):
        with pytest.raises(CXError) as raised:
            client.sync.state()
        assert raised.value.key == "problem.cannot-write"
    assert service.served == 0
    disk_is_full = False
    client.sync.state()
    assert service.served == 1
    assert len(service.refreshes) == 1, "the rotated token was not lost: no second refresh"


@pytest.mark.parametrize("name", ["token-reused", "token-invalid", "device-revoked"])
def test_a_refused_refresh_ends_the_session_for_good(name: str) -> None:
    service = SmallService()
    service.refresh_answer = problem(name, 401)
    client = client_of(service, access_token="")
    for _ in range(3):
        with pytest.raises(CXError) as raised:
            client.sync.state()
        assert raised.value.key == f"problem.{name}"
    assert len(service.refreshes) == 1, "the network is not asked again"
    assert client.bearer is not None
    assert client.bearer.signed_out is raised.value


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (httpx.Response(401, html="<p>proxy"), "problem.not-the-service"),
        (httpx.Response(302, headers={"location": "/"}), "problem.not-the-service"),
        (httpx.Response(200, html="<p>portal"), "problem.not-the-service"),
        (httpx.Response(503), "problem.service-down"),
        (problem("internal", 500), "problem.internal"),
        (httpx.Response(200, json={"access": 1}), "problem.unexpected-answer"),
        (httpx.ReadTimeout("late"), "problem.timeout"),
        (httpx.ConnectError("down"), "problem.unreachable"),
    ],
    ids=str,
)
def test_any_other_fault_of_a_refresh_ends_nothing(
    answer: httpx.Response | Exception, key: str
) -> None:
    service = SmallService()
    service.refresh_answer = answer
    client = client_of(service, access_token="")
    with pytest.raises(CXError) as raised:
        client.sync.state()
    assert raised.value.key == key
    assert raised.value.retryable
    service.refresh_answer = None
    client.sync.state()
    assert service.served == 1


def test_a_refusal_whose_length_is_not_told_is_read_too() -> None:
    """As a proxy sends it that compresses what passes."""
    service = SmallService()

    def answer(request: httpx.Request) -> httpx.Response:
        found = service.answer(request)
        kept = ("content-type", REPR_DIGEST)
        headers = {name: found.headers[name] for name in kept if name in found.headers}
        return httpx.Response(found.status_code, content=iter([found.content]), headers=headers)

    client = client_of(service, access_token="old", answer=answer)
    client.sync.state()
    assert (service.served, len(service.refreshes)) == (1, 1)


def test_a_refusal_without_end_is_not_read_to_it() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        body = itertools.repeat(b"x" * 1000)
        headers = {"content-type": "application/problem+json"}
        return httpx.Response(401, content=iter(body), headers=headers)

    with pytest.raises(CXError) as raised:
        client_of(SmallService(), answer=answer).sync.state()
    assert raised.value.key == "problem.answer-too-large"


def test_a_wrong_code_is_not_taken_for_an_old_token() -> None:
    """A step-up sent twice would burn the code, and count twice towards the lock-out."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return problem("wrong-code", 401)

    client = client_of(SmallService())
    http = build_http(
        "https://cx.example", loopback_only=False, transport=httpx.MockTransport(answer)
    )
    with pytest.raises(CXError) as raised:
        ServiceClient(http, client.bearer).sessions.step_up(StepUp("123456", "publish"))
    assert raised.value.key == "problem.wrong-code"
    assert asked == ["/v1/step-up"]


def test_a_forgotten_session_asks_nothing() -> None:
    service = SmallService()
    client = client_of(service)
    assert client.bearer is not None
    client.bearer.forget()
    with pytest.raises(CXError) as raised:
        client.sync.state()
    assert raised.value.key == "problem.signed-out"
    assert (service.served, service.refreshes) == (0, [])


def test_calls_that_need_no_session_carry_no_token() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return problem("internal", 500)

    http = build_http(
        "https://cx.example", loopback_only=False, transport=httpx.MockTransport(answer)
    )
    with pytest.raises(CXError):
        ServiceClient(http, client_of(SmallService()).bearer).sessions.server_facts()
    assert "authorization" not in seen[0].headers


def test_secrets_do_not_show() -> None:
    client = client_of(SmallService())
    shown = f"{client!r} {client.bearer!r}"
    assert "access-0" not in shown
    assert "refresh-0" not in shown
