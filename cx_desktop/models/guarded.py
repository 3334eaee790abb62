"""One guarded action on the service: asks for a code when it must, never acts twice.

The idempotency key belongs to what is asked, not to the attempt: after a time-out the same request
goes out with the same key, and the service answers with what it did the first time.
"""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.models.step_up import StepUps
from cx_desktop.ports import Ids
from cx_desktop.tasks import Tasks


class GuardedStep(Enum):
    """Where a guarded action stands."""

    READY = auto()
    CODE_WANTED = auto()
    UNDER_WAY = auto()
    DONE = auto()


class Guarded(QObject):
    """A guarded action from the first click to the service's answer."""

    step_changed = Signal(object)  # GuardedStep
    done = Signal(object)  # Document: what the service made
    failed = Signal(object)  # CXError: may be tried again, with the same key

    def __init__(
        self, *, verb: str, step_ups: StepUps, tasks: Tasks, ids: Ids, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._verb = verb
        self._step_ups = step_ups
        self._tasks = tasks
        self._ids = ids
        self._request: object = None
        self._key = ""
        self._call: Callable[[str], Document] | None = None
        self.step = GuardedStep.READY
        step_ups.accepted.connect(self._on_code_accepted)
        step_ups.refused.connect(self._on_code_refused)

    @property
    def needs_code(self) -> bool:
        """Whether a code will have to be entered first, as far as this device knows."""
        return not self._step_ups.is_held(self._verb)

    @property
    def key(self) -> str:
        """The idempotency key of the present request."""
        return self._key

    def start(self, request: object, call: Callable[[str], Document]) -> None:
        """Do it: ``call`` gets the key; an equal ``request`` keeps the key it had."""
        if request != self._request or not self._key:
            self._request, self._key = request, self._ids.new()
        self._call = call
        if self.needs_code:
            self._go(GuardedStep.CODE_WANTED)
        else:
            self._send()

    def enter_code(self, code: str) -> None:
        """A verification code for the action that waits for it."""
        self._go(GuardedStep.UNDER_WAY)
        self._step_ups.enter(code, self._verb)

    def back(self) -> None:
        """Look at the request again instead of entering a code."""
        self._go(GuardedStep.READY)

    def _send(self) -> None:
        call, key = self._call, self._key
        if call is None:
            return
        self._go(GuardedStep.UNDER_WAY)
        self._tasks.run(lambda: call(key), done=self._on_done, failed=self._on_failed)

    def _on_done(self, made: Document) -> None:
        self._request, self._key, self._call = None, "", None
        self._go(GuardedStep.DONE)
        self.done.emit(made)

    def _on_failed(self, error: CXError) -> None:
        if error.key == "problem.step-up-required":
            self._step_ups.drop(self._verb)
            self._go(GuardedStep.CODE_WANTED)
            return
        self._go(GuardedStep.READY)
        self.failed.emit(error)

    def _on_code_accepted(self, verb: str) -> None:
        if verb == self._verb and self.step is GuardedStep.UNDER_WAY:
            self._send()

    def _on_code_refused(self, error: CXError) -> None:
        if self.step is GuardedStep.UNDER_WAY:
            self._go(GuardedStep.CODE_WANTED)
            self.failed.emit(error)

    def _go(self, step: GuardedStep) -> None:
        self.step = step
        self.step_changed.emit(step)


def needs_service_and_code(error: CXError) -> CXError:
    """The same for a verb that asks for a fresh code: it cannot be decided in advance either."""
    told = needs_service(error)
    if told.key == "problem.needs-service":
        return CXError("problem.needs-code", retryable=True)
    return told


def needs_service(error: CXError) -> CXError:
    """A fault of the way, told as what it means for a guarded verb; others stay as they are."""
    if error.retryable and not isinstance(error, ServiceProblem):
        return CXError("problem.needs-service", retryable=True)
    return error
