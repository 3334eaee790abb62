"""Fresh codes: held for a class of verbs, used once, counted down to; and what they guard."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.models.guarded import Guarded, GuardedStep
from cx_desktop.models.step_up import StepUps
from cx_desktop.ports import RandomIds
from cx_desktop.protocol import SteppedUp, StepUp
from cx_desktop.tasks import Tasks
from tests.fakes.clock import FakeClock

RIGHT = "123456"


class Door:
    """A service that takes one code, once per 30 seconds, and remembers what it did by key."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._used = -1
        self.held = False
        self.is_reachable = True
        self.done: dict[str, int] = {}
        self.calls: list[str] = []

    def step_up(self, request: StepUp, /) -> SteppedUp:
        period = int(self._clock.now().timestamp()) // 30
        if request.code != RIGHT:
            raise CXError("problem.wrong-code")
        if period == self._used:
            raise CXError("problem.code-reused")
        self._used, self.held = period, True
        return SteppedUp(verb=request.verb, until=self._clock.now() + timedelta(minutes=10))

    def publish(self, key: str) -> Document:
        self.calls.append(key)
        if not self.held:
            raise CXError("problem.step-up-required")
        self.done.setdefault(key, len(self.done) + 1)
        if not self.is_reachable:
            raise CXError("problem.timeout", retryable=True)
        return {"number": self.done[key]}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def door(clock: FakeClock) -> Door:
    return Door(clock)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()


@pytest.fixture
def step_ups(door: Door, tasks: Tasks, clock: FakeClock) -> StepUps:
    return StepUps(calls=lambda: door, tasks=tasks, clock=clock)


@pytest.fixture
def guarded(step_ups: StepUps, tasks: Tasks, clock: FakeClock) -> Guarded:
    return Guarded(verb="publish", step_ups=step_ups, tasks=tasks, ids=RandomIds(clock))


@pytest.fixture
def until(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda true: qtbot.waitUntil(true, timeout=5000)


def test_a_right_code_is_held_for_ten_minutes(
    step_ups: StepUps, clock: FakeClock, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(step_ups.accepted):
        step_ups.enter(RIGHT, "publish")
    assert step_ups.is_held("publish")
    assert not step_ups.is_held("send")
    clock.advance(timedelta(minutes=10))
    assert not step_ups.is_held("publish")


def test_after_a_code_was_used_the_next_is_counted_down_to(
    step_ups: StepUps, clock: FakeClock, qtbot: QtBot
) -> None:
    clock.advance(timedelta(seconds=18))
    with qtbot.waitSignal(step_ups.accepted):
        step_ups.enter(RIGHT, "publish")
    assert step_ups.seconds_to_next == 12
    clock.advance(timedelta(seconds=12))
    with qtbot.waitSignal(step_ups.ticked, timeout=3000) as ticked:
        pass
    assert ticked.args == [0]


def test_a_code_that_was_used_elsewhere_starts_the_countdown_too(
    step_ups: StepUps, door: Door, qtbot: QtBot
) -> None:
    door.step_up(StepUp(code=RIGHT, verb="send"))
    with qtbot.waitSignal(step_ups.refused):
        step_ups.enter(RIGHT, "publish")
    assert step_ups.seconds_to_next == 30


def test_a_guarded_action_asks_for_a_code_and_then_acts_once(
    guarded: Guarded, door: Door, until: Callable[[Callable[[], bool]], None]
) -> None:
    made: list[Document] = []
    guarded.done.connect(made.append)
    guarded.start("request", door.publish)
    assert guarded.step is GuardedStep.CODE_WANTED
    assert door.calls == []
    guarded.enter_code(RIGHT)
    until(lambda: made == [{"number": 1}])
    assert len(door.calls) == 1


def test_a_wrong_code_asks_again(
    guarded: Guarded, door: Door, until: Callable[[Callable[[], bool]], None]
) -> None:
    errors: list[CXError] = []
    guarded.failed.connect(errors.append)
    guarded.start("request", door.publish)
    guarded.enter_code("000000")
    until(lambda: bool(errors))
    assert errors[0].key == "problem.wrong-code"
    assert guarded.step is GuardedStep.CODE_WANTED
    assert door.calls == []


def test_after_a_time_out_the_same_request_keeps_its_key_and_is_done_once(
    guarded: Guarded, door: Door, until: Callable[[Callable[[], bool]], None]
) -> None:
    errors: list[CXError] = []
    made: list[Document] = []
    guarded.failed.connect(errors.append)
    guarded.done.connect(made.append)
    door.is_reachable = False
    guarded.start("request", door.publish)
    guarded.enter_code(RIGHT)
    until(lambda: bool(errors))
    assert guarded.step is GuardedStep.READY
    door.is_reachable = True
    guarded.start("request", door.publish)
    until(lambda: bool(made))
    assert made == [{"number": 1}]
    assert len(set(door.calls)) == 1


def test_another_request_gets_another_key(
    guarded: Guarded, door: Door, until: Callable[[Callable[[], bool]], None]
) -> None:
    errors: list[CXError] = []
    guarded.failed.connect(errors.append)
    door.is_reachable = False
    guarded.start("one message", door.publish)
    guarded.enter_code(RIGHT)
    until(lambda: bool(errors))
    guarded.start("another message", door.publish)
    until(lambda: len(errors) == 2)
    assert len(set(door.calls)) == 2


def test_a_code_the_service_holds_no_longer_is_asked_for_again(
    guarded: Guarded,
    door: Door,
    step_ups: StepUps,
    until: Callable[[Callable[[], bool]], None],
    clock: FakeClock,
    qtbot: QtBot,
) -> None:
    with qtbot.waitSignal(step_ups.accepted):
        step_ups.enter(RIGHT, "publish")
    door.held = False
    guarded.start("request", door.publish)
    until(lambda: guarded.step is GuardedStep.CODE_WANTED)
    clock.advance(timedelta(seconds=30))
    guarded.enter_code(RIGHT)
    until(lambda: guarded.step is GuardedStep.DONE)
