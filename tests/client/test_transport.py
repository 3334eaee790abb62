"""Which servers may be reached, proven by what the interpreter's audit saw of the sockets."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.client.errors import service_errors
from cx_desktop.client.transport import build_http, is_loopback, service_address
from cx_desktop.domain.errors import CXError
from tests.fakes.http_server import Reply, ScriptedServer

_seen: list[tuple[str, object]] | None = None


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _seen is not None and event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        _seen.append((event, arguments[1] if event == "socket.connect" else arguments[0]))


sys.addaudithook(_audit)


@contextmanager
def watched() -> Iterator[list[tuple[str, object]]]:
    """Every connect and every look-up of a name while inside."""
    global _seen  # noqa: PLW0603  (an audit hook cannot be taken away again)
    _seen = []
    try:
        yield _seen
    finally:
        _seen = None


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("cx.example.fr", "https://cx.example.fr"),
        ("  CX.Example.FR/ ", "https://cx.example.fr"),
        ("https://cx.example.fr:443", "https://cx.example.fr"),
        ("cx.example.fr:8443", "https://cx.example.fr:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, address: str) -> None:
    assert service_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", " ", "ftp://cx.example", "https://", "https://cx.example/path", "https://a:b@cx.example",
     "cx.example?x=1", "https://cx.example#x", "http://", "https://cx exa mple", "https://[::1",
     "https://x:99999", "javascript:alert(1)", "\x00", "https://é\u200b\ud800"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(CXError) as refused:
        service_address(typed)
    assert refused.value.key == "problem.bad-address"


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    with suppress(CXError):
        address = service_address(typed)
        assert service_address(address) == address
        assert address.startswith("https://") or is_loopback(httpx.URL(address).host)


def test_plain_http_to_another_computer_is_refused() -> None:
    with pytest.raises(CXError) as refused:
        build_http("http://cx.example.fr", loopback_only=False)
    assert refused.value.key == "problem.plain-http"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_computer_is_known_without_asking(host: str) -> None:
    with watched() as seen:
        assert is_loopback(host)
    assert seen == []


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "10.0.0.1", "localhost.example", "127.0.0.1.nip.io", "2130706433", "::"],  # noqa: S104  (not bound to)
)
def test_other_computers_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "server", ["https://203.0.113.9", "https://cx.example.fr", "https://127.0.0.1.nip.io"]
)
def test_the_demo_does_not_even_make_a_client_for_the_live_service(server: str) -> None:
    with watched() as seen, pytest.raises(CXError) as refused:
        build_http(server, loopback_only=True)
    assert refused.value.key == "problem.live-blocked-in-demo"
    assert seen == []


@pytest.mark.parametrize(
    "url",
    ["http://203.0.113.9/", "https://203.0.113.9:443/", "http://cx.example.fr/", "http://[2001:db8::1]/",
     "http://0.0.0.0:1/", "http://localhost.localdomain/", "http://169.254.169.254/"],
)  # fmt: skip
def test_the_demo_connects_to_no_other_computer_whatever_url_a_request_has(url: str) -> None:
    with (
        build_http("http://127.0.0.1:9", loopback_only=True) as http,
        watched() as seen,
        pytest.raises(CXError) as refused,
    ):
        http.get(url)
    assert refused.value.key == "problem.live-blocked-in-demo"
    assert seen == [], "neither a name was resolved nor a socket connected"


def test_the_watch_sees_what_a_free_client_does() -> None:
    """Else the tests above would prove nothing."""
    with (
        build_http("https://127.0.0.1:9", loopback_only=False) as http,
        watched() as seen,
        pytest.raises(httpx.ConnectError),
    ):
        http.get("/")
    assert ("socket.connect", ("127.0.0.1", 9)) in seen


@pytest.mark.parametrize("loopback_only", [True, False])
def test_plain_http_ignores_proxies_of_the_environment(
    loopback_only: bool,  # noqa: FBT001  (a parameter of the test)
    proxied: None,
) -> None:
    del proxied
    with (
        ScriptedServer(lambda _: Reply(body=b'{"direct": true}')) as server,
        build_http(server.url, loopback_only=loopback_only) as http,
        watched() as seen,
    ):
        assert http.get("/").json() == {"direct": True}
    connected = [where for event, where in seen if event == "socket.connect"]
    assert connected == [("127.0.0.1", server.port)]


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sends everything through a proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://203.0.113.9:3128")
        monkeypatch.setenv(name.lower(), "http://203.0.113.9:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_localhost_reaches_a_server_on_either_family() -> None:
    with ScriptedServer(lambda _: Reply()) as server:
        url = f"http://localhost:{server.port}"
        with build_http(url, loopback_only=True) as http, watched() as seen:
            assert http.get("/").status_code == 200
    assert not [
        name for event, name in seen if event == "socket.getaddrinfo" and name == "localhost"
    ]


def test_redirects_are_not_followed() -> None:
    moved = Reply(302, b"", headers=(("location", "https://203.0.113.9/"),))
    with (
        ScriptedServer(lambda _: moved) as server,
        build_http(server.url, loopback_only=False) as http,
        watched() as seen,
    ):
        assert http.get("/").status_code == 302
    assert [where for event, where in seen if event == "socket.connect"] == [
        ("127.0.0.1", server.port)
    ]


def test_a_certificate_file_that_is_none_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "authority.pem"
    for content in (b"", b"not a certificate", b"\xff" * 50):
        wrong.write_bytes(content)
        with pytest.raises(CXError) as refused:
            build_http("https://cx.example.fr", loopback_only=False, ca_file=wrong)
        assert refused.value.key == "problem.unreadable-ca-file"
    with pytest.raises(CXError):
        build_http("https://cx.example.fr", loopback_only=False, ca_file=tmp_path / "absent.pem")


def test_a_closed_port_is_told_from_an_unknown_name() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        build_http(f"http://127.0.0.1:{port}", loopback_only=False) as http,
        pytest.raises(CXError) as refused,
        service_errors("h"),
    ):
        http.get("/")
    assert refused.value.key == "problem.refused"
    assert refused.value.retryable
    with (
        build_http("https://name.invalid", loopback_only=False) as http,
        pytest.raises(CXError) as unknown,
        service_errors("name.invalid"),
    ):
        http.get("/")
    assert unknown.value.key == "problem.unknown-host"
    assert unknown.value.params == {"host": "name.invalid"}
