"""Everything the pages of schedules, prompts and queues work with, made from the open workspace."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.guarded import Guarded
from cx_desktop.models.later import Later
from cx_desktop.models.objects.conflicts import Conflicts
from cx_desktop.models.objects.facts import ObjectFacts
from cx_desktop.models.objects.kinds import Kind
from cx_desktop.models.objects.plan import Judge
from cx_desktop.models.objects.plan_reader import PlanReader
from cx_desktop.models.objects.publishing import Publishing
from cx_desktop.models.objects.revisions import Revisions
from cx_desktop.models.objects.shelf import Shelf
from cx_desktop.models.objects.store import ObjectStore, Shape
from cx_desktop.models.objects.work import ObjectWork, open_work
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace

Draft = TypeVar("Draft")


class ObjectDesk(QObject, Generic[Draft]):
    """The objects of one type in the project in view, and what can be done with them."""

    project_changed = Signal()  # another project is in view: leave what is open

    def __init__(
        self,
        kind: Kind[Draft],
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        judges: Mapping[str, Judge] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``judges`` by type of object; codes are shared with every other page."""
        super().__init__(parent)
        self.kind = kind
        self.workspace = workspace
        self.permissions = permissions
        self.step_ups = step_ups
        self.clock = workspace.clock
        self.tasks = workspace.tasks
        self._judges = judges or {}
        self.shelf: Shelf[Draft] = Shelf(kind, workspace, parent=self)
        self.later = Later(
            cache=workspace.cache, tasks=workspace.tasks, clock=workspace.clock, parent=self
        )
        self.shelf.could_wait.connect(self.later.offer)
        self.store = ObjectStore(
            Shape(type=kind.name, draft=_draft),
            cache=workspace.cache,
            tasks=workspace.tasks,
            clock=workspace.clock,
            user_id=workspace.user.id,
            parent=self,
        )
        workspace.project_changed.connect(self._on_project_changed)
        if workspace.project is not None:
            self.shelf.load()

    @property
    def today(self) -> date:
        """The day where the project is."""
        return self.workspace.today

    def why_not_edit(self, facts: ObjectFacts) -> str:
        """The key of the reason why an object can only be looked at; "" when it can be edited."""
        if facts.archived:
            return "flows.reason.archived"
        return self.permissions.why_not(self.kind.verbs.edit)

    def open(
        self,
        object_id: str,
        *,
        done: Callable[[ObjectWork[Draft]], object],
        failed: Callable[[CXError], object],
    ) -> None:
        """Open an object for work, or only to look at it."""
        open_work(
            self.store,
            self.kind,
            object_id,
            done=done,
            failed=failed,
            is_read_only=lambda facts: bool(self.why_not_edit(facts)),
        )

    def revisions(self, object_id: str) -> Revisions:
        """The revisions of an object, followed until ``close``."""
        workspace = self.workspace
        target = Target(self.kind.name, object_id)
        return Revisions(target, cache=workspace.cache, tasks=workspace.tasks, parent=self)

    def conflicts(self, object_id: str) -> Conflicts:
        """The disputes of an object, followed until ``close``."""
        workspace = self.workspace
        target = Target(self.kind.name, object_id)
        return Conflicts(target, cache=workspace.cache, tasks=workspace.tasks, parent=self)

    def publishing(self, *targets: Target) -> Publishing:
        """One publication of objects together, or a return of one."""
        workspace = self.workspace
        return Publishing(
            look=PlanReader(
                targets,
                cache=workspace.cache,
                sync_now=workspace.engine.sync_once,
                judges=self._judges,
                today=lambda: self.today,
                why_not=self.permissions.why_not_publish(),
            ),
            guarded=self.guarded(),
            calls=lambda: self.kind.calls(workspace.client),
            clock=workspace.clock,
            tasks=workspace.tasks,
            parent=self,
        )

    def guarded(self) -> Guarded:
        """One act that callers can hear, with its code and its idempotency key."""
        workspace = self.workspace
        return Guarded(
            verb=StepUpClass.PUBLISH,
            step_ups=self.step_ups,
            tasks=workspace.tasks,
            ids=workspace.ids,
        )

    def close(self) -> None:
        """Stop following the cache; called before it is given back."""
        self.shelf.close()
        self.store.close()

    def _on_project_changed(self) -> None:
        self.project_changed.emit()


def _draft(entity: Document) -> Document:
    draft = entity.get("draft")
    return draft if isinstance(draft, dict) else {}
