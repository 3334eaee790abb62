"""What is read again and again: in order, never two at once, many wishes are one."""

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.models.latest import Latest
from cx_desktop.tasks import Tasks


class Source:
    """Something that moves while it is read; a read begins and ends when the test says so."""

    def __init__(self, tasks: Tasks) -> None:
        self.value: int | CXError = 1
        self.reads = 0
        self.began, self.may_end = Event(), Event()
        self.told: list[int | CXError] = []
        self.latest = Latest(tasks, self.read, done=self.told.append, failed=self.told.append)

    def read(self) -> int:
        self.reads += 1
        found = self.value
        self.began.set()
        assert self.may_end.wait(10)
        if isinstance(found, CXError):
            raise found
        return found

    def begin(self) -> None:
        self.began.clear()
        self.latest.ask()
        assert self.began.wait(10)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()


def test_many_wishes_during_a_read_are_one_read_after_it(tasks: Tasks, qtbot: QtBot) -> None:
    source = Source(tasks)
    source.begin()
    source.value = 2
    for _wish in range(5):
        source.latest.ask()
    source.may_end.set()
    qtbot.waitUntil(lambda: source.told == [1, 2])
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert source.reads == 2


def test_it_reads_again_after_a_failure(tasks: Tasks, qtbot: QtBot) -> None:
    source = Source(tasks)
    source.value = problem = CXError("problem.object-not-here")
    source.begin()
    source.value = 3
    source.latest.ask()
    source.may_end.set()
    qtbot.waitUntil(lambda: source.told == [problem, 3])
    source.latest.ask()
    qtbot.waitUntil(lambda: source.told == [problem, 3, 3])


def test_what_is_of_no_use_any_more_is_not_told(tasks: Tasks, qtbot: QtBot) -> None:
    source = Source(tasks)
    source.begin()
    source.value = 4
    source.latest.ask_anew()
    source.may_end.set()
    qtbot.waitUntil(lambda: source.told == [4])
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert source.told == [4]
