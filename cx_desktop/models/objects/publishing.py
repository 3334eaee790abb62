"""Publishing drafts, and returning to an older revision: looked at first, then done once.

Everything is prepared from this device's cache after its edits were sent; what is published is
named by the version that was looked at, so that nobody's edit goes live unseen.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import timed_of
from cx_desktop.models.guarded import Guarded, needs_service_and_code
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.telling import ToldPlan
from cx_desktop.models.timing import Timing
from cx_desktop.ports import Clock
from cx_desktop.protocol import Fault, Publication, ReturnTo, TimedObjectOrder, TimedOrder
from cx_desktop.tasks import Task, Tasks


class PublishCalls(Protocol):
    """The part of the client that puts objects before callers."""

    def publish(self, project_id: str, publication: Publication, key: str, /) -> Document:
        """Put drafts live together."""

    def return_to(self, object_id: str, back: ReturnTo, key: str, /) -> Document:
        """Put an old revision live again, as a new one."""

    def plan(self, project_id: str, order: TimedOrder, key: str, /) -> Document:
        """Keep what is to go live, or to come back, until its time."""


class Publishing(QObject):
    """One publication or return, from looking at it to the service's answer."""

    progressed = Signal(object)  # tuple[float, str]: how far preparing is, and at what, by key
    prepared = Signal(object)  # Plan
    chosen = Signal(object)  # Plan, with other objects going live
    told = Signal(object)  # ToldPlan: what the plan means to callers, once that was worked out
    untold = Signal(object)  # CXError: that could not be worked out; it may go live all the same
    unprepared = Signal(object)  # CXError: cannot even be looked at, such as without a network
    done = Signal(object)  # Plan that was carried out
    planned = Signal(object)  # Timed: it happens later
    failed = Signal(object)  # CXError
    refused = Signal(object)  # Plan: the service found what this device did not

    def __init__(
        self,
        *,
        look: "Reader",
        guarded: Guarded,
        calls: Callable[[], PublishCalls],
        clock: Clock,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._calls = calls
        self.clock = clock
        self._tasks = tasks
        self._returns_to: int | None = None
        self._overrides: tuple[str, ...] = ()
        self.timing = Timing()
        self.guarded = guarded
        self._choosing: Task | None = None
        self._telling: Task | None = None
        self.plan: Plan | None = None
        guarded.setParent(self)
        guarded.done.connect(self._on_done)
        guarded.failed.connect(self._on_failed)

    def prepare(self, *, returns_to: int | None = None) -> None:
        """Send what is unsent, then look at what would go live: drafts, or a revision."""
        self._returns_to = returns_to
        self._tasks.run_cancellable(
            lambda task: self._look.read(returns_to, task),
            done=self._on_prepared,
            failed=lambda error: self.unprepared.emit(needs_service_and_code(error)),
            progress=lambda share, what: self.progressed.emit((share, what)),
        )

    def choose(self, ids: frozenset[str]) -> None:
        """Let these objects go live, besides those that were asked for; ``chosen`` follows."""
        plan = self.plan
        if plan is None:
            return
        if self._choosing is not None:
            self._choosing.cancel()
        self._choosing = self._tasks.run_cancellable(
            lambda task: self._look.choose(plan, ids, task),
            done=self._on_chosen,
            failed=lambda error: self.unprepared.emit(needs_service_and_code(error)),
        )

    def leave(self) -> None:
        """Nobody looks any more: what is still being worked out is not needed."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None

    def override(self, names: tuple[str, ...]) -> None:
        """Let these refusals not hold, as the person who publishes has decided."""
        self._overrides = names

    def set_timing(self, timing: Timing) -> None:
        """Let it happen then."""
        self.timing = timing

    def carry_out(self, message: str) -> None:
        """Publish, or return, with these words; asks for a code when it must."""
        plan = self.plan
        if plan is None:
            return
        calls, project_id = self._calls(), plan.project_id
        if not self.timing.is_now:
            order = self._order(plan, message)
            self.guarded.start(order, lambda key: calls.plan(project_id, order, key))
            return
        if plan.returns_to is not None:
            object_id = plan.published[0].id
            back = ReturnTo(revision=plan.returns_to, message=message, overrides=self._overrides)
            self.guarded.start(back, lambda key: calls.return_to(object_id, back, key))
            return
        publication = Publication(
            message=message, objects=plan.published, overrides=self._overrides
        )
        self.guarded.start(publication, lambda key: calls.publish(project_id, publication, key))

    def _order(self, plan: Plan, message: str) -> TimedOrder:
        objects = tuple(
            TimedObjectOrder(each.entity, each.id, each.etag, plan.returns_to)
            for each in plan.published
        )
        return TimedOrder(
            message=message,
            objects=objects,
            at=self.timing.at,
            returns_at=self.timing.returns_at,
            whatever_is_live=self.timing.whatever_is_live,
            overrides=self._overrides,
        )

    def _on_prepared(self, plan: Plan) -> None:
        self.plan = plan
        self.prepared.emit(plan)
        self._tell(plan)

    def _on_chosen(self, plan: Plan) -> None:
        self._choosing = None
        self.plan = plan
        self.chosen.emit(plan)
        self._tell(plan)

    def _tell(self, plan: Plan) -> None:
        self.leave()
        self._telling = self._tasks.run_cancellable(
            lambda task: self._look.told(plan, task),
            done=self.told.emit,
            failed=self.untold.emit,
        )

    def _on_done(self, made: Document) -> None:
        self._tasks.run(self._look.sync_now, failed=lambda _error: None)
        if made.get("type") == TIMED:
            self.planned.emit(timed_of(made))
        else:
            self.done.emit(self.plan)

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(needs_service_and_code(error))
        faults = faults_said(error)
        if faults and self.plan is not None:
            self.plan = self._look.refused(self.plan, faults)
            self.refused.emit(self.plan)
        if error.key in _LOOK_AGAIN:
            self.prepare(returns_to=self._returns_to)


class Reader(Protocol):
    """Prepares plans. Not for the GUI thread, except ``refused``."""

    def read(self, returns_to: int | None, task: Task, /) -> Plan:
        """Send, fetch and compare."""

    def choose(self, plan: Plan, ids: frozenset[str], task: Task, /) -> Plan:
        """The plan with other objects going live."""

    def told(self, plan: Plan, task: Task, /) -> ToldPlan:
        """What a plan means to callers, and what it costs."""

    def sync_now(self) -> object:
        """Send and fetch, and come back when it is done."""

    def refused(self, plan: Plan, faults: tuple[Fault, ...], /) -> Plan:
        """The plan with the findings for which the service refused it."""


#: The problems by which the service says what it found that this device did not.
_REFUSALS = frozenset({"findings-block", "tests-failed"})
#: The faults after which what would go live is looked at again.
_LOOK_AGAIN = frozenset({"problem.stale-version", "problem.planned-already"})
#: The type of entity that the service answers with when something happens later.
TIMED = "timed_publication"


def faults_said(error: CXError) -> tuple[Fault, ...]:
    """What the service found that blocks, if that is its reason to refuse."""
    if not isinstance(error, ServiceProblem) or error.problem.name not in _REFUSALS:
        return ()
    return tuple(error.problem.errors)


def with_faults(findings: tuple[Finding, ...], faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    """The findings of an object, where those that block are what the service said."""
    said = tuple(
        Finding(
            rule=fault.code,
            severity=Severity.BLOCKING,
            node=fault.pointer or None,
            params=fault.params,
        )
        for fault in faults
    )
    return (*said, *(each for each in findings if each.severity is not Severity.BLOCKING))
