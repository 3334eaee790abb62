"""A desktop's media keys reach the player over a real bus, which learns nothing of the call."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from cx_desktop.models.recordings.desktop_keys import PATH, SERVICE, DesktopKeys
from cx_desktop.models.recordings.player import Heard, Player, PlayerState
from cx_desktop.tasks import Tasks
from tests.fakes.output import FakeOutput
from tests.fakes.recorded import Held, as_file, tones

pytestmark = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and shutil.which("dbus-daemon")),
    reason="needs a bus (the package dbus)",
)


class Desktop(NamedTuple):
    """A bus of its own, and what a desktop does on it."""

    address: str
    bus: QDBusConnection
    bot: QtBot

    def ask(self, *words: str) -> str:
        """Call something of the player, while the player's window goes on living."""
        to = [f"--bus={self.address}", "--print-reply", "--reply-timeout=5000", f"--dest={SERVICE}"]
        program = subprocess.Popen(  # noqa: S603  (a program of the system)
            ["dbus-send", *to, PATH, *words],  # noqa: S607  (wherever the system has it)
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.bot.waitUntil(lambda: program.poll() is not None, timeout=10_000)
        return program.communicate()[0]

    def press(self, key: str, *words: str) -> None:
        self.ask(f"org.mpris.MediaPlayer2.Player.{key}", *words)


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    daemon = subprocess.Popen(  # noqa: S603  (a program of the system)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    bus = QDBusConnection.connectToBus(address, "test of keys")
    yield Desktop(address, bus, qtbot)
    QDBusConnection.disconnectFromBus("test of keys")
    daemon.terminate()
    daemon.communicate(timeout=10)


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Player]:
    tasks = Tasks()
    made = Player(tasks, FakeOutput())
    made.take(Heard("secret-id", 60.0, lambda: Held(as_file(tones(60.0))), is_here=True))
    qtbot.waitUntil(lambda: made.state is PlayerState.READY)
    yield made
    made.close()
    qtbot.waitUntil(lambda: tasks.is_idle)
    tasks.close()


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=10_000)


def test_keys_play_pause_and_step(desktop: Desktop, player: Player) -> None:
    keys = DesktopKeys(player, lambda: desktop.bus)
    steps: list[int] = []
    player.step_wanted.connect(steps.append)
    assert "not provided" in desktop.ask("org.mpris.MediaPlayer2.Player.PlayPause")
    player.play()
    desktop.press("PlayPause")
    assert not player.is_playing
    desktop.press("PlayPause")
    assert player.is_playing
    desktop.press("Pause")
    place = player.place
    desktop.press("Seek", "int64:5000000")
    assert player.place == pytest.approx(place + 5, abs=0.1)
    desktop.press("Next")
    desktop.press("Previous")
    assert steps == [1, -1]
    keys.close()


def test_the_desktop_learns_that_it_plays_and_no_more(desktop: Desktop, player: Player) -> None:
    keys = DesktopKeys(player, lambda: desktop.bus)
    player.play()
    get_all = "org.freedesktop.DBus.Properties.GetAll"
    told = desktop.ask(get_all, "string:org.mpris.MediaPlayer2.Player")
    assert '"Playing"' in told
    told += desktop.ask(get_all, "string:org.mpris.MediaPlayer2")
    assert '"CX Desktop"' in told
    assert "secret-id" not in told
    player.pause()
    assert '"Paused"' in desktop.ask(get_all, "string:org.mpris.MediaPlayer2.Player")
    player.take(None)
    assert "not provided" in desktop.ask(get_all, "string:org.mpris.MediaPlayer2.Player")
    keys.close()


def test_changes_are_told_in_the_shape_that_desktops_read(desktop: Desktop, player: Player) -> None:
    keys = DesktopKeys(player, lambda: desktop.bus)
    player.play()
    monitor = subprocess.Popen(  # noqa: S603  (a program of the system)
        ["dbus-monitor", "--address", desktop.address, "member='PropertiesChanged'"],  # noqa: S607  (as above)
        stdout=subprocess.PIPE,
        text=True,
    )
    assert monitor.stdout is not None
    while "member=NameLost" not in (line := monitor.stdout.readline()) and line:
        pass
    player.pause()
    lines: list[str] = []
    while lines.count("   ]\n") < 2:  # the two lists of the message
        desktop.bot.wait(10)
        lines.append(monitor.stdout.readline())
    monitor.terminate()
    monitor.communicate(timeout=10)
    told = "".join(lines)
    assert 'string "org.mpris.MediaPlayer2.Player"' in told
    assert "array [\n      dict entry(" in told
    assert 'array [\n      string "Position"' in told
    keys.close()


def test_without_a_bus_nothing_happens(player: Player) -> None:
    keys = DesktopKeys(player, lambda: None)
    player.play()
    keys.close()
