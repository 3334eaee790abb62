"""Simulated calls ask strangers by the rules of this program, and take what comes."""

import httpx
import pytest

from cx_desktop.client.lookups import MOST_BYTES, LookupCalls
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.simulate.request import Request

URL = "https://crm.example.com/clients?n=12"


def asked(answer: httpx.Response | Exception, request: Request | None = None) -> tuple[str, object]:
    def handle(got: httpx.Request) -> httpx.Response:
        assert "authorization" not in got.headers
        if isinstance(answer, Exception):
            raise answer
        return answer

    def elsewhere(server: str) -> httpx.Client:
        return build_http(server, loopback_only=False, transport=httpx.MockTransport(handle))

    outcome = LookupCalls(elsewhere).ask(request or Request("GET", URL))
    return outcome.way, outcome.body


def test_json_is_read() -> None:
    assert asked(httpx.Response(200, json={"name": "Ada"})) == ("ok", {"name": "Ada"})


def test_anything_else_is_text() -> None:
    assert asked(httpx.Response(200, text="Ada")) == ("ok", "Ada")


def test_no_more_is_read_than_a_lookup_needs() -> None:
    _way, body = asked(httpx.Response(200, content=b"x" * (MOST_BYTES + 9)))
    assert isinstance(body, str)
    assert len(body) == MOST_BYTES


@pytest.mark.parametrize(
    ("answer", "way"),
    [
        (httpx.Response(404), "not_found"),
        (httpx.Response(500), "http_error"),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), "http_error"),
        (httpx.ReadTimeout(""), "timeout"),
        (httpx.ConnectError(""), "http_error"),
    ],
)
def test_every_failure_is_an_exit(answer: httpx.Response | Exception, way: str) -> None:
    assert asked(answer)[0] == way


def test_in_the_demo_no_other_computer_is_asked() -> None:
    calls = LookupCalls(lambda server: build_http(server, loopback_only=True))
    with pytest.raises(CXError) as refused:
        calls.ask(Request("GET", URL))
    assert refused.value.key == "problem.live-blocked-in-demo"


@pytest.mark.parametrize("url", ["", "crm", "file:///etc/passwd", "http://[", "https://a b"])
def test_what_is_no_address_is_refused(url: str) -> None:
    calls = LookupCalls(lambda server: build_http(server, loopback_only=False))
    with pytest.raises(CXError):
        calls.ask(Request("GET", url))
