"""The service from the command line: what it prints, refuses, and leaves behind."""

import json
import os
import select
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import trustme
from typer.testing import CliRunner

from cx_desktop.cli.serve import app

PROGRAM = [sys.executable, "-m", "cx_desktop", "serve"]

#: A parent that starts the demo as its child, says what the child said, and waits for its end.
PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode().strip(), flush=True)
child.wait()
"""


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, object]]]:
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [*PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.terminate()
        process.wait(20)


def test_the_demo_says_where_it_listens_and_whom_to_be(tmp_path: Path) -> None:
    with running("--demo", "--language", "en", "--data-dir", str(tmp_path)) as (_, told):
        url = str(told["url"])
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{url}/v1/server").json()["is_demo"] is True
        accounts = told["accounts"]
        assert isinstance(accounts, list)
        assert [each["totp_secret"] is None for each in accounts] == [False] * 4 + [True]
    with running("--demo", "--data-dir", str(tmp_path)) as (_, again):
        assert again["accounts"] == accounts


def test_it_ends_when_its_standard_input_closes(tmp_path: Path) -> None:
    with running("--child", "--data-dir", str(tmp_path)) as (process, told):
        assert "accounts" not in told
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_without_child_it_outlives_its_standard_input(tmp_path: Path) -> None:
    with running("--data-dir", str(tmp_path)) as (process, told):
        assert process.stdin is not None
        process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        assert httpx.get(f"{told['url']}/v1/server").status_code == 200
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
def test_a_killed_parent_leaves_no_service_behind(tmp_path: Path) -> None:
    parent = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", PARENT, *PROGRAM, "--demo", "--data-dir", str(tmp_path)],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    said = parent.stdout.readline().decode()
    pid, told = said.split(" ", 1)
    url = json.loads(told)["url"]
    assert httpx.get(f"{url}/v1/server").status_code == 200
    child = os.pidfd_open(int(pid))
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    parent.stdout.close()
    assert _gone(child, 10)
    os.close(child)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/v1/server")


def _gone(child: int, seconds: float) -> bool:
    """Whether a process ends within a time; a pidfd becomes readable when it does."""
    ready, _, _ = select.select([child], [], [], seconds)
    return bool(ready)


def test_init_writes_one_invitation_for_its_owner_alone(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--init", "--data-dir", str(tmp_path)])
    assert done.exit_code == 0, done.output
    path = tmp_path / "invitation.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    token = path.read_text(encoding="utf-8").strip()
    assert token not in done.output
    body = {"username": "anne", "name": "Anne", "password": "un long mot de passe"}
    with running("--data-dir", str(tmp_path)) as (_, told):
        made = httpx.post(f"{told['url']}/v1/invitations", json={"token": token, **body})
        assert made.status_code == 201
    assert CliRunner().invoke(app, ["--init", "--data-dir", str(tmp_path)]).exit_code == 2


def test_it_refuses_to_be_reached_in_clear(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.7", "example.org"):  # noqa: S104  (refused)
        done = CliRunner().invoke(app, ["--host", host, "--data-dir", str(tmp_path)])
        assert done.exit_code == 2


def test_it_speaks_tls_with_a_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    issued.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    files = ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
    trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    with running("--data-dir", str(tmp_path / "data"), *files) as (_, told):
        url = str(told["url"])
        assert url.startswith("https://")
        assert httpx.get(f"{url}/v1/server", verify=trust).status_code == 200


@pytest.mark.parametrize("given", [["--tls-cert"], ["--tls-key"], ["--tls-cert", "--tls-key"]])
def test_half_a_certificate_or_a_bad_one_is_bad_usage(tmp_path: Path, given: list[str]) -> None:
    (tmp_path / "no.pem").write_text("no certificate", encoding="utf-8")
    words = [word for option in given for word in (option, str(tmp_path / "no.pem"))]
    done = CliRunner().invoke(app, ["--data-dir", str(tmp_path), *words])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["--port", port, "--data-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert port in done.output


def test_keys_that_others_can_read_are_bad_usage(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["--init", "--data-dir", str(tmp_path)])
    (tmp_path / "signing.key").chmod(0o644)
    done = CliRunner().invoke(app, ["--init", "--data-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "signing.key" in done.output


def test_an_unknown_language_is_bad_usage(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--language", "de", "--data-dir", str(tmp_path)])
    assert done.exit_code == 2
