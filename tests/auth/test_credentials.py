"""The device's secrets in a real Secret Service: open, locked, missing, silent."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import keyring.backend
import keyring.errors
import pytest
from typing_extensions import override

from cx_desktop.auth.credentials import KeyringCredentials, SessionCredentials
from cx_desktop.domain.errors import CXError

SESSION = [sys.executable, "-m", "tests.auth.keyring_session"]
UNLOCK = "gnome-keyring-daemon --unlock --components=secrets >/dev/null"
START = "gnome-keyring-daemon --start --components=secrets >/dev/null"

needs_secret_service = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="needs gnome-keyring and dbus (apt-get install gnome-keyring dbus)",
)


def session(home: Path, before: str, *arguments: str) -> dict[str, object]:
    """What the keyring did in a fresh desktop session of its own."""
    program = " ".join([*SESSION, *arguments])
    return _told(home, ["dbus-run-session", "--", "sh", "-c", f"{before}; exec {program}"])


def _told(home: Path, command: list[str]) -> dict[str, object]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    environment = {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    done = subprocess.run(  # noqa: S603  (our own interpreter in a session of its own)
        command, env=environment, capture_output=True, check=True, timeout=60
    )
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


@needs_secret_service
def test_an_open_keyring_keeps_secrets_until_they_are_removed(tmp_path: Path) -> None:
    told = session(tmp_path, f"printf password | {UNLOCK}")
    assert told.pop("seconds")
    assert told == {"state": "", "before": None, "after": "s3cret — é", "deleted": None}


@needs_secret_service
def test_a_secret_outlives_the_session_and_a_locked_keyring_gives_nothing(tmp_path: Path) -> None:
    assert session(tmp_path, f"printf password | {UNLOCK}", "keep")["after"] == "s3cret — é"
    for before in (START, f"printf wrong | {UNLOCK}"):
        told = session(tmp_path, before)
        assert told["state"] == told["problem"] == "problem.keyring-locked"
        assert "before" not in told
    again = session(tmp_path, f"printf password | {UNLOCK}")
    assert again["before"] == "s3cret — é"


@needs_secret_service
def test_a_keyring_that_was_never_set_up_is_as_good_as_locked(tmp_path: Path) -> None:
    assert session(tmp_path, START)["problem"] == "problem.keyring-locked"


@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS always have a keyring")
def test_without_any_keyring_this_is_said_at_once(tmp_path: Path) -> None:
    told = _told(tmp_path, SESSION)
    assert told["state"] == told["problem"] == "problem.keyring-missing"


class SilentKeyring(keyring.backend.KeyringBackend):
    """Never answers, as when its unlock window waits for somebody."""

    def __init__(self) -> None:  # keyring's own has no types and only reads the environment
        self.asked = 0
        self.released = threading.Event()

    @override
    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.released.wait()
        return "late"

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait()

    @override
    def delete_password(self, service: str, username: str) -> None:
        self.released.wait()


def test_a_keyring_that_does_not_answer_is_given_up_and_not_asked_in_a_queue() -> None:
    silent = SilentKeyring()
    credentials = KeyringCredentials(silent, limit=0.05)
    for _ in range(3):
        with pytest.raises(CXError) as raised:
            credentials.get("name")
        assert raised.value.key == "problem.keyring-locked"
    assert silent.asked == 1
    silent.released.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join()
    assert credentials.get("name") == "late"


class BrokenKeyring(SilentKeyring):
    """Fails as it is told."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (keyring.errors.KeyringLocked(), "problem.keyring-locked"),
        (keyring.errors.InitError(), "problem.keyring-locked"),
        (keyring.errors.NoKeyringError(), "problem.keyring-missing"),
        (RuntimeError("secret in message"), "problem.keyring-failed"),
        (OSError(5, "broken pipe"), "problem.keyring-failed"),
    ],
)
def test_every_fault_of_a_keyring_has_its_word(fault: Exception, key: str) -> None:
    with pytest.raises(CXError) as raised:
        KeyringCredentials(BrokenKeyring(fault)).get("name")
    assert raised.value.key == key
    assert "secret in message" not in str(raised.value)


def test_this_time_only_forgets() -> None:
    credentials = SessionCredentials()
    credentials.set("name", "value")
    assert credentials.get("name") == "value"
    credentials.delete("name")
    credentials.delete("name")
    assert credentials.get("name") is None
    assert SessionCredentials().get("name") is None
    assert not credentials.is_lasting
    credentials.set("name", "value")
    assert "value" not in repr(credentials)
