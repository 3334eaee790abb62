"""What the doctor looks at, one probe per thing that a computer may lack.

Failure policy: a probe never raises; what it finds, however bad, is its result. What may crash (a
window system, a database library) is tried in a child process.
"""

import ctypes
import socket
import subprocess
import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from cx_desktop.auth.credentials import KeyringCredentials
from cx_desktop.client.service import Offset, ServiceClient, clock_offset
from cx_desktop.client.transport import build_http, is_loopback
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock

_CHILD_SECONDS = 30
_PORT_SECONDS = 5.0
#: A verification code is accepted one step of 30 seconds early or late.
_CLOCK_OFF = timedelta(seconds=30)
_WEB_PORTS = (80, 443)

_DATABASE = """
from cx_desktop.cache.driver import DRIVER, VERSION, assert_engine
cursor = DRIVER.connect(":memory:").execute("PRAGMA cipher_version")
print(VERSION, (cursor.fetchone() or [""])[0].split(" ")[0] or "-", sep="\\n")
assert_engine()
"""
_WINDOW = """
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
print(qVersion(), application.platformName(), sep="\\n")
"""


class State(StrEnum):
    """How well one thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(Struct, frozen=True):
    """One thing looked at; ``says`` and ``hint`` are keys of the catalogue."""

    name: str
    state: State
    says: str
    params: dict[str, str | int] = {}
    hint: str = ""


def local_checks() -> tuple[Check, ...]:
    """What this computer itself has."""
    return (_keyring(), _database(), _window(), _audio())


def network_checks(server: str, *, ca_file: Path | None, clock: Clock) -> tuple[Check, ...]:
    """The way to a service, by its canonical address."""
    url = urlsplit(server)
    host, own = url.hostname or "", url.port or 443
    ports = () if is_loopback(host) else sorted({own, *_WEB_PORTS})
    return (*(_port(host, port) for port in ports), *_reached(server, ca_file, clock))


def _reached(server: str, ca_file: Path | None, clock: Clock) -> tuple[Check, ...]:
    try:
        with build_http(server, loopback_only=False, ca_file=ca_file) as http:
            offset = clock_offset(ServiceClient(http), clock)
    except CXError as error:
        return (_problem("service", State.FAIL, error),)
    return (_service(offset), _clock(offset))


def _keyring() -> Check:
    state = KeyringCredentials().state()
    if state.problem:
        return _problem("keyring", State.WARN, CXError(state.problem, fault="?"))
    return Check("keyring", State.OK, "doctor.keyring.ok", {"backend": state.backend})


def _database() -> Check:
    done = _child(_DATABASE)
    version, cipher = (*done.stdout.split(), "-", "-")[:2]
    params: dict[str, str | int] = {"version": version, "cipher": cipher}
    if done.returncode == 0 and cipher != "-":
        return Check("database", State.OK, "doctor.database.ok", params)
    if version != "-":
        return Check("database", State.FAIL, "doctor.database.old", params, "doctor.database.hint")
    told: dict[str, str | int] = {"fault": _fault(done)}
    return Check("database", State.FAIL, "doctor.database.broken", told, "doctor.database.hint")


def _window() -> Check:
    done = _child(_WINDOW)
    version, platform = (*done.stdout.split(), "-", "-")[:2]
    if done.returncode == 0:
        params: dict[str, str | int] = {"version": version, "platform": platform}
        return Check("window", State.OK, "doctor.window.ok", params)
    hint = "libraries" if "ImportError" in done.stderr else "display"
    told: dict[str, str | int] = {"fault": _fault(done)}
    return Check("window", State.FAIL, "doctor.window.broken", told, f"doctor.window.hint.{hint}")


def _audio() -> Check:
    if sys.platform != "linux":
        return Check("audio", State.OK, "doctor.audio.system")
    try:
        ctypes.CDLL("libpulse.so.0")
    except OSError:
        return Check("audio", State.WARN, "doctor.audio.missing", {}, "doctor.audio.hint")
    return Check("audio", State.OK, "doctor.audio.ok")


def _port(host: str, port: int) -> Check:
    params: dict[str, str | int] = {"host": host, "port": port}
    try:
        socket.create_connection((host, port), timeout=_PORT_SECONDS).close()
    except OSError:
        hint = "doctor.port.hint.web" if port in _WEB_PORTS else "doctor.port.hint.own"
        return Check(f"port-{port}", State.WARN, "doctor.port.closed", params, hint)
    return Check(f"port-{port}", State.OK, "doctor.port.open", params)


def _service(offset: Offset) -> Check:
    facts = offset.facts
    params: dict[str, str | int] = {"name": facts.name, "version": facts.version}
    return Check("service", State.OK, "doctor.service.ok", params)


def _clock(offset: Offset) -> Check:
    seconds = round(offset.ahead.total_seconds())
    if abs(offset.ahead) - offset.give_or_take <= _CLOCK_OFF:
        return Check("clock", State.OK, "doctor.clock.ok", {"seconds": abs(seconds)})
    says = "doctor.clock.behind" if seconds > 0 else "doctor.clock.ahead"
    params: dict[str, str | int] = {"minutes": max(1, round(abs(seconds) / 60))}
    return Check("clock", State.WARN, says, params, "doctor.clock.hint")


def _problem(name: str, state: State, error: CXError) -> Check:
    return Check(name, state, f"{error.key}.title", error.params, f"{error.key}.hint")


def _child(program: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines in another interpreter, so that not even a crash gets through to us."""
    command = [sys.executable, "-c", program]
    try:
        return subprocess.run(  # noqa: S603  (our own interpreter, our own lines)
            command, capture_output=True, text=True, timeout=_CHILD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", type(error).__name__)


def _fault(done: subprocess.CompletedProcess[str]) -> str:
    """The line that says most: Python's last one, or the first one of a library."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if not lines:
        return f"exit {done.returncode}"
    return lines[-1 if lines[0].startswith("Traceback") else 0]
