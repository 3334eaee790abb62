"""Publishing a draft, and returning to an older revision: looked at first, then done once.

Everything is prepared from this device's cache after its edits were sent; what is published is
named by the version that was looked at, so that nobody's edit goes live unseen.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.summary import NodeName, Summary, summary
from cx_desktop.domain.flow.usage import Use
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import draft_of, number_facts, whole
from cx_desktop.models.guarded import Guarded, needs_service
from cx_desktop.models.objects.facts import ObjectFacts, RevisionFacts, object_facts
from cx_desktop.models.revisions import revisions_of
from cx_desktop.protocol import Publication, PublishedObject, ReturnTo
from cx_desktop.tasks import Task, Tasks


class PublishCalls(Protocol):
    """The part of the client that puts flows before callers."""

    def publish(self, project_id: str, publication: Publication, key: str, /) -> Document:
        """Put drafts live together."""

    def return_to(self, flow_id: str, back: ReturnTo, key: str, /) -> Document:
        """Put an old revision live again, as a new one."""


class Plan(Struct, frozen=True):
    """What publishing or returning would do."""

    flow: ObjectFacts
    number: int
    """The revision that will be made."""
    summary: Summary
    """Against what callers hear now; against nothing when nothing is live."""
    findings: tuple[Finding, ...] = ()
    numbers: tuple[str, ...] = ()
    """The numbers whose callers will meet the change."""
    callers: tuple[Use, ...] = ()
    """The flows that lead into this one."""
    returns_to: int | None = None
    names: dict[str, NodeName] = {}
    """What the steps are called, by id."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse it."""
        return tuple(each for each in self.findings if each.severity is Severity.BLOCKING)

    @property
    def is_first(self) -> bool:
        """Whether callers hear nothing of this flow yet."""
        return self.flow.live_revision is None

    @property
    def changes_nothing(self) -> bool:
        """Whether the draft is what callers hear already."""
        return not self.is_first and self.summary.is_empty


class Publishing(QObject):
    """One publication or return, from looking at it to the service's answer."""

    progressed = Signal(object)  # tuple[float, str]: how far preparing is, and at what, by key
    prepared = Signal(object)  # Plan
    unprepared = Signal(object)  # CXError: cannot even be looked at, such as without a network
    done = Signal(object)  # Plan that was carried out
    failed = Signal(object)  # CXError
    refused = Signal(object)  # Plan: the service found what this device did not

    def __init__(
        self,
        flow_id: str,
        *,
        look: "PlanReader",
        guarded: Guarded,
        calls: Callable[[], PublishCalls],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._flow_id = flow_id
        self._look = look
        self._calls = calls
        self._tasks = tasks
        self._returns_to: int | None = None
        self.guarded = guarded
        self.plan: Plan | None = None
        guarded.done.connect(self._on_done)
        guarded.failed.connect(self._on_failed)

    def prepare(self, *, returns_to: int | None = None) -> None:
        """Send what is unsent, then look at what would go live: the draft, or a revision."""
        self._returns_to = returns_to
        self._tasks.run_cancellable(
            lambda task: self._look.read(self._flow_id, returns_to, task),
            done=self._on_prepared,
            failed=lambda error: self.unprepared.emit(needs_service(error)),
            progress=lambda share, what: self.progressed.emit((share, what)),
        )

    def carry_out(self, message: str) -> None:
        """Publish, or return, with these words; asks for a code when it must."""
        plan = self.plan
        if plan is None:
            return
        calls, flow = self._calls(), plan.flow
        if plan.returns_to is not None:
            back = ReturnTo(revision=plan.returns_to, message=message)
            self.guarded.start(back, lambda key: calls.return_to(flow.id, back, key))
            return
        publication = Publication(
            message=message,
            objects=(PublishedObject(entity="flow", id=flow.id, etag=flow.etag),),
        )
        self.guarded.start(
            publication, lambda key: calls.publish(flow.project_id, publication, key)
        )

    def _on_prepared(self, plan: Plan) -> None:
        self.plan = plan
        self.prepared.emit(plan)

    def _on_done(self, _made: Document) -> None:
        self._tasks.run(self._look.sync_now, failed=lambda _error: None)
        self.done.emit(self.plan)

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(needs_service(error))
        found = findings_said(error)
        if found and self.plan is not None:
            others = tuple(
                each for each in self.plan.findings if each.severity is not Severity.BLOCKING
            )
            self.plan = replace(self.plan, findings=(*found, *others))
            self.refused.emit(self.plan)
        if error.key == "problem.stale-version":
            self.prepare(returns_to=self._returns_to)


def findings_said(error: CXError) -> tuple[Finding, ...]:
    """The findings that the service gives as its reason to refuse."""
    if not isinstance(error, ServiceProblem) or error.problem.name != "findings-block":
        return ()
    return tuple(
        Finding(
            rule=fault.code,
            severity=Severity.BLOCKING,
            node=fault.pointer or None,
            params=fault.params,
        )
        for fault in error.problem.errors
    )


class PlanReader:
    """Prepares plans from the cache. Not for the GUI thread."""

    def __init__(
        self,
        *,
        cache: Cache,
        callers: Callable[[str], tuple[Use, ...]],
        sync_now: Callable[[], object],
    ) -> None:
        self._cache = cache
        self._callers = callers
        self.sync_now = sync_now

    def read(self, flow_id: str, returns_to: int | None, task: Task) -> Plan:
        """Send, fetch and compare."""
        task.tell(0.1, "flows.publish.step.sending")
        self.sync_now()
        task.tell(0.7, "flows.publish.step.comparing")
        row = self._cache.row("flow", flow_id)
        if row is None:
            raise CXError("problem.object-not-here")
        if row.is_dirty:
            raise CXError("problem.flow-unsent", retryable=True)
        flow = object_facts(row.data)
        revisions = revisions_of(self._cache, flow)
        live = _document(revisions, flow.live_revision)
        new = draft_of(row.data) if returns_to is None else _document(revisions, returns_to)
        uses = self._callers(flow_id)
        return Plan(
            flow=flow,
            number=max((each.number for each in revisions), default=0) + 1,
            summary=summary(live, new),
            findings=self._inspected(flow, new) if returns_to is None else (),
            numbers=self._numbers(flow),
            callers=tuple(use for use in uses if use.entity == "flow"),
            returns_to=returns_to,
            names={
                node.id: NodeName(node=node.id, title=node.title, kind=node.kind)
                for node in flow_of(new).nodes.values()
            },
        )

    def _inspected(self, flow: ObjectFacts, document: Document) -> tuple[Finding, ...]:
        return findings(flow_of(document), read_context(self._cache, flow.project_id))

    def _numbers(self, flow: ObjectFacts) -> tuple[str, ...]:
        numbers = (
            number_facts(row.data) for row in self._cache.rows("number", project_id=flow.project_id)
        )
        return tuple(each.name for each in numbers if each.flow_id == flow.id)


def _document(revisions: tuple[RevisionFacts, ...], number: int | None) -> Document:
    """The document of a revision; an empty flow when there is none."""
    found = next((each.document for each in revisions if each.number == number), {})
    if number is not None and not found:
        raise CXError("problem.revision-not-here", number=number)
    return whole(found)
