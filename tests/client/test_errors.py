"""Every fault of the way has its own word, and only the service's own word counts as its word."""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from cx_desktop.client.errors import KNOWN_PROBLEMS, ServiceProblem, service_errors
from cx_desktop.client.service import ServiceClient, clock_offset
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import (
    PROBLEM_BASE,
    Assignment,
    Hello,
    Problem,
    Publication,
    Push,
    ReturnTo,
    StepUp,
)
from cx_desktop.protocol import Schema as SyncSchema
from cx_desktop.service.problems import PROBLEMS
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.fakes.clock import FakeClock
from tests.fakes.http_server import Asked, Reply, ScriptedServer


def _drained_snapshot(client: ServiceClient) -> None:
    with client.sync.snapshot("flows") as lines:
        list(lines)


def _drained_events(client: ServiceClient) -> None:
    with client.sync.events() as hints:
        list(hints)


CALLS: dict[str, Callable[[ServiceClient], object]] = {
    "server_facts": lambda c: c.sessions.server_facts(),
    "sign_out": lambda c: c.sessions.sign_out(),
    "me": lambda c: c.sessions.me(),
    "step_up": lambda c: c.sessions.step_up(StepUp("123456", "publish")),
    "capabilities": lambda c: c.sessions.capabilities(),
    "publish": lambda c: c.flows.publish("p", Publication("m", ()), "key"),
    "return_to": lambda c: c.flows.return_to("f", ReturnTo(1, "m"), "key"),
    "discard_draft": lambda c: c.flows.discard_draft("f", '"e-1"'),
    "archive": lambda c: c.flows.archive("f", '"e-1"'),
    "restore": lambda c: c.flows.restore("f", '"e-1"'),
    "assign_number": lambda c: c.numbers.assign("n", '"e-1"', Assignment(None)),
    "hello": lambda c: c.sync.hello(Hello("d", "app", SyncSchema(1, 1))),
    "push": lambda c: c.sync.push(Push("d", "e", 1, 0, ())),
    "state": lambda c: c.sync.state(),
    "changes": lambda c: list(c.sync.changes("flows", "", 10)),
    "snapshot": _drained_snapshot,
    "events": _drained_events,
}
PORTAL = b"<html><body>Bienvenue sur notre Wi-Fi</body></html>"
FOREIGN = {
    "a portal's page": Reply(200, PORTAL, "text/html"),
    "a redirect": Reply(302, b"", headers=(("location", "http://portal.example/"),)),
    "a redirect for ever": Reply(308, b"", headers=(("location", "https://203.0.113.9/"),)),
    "a proxy's 404": Reply(404, PORTAL, "text/html"),
    "a proxy's 403": Reply(403, b"blocked", "text/plain"),
    "a proxy's 401": Reply(401, PORTAL, "text/html"),
    "a 410 that is not ours": Reply(410, b"{}", "application/json"),
    "a 511": Reply(511, PORTAL, "text/html"),
}


def asked(reply: Reply, call: Callable[[ServiceClient], object]) -> CXError:
    """The fault that a call ends in when the server gives this reply."""
    with (
        ScriptedServer(lambda _: reply) as server,
        build_http(server.url, loopback_only=True) as http,
        pytest.raises(CXError) as raised,
    ):
        call(ServiceClient(http))
    return raised.value


def all_asked(reply: Reply) -> dict[str, CXError]:
    """The fault that each call ends in when the server gives this reply."""
    faults = {}
    with (
        ScriptedServer(lambda _: reply) as server,
        build_http(server.url, loopback_only=True) as http,
    ):
        for name, call in CALLS.items():
            with pytest.raises(CXError) as raised:
                call(ServiceClient(http))
            faults[name] = raised.value
    return faults


@pytest.mark.parametrize("what", FOREIGN)
def test_an_answer_of_somebody_else_is_never_the_service_s_word(what: str) -> None:
    for call, error in all_asked(FOREIGN[what]).items():
        assert error.key == "problem.not-the-service", call
        assert error.retryable
        assert not isinstance(error, ServiceProblem)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_answers_for_the_service_says_it_is_down(status: int) -> None:
    keys = {error.key for error in all_asked(Reply(status, PORTAL, "text/html")).values()}
    assert keys == {"problem.service-down"}


def test_the_program_has_words_for_every_refusal_of_the_service() -> None:
    answered_by_sync = {"op-id-reused"}  # of one op, which then gets another id
    assert set(PROBLEMS) - set(KNOWN_PROBLEMS) == answered_by_sync


@pytest.mark.parametrize("name", KNOWN_PROBLEMS)
def test_the_service_s_word_comes_through_with_words_in_both_languages(name: str) -> None:
    problem = Problem(type=PROBLEM_BASE + name, title="T", status=400)
    error = asked(problem_reply(problem), CALLS["me"])
    assert isinstance(error, ServiceProblem)
    assert error.problem == problem
    assert error.key == f"problem.{name}"
    for language in Language:
        title, hint = catalogue(language).explain(error)
        assert "⟦" not in title + hint
        assert "{" not in title + hint


def test_a_problem_without_words_shows_what_the_service_said() -> None:
    problem = Problem(type=PROBLEM_BASE + "moon-phase", title="Not at full moon", status=409)
    error = asked(problem_reply(problem), CALLS["archive"])
    assert error.key == "problem.unknown"
    assert "Not at full moon" in catalogue(Language.FRENCH).explain(error)[1]


@pytest.mark.parametrize(
    ("params", "retry_after", "minutes"),
    [({"minutes": 7}, None, "7"), ({}, 61.0, "2"), ({}, None, "1"), ({"seconds": -290}, None, "5"),
     ({"seconds": "soon"}, None, "1")],
)  # fmt: skip
def test_waiting_times_are_told_in_minutes(
    params: dict[str, str | int], retry_after: float | None, minutes: str
) -> None:
    error = ServiceProblem(
        Problem(type="locked-out", title="", status=423, params=params, retry_after=retry_after)
    )
    assert f"in {minutes} min" in catalogue(Language.ENGLISH).explain(error)[1]


def test_how_long_to_wait_may_stand_in_the_header() -> None:
    problem = Problem(type=PROBLEM_BASE + "rate-limited", title="", status=429)
    reply = problem_reply(problem)._replace(headers=(("retry-after", "17"),))
    error = asked(reply, CALLS["me"])
    assert isinstance(error, ServiceProblem)
    assert error.problem.retry_after == 17.0
    assert "17\u00a0s" in catalogue(Language.FRENCH).explain(error)[1]


def test_a_problem_that_is_not_json_is_an_unreadable_answer() -> None:
    broken = Reply(400, b"{", "application/problem+json")
    assert asked(broken, CALLS["me"]).key == "problem.unexpected-answer"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b'{"name": 1}'])
def test_json_of_another_shape_is_an_unreadable_answer(body: bytes) -> None:
    assert asked(Reply(200, body), CALLS["server_facts"]).key == "problem.unexpected-answer"


def test_an_answer_cut_short_is_not_used() -> None:
    cut = Reply(200, b'{"a": 1', length=100)
    assert asked(cut, CALLS["state"]).key == "problem.interrupted"


def test_a_page_that_ends_inside_a_line_is_not_used() -> None:
    cut = Reply(200, b'{"t": "head"}\n{"t": "e', "application/x-ndjson")
    assert asked(cut, CALLS["changes"]).key == "problem.interrupted"


def test_an_answer_in_an_encoding_we_did_not_ask_for_is_not_decoded() -> None:
    bomb = Reply(200, b"(\xb5/\xfd", headers=(("content-encoding", "zstd"),))
    assert asked(bomb, CALLS["state"]).key == "problem.unexpected-answer"
    broken = Reply(200, b"not gzip", headers=(("content-encoding", "gzip"),))
    assert asked(broken, CALLS["state"]).key == "problem.unexpected-answer"


def test_a_huge_refusal_is_not_read_to_its_end() -> None:
    huge = Reply(404, b"x" * (2 << 20), "application/problem+json")
    assert asked(huge, CALLS["me"]).key == "problem.answer-too-large"


def test_a_server_that_says_nothing_runs_into_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with build_http(url, loopback_only=True) as http:
            http.timeout = httpx.Timeout(0.05)
            with pytest.raises(CXError) as raised, service_errors("h"):
                http.get("/")
    assert raised.value.key == "problem.timeout"


def test_a_server_that_hangs_up_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        url = f"http://127.0.0.1:{rude.getsockname()[1]}"

        def hang_up() -> None:
            connection, _ = rude.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with build_http(url, loopback_only=True) as http, pytest.raises(CXError) as raised:
            ServiceClient(http).sessions.server_facts()
        thread.join()
    assert raised.value.key == "problem.interrupted"


def test_what_is_asked_is_what_the_service_takes() -> None:
    with (
        ScriptedServer(lambda _: Reply()) as server,
        build_http(server.url, loopback_only=True) as http,
    ):
        client = ServiceClient(http)
        client.flows.publish("p 1/2", Publication("Noël", ()), "key-1")
        client.flows.archive("f", '"e-4"')
        client.sync.state()
    publish, archive, state = server.asked
    assert (publish.method, publish.path) == ("POST", "/v1/projects/p%201%2F2/publications")
    assert publish.headers["idempotency-key"] == "key-1"
    assert publish.headers["content-type"] == "application/json"
    asked = {"message": "Noël", "objects": [], "overrides": []}
    assert msgspec.json.decode(publish.body) == asked
    assert (archive.path, archive.headers["if-match"]) == ("/v1/flows/f/archive", '"e-4"')
    assert archive.body == b""
    assert state.headers["user-agent"].startswith("cx-desktop/")
    assert "authorization" not in state.headers


def test_the_server_s_clock_is_measured() -> None:
    clock = FakeClock()
    there = datetime(2026, 11, 16, 9, 4, tzinfo=UTC)

    def answer(_: Asked) -> Reply:
        facts = {
            "name": "n",
            "version": "1",
            "is_demo": True,
            "server_time": there,
            "signing_key": "k",
        }
        return Reply(body=msgspec.json.encode(facts))

    with ScriptedServer(answer) as server, build_http(server.url, loopback_only=True) as http:
        offset = clock_offset(ServiceClient(http), clock)
    assert offset.ahead.total_seconds() == 240
    assert offset.is_certain


def problem_reply(problem: Problem) -> Reply:
    return Reply(problem.status, msgspec.json.encode(problem), "application/problem+json")


def catalogue(language: Language) -> Catalogue:
    return Catalogue(resources() / "text", language)
