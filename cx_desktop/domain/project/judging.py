"""Everything there is to say of a folder before anybody signs in: findings, and failed tests."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.analysis.facts import facts_of_flows, facts_of_prompt, facts_of_schedule
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.references import Context, Names
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import Ran, run_all
from cx_desktop.domain.project.kinds import queue_in
from cx_desktop.domain.project.project import Line, Project, Stated
from cx_desktop.domain.prompts import Around, prompt_of
from cx_desktop.domain.prompts import findings as prompt_findings
from cx_desktop.domain.queues import facts_of_queue
from cx_desktop.domain.queues import findings as queue_findings
from cx_desktop.domain.recordings.form_rules import findings as form_findings
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.judging import judged


class Judged(Struct, frozen=True):
    """One object with what the rules say of it, and how its tests went."""

    stated: Stated
    findings: tuple[Finding, ...]
    ran: Ran | None = None

    @property
    def is_found_wanting(self) -> bool:
        """Whether there is more than information, or a test has not passed."""
        heavy = any(each.severity is not Severity.INFORMATION for each in self.findings)
        return heavy or (self.ran is not None and bool(self.ran.failed))


def judge(project: Project, today: date) -> Iterator[Judged]:
    """Judge each object of a folder; in it names are ids."""
    context, world = context_of(project), _world(project)
    for stated in project.objects:
        match stated.type:
            case "flow":
                flow = flow_of(stated.draft)
                ran = run_all(flow, stated.name, world) if flow.tests else None
                yield Judged(stated, findings(flow, context), ran)
            case "schedule":
                yield Judged(stated, judged(schedule_of(stated.draft), today))
            case "prompt":
                around = Around(features=context.features)
                yield Judged(stated, prompt_findings(prompt_of(stated.draft), around))
            case "form":
                yield Judged(stated, form_findings(form_of(stated.draft)))
            case _:
                yield Judged(
                    stated, queue_findings(queue_in(stated.draft), context, own_id=stated.name)
                )


def lost_numbers(project: Project) -> tuple[Line, ...]:
    """The numbers that a flow answers which the folder has not."""
    flows = {each.name for each in project.of_type("flow")}
    return tuple(each for each in project.numbers if each.flow and each.flow not in flows)


def context_of(project: Project) -> Context:
    """What flows of this folder are judged with."""
    prompts = {each.name: each.draft for each in project.of_type("prompt")}
    return Context(
        features=frozenset(project.features) if project.features else None,
        queues=_names(project, "queue"),
        schedules=_names(project, "schedule"),
        prompts=_names(project, "prompt"),
        flows=_names(project, "flow"),
        prompt_facts={name: facts_of_prompt(draft) for name, draft in prompts.items()},
        schedule_facts={
            each.name: facts_of_schedule(each.draft) for each in project.of_type("schedule")
        },
        queue_facts={
            each.name: facts_of_queue(queue_in(each.draft)) for each in project.of_type("queue")
        },
        flow_facts=facts_of_flows((each.name, each.draft) for each in project.of_type("flow")),
    )


def _world(project: Project) -> World:
    objects = Objects(
        flows={each.name: flow_of(each.draft) for each in project.of_type("flow")},
        schedules={each.name: schedule_of(each.draft) for each in project.of_type("schedule")},
        queues={each.name: queue_in(each.draft) for each in project.of_type("queue")},
        prompts={each.name: prompt_of(each.draft) for each in project.of_type("prompt")},
    )
    return world_of(objects, STARTED)


def _names(project: Project, kind: str) -> Names:
    return {each.name: each.name for each in project.of_type(kind)}
