"""The recording policy of the project: as the service has it, and as somebody wants it.

What is changed here is a wish until it is ordered with a fresh code. The rules are asked here, at
each change; how many recordings a wish would delete, the service says (REC-08).
"""

from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.policy import Policy, findings, policy_of, refusals
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recording_settings.desk import GuardedDesk
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.overrides import override
from cx_desktop.protocol.policies import PolicyCheck, PolicyOrder

Names = Mapping[str, str]
#: How long somebody records who says nothing else: it has to end.
_USUAL = timedelta(days=30)


class RecordingPolicy(GuardedDesk):
    """The policy of the project in view."""

    verb = Verb.RECORDING_POLICY
    saved = Signal()

    def __init__(
        self,
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(workspace, permissions=permissions, step_ups=step_ups, parent=parent)
        self.policy = Policy()
        self.wanted = Policy()
        self.packs = 1
        """So many packs are wanted."""
        self.queues: Names = {}
        self.prompts: Names = {}
        self.due = 0
        """Recordings that the wish would delete at once, as far as the service has said."""
        self.held = 0
        self._etag = ""
        self.guarded.done.connect(self._on_saved)
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self._on_unread
        )
        self._check = Latest(
            workspace.tasks, self._ask, done=self._on_checked, failed=lambda _error: None
        )
        workspace.project_changed.connect(self._on_project_changed)

    @property
    @override
    def is_awaited(self) -> bool:
        return self.state is LoadState.LOADING  # whoever may not set it reads it all the same

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the wish, blocking ones first; what is off may be unfinished."""
        judge = findings if self.wanted.is_on else refusals
        return judge(self.wanted, self.workspace.today, was=self.policy)

    @property
    def is_refused(self) -> bool:
        """Whether the rules forbid the wish."""
        return bool(refusals(self.wanted, self.workspace.today, was=self.policy))

    @property
    def is_changed(self) -> bool:
        """Whether somebody wants it other than it is."""
        return self.state is LoadState.READY and (
            self.wanted != self.policy or self.packs != self.policy.packs.coming
        )

    def load(self) -> None:
        """Ask the service; what is wanted here and not saved stays."""
        self._latest.ask()

    def want(self, **fields: object) -> None:
        """Change the wish."""
        wanted = replace(self.wanted, **fields)
        if wanted.is_on and wanted.end_date is None:
            wanted = replace(wanted, end_date=self.workspace.today + _USUAL)
        if wanted != self.wanted:
            self.wanted = wanted
            self._look_again()

    def want_notice(self, **fields: object) -> None:
        """Change what people are told."""
        self.want(notice=replace(self.wanted.notice, **fields))

    def want_retention(self, **fields: object) -> None:
        """Change how long recordings are kept."""
        self.want(retention=replace(self.wanted.retention, **fields))

    def want_packs(self, packs: int) -> None:
        """Another number of packs."""
        self.packs = packs
        self._look_again()

    def forget_wish(self) -> None:
        """Have it as the service has it."""
        self.wanted, self.packs = self.policy, self.policy.packs.coming
        self._look_again()

    def order(self) -> None:
        """Say it to the service, with a fresh code; ``due`` recordings may be deleted by it."""
        project = self.workspace.project
        if project is None or self.is_refused:
            return
        order, etag, calls = self._order(self.due), self._etag, self.workspace.client.policies

        def call(_key: str) -> Document:
            return calls.write(project.id, etag, order)

        self.guarded.start((etag, order), call)

    def _order(self, due: int) -> PolicyOrder:
        fields = {
            name: getattr(self.wanted, name) for name in Policy.__struct_fields__ if name != "packs"
        }
        return PolicyOrder(**fields, packs=self.packs, due=due)

    def _look_again(self) -> None:
        self.due = self.held = 0
        self.changed.emit()
        if self.is_changed and not self.why_not and not self.is_refused:
            self._check.ask()

    def _read(self) -> tuple[Document, Names, Names] | None:
        project = self.workspace.project
        if project is None:
            return None
        names = (self._names(kind, project.id) for kind in ("queue", "prompt"))
        queues, prompts = names
        return self.workspace.client.policies.read(project.id), queues, prompts

    def _names(self, kind: str, project_id: str) -> Names:
        rows = self.workspace.cache.rows(kind, project_id=project_id)
        named = {
            row.id: str(row.data.get("name", "")) for row in rows if not row.data.get("archived")
        }
        return dict(sorted(named.items(), key=lambda each: each[1].casefold()))

    def _on_read(self, found: tuple[Document, Names, Names] | None) -> None:
        if found is None:
            return
        is_untouched = not self.is_changed
        data, self.queues, self.prompts = found
        self._take(data)
        if is_untouched:
            self.forget_wish()
        self.changed.emit()

    def _take(self, data: Document) -> None:
        self.policy, self._etag = policy_of(data), str(data["etag"])
        self.state, self.problem = LoadState.READY, None

    def _ask(self) -> tuple[PolicyOrder, PolicyCheck] | None:
        project, order = self.workspace.project, self._order(0)
        if project is None:
            return None
        return order, self.workspace.client.policies.check(project.id, order)

    def _on_checked(self, found: tuple[PolicyOrder, PolicyCheck] | None) -> None:
        if found is not None and found[0] == self._order(0):
            self.due, self.held = found[1].due, found[1].held
            self.changed.emit()

    def _on_saved(self, made: Document) -> None:
        self._take(made)
        self.forget_wish()
        self.saved.emit()

    @override
    def _on_refused(self, error: CXError) -> None:
        if error.key == "problem.confirmation-needed":
            self.due = int(error.params.get("count", 0))
            self.changed.emit()
        super()._on_refused(error)

    def _on_project_changed(self, _project: object) -> None:
        self.state, self.problem = LoadState.LOADING, None
        self.policy = self.wanted = Policy()
        self.packs, self.due, self.held = self.policy.packs.coming, 0, 0
        self.changed.emit()
        self._latest.ask_anew()
