"""What publishing schedules, prompts or queues would do: to them, and to the flows that use them.

Schedules, queues and numbers are referenced and live: what is published of them is heard at once
in every flow that uses them. So those flows are named first, with what the rules say of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.objects.facts import ObjectFacts, object_facts
from cx_desktop.models.objects.publishing import with_faults
from cx_desktop.models.objects.revisions import revisions_of
from cx_desktop.models.objects.uses import Use, live_document, uses_by_target
from cx_desktop.protocol import Fault, PublishedObject
from cx_desktop.tasks import Task

#: Judges a document of one type, as the day stands.
Judge = Callable[[Document, date], tuple[Finding, ...]]


class Planned(Struct, frozen=True):
    """One object that would go live."""

    type: str
    facts: ObjectFacts
    number: int
    """The revision that will be made."""
    live: Document | None
    """What callers hear now, if anything."""
    new: Document
    findings: tuple[Finding, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether callers hear it so already."""
        return self.live == self.new


class Touched(Struct, frozen=True):
    """A flow in which the change will be heard."""

    flow: Use
    findings: tuple[Finding, ...] = ()
    through: str = ""
    """The queue by which the flow comes to it; "" when it uses it itself."""


class ObjectPlan(Struct, frozen=True):
    """What publishing or returning would do."""

    project_id: str
    objects: tuple[Planned, ...]
    touched: tuple[Touched, ...] = ()
    returns_to: int | None = None

    @property
    def published(self) -> tuple[PublishedObject, ...]:
        """The objects, by the versions that were looked at."""
        return tuple(
            PublishedObject(entity=each.type, id=each.facts.id, etag=each.facts.etag)
            for each in self.objects
        )

    @property
    def name(self) -> str:
        """What is published, by name."""
        return ", ".join(each.facts.name for each in self.objects)

    @property
    def number(self) -> int:
        """The revision that will be made of the first object."""
        return self.objects[0].number

    @property
    def live_number(self) -> int | None:
        """The revision of the first object that callers hear now."""
        return self.objects[0].facts.live_revision

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse it."""
        return tuple(
            finding
            for each in self.objects
            for finding in each.findings
            if finding.severity is Severity.BLOCKING
        )

    @property
    def changes_nothing(self) -> bool:
        """Whether callers hear all of it so already."""
        return all(each.changes_nothing for each in self.objects)


class ObjectPlanReader:
    """Prepares plans for some objects from the cache. Not for the GUI thread."""

    def __init__(
        self,
        targets: tuple[Target, ...],
        *,
        cache: Cache,
        sync_now: Callable[[], object],
        judges: Mapping[str, Judge],
        today: Callable[[], date],
    ) -> None:
        self._targets = targets
        self._cache = cache
        self._judges = judges
        self._today = today
        self.sync_now = sync_now

    def read(self, returns_to: int | None, task: Task) -> ObjectPlan:
        """Send, fetch and compare. A return takes one object only."""
        task.tell(0.1, "flows.publish.step.sending")
        self.sync_now()
        task.tell(0.7, "flows.publish.step.comparing")
        objects = tuple(self._planned(each, returns_to) for each in self._targets)
        project_id = objects[0].facts.project_id
        return ObjectPlan(
            project_id=project_id,
            objects=objects,
            touched=tuple(self._touched(project_id)),
            returns_to=returns_to,
        )

    def refused(self, plan: ObjectPlan, faults: tuple[Fault, ...]) -> ObjectPlan:
        """The plan with the findings for which the service refused it."""
        return replace(
            plan,
            objects=tuple(replace(each, findings=_said(each, faults)) for each in plan.objects),
        )

    def _planned(self, target: Target, returns_to: int | None) -> Planned:
        row = self._cache.row(target.type, target.id)
        if row is None:
            raise CXError("problem.object-not-here")
        if row.is_dirty:
            raise CXError("problem.object-unsent", retryable=True)
        facts = object_facts(row.data)
        revisions = revisions_of(self._cache, facts)
        draft = row.data.get("draft")
        new = draft if isinstance(draft, dict) else {}
        if returns_to is not None:
            old = next((each for each in revisions if each.number == returns_to), None)
            if old is None:
                raise CXError("problem.revision-not-here", number=returns_to)
            new = old.document
        judge = self._judges.get(target.type)
        return Planned(
            type=target.type,
            facts=facts,
            number=max((each.number for each in revisions), default=0) + 1,
            live=live_document(self._cache, row),
            new=new,
            findings=judge(new, self._today()) if judge is not None else (),
        )

    def _touched(self, project_id: str) -> Iterator[Touched]:
        """The flows that use one of the objects, themselves or by a queue."""
        uses = uses_by_target(self._cache, project_id)
        context = read_context(self._cache, project_id)
        named = {each.id for each in self._targets}
        seen: set[str] = set()
        for use, through in _flows_of(self._targets, uses):
            if use.id in seen or use.id in named:
                continue
            seen.add(use.id)
            row = self._cache.row("flow", use.id)
            document = _heard(self._cache, row) if row is not None else None
            if document is not None:
                found = findings(flow_of(document), context)
                yield Touched(flow=use, findings=found, through=through)


def _said(planned: Planned, faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    of_it = tuple(each for each in faults if each.object_id in {"", planned.facts.id})
    return with_faults(planned.findings, of_it)


def _flows_of(
    targets: Iterable[Target], uses: Mapping[Target, tuple[Use, ...]]
) -> Iterator[tuple[Use, str]]:
    for target in targets:
        for use in uses.get(target, ()):
            if use.type == "flow":
                yield use, ""
            elif use.type == "queue":
                for further in uses.get(Target("queue", use.id), ()):
                    if further.type == "flow":
                        yield further, use.name


def _heard(cache: Cache, row: Row) -> Document | None:
    """What callers hear of a flow; its draft where nothing of it is live."""
    draft = row.data.get("draft")
    document = live_document(cache, row) or (draft if isinstance(draft, dict) else None)
    try:
        flow_of(document or {})
    except msgspec.ValidationError:  # a newer program wrote it
        return None
    return document
