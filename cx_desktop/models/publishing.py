"""What publishing a flow, or returning to an older revision of it, would do."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.summary import NodeName, Summary, summary
from cx_desktop.domain.flow.testing import run_all, suite_of
from cx_desktop.domain.flow.usage import Use
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import draft_of, number_facts, whole
from cx_desktop.models.objects.facts import ObjectFacts, RevisionFacts, object_facts
from cx_desktop.models.objects.publishing import with_faults
from cx_desktop.models.objects.revisions import revisions_of
from cx_desktop.models.simulation_world import read_world, with_flow
from cx_desktop.protocol import Fault, PublishedObject
from cx_desktop.tasks import Task

#: The refusal for tests that have not passed.
TESTS_FAILED = "tests-failed"


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
    failed: tuple[str, ...] = ()
    """The tests that have not passed, by name; they refuse it unless that is overridden."""
    names: dict[str, NodeName] = {}
    """What the steps are called, by id."""

    @property
    def name(self) -> str:
        """What is published, by name."""
        return self.flow.name

    @property
    def project_id(self) -> str:
        """Where it happens."""
        return self.flow.project_id

    @property
    def published(self) -> tuple[PublishedObject, ...]:
        """The flow, by the version that was looked at."""
        return (PublishedObject(entity="flow", id=self.flow.id, etag=self.flow.etag),)

    @property
    def live_number(self) -> int | None:
        """The revision that callers hear now."""
        return self.flow.live_revision

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


class PlanReader:
    """Prepares plans from the cache. Not for the GUI thread."""

    def __init__(
        self,
        flow_id: str,
        *,
        cache: Cache,
        callers: Callable[[str], tuple[Use, ...]],
        sync_now: Callable[[], object],
    ) -> None:
        self._flow_id = flow_id
        self._cache = cache
        self._callers = callers
        self.sync_now = sync_now

    def read(self, returns_to: int | None, task: Task) -> Plan:
        """Send, fetch and compare."""
        task.tell(0.1, "flows.publish.step.sending")
        self.sync_now()
        task.tell(0.7, "flows.publish.step.comparing")
        row = self._cache.row("flow", self._flow_id)
        if row is None:
            raise CXError("problem.object-not-here")
        if row.is_dirty:
            raise CXError("problem.flow-unsent", retryable=True)
        flow = object_facts(row.data)
        revisions = revisions_of(self._cache, flow)
        live = _document(revisions, flow.live_revision)
        new = draft_of(row.data) if returns_to is None else _document(revisions, returns_to)
        uses = self._callers(self._flow_id)
        return Plan(
            flow=flow,
            number=max((each.number for each in revisions), default=0) + 1,
            summary=summary(live, new),
            findings=self._inspected(flow, new) if returns_to is None else (),
            numbers=self._numbers(flow),
            callers=tuple(use for use in uses if use.entity == "flow"),
            returns_to=returns_to,
            failed=self._failed(flow, new) if returns_to is None else (),
            names={
                node.id: NodeName(node=node.id, title=node.title, kind=node.kind)
                for node in flow_of(new).nodes.values()
            },
        )

    def refused(self, plan: Plan, faults: tuple[Fault, ...]) -> Plan:
        """The plan with the findings for which the service refused it."""
        failed = tuple(each for each in faults if each.code == TESTS_FAILED)
        if failed:
            return replace(plan, failed=tuple(each.message or each.pointer for each in failed))
        return replace(plan, findings=with_faults(plan.findings, faults))

    def _failed(self, flow: ObjectFacts, document: Document) -> tuple[str, ...]:
        """The tests that have not passed, in the world that this device knows."""
        tested = flow_of(document)
        if not tested.tests:
            return ()
        world = with_flow(read_world(self._cache, flow.project_id, STARTED), flow.id, tested)
        tests = suite_of(tested).tests
        failed = run_all(tested, flow.id, world).failed
        return tuple((tests[each].name if each in tests else "") or each for each in failed)

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
