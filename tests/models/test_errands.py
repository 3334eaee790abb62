"""Tasks of a part of the window that closes before they end."""

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.tasks import Errands, Tasks


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    assert qapp is not None
    tasks = Tasks()
    yield tasks
    tasks.close()


def test_nobody_is_told_what_was_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    gate, told = Event(), list[object]()
    errands = Errands(tasks)

    def fail() -> None:
        gate.wait(10)
        raise CXError("problem.timeout")

    errands.run(lambda: gate.wait(10), done=told.append)
    errands.run(fail, failed=told.append)
    tasks.run(lambda: gate.wait(10) and "of another part", done=told.append)
    errands.drop()
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle, timeout=10_000)
    assert told == ["of another part"]


def test_what_comes_after_is_told(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[int] = []
    errands = Errands(tasks)
    errands.drop()
    errands.run(lambda: 1, done=told.append)
    qtbot.waitUntil(lambda: told == [1], timeout=10_000)
