"""What a change means to callers, and what it costs: worked out off the GUI thread."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.diff import Calls, Changelog, calls_of, changelog
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.prompts.recording import Recording, recording_of, recording_of_prompt
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.objects.plan import Plan, Planned
from cx_desktop.models.objects.suites import Stage
from cx_desktop.tasks import Task, Tasks

#: Of larger flows the ways of calls are not walked: it can take minutes, and nobody would wait.
MOST_NODES = 800


class Change(Struct, frozen=True):
    """One flow before and after; ``None`` before where callers heard nothing."""

    flow_id: str
    project_id: str
    old: Document | None
    new: Document


class Told(Struct, frozen=True):
    """What a change of a flow means to callers."""

    flow_id: str
    changelog: Changelog
    context: Context
    recording: Recording
    before: Calls | None
    after: Calls | None
    """``None`` where no call comes in, or where that would take too long to work out."""
    is_too_large: bool = False
    """Whether the flow is too large to walk every way a call can go."""


class ToldPlan(Struct, frozen=True):
    """What a whole publication means to callers."""

    plan: Plan
    flows: Mapping[str, Told]
    """By the id of the flow."""
    recording: Recording
    """The words of all of it, prompts included."""


class Telling(QObject):
    """Works out one change at a time; a new question lets go of the one before."""

    told = Signal(object)  # Told
    failed = Signal(object)  # CXError

    def __init__(self, cache: Cache, tasks: Tasks, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks
        self._task: Task | None = None

    def tell(self, change: Change) -> None:
        """Work out one change; ``told`` follows."""
        self.cancel()
        self._task = self._tasks.run_cancellable(
            lambda task: told_of(self._cache, change, {}, task),
            done=self.told.emit,
            failed=self.failed.emit,
        )

    def cancel(self) -> None:
        """Nobody wants to know any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


def told_plan(cache: Cache, plan: Plan, task: Task) -> ToldPlan:
    """What a publication means to callers. Not for the GUI thread."""
    coming = {each.id: each.new for each in plan.going}
    flows = {
        each.id: told_of(cache, Change(each.id, plan.project_id, each.live, each.new), coming, task)
        for each in plan.going
        if each.type == "flow"
    }
    recording = Recording()
    for told in flows.values():
        recording += told.recording
    for each in plan.going:
        recording += _recorded(each)
    return ToldPlan(plan, flows, recording)


def told_of(cache: Cache, change: Change, coming: Mapping[str, Document], task: Task) -> Told:
    """What a change of one flow means to callers, where other drafts go live with it.

    Not for the GUI thread.
    """
    try:
        old, new = flow_of(change.old or {}), flow_of(change.new)
    except msgspec.ValidationError as error:
        raise CXError("problem.flow-unreadable", reason=str(error)) from error
    stage = Stage(cache, change.project_id, coming)
    found = changelog(old, new, lengths=stage.world.lengths)
    is_too_large = max(len(old.nodes), len(new.nodes)) > MOST_NODES
    before, after = None, None
    if not is_too_large:
        task.check()
        before = _calls(old, change, stage) if change.old is not None else None
        task.check()
        after = _calls(new, change, stage)
    return Told(
        flow_id=change.flow_id,
        changelog=found,
        context=read_context(cache, change.project_id),
        recording=recording_of(old, new),
        before=before,
        after=after,
        is_too_large=is_too_large,
    )


def _calls(flow: Flow, change: Change, stage: Stage) -> Calls | None:
    if flow.start is None:
        return None
    world = stage.world
    return calls_of(flow, change.flow_id, world.flows, world.lengths)


def _recorded(planned: Planned) -> Recording:
    if planned.type != "prompt":
        return Recording()
    try:
        live = prompt_of(planned.live) if planned.live is not None else None
        return recording_of_prompt(live, prompt_of(planned.new))
    except msgspec.ValidationError:  # a newer program wrote it
        return Recording()
