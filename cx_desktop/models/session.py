"""Signing in, locking and signing out: the steps between a person and an open workspace.

Nothing here waits on the GUI thread: the gate works on the pool. What it raises comes back as a
``Fault`` that says beside which field it is to be shown, and until when trying again is useless.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.models.fault import Fault
from cx_desktop.ports import Clock
from cx_desktop.tasks import Task, Tasks

if TYPE_CHECKING:
    from cx_desktop.auth.gate import Opened
    from cx_desktop.auth.orders import Order
    from cx_desktop.protocol import Challenge

    #: Closes what is open, and says in words what was done.
    Close = Callable[["Gateway", Opened], CXError]

Result = TypeVar("Result")

#: Seconds for which an authenticator shows one code (RFC 6238).
CODE_SECONDS = 30


class Step(Enum):
    """Where a person stands between the door and the work."""

    PASSWORD = auto()
    INVITATION = auto()
    CODE = auto()
    ENROLMENT = auto()
    RECOVERY_CODES = auto()
    OPEN = auto()
    LOCKED = auto()


class Known(NamedTuple):
    """Somebody who has signed in on this computer, and until when they may work offline."""

    server: str
    username: str
    name: str
    until: datetime | None


class Gateway(Protocol):
    """The gate as the session sees it; every call may take long and raise ``CXError``."""

    def known(self) -> tuple[Known, ...]:
        """Who has signed in on this computer before."""

    def accept(self, guest: "Guest") -> None:
        """A one-time invitation becomes an account."""

    def begin(self, server: str, username: str, password: str) -> "Challenge":
        """The first factor."""

    def verify(self, *, code: str = "", recovery_code: str = "") -> "Opened":
        """The second factor."""

    def unlock_offline(self, server: str, username: str, password: str) -> "Opened":
        """The password and this device, under the lease."""

    def sign_out(self, opened: "Opened") -> None:
        """End the session here and, if it can be reached, on the service."""

    def lock(self, opened: "Opened") -> None:
        """Let go of the profile and of the connections; the session lives on."""

    def obey(self, opened: "Opened", order: "Order | None") -> CXError:
        """Lock or give up what is open, as the service orders; the words for it."""

    def this_time_only(self) -> None:
        """Keep secrets in memory from now on, since the keyring cannot be used."""

    def start_afresh(self, server: str, username: str) -> None:
        """Set aside what this computer holds of a user."""

    def cancel(self) -> None:
        """Give up a sign-in between its two factors."""

    @property
    def awaits_code(self) -> bool:
        """Whether the second factor may be tried, or tried again."""


class Credentials(NamedTuple):
    """What the first step asks for."""

    server: str
    username: str
    password: str


class Guest(NamedTuple):
    """Somebody with an invitation, and who they will be."""

    server: str
    token: str
    username: str
    name: str
    password: str


class Session(QObject):
    """Who is at the door, at which step, and what is under way."""

    step_changed = Signal(object)  # Step
    busy_changed = Signal(object)  # bool
    failed = Signal(object)  # Fault
    opened = Signal(object)  # Opened: build the workspace
    closing = Signal(object)  # Step that follows (LOCKED or PASSWORD): drop the workspace now
    known_changed = Signal(object)  # tuple[Known, ...]
    accepted = Signal(object)  # Credentials: of the account that an invitation became

    def __init__(
        self, gate: Gateway, *, tasks: Tasks, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._gate = gate
        self._tasks = tasks
        self._clock = clock
        self.now = clock.now
        self._under_way: Task | None = None
        self._opened: Opened | None = None
        self.step = Step.PASSWORD
        self.challenge: Challenge | None = None
        self._is_leaving = False
        self._close_work: Callable[[], None] = _nothing
        self._closed: Callable[[], None] = _nothing
        self.server = ""
        self.username = ""
        self.known: tuple[Known, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._under_way is not None or self._is_leaving

    @property
    def recovery_codes(self) -> tuple[str, ...]:
        """The codes of an enrolment just done, to be shown once."""
        return self._opened.recovery_codes if self._opened else ()

    @property
    def display_name(self) -> str:
        """The name of who is, or was last, signed in."""
        if self._opened is not None:
            return self._opened.user.name
        return self.present.name if self.present else self.username

    @property
    def present(self) -> Known | None:
        """Who is at the door, if they have been here before."""
        return next(
            (
                each
                for each in self.known
                if each.username == self.username.casefold() and self.server in each.server
            ),
            None,
        )

    def look_around(self) -> None:
        """Find out who has signed in on this computer before."""
        self._tasks.run(self._gate.known, done=self._on_known, failed=lambda _error: None)

    def invite(self) -> None:
        """Somebody says that they have an invitation."""
        self._go(Step.INVITATION)

    def accept(self, guest: Guest) -> None:
        """Turn an invitation into an account, and sign in with it."""
        self.server, self.username = guest.server, guest.username
        credentials = Credentials(guest.server, guest.username, guest.password)
        self._run(lambda: self._gate.accept(guest), lambda _none: self._on_accepted(credentials))

    def begin(self, credentials: Credentials) -> None:
        """Enter user name and password."""
        self.server, self.username = credentials.server, credentials.username
        self._run(lambda: self._gate.begin(*credentials), self._on_challenge)

    def enter_code(self, code: str = "", *, recovery_code: str = "") -> None:
        """Enter the six digits, or one of the recovery codes instead."""
        self._run(
            lambda: self._gate.verify(code=code, recovery_code=recovery_code), self._on_opened
        )

    def keep_recovery_codes(self) -> None:
        """They are kept: go in."""
        if self.step is Step.RECOVERY_CODES:
            self._go_in()

    def unlock(self, credentials: Credentials) -> None:
        """Open what this device holds, without the service."""
        self.server, self.username = credentials.server, credentials.username
        self._run(lambda: self._gate.unlock_offline(*credentials), self._on_opened)

    def use_this_time_only(self) -> None:
        """Go on without the keyring: nothing that is kept will outlive this window."""
        self._gate.this_time_only()

    def start_afresh(self, credentials: Credentials) -> None:
        """Set aside what this computer holds and cannot open, then sign in."""

        def afresh() -> "Challenge":
            self._gate.start_afresh(credentials.server, credentials.username)
            return self._gate.begin(*credentials)

        self._run(afresh, self._on_challenge)

    def cancel(self) -> None:
        """Stop waiting for an answer."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._settle()

    def back(self) -> None:
        """Return to the first step."""
        self.cancel()
        if self.challenge is not None:
            self.challenge = None
            self._tasks.run(self._gate.cancel)
        self._go(Step.PASSWORD)

    def attach(self, close: Callable[[], None], closed: Callable[[], None]) -> None:
        """What is to be closed, off the GUI thread, before the gate is; then ``closed``, on it."""
        self._close_work, self._closed = close, closed

    def lock(self) -> None:
        """Close the screen and drop the keys; the password opens it again.

        What was opened for this time only cannot be opened so: that session ends.
        """
        if self._opened is not None and not self._opened.is_lasting:
            self._leave(Step.PASSWORD, self._gate.sign_out, CXError("problem.once-over"))
        else:
            self._leave(Step.LOCKED, self._gate.lock)

    def sign_out(self) -> None:
        """End the session."""
        self._leave(Step.PASSWORD, self._gate.sign_out)

    def end(self) -> None:
        """The program ends: let go of everything, and wait until it is done."""
        opened, self._opened = self._opened, None
        if opened is not None:
            self._gate.lock(opened)
        else:
            self._gate.cancel()

    def give_up(
        self, because: CXError | None, step: Step = Step.PASSWORD, close: "Close | None" = None
    ) -> None:
        """What the session was opened for cannot be had, or no longer.

        ``close`` does more than to lock the gate behind it, and finds the words for it.
        """
        leave = self._gate.lock if close is None else partial(close, self._gate)
        self._leave(step, leave, because)

    def _leave(
        self,
        step: Step,
        close: "Callable[[Opened], CXError | None]",
        because: CXError | None = None,
    ) -> None:
        opened = self._opened
        if opened is None or self.step is not Step.OPEN:
            return
        self.cancel()
        self.closing.emit(step)
        self._opened = None
        self._go(step)
        close_work, closed = self._close_work, self._closed
        self.attach(_nothing, _nothing)
        self._is_leaving = True
        self._tasks.run(
            lambda: _in_order(close_work, lambda: close(opened)),
            done=lambda words: self._on_left(closed, words),
            failed=lambda error: self._on_left(closed, error),
        )
        self.busy_changed.emit(True)
        if because is not None:
            self.failed.emit(self._fault(because))

    def _run(self, work: Callable[[], Result], done: Callable[[Result], object]) -> None:
        def settled(result: Result) -> None:
            self._settle()
            done(result)

        self.cancel()
        self._under_way = self._tasks.run(work, done=settled, failed=self._on_failed)
        self.busy_changed.emit(True)

    def _settle(self) -> None:
        self._under_way = None
        self.busy_changed.emit(False)

    def _on_failed(self, error: CXError) -> None:
        self._settle()
        if self.step in {Step.CODE, Step.ENROLMENT} and not self._gate.awaits_code:
            self.back()  # too late, or this computer could not keep its part: the first step again
        self.failed.emit(self._fault(error))

    def _fault(self, error: CXError) -> Fault:
        if error.key == "problem.code-reused":
            left = CODE_SECONDS - self.now().timestamp() % CODE_SECONDS
            return Fault(error, self.now() + timedelta(seconds=left))
        seconds = getattr(getattr(error, "problem", None), "retry_after", None)
        until = self.now() + timedelta(seconds=seconds) if seconds else None
        return Fault(error, until)

    def _on_known(self, known: tuple[Known, ...]) -> None:
        self.known = known
        self.known_changed.emit(known)

    def _on_accepted(self, credentials: Credentials) -> None:
        """From here it is a sign-in like any other, so that nothing is lost if it fails."""
        self._go(Step.PASSWORD)
        self.accepted.emit(credentials)
        self.begin(credentials)

    def _on_challenge(self, challenge: "Challenge") -> None:
        self.challenge = challenge
        self._go(Step.ENROLMENT if challenge.enrolment else Step.CODE)

    def _on_opened(self, opened: "Opened") -> None:
        self._opened = opened
        self.challenge = None
        if opened.recovery_codes:
            self._go(Step.RECOVERY_CODES)
        else:
            self._go_in()

    def _on_left(self, closed: Callable[[], None], error: CXError | None = None) -> None:
        self._is_leaving = False
        closed()
        self.busy_changed.emit(False)
        if error is not None:
            self.failed.emit(self._fault(error))
        self.look_around()

    def _go_in(self) -> None:
        if self._opened is not None:
            self._go(Step.OPEN)
            self.opened.emit(self._opened)

    def _go(self, step: Step) -> None:
        self.step = step
        self.step_changed.emit(step)


def _nothing() -> None:
    """Nothing is open."""


def _in_order(first: Callable[[], None], then: Callable[[], Result]) -> Result:
    try:
        first()
    finally:
        last = then()
    return last
