"""The screen locks when nobody touches the program."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.models.idle import Idle

BLINK = 1 / 1200  # minutes: 50 ms


def touch(qapp: QApplication, watched: QObject) -> None:
    qapp.sendEvent(watched, QEvent(QEvent.Type.KeyPress))


def test_it_elapses_when_nothing_is_touched(qtbot: QtBot) -> None:
    idle = Idle(QObject())
    with qtbot.waitSignal(idle.elapsed, timeout=2000):
        idle.watch(BLINK)


def test_a_touch_starts_the_time_again(qtbot: QtBot, qapp: QApplication) -> None:
    watched = QObject()
    idle = Idle(watched)
    idle.watch(0.05)
    qtbot.wait(300)
    assert idle.minutes_left < 0.048
    touch(qapp, watched)
    assert idle.minutes_left > 0.048


def test_what_plays_holds_it(qtbot: QtBot) -> None:
    idle = Idle(QObject())
    idle.hold()
    with qtbot.assertNotEmitted(idle.elapsed, wait=120):
        idle.watch(BLINK)
    with qtbot.waitSignal(idle.elapsed, timeout=2000):
        idle.let_go()


def test_nothing_open_needs_no_lock(qtbot: QtBot) -> None:
    idle = Idle(QObject())
    idle.watch(BLINK)
    idle.rest()
    with qtbot.assertNotEmitted(idle.elapsed, wait=120):
        pass
