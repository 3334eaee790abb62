"""Real processes: what is left when they are killed, and what a second start does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")


def started(home: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
    }
    return subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-m", "cx_desktop", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def services(home: Path) -> list[int]:
    """The services that keep their data below this home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"serve" in words and any(str(home).encode() in word for word in words):
                found.append(int(entry.name))
    return found


@pytest.fixture
def window(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = started(tmp_path, "demo", "--language", "fr")
    yield process
    process.kill()
    process.wait()
    wait_until(lambda: services(tmp_path) == [])


def test_a_killed_window_leaves_no_service_behind(
    window: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_until(lambda: len(services(tmp_path)) == 1)
    window.send_signal(signal.SIGKILL)
    wait_until(lambda: services(tmp_path) == [])


def test_a_killed_service_leaves_the_window_and_its_secrets_were_on_no_command_line(
    window: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_until(lambda: len(services(tmp_path)) == 1)
    (service,) = services(tmp_path)
    words = Path(f"/proc/{service}/cmdline").read_bytes()
    surroundings = Path(f"/proc/{service}/environ").read_bytes()
    assert b"secret" not in (words + surroundings).lower()
    os.kill(service, signal.SIGKILL)
    wait_until(lambda: services(tmp_path) == [])
    assert window.poll() is None


def test_a_second_start_ends_at_once_and_well(
    window: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_until(lambda: len(services(tmp_path)) == 1)
    second = started(tmp_path, "demo", "--language", "fr")
    assert second.wait(30) == 0
    assert window.poll() is None
    assert len(services(tmp_path)) == 1
