"""A fresh verification code before a guarded action, and when the next one can be had."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import SteppedUp, StepUp
from cx_desktop.tasks import Tasks

if TYPE_CHECKING:
    from datetime import datetime

#: Seconds for which an authenticator shows one code (RFC 6238).
PERIOD = 30
DIGITS = 6


class StepUpCalls(Protocol):
    """The part of the client that takes codes."""

    def step_up(self, request: StepUp, /) -> SteppedUp:
        """Hand in a fresh code for one class of verbs."""


class StepUps(QObject):
    """What was proven in this session: which codes are used up, which classes are held.

    A code works once. Where one was just used, ``seconds_to_next`` counts down to the next.
    """

    ticked = Signal(int)  # seconds until the next code; 0 when one can be entered
    accepted = Signal(str)  # the class of verbs that is held from now on
    refused = Signal(object)  # CXError: wrong or used code, no network, locked out

    def __init__(
        self,
        *,
        calls: Callable[[], StepUpCalls],
        tasks: Tasks,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls = calls
        self._tasks = tasks
        self._clock = clock
        self._held: dict[str, datetime] = {}
        self._used_period = -1
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._tick)
        self._last_tick = -1

    def is_held(self, verb: str) -> bool:
        """Whether a code given earlier still counts for this class of verbs."""
        until = self._held.get(verb)
        return until is not None and self._clock.now() < until

    def drop(self, verb: str) -> None:
        """The service asks again: what was held is no more."""
        self._held.pop(verb, None)

    def code_used(self) -> None:
        """A code was just spent, here or at sign-in."""
        self._used_period = self._period()
        self.watch()

    @property
    def seconds_to_next(self) -> int:
        """How long until the authenticator shows a code that is not used up."""
        if self._period() != self._used_period:
            return 0
        return PERIOD - int(self._clock.now().timestamp()) % PERIOD

    def watch(self) -> None:
        """Tell the countdown from now on, until it is over."""
        self._last_tick = -1
        self._tick()

    def enter(self, code: str, verb: str) -> None:
        """Hand in a code; ``accepted`` or ``refused`` follows."""

        def held(stepped_up: SteppedUp) -> None:
            self._held[verb] = stepped_up.until
            self.code_used()
            self.accepted.emit(verb)

        def refused(error: CXError) -> None:
            if error.key == "problem.code-reused":
                self.code_used()
            self.refused.emit(error)

        calls = self._calls()
        request = StepUp(code=code, verb=verb)
        self._tasks.run(lambda: calls.step_up(request), done=held, failed=refused)

    def _period(self) -> int:
        return int(self._clock.now().timestamp()) // PERIOD

    def _tick(self) -> None:
        seconds = self.seconds_to_next
        if seconds and not self._timer.isActive():
            self._timer.start()
        elif not seconds:
            self._timer.stop()
        if seconds != self._last_tick:
            self._last_tick = seconds
            self.ticked.emit(seconds)
