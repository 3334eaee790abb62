"""The player on screen: by mouse, by keyboard, and as screen readers get it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox
from pytestqt.qtbot import QtBot

from cx_desktop.models.recordings.marks import Mark
from cx_desktop.models.recordings.player import Heard, Player, PlayerState, Voices
from cx_desktop.tasks import Tasks
from cx_desktop.text import Language as Tongue
from cx_desktop.views.recordings.player_panel import PlayerPanel
from cx_desktop.views.recordings.player_words import clock, spoken
from cx_desktop.views.widgets.look import Look
from tests.fakes import seat
from tests.fakes.output import FakeOutput
from tests.fakes.recorded import Held, as_file, dialogue

TURNS = [(0, 1.0, 3.0), (1, 4.0, 7.0), (0, 8.0, 9.0), (1, 60.0, 65.0)]
CONTENT = as_file(dialogue(TURNS, 100.0))
Key = Qt.Key


class Stage:
    def __init__(self, bot: QtBot, look: Look) -> None:
        self.bot, self.look = bot, look
        self.output = FakeOutput()
        self.tasks = Tasks()
        self.player = Player(self.tasks, self.output)
        self.panel = PlayerPanel(look, self.player)
        bot.addWidget(self.panel)
        self.panel.resize(900, 300)
        self.panel.show()
        self.told: list[str] = []
        self.panel.teller.told.connect(self.told.append)

    def take(self, content: bytes = CONTENT, seconds: float = 100.0) -> None:
        self.player.take(Heard("r", seconds, lambda: Held(content), is_here=True))
        self.bot.waitUntil(
            lambda: self.player.state is PlayerState.FAILED or self.player.speech.talk is not None
        )

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for each in modifiers:
            held |= each
        QTest.keyClick(self.panel.timeline, key, held)

    def x_of(self, second: float) -> int:
        line = self.panel.timeline
        return round(line.window_seen.x_of(second, line.width()))


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    made = Stage(qtbot, seat.look(qapp))
    yield made
    made.player.close()
    qtbot.waitUntil(lambda: made.tasks.is_idle)
    made.tasks.close()


def test_times_are_short_for_eyes_and_whole_for_ears(stage: Stage) -> None:
    assert (clock(0), clock(65.9), clock(3_725)) == ("0:00", "1:05", "1:02:05")
    language = stage.look.language
    language.switch(Tongue.ENGLISH)
    assert spoken(language, 5) == "5 s"
    assert spoken(language, 65.9) == "1 min 5 s"
    assert spoken(language, 3_725) == "1 h 2 min 5 s"


def test_a_click_goes_there_and_a_drag_on(stage: Stage) -> None:
    stage.take()
    line = stage.panel.timeline
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(stage.x_of(50), 60))
    assert stage.player.place == pytest.approx(50, abs=0.3)
    QTest.mouseMove(line, QPoint(stage.x_of(20), 60))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(stage.x_of(20), 60))
    assert stage.panel.transport.time.text() == f"{clock(stage.player.place)} / 1:40"


def test_a_drag_with_shift_makes_a_loop(stage: Stage) -> None:
    stage.take()
    line, shift = stage.panel.timeline, Qt.KeyboardModifier.ShiftModifier
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(line, left, shift, QPoint(stage.x_of(30), 60))
    QTest.mouseMove(line, QPoint(stage.x_of(40), 60))
    QTest.mouseRelease(line, left, shift, QPoint(stage.x_of(40), 60))
    loop = stage.player.manner.loop
    assert loop is not None
    assert loop == pytest.approx((30, 40), abs=0.3)
    assert stage.panel.manner.loop.isChecked()


def test_every_key_does_its_verb(stage: Stage) -> None:
    stage.take()
    player = stage.player
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    stage.press(Key.Key_Right)
    assert player.place == 5
    stage.press(Key.Key_Right, shift)
    assert player.place == 20
    stage.press(Key.Key_Left)
    assert player.place == 15
    stage.press(Key.Key_Right, ctrl)
    assert player.place == pytest.approx(60, abs=0.1)
    stage.press(Key.Key_Home)
    assert player.place == 0
    stage.press(Key.Key_L)
    stage.press(Key.Key_Right)
    stage.press(Key.Key_L)
    assert player.manner.loop == (0, 5)
    stage.press(Key.Key_L)
    assert player.manner.loop is None
    stage.press(Key.Key_S)
    assert player.manner.skips_silence
    stage.press(Key.Key_Period)
    assert player.manner.speed == 1.25
    stage.press(Key.Key_Comma)
    assert player.manner.speed == 1.0
    stage.press(Key.Key_Space)
    assert player.is_playing
    stage.press(Key.Key_Space)
    assert not player.is_playing
    steps: list[int] = []
    player.step_wanted.connect(steps.append)
    stage.press(Key.Key_PageDown)
    stage.press(Key.Key_PageUp)
    assert steps == [1, -1]


def test_zooming_keeps_the_place_in_sight_and_goes_no_closer_than_two_seconds(
    stage: Stage,
) -> None:
    stage.take()
    seen = stage.panel.timeline.window_seen
    stage.player.seek(62)
    assert seen.is_whole
    for _ in range(30):
        stage.press(Key.Key_Plus)
    assert seen.end - seen.start == pytest.approx(2.0)
    assert seen.start <= 62 <= seen.end
    stage.player.seek(10)
    assert seen.start <= 10 <= seen.end
    stage.press(Key.Key_0)
    assert seen.is_whole
    assert not stage.panel.zoom_out.isEnabled()


def test_what_a_listener_chooses_is_shown_and_heard(stage: Stage) -> None:
    stage.take()
    panel = stage.panel
    panel.manner.voices.setCurrentIndex(list(Voices).index(Voices.CALLER))
    panel.manner.voices.activated.emit(panel.manner.voices.currentIndex())
    assert stage.player.manner.voices is Voices.CALLER
    panel.manner.speed.setCurrentIndex(6)
    panel.manner.speed.activated.emit(6)
    assert stage.player.manner.speed == 2.0
    panel.transport.play.click()
    assert stage.player.is_playing
    assert stage.look.language.text("player.pause") == panel.transport.play.text()


def test_screen_readers_hear_the_place_and_who_speaks_after_a_jump(stage: Stage) -> None:
    stage.take()
    stage.look.language.switch(Tongue.ENGLISH)
    stage.press(Key.Key_Right)
    stage.bot.waitUntil(lambda: bool(stage.told))
    assert stage.told == ["5 s of 1 min 40 s, the caller speaks"]
    slider = stage.panel.position
    slider.describe()
    assert slider.accessibleDescription() == stage.told[-1]


def test_nobody_talks_over_the_sound(stage: Stage) -> None:
    stage.take()
    stage.player.play()
    stage.press(Key.Key_Right)
    stage.bot.wait(500)
    assert stage.told == []


def test_keys_that_change_the_manner_are_told(stage: Stage) -> None:
    stage.take()
    stage.look.language.switch(Tongue.ENGLISH)
    stage.press(Key.Key_Period)
    stage.press(Key.Key_L)
    stage.player.seek(12)
    stage.press(Key.Key_L)
    stage.press(Key.Key_L)
    assert stage.told[:4] == [
        "Speed 1.25×",
        "A marked at 0 s",
        "Loop from 0 s to 12 s",
        "Loop left",
    ]


def test_the_slider_goes_there_too(stage: Stage) -> None:
    stage.take()
    QTest.keyClick(stage.panel.position, Key.Key_Up)
    assert stage.player.place == 5
    QTest.keyClick(stage.panel.position, Key.Key_PageUp)
    assert stage.player.place == 20
    face = QAccessible.queryAccessibleInterface(stage.panel.position)
    assert face.role() is QAccessible.Role.Slider


def test_everything_has_a_name(stage: Stage) -> None:
    stage.take()
    for kind in (QAbstractButton, QComboBox):
        for each in stage.panel.findChildren(kind):
            if each.isVisible():
                face = QAccessible.queryAccessibleInterface(each)
                assert face.text(QAccessible.Text.Name)


def test_a_bad_file_says_why_and_can_be_tried_again(stage: Stage) -> None:
    stage.take(b"PK\x03\x04" + bytes(100))
    title, _hint = stage.look.language.explain(stage.player.problem)  # type: ignore[arg-type]
    assert title in stage.panel.strip.text
    assert stage.panel.strip.buttons


def test_a_file_that_ends_early_says_so(stage: Stage) -> None:
    stage.look.language.switch(Tongue.ENGLISH)
    stage.take(seconds=130.0)
    assert stage.panel.strip.text == "The file ends 30 s before the call did."


def test_a_headset_that_goes_is_told_and_forgotten_when_it_plays_again(stage: Stage) -> None:
    stage.take()
    stage.player.play()
    stage.output.lose()
    assert stage.panel.strip.text == stage.look.language.text("player.headset")
    stage.player.play()
    assert stage.panel.strip.text == ""


def test_a_marker_is_drawn_told_and_gone_to(stage: Stage) -> None:
    stage.take()
    chosen: list[str] = []
    stage.player.mark_chosen.connect(chosen.append)
    stage.player.show_marks((Mark("m1", 42.0, "objection"),))
    spot = QPoint(stage.x_of(42) + 3, 6)
    QTest.mouseClick(stage.panel.timeline, Qt.MouseButton.LeftButton, pos=spot)
    assert chosen == ["m1"]
    assert stage.player.place == 42.0
    stage.player.take(None)
    assert stage.player.marks == ()


def test_the_time_line_is_painted_in_every_state(stage: Stage) -> None:
    stage.panel.grab()
    stage.take()
    stage.player.show_marks((Mark("m1", 42.0, "objection"), Mark("m2", 50, "", is_private=True)))
    stage.player.loop(10, 20)
    full = stage.panel.timeline.grab().toImage()
    colors = {full.pixelColor(stage.x_of(2), y).name() for y in range(20, full.height() // 2)}
    assert stage.look.theme.color("accent").name() in colors
    stage.player.seek(65)
    stage.press(Key.Key_Plus)
    stage.panel.timeline.grab()


@pytest.mark.parametrize("width", [320, 380, 450, 520, 600, 900])
def test_everything_has_room_however_narrow_it_is(stage: Stage, width: int) -> None:
    stage.take()
    panel = stage.panel
    panel.resize(width, 320)
    stage.bot.waitUntil(lambda: panel.transport.width() <= width)
    stage.bot.wait(20)
    transport = panel.transport
    assert (panel.manner.y() > transport.y()) == (width < 900)
    for each in (*transport.jumps.values(), transport.play, transport.time):
        if each.isVisible():
            assert transport.rect().contains(each.geometry())
            assert each.width() >= each.sizeHint().width()
    assert transport.play.accessibleName()
    assert transport.jumps["back-5"].isVisible()
