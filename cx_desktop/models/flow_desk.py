"""Everything the flow pages work with, made once from the open workspace."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Row
from cx_desktop.domain.access import Verb
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.objects import Target
from cx_desktop.models.export_flow import FlowExport
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import NumberFacts, number_facts, whole
from cx_desktop.models.flow_patterns import Pattern, patterns
from cx_desktop.models.flow_rows import FlowRows
from cx_desktop.models.flow_verbs import FlowVerbs
from cx_desktop.models.flow_work import FLOW_SHAPE
from cx_desktop.models.flows import Flows
from cx_desktop.models.guarded import Guarded
from cx_desktop.models.import_flow import FlowImport
from cx_desktop.models.judging import judges_of
from cx_desktop.models.language import Language
from cx_desktop.models.later import Later
from cx_desktop.models.objects.conflicts import Conflicts
from cx_desktop.models.objects.plan_reader import PlanReader
from cx_desktop.models.objects.publishing import Publishing
from cx_desktop.models.objects.revisions import Revisions
from cx_desktop.models.objects.store import ObjectStore
from cx_desktop.models.objects.telling import Telling
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.prompts.sharing import PromptSharing
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.models.simulation_world import (
    Around,
    Surroundings,
    read_published,
    read_surroundings,
)
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.settings import resources

#: The class of verbs that a fresh code opens for publishing and returning.
PUBLISH = "publish"


class FlowDesk(QObject):
    """The flows of the project in view, and what can be done with them."""

    project_changed = Signal()  # another project is in view: leave what is open

    def __init__(
        self,
        workspace: Workspace,
        *,
        sounds: Sounds | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``sounds`` plays what simulated calls hear, where recordings can be heard at all."""
        super().__init__(parent)
        self._workspace = workspace
        self._sounds = sounds
        cache, tasks = workspace.cache, workspace.tasks
        self.clock = workspace.clock
        self.permissions = Permissions(workspace, parent=self)
        self.tasks = tasks
        self.flows = Flows(cache=cache, tasks=tasks, rows=self._rows, parent=self)
        self.store = ObjectStore(
            FLOW_SHAPE,
            cache=cache,
            tasks=tasks,
            clock=workspace.clock,
            user_id=workspace.user.id,
            parent=self,
        )
        self.verbs = FlowVerbs(
            cache=cache,
            service=lambda: workspace.client,
            sync_now=self.sync_now,
            tasks=tasks,
            ids=workspace.ids,
            parent=self,
        )
        self.later = Later(cache=cache, tasks=tasks, clock=workspace.clock, parent=self)
        self.verbs.could_wait.connect(self.later.offer)
        self.importing = FlowImport(
            context=self.read_context,
            tasks=tasks,
            ids=workspace.ids,
            may_make_schedules=lambda: self.permissions.allows(Verb.CONFIG_EDIT),
            parent=self,
        )
        self.sharing = PromptSharing(workspace, self.permissions, parent=self)
        self.exporting = FlowExport(cache=cache, tasks=tasks, parent=self)
        self.step_ups = StepUps(
            calls=lambda: workspace.client.sessions,
            tasks=tasks,
            clock=workspace.clock,
            parent=self,
        )
        if workspace.opened.is_online:
            self.step_ups.code_used()  # at sign-in, a moment ago
        workspace.project_changed.connect(self._on_project_changed)
        if workspace.project is not None:
            self.flows.load()

    @property
    def project_id(self) -> str:
        """The project in view; empty when there is none."""
        return self._workspace.project.id if self._workspace.project else ""

    @property
    def user_id(self) -> str:
        """Who works here."""
        return self._workspace.user.id

    def come_to(self, flow_id: str, *, done: Callable[[], object]) -> None:
        """Bring the project of a flow into view, then go on: rules and roles are those of it."""
        if self.flows.row(flow_id) is not None:
            done()
            return

        def arrive(row: Row | None) -> None:
            project_id = row.project_id if row is not None else None
            is_known = any(each.id == project_id for each in self._workspace.projects)
            if project_id and project_id != self.project_id and is_known:
                self._workspace.select(project_id)
            done()

        cache = self._workspace.cache
        self.tasks.run(
            lambda: cache.row("flow", flow_id), done=arrive, failed=lambda _error: done()
        )

    def read_context(self, project_id: str = "") -> Context:
        """What is known around the flows of a project, the one in view if none is named.

        Not for the GUI thread.
        """
        return read_context(self._workspace.cache, project_id or self.project_id)

    def around(self, flow_id: str, project_id: str, number: int | None = None) -> Around:
        """What the draft of a flow is simulated in, or its version with a number."""
        cache, clock = self._workspace.cache, self._workspace.clock

        def read() -> Surroundings:
            if number is None:
                return read_surroundings(cache, flow_id, project_id, clock.now())
            return read_published(cache, flow_id, number, project_id, clock.now())

        return Around(flow_id, read, self._workspace.client.lookups.ask, self._sounds)

    def read_numbers(self) -> tuple[NumberFacts, ...]:
        """The project's numbers. Not for the GUI thread."""
        rows = self._workspace.cache.rows("number", project_id=self.project_id)
        return tuple(number_facts(row.data) for row in rows)

    def load_patterns(
        self, language: Language, *, done: Callable[[tuple[Pattern, ...]], object]
    ) -> None:
        """What a new flow can begin as, in the language spoken now."""
        self.tasks.run(lambda: patterns(resources(), language), done=done)

    def sync_now(self) -> None:
        """Send and fetch, and come back when it is done. Not for the GUI thread."""
        self._workspace.engine.sync_once()

    def revisions(self, flow_id: str) -> Revisions:
        """The revisions of a flow, followed until ``close``."""
        workspace = self._workspace
        return Revisions(
            Target("flow", flow_id),
            cache=workspace.cache,
            tasks=workspace.tasks,
            filled=whole,
            parent=self,
        )

    def conflicts(self, flow_id: str) -> Conflicts:
        """The disputes of a flow, followed until ``close``."""
        workspace = self._workspace
        target = Target("flow", flow_id)
        return Conflicts(target, cache=workspace.cache, tasks=workspace.tasks, parent=self)

    def publishing(self, flow_id: str) -> Publishing:
        """One publication or return of a flow, with what it uses."""
        workspace = self._workspace
        return Publishing(
            look=PlanReader(
                (Target("flow", flow_id),),
                cache=workspace.cache,
                sync_now=self.sync_now,
                judges=judges_of(workspace),
                today=lambda: workspace.today,
                why_not=self.permissions.why_not_publish(),
            ),
            guarded=Guarded(
                verb=PUBLISH, step_ups=self.step_ups, tasks=workspace.tasks, ids=workspace.ids
            ),
            calls=lambda: workspace.client.flows,
            clock=workspace.clock,
            tasks=workspace.tasks,
            parent=self,
        )

    def telling(self) -> Telling:
        """Works out what changes mean to callers."""
        return Telling(self._workspace.cache, self.tasks, parent=self)

    def close(self) -> None:
        """Stop following the cache; called before it is given back."""
        self.flows.close()
        self.store.close()

    def _rows(self) -> FlowRows:
        return FlowRows(
            cache=self._workspace.cache, project_id=self.project_id, user_id=self.user_id
        )

    def _on_project_changed(self) -> None:
        self.project_changed.emit()
        self.flows.load()
