"""Work leaves the GUI thread; the objects it is done for never do."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.tasks import Task, Tasks


class Held(QObject):
    """An object with a timer that tells on which thread it ended."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self._ended = ended
        self._timer = QTimer(self)
        self._timer.start(5)

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())

    def touch(self, *_: object) -> None:
        """Be captured by a bound method."""


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()
    tasks.let_go()


def _with(held: Held, work: Callable[[], object]) -> object:
    held.touch()
    return work()


def _fail() -> None:
    raise CXError("problem.timeout")


@pytest.mark.parametrize("work", [lambda: 1, _fail])
def test_what_the_functions_hold_ends_where_it_lives(
    tasks: Tasks, qtbot: QtBot, work: Callable[[], object]
) -> None:
    ended: list[int] = []
    for _ in range(300):
        held = Held(ended)
        tasks.run(partial(_with, held, work), done=held.touch, failed=held.touch)
        del held
    qtbot.waitUntil(lambda: len(ended) == 300, timeout=20_000)
    assert set(ended) == {threading.get_ident()}


def test_what_is_given_up_ends_where_it_lives_though_another_thread_closes(
    tasks: Tasks,
) -> None:
    ended: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def wait(_task: Task) -> None:
        begun.set()
        go_on.wait(10)

    for _ in range(10):  # more than there are threads: the rest never begins
        held = Held(ended)
        tasks.run_cancellable(wait, done=held.touch, failed=held.touch, progress=held.touch)
        del held
    assert begun.wait(10)
    tasks.stop()
    closing = threading.Thread(target=tasks.close)
    closing.start()
    go_on.set()
    closing.join(10)
    assert ended == []
    tasks.let_go()
    assert ended == [threading.get_ident()] * 10


def test_progress_and_outcome_arrive_in_order_on_this_thread(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[object] = []

    def work(task: Task) -> str:
        for share in (0.25, 0.5):
            task.tell(share, "a.b")
        return "done"

    tasks.run_cancellable(
        work,
        done=lambda result: heard.append((result, threading.get_ident())),
        progress=lambda share, what: heard.append((share, what)),
    )
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [(0.25, "a.b"), (0.5, "a.b"), ("done", threading.get_ident())]


def test_what_was_cancelled_delivers_nothing(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[object] = []
    go_on = threading.Event()
    task = tasks.run(lambda: go_on.wait(10), done=heard.append, failed=heard.append)
    task.cancel()
    with qtbot.waitSignal(tasks.idle):
        go_on.set()
    assert heard == []
