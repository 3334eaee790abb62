"""Cycles with Qt objects end on the thread that owns them, whoever makes the garbage."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from cx_desktop.app.collector import Collector

pytestmark = pytest.mark.usefixtures("qapp")


class _Cycle(QObject):
    """Garbage as the program makes it: an object with a timer that holds itself."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self._itself = self
        self._ended = ended
        self._timer = QTimer(self)
        self._timer.start(10_000)

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


class _Knot:
    """Garbage of a worker: enough of them make CPython's own collector start there."""

    def __init__(self) -> None:
        self.itself = self


def test_a_cycle_ends_on_the_gui_thread_while_workers_make_garbage(qtbot: QtBot) -> None:
    collector = Collector()
    ended: list[int] = []
    _Cycle(ended)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: [_Knot() for _ in range(50_000)]).result()
    assert ended == []
    for _ in range(2):  # the cycle may have grown old before this test began to look
        collector.look()
    qtbot.waitUntil(lambda: ended == [threading.get_ident()])


def test_every_generation_is_collected_in_the_end() -> None:
    collector = Collector()
    ended: list[int] = []
    cycle = _Cycle(ended)
    gc.collect(0), gc.collect(1)  # it is of the old generation now
    del cycle
    for _ in range(200):
        made = [_Knot() for _ in range(2_000)]
        del made
        collector.look()
    assert ended == [threading.get_ident()]


def test_making_one_switches_the_threads_own_collector_off() -> None:
    was_enabled = gc.isenabled()
    gc.enable()
    try:
        Collector()
        assert not gc.isenabled()
    finally:
        (gc.enable if was_enabled else gc.disable)()
