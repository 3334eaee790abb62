"""Prepares what publishing objects would do, from the cache of this device."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.summary import NodeName, summary
from cx_desktop.domain.merging import standing
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import number_facts, whole
from cx_desktop.models.objects.facts import RevisionFacts, object_facts
from cx_desktop.models.objects.needs import is_ahead, is_chosen, linked, targets_of
from cx_desktop.models.objects.needs import whole as whole_choice
from cx_desktop.models.objects.plan import (
    PINNED,
    TESTS_FAILED,
    Judge,
    Need,
    Plan,
    Planned,
    Repin,
    Touched,
)
from cx_desktop.models.objects.publishing import with_faults
from cx_desktop.models.objects.revisions import revisions_of
from cx_desktop.models.objects.suites import Stage
from cx_desktop.models.objects.telling import ToldPlan, told_plan
from cx_desktop.models.objects.uses import Use, live_document, uses_by_target
from cx_desktop.models.timed_reading import timed_in, zone_of
from cx_desktop.protocol import Fault
from cx_desktop.tasks import Task

#: The faults of flows whose tests did not all pass, or were stopped at a limit.
_OF_TESTS = frozenset({TESTS_FAILED, "tests-unfinished"})


class _Scene(NamedTuple):
    """What is known around flows once the plan was carried out."""

    context: Context
    stage: Stage


class PlanReader:
    """Prepares plans. Not for the GUI thread, except ``refused``."""

    def __init__(
        self,
        targets: tuple[Target, ...],
        *,
        cache: Cache,
        sync_now: Callable[[], object],
        judges: Mapping[str, Judge],
        today: Callable[[], date],
        why_not: Mapping[str, str] | None = None,
    ) -> None:
        """``why_not`` holds the key of the reason why a type may not be published."""
        self._targets = targets
        self._cache = cache
        self._judges = judges
        self._today = today
        self._why_not = why_not or {}
        self.sync_now = sync_now

    def read(self, returns_to: int | None, task: Task) -> Plan:
        """Send, fetch and compare. A return takes one object only, and offers nothing with it."""
        task.tell(0.1, "flows.publish.step.sending")
        self.sync_now()
        task.tell(0.7, "flows.publish.step.comparing")
        asked = [self._asked(each, returns_to) for each in self._targets]
        project_id = asked[0].facts.project_id
        objects = asked if returns_to is not None else self._with_others(asked)
        plan = Plan(
            project_id=project_id,
            objects=tuple(objects),
            chosen=frozenset(each.id for each in objects if is_chosen(each, asked)),
            returns_to=returns_to,
            zone=zone_of(self._cache, project_id),
            timed=tuple(timed_in(self._cache, project_id)),
        )
        return self._judged(plan, task)

    def choose(self, plan: Plan, ids: frozenset[str], task: Task) -> Plan:
        """The plan with these objects going live, and what callers would miss without them."""
        chosen = ids | {each.id for each in plan.asked}
        return self._judged(replace(plan, chosen=whole_choice(plan, chosen)), task)

    def told(self, plan: Plan, task: Task) -> ToldPlan:
        """What it means to callers, and what it costs."""
        return told_plan(self._cache, plan, task)

    def refused(self, plan: Plan, faults: tuple[Fault, ...]) -> Plan:
        """The plan with the findings, or the failed tests, for which the service refused it."""
        failed = [each for each in faults if each.code in _OF_TESTS]
        elsewhere = tuple(
            f"{self._name(each.object_id)} — {each.message or each.pointer}"
            for each in failed
            if each.object_id and each.object_id not in plan.chosen
        )
        return replace(
            plan,
            objects=tuple(
                _refused(each, faults) if each.id in plan.chosen else each for each in plan.objects
            ),
            touched=tuple(replace(each, failed=()) for each in plan.touched)
            if failed
            else plan.touched,
            failed_elsewhere=elsewhere,
        )

    def _name(self, flow_id: str) -> str:
        row = self._cache.row("flow", flow_id)
        return object_facts(row.data).name if row is not None else ""

    def _asked(self, target: Target, returns_to: int | None) -> Planned:
        row = self._cache.row(target.type, target.id)
        if row is None:
            raise CXError("problem.object-not-here")
        self._refuse_undecided(row)
        if row.is_dirty:
            unsent = "problem.flow-unsent" if target.type == "flow" else "problem.object-unsent"
            raise CXError(unsent, retryable=True)
        return self._planned(row, Need.ASKED, returns_to)

    def _refuse_undecided(self, row: Row) -> None:
        """Nothing goes live that two people contradict each other in, or broke together."""
        for each in self._cache.conflicts():
            if each.id == row.id and each.theirs is not None:
                places = len(each.changes) + len(each.kept)
                raise CXError("problem.conflict-open", count=places)
        arisen = self._cache.deciding.arisen(row.id)
        if standing(row.type, row.data, (each.finding for each in arisen)):
            raise CXError("problem.merged-badly")

    def _planned(self, row: Row, need: Need, returns_to: int | None = None) -> Planned:
        facts = object_facts(row.data)
        revisions = revisions_of(self._cache, facts)
        live = _document(revisions, facts.live_revision) if facts.live_revision else None
        new = _draft(row) if returns_to is None else _document(revisions, returns_to)
        planned = Planned(
            type=row.type,
            facts=facts,
            number=max((each.number for each in revisions), default=0) + 1,
            live=live,
            new=new,
            need=need,
            why_not=self._why_not.get(row.type, "") if need is not Need.ASKED else "",
        )
        return _of_flow(planned) if row.type == "flow" else planned

    def _used_by(self, asked: Iterable[Planned]) -> Iterator[Planned]:
        """The drafts ahead of live that are used, directly or by what else is in the plan."""
        waiting = list(asked)
        seen = {Target(each.type, each.id) for each in waiting}
        while waiting:
            planned = waiting.pop(0)
            for target in targets_of(planned.type, planned.new):
                if target in seen:
                    continue
                seen.add(target)
                row = self._cache.row(target.type, target.id)
                if row is None or row.data.get("archived") or row.is_dirty:
                    continue
                used = self._planned(row, Need.OFFERED)
                if is_ahead(used):
                    yield used
                    waiting.append(used)
                elif used.type not in PINNED:  # what is pinned goes on as it was published
                    waiting.append(used)

    def _with_others(self, asked: list[Planned]) -> list[Planned]:
        used = [*asked, *self._used_by(asked)]
        return linked([*used, *self._followers(asked, {each.id for each in used})])

    def _followers(self, asked: list[Planned], seen: set[str]) -> Iterator[Planned]:
        """The live flows that go on with an older version of what was asked for."""
        waiting = [Target(each.type, each.id) for each in asked if each.type in PINNED]
        project_id = asked[0].facts.project_id
        uses = uses_by_target(self._cache, project_id) if waiting else {}
        while waiting:
            target = waiting.pop(0)
            for use in uses.get(target, ()):
                row = self._cache.row("flow", use.id) if use.type == "flow" else None
                if row is None or use.id in seen or row.is_dirty or not use.is_live:
                    continue
                seen.add(use.id)
                yield self._planned(row, Need.FOLLOWS)
                waiting.append(Target("flow", use.id))

    def _judged(self, plan: Plan, task: Task) -> Plan:
        """The plan with what the rules and the tests say of what goes live."""
        context = _as_live(read_context(self._cache, plan.project_id), plan.chosen)
        coming = {each.id: each.new for each in plan.objects if each.id in plan.chosen}
        stage = Stage(self._cache, plan.project_id, coming)
        objects = []
        for each in plan.objects:
            task.check()
            if each.id in plan.chosen:
                objects.append(self._inspected(each, plan, _Scene(context, stage)))
            else:
                objects.append(replace(each, findings=(), failed=(), repins=()))
        judged = replace(plan, objects=tuple(objects))
        return replace(
            judged,
            touched=tuple(self._touched(judged, _Scene(context, stage))),
            numbers=self._numbers(judged),
        )

    def _inspected(self, planned: Planned, plan: Plan, scene: "_Scene") -> Planned:
        if planned.type != "flow":
            judge = self._judges.get(planned.type)
            found = judge(planned.new, self._today()) if judge is not None else ()
            return replace(planned, findings=found)
        if plan.returns_to is not None:  # it was judged when it was published
            return planned
        flow = flow_of(planned.new)
        return replace(
            planned,
            findings=findings(flow, scene.context),
            failed=scene.stage.failed(planned.id, flow),
            repins=tuple(self._repins(planned, plan)),
        )

    def _repins(self, planned: Planned, plan: Plan) -> Iterator[Repin]:
        """The other objects of which a live flow would take up another version."""
        facts = planned.facts
        found = self._cache.revisions(facts.id, number=facts.live_revision or 0)
        pins = found[0].data.get("pins") if found else None
        coming = {each.id: each.number for each in plan.objects if each.id in plan.chosen}
        for target in targets_of("flow", planned.new):
            row = self._cache.row(target.type, target.id) if target.type in PINNED else None
            old = pins.get(target.id) if isinstance(pins, dict) else None
            if row is None or not isinstance(old, int):
                continue
            other = object_facts(row.data)
            new = coming.get(other.id) or other.live_revision
            if new is not None and new != old:
                yield Repin(type=row.type, name=other.name, old=old, new=new)

    def _touched(self, plan: Plan, scene: "_Scene") -> Iterator[Touched]:
        """The flows that use one of the objects, themselves or by a queue."""
        going = plan.going or plan.asked
        targets = [Target(each.type, each.id) for each in going]
        uses = uses_by_target(self._cache, plan.project_id)
        seen = {each.id for each in plan.objects if each.id in plan.chosen}
        for target, use, through in _flows_of(targets, uses):
            if use.id in seen:
                continue
            seen.add(use.id)
            row = self._cache.row("flow", use.id)
            document = _heard(self._cache, row) if row is not None else None
            if document is None:
                continue
            if target.type in PINNED and use.is_live:
                yield Touched(flow=use, is_pinned=True)
            else:
                flow = flow_of(document)
                yield Touched(
                    flow=use,
                    findings=findings(flow, scene.context),
                    through=through,
                    failed=scene.stage.failed(use.id, flow) if use.is_live else (),
                    names=_names(flow),
                )

    def _numbers(self, plan: Plan) -> tuple[str, ...]:
        answering = {each.id for each in plan.going or plan.asked if each.type == "flow"}
        rows = self._cache.rows("number", project_id=plan.project_id) if answering else ()
        numbers = (number_facts(row.data) for row in rows)
        return tuple(each.name for each in numbers if each.flow_id in answering)


def _of_flow(planned: Planned) -> Planned:
    """What is told of flows alone."""
    new = whole(planned.new)
    return replace(
        planned,
        new=new,
        live=whole(planned.live) if planned.live is not None else None,
        summary=summary(whole(planned.live or {}), new),
        names=_names(flow_of(new)),
    )


def _names(flow: Flow) -> dict[str, NodeName]:
    return {
        node.id: NodeName(node=node.id, title=node.title, kind=node.kind)
        for node in flow.nodes.values()
    }


def _as_live(context: Context, chosen: frozenset[str]) -> Context:
    """The context when what is chosen is live."""
    prompts, queues = context.prompt_facts or {}, context.queue_facts or {}
    return replace(
        context,
        prompt_facts={
            **prompts,
            **{key: replace(prompts[key], is_live=True) for key in chosen if key in prompts},
        },
        queue_facts={
            **queues,
            **{key: replace(queues[key], is_live=True) for key in chosen if key in queues},
        },
    )


def _draft(row: Row) -> Document:
    draft = row.data.get("draft")
    return draft if isinstance(draft, dict) else {}


def _document(revisions: tuple[RevisionFacts, ...], number: int | None) -> Document:
    """The document of a revision."""
    found = next((each for each in revisions if each.number == number), None)
    if found is None:
        raise CXError("problem.revision-not-here", number=number or 0)
    return found.document


def _refused(planned: Planned, faults: tuple[Fault, ...]) -> Planned:
    of_it = tuple(each for each in faults if each.object_id in {"", planned.id})
    failed = tuple(each.message or each.pointer for each in of_it if each.code in _OF_TESTS)
    if failed:
        return replace(planned, failed=failed)
    return replace(planned, findings=with_faults(planned.findings, of_it))


def _flows_of(
    targets: Iterable[Target], uses: Mapping[Target, tuple[Use, ...]]
) -> Iterator[tuple[Target, Use, str]]:
    for target in targets:
        for use in uses.get(target, ()):
            if use.type == "flow":
                yield target, use, ""
            elif use.type == "queue":
                through = Target("queue", use.id)
                for further in uses.get(through, ()):
                    if further.type == "flow":
                        yield through, further, use.name


def _heard(cache: Cache, row: Row) -> Document | None:
    """What callers hear of a flow; its draft where nothing of it is live."""
    draft = row.data.get("draft")
    document = live_document(cache, row) or (draft if isinstance(draft, dict) else None)
    try:
        flow_of(document or {})
    except msgspec.ValidationError:  # a newer program wrote it
        return None
    return document
