"""The demo's service is a child of the window, and ends with it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.models.demo import Demo
from cx_desktop.ports import SystemClock
from tests.fakes.waiting import wait_until

WAIT = 30_000


@pytest.fixture(scope="module")
def demo(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"), language="fr", clock=SystemClock(), parent=qapp)
    demo.start()
    wait_until(lambda: demo.is_running)
    yield demo
    demo.stop()


def test_it_lists_who_one_can_be_and_shows_their_codes(demo: Demo) -> None:
    roles = {each.role for each in demo.accounts}
    assert roles >= {"administrator", "flow_designer", "supervisor", "trainer"}
    newcomers = [each for each in demo.accounts if each.totp_secret is None]
    assert len(newcomers) == 1
    assert demo.code(newcomers[0].username) == ""
    demo.learn(newcomers[0].username, pyotp.random_base32())
    assert len(demo.code(newcomers[0].username)) == 6
    assert httpx.get(f"{demo.url}/v1/server").json()["is_demo"] is True


def test_killed_it_says_so_and_comes_back_at_the_same_address(demo: Demo, qtbot: QtBot) -> None:
    url = demo.url
    with qtbot.waitSignal(demo.stopped, timeout=WAIT):
        demo.kill()
    assert not demo.is_running
    with qtbot.waitSignal(demo.ready, timeout=WAIT):
        demo.start()
    assert demo.url == url


def test_an_address_taken_meanwhile_is_left_to_its_taker(
    demo: Demo, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Demo(tmp_path / "other", language="fr", clock=SystemClock())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "port").write_text(demo.url.rpartition(":")[2])
    with qtbot.waitSignal(other.ready, timeout=WAIT):
        other.start()
    assert other.url != demo.url
    other.stop()


def test_it_ends_with_its_pipe(tmp_path: Path, qtbot: QtBot) -> None:
    """A parent that is killed closes its end of the pipe, and does nothing else."""
    process = QProcess()
    words = ["-m", "cx_desktop", "serve", "--demo", "--data-dir", str(tmp_path / "service")]
    process.start(sys.executable, words)
    qtbot.waitUntil(process.canReadLine, timeout=WAIT)
    process.closeWriteChannel()
    qtbot.waitUntil(lambda: process.state() == QProcess.ProcessState.NotRunning, timeout=WAIT)
    assert process.exitCode() == 0
