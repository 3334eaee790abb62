"""The player answers from any field of the page, and from the palette."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cx_desktop.models.commands import Commands
from cx_desktop.models.recordings.player import Heard, Player, PlayerState
from cx_desktop.tasks import Tasks
from cx_desktop.views.recordings.player_panel import PlayerPanel
from cx_desktop.views.recordings.player_verbs import PlayerVerbs
from tests.fakes import seat
from tests.fakes.output import FakeOutput
from tests.fakes.recorded import Held, as_file, dialogue

CONTENT = as_file(dialogue([(0, 2.0, 4.0), (1, 10.0, 12.0)], 40.0))
Key = Qt.Key


class Stage(NamedTuple):
    player: Player
    field: QLineEdit
    commands: Commands
    verbs: PlayerVerbs


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    look, tasks, commands = seat.look(qapp), Tasks(), Commands()
    player = Player(tasks, FakeOutput())
    page = QWidget()
    qtbot.addWidget(page)
    panel, field = PlayerPanel(look, player), QLineEdit()
    layout = QVBoxLayout(page)
    layout.addWidget(field)
    layout.addWidget(panel)
    verbs = PlayerVerbs(look, panel, player, commands, page=page)
    page.show()
    page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    player.take(Heard("r", 40.0, lambda: Held(CONTENT), is_here=True))
    qtbot.waitUntil(lambda: player.speech.talk is not None)
    yield Stage(player, field, commands, verbs)
    verbs.close()
    player.close()
    qtbot.waitUntil(lambda: tasks.is_idle)
    tasks.close()


def test_somebody_who_writes_a_note_never_leaves_the_field(stage: Stage) -> None:
    player, field = stage.player, stage.field
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClicks(field, "bon ")
    QTest.keyClick(field, Key.Key_F9)
    assert player.is_playing
    QTest.keyClick(field, Key.Key_F9)
    assert not player.is_playing
    QTest.keyClick(field, Key.Key_F8, shift)
    assert player.place == pytest.approx(15, abs=0.2)
    QTest.keyClick(field, Key.Key_F7)
    assert player.place == pytest.approx(10, abs=0.2)
    QTest.keyClick(field, Key.Key_F7, ctrl)
    assert player.place == pytest.approx(2, abs=0.1)
    QTest.keyClicks(field, "accueil")
    assert field.text() == "bon accueil"


@pytest.mark.qt_log_ignore("keyToAscii")  # QTest has no letter for them
def test_the_keyboards_own_keys_play_and_step(stage: Stage) -> None:
    steps: list[int] = []
    stage.player.step_wanted.connect(steps.append)
    QTest.keyClick(stage.field, Key.Key_MediaTogglePlayPause)
    assert stage.player.is_playing
    QTest.keyClick(stage.field, Key.Key_MediaStop)
    assert not stage.player.is_playing
    QTest.keyClick(stage.field, Key.Key_MediaNext)
    QTest.keyClick(stage.field, Key.Key_MediaPrevious)
    assert steps == [1, -1]


def test_the_palette_lists_them_with_their_keys_and_says_why_not(stage: Stage) -> None:
    command = stage.commands.get("player.toggle")
    assert command is not None
    assert command.shortcut == "F9"
    assert command.is_enabled()
    stage.player.take(None)
    assert stage.player.state is PlayerState.NOTHING
    assert not command.is_enabled()
    assert command.reason_key == "player.nothing"
    stage.verbs.close()
    assert stage.commands.get("player.toggle") is None
