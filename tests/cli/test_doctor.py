"""The doctor names what is wrong, says what to do, and survives what it looks at."""

import json
import os
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import trustme
from typer.testing import CliRunner

from cx_desktop.cli.doctor import app
from cx_desktop.cli.probes import Check, State, network_checks
from cx_desktop.client.transport import service_address
from cx_desktop.ports import SystemClock
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.fakes.http_server import Reply, ScriptedServer

ENGLISH = Catalogue(resources() / "text", Language.ENGLISH)


def facts(ahead: timedelta = timedelta()) -> Reply:
    body = {
        "name": "Maison Lumen",
        "version": "9",
        "is_demo": True,
        "server_time": datetime.now(UTC) + ahead,
        "signing_key": "k",
    }
    return Reply(body=msgspec.json.encode(body))


def checked(server: str, ca_file: Path | None = None) -> dict[str, Check]:
    checks = network_checks(service_address(server), ca_file=ca_file, clock=SystemClock())
    return {check.name: check for check in checks}


def words(check: Check) -> str:
    hint = ENGLISH.text(check.hint, **check.params) if check.hint else ""
    said = ENGLISH.text(check.says, **check.params)
    assert "⟦" not in said + hint
    assert bool(hint) is (check.state is not State.OK), "what is not well says what to do"
    return said


def test_a_window_system_that_crashes_does_not_take_the_doctor_along() -> None:
    """And without a session bus there is no keyring, which has a way out."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "cx_desktop", "doctor", "--json", "--language", "fr"],
        env={**kept, "QT_QPA_PLATFORM": "nonsense", "XDG_RUNTIME_DIR": "/nonexistent"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    told = json.loads(done.stdout)
    checks = {check["name"]: check for check in told["checks"]}
    assert (done.returncode, told["state"], told["server"]) == (1, "fail", None)
    assert checks["window"]["state"] == "fail"
    assert "nonsense" in checks["window"]["message"]
    assert checks["window"]["hint"]
    assert checks["database"]["state"] == "ok"
    if sys.platform == "linux":
        assert checks["keyring"]["state"] == "warn"
        assert "pour cette fois seulement" in checks["keyring"]["hint"]


def test_a_page_for_people_has_one_line_for_each_thing() -> None:
    with ScriptedServer(lambda _: facts()) as server:
        done = CliRunner().invoke(app, ["--language", "en", "--server", server.url])
    assert "The encrypted database works (SQLite 3." in done.output
    assert "The service answers: Maison Lumen, version 9." in done.output
    assert done.exit_code in {0, 1}


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (timedelta(seconds=4), State.OK, "agrees"),
        (timedelta(minutes=7), State.WARN, "7 min behind"),
        (timedelta(minutes=-7), State.WARN, "7 min ahead"),
    ],
)
def test_the_clock_is_compared_with_the_service_s(
    ahead: timedelta, state: State, said: str
) -> None:
    with ScriptedServer(lambda _: facts(ahead)) as server:
        checks = checked(server.url)
    assert list(checks) == ["service", "clock"]
    assert checks["clock"].state is state
    assert said in words(checks["clock"])


def test_a_service_that_is_not_there_is_a_failure_with_a_hint() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    check = checked(f"localhost:{port}")["service"]
    assert check.state is State.FAIL
    assert words(check) == "localhost refuses the connection"


def test_the_ports_of_the_contract_are_tried_for_a_real_service() -> None:
    checks = checked("https://name.invalid:8443")
    assert list(checks) == ["port-80", "port-443", "port-8443", "service"]
    assert {check.state for check in checks.values()} == {State.WARN, State.FAIL}
    assert "Port 443 of name.invalid" in words(checks["port-443"])
    assert words(checks["port-8443"])


def test_a_certificate_of_an_own_authority_needs_its_file(tmp_path: Path) -> None:
    authority = trustme.CA()
    ca_file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ScriptedServer(lambda _: facts(), context=context) as server:
        without, with_it = checked(server.url), checked(server.url, ca_file)
    assert "not trusted" in words(without["service"])
    assert with_it["service"].state is State.OK


def test_a_portal_s_page_is_told() -> None:
    with ScriptedServer(lambda _: Reply(200, b"<html>", "text/html")) as server:
        check = checked(server.url)["service"]
    assert words(check) == "It was not the service that answered"


@pytest.mark.parametrize("address", ["http://cx.example.fr", "ftp://x", "a b"])
def test_an_address_that_cannot_be_is_bad_usage(address: str) -> None:
    done = CliRunner().invoke(app, ["--json", "--server", address])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
