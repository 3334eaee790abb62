"""Requests of callers who were recorded: found by their number, answered, proven.

The number is typed, sent and forgotten: neither this computer nor the service keeps it.
"""

from collections.abc import Callable
from datetime import date

import msgspec
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb
from cx_desktop.domain.numbers.whole import whole
from cx_desktop.domain.patch import Document
from cx_desktop.models.guarded import needs_service
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recording_settings.desk import GuardedDesk
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol.rights import (
    Found,
    Right,
    RightsOrder,
    RightsPage,
    RightsRegister,
    RightsRequest,
)

#: Views know nothing of the wire.
Kind = Right
Request = RightsRequest
FoundCall = Found


class RightsDesk(GuardedDesk):
    """The register of the project in view, and the request in hand."""

    verb = Verb.RECORDING_RIGHTS
    done = Signal(str)  # what was done: opened, deleted, answered

    def __init__(
        self,
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(workspace, permissions=permissions, step_ups=step_ups, parent=parent)
        self.requests: tuple[Request, ...] = ()
        self.page: RightsPage | None = None
        self._doing = ""
        self.guarded.done.connect(self._on_guarded)
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self._on_unread
        )
        workspace.project_changed.connect(self._on_project_changed)

    @property
    def found(self) -> tuple[FoundCall, ...]:
        """What there is of the caller still."""
        return self.page.recordings if self.page is not None else ()

    @property
    def deletable(self) -> tuple[str, ...]:
        """What may be deleted for the caller: nothing that is protected, nothing of an access."""
        page = self.page
        if page is None or page.request.kind is Kind.ACCESS or page.request.done_at is not None:
            return ()
        return tuple(each.id for each in page.recordings if not each.held)

    def is_number(self, typed: str) -> bool:
        """Whether somebody has typed a whole number."""
        return bool(whole(typed))

    def load(self) -> None:
        """Read the register."""
        if not self.why_not:
            self._latest.ask()

    def open(self, kind: Kind, number: str, asked_on: date, note: str) -> None:
        """Take a request in, and find what there is; with a fresh code."""
        project = self.workspace.project
        if project is None or not self.is_number(number):
            return
        order = RightsOrder(kind=kind, number=number, asked_on=asked_on, note=note)
        calls = self.workspace.client.rights
        self._guard("opened", order, lambda: calls.open(project.id, order))

    def delete(self) -> None:
        """Delete what may be deleted for the caller, for good; with a fresh code."""
        page, ids = self.page, self.deletable
        if page is not None and ids:
            calls, request = self.workspace.client.rights, page.request
            self._guard("deleted", (request.id, ids), lambda: calls.delete(request.id, ids))

    def answer(self, said: str) -> None:
        """Write down what the caller was told."""
        page, calls = self.page, self.workspace.client.rights
        if page is not None and said.strip():
            request = page.request
            self._run("answered", lambda: calls.answer(request.id, said.strip()))

    def look_at(self, request: Request) -> None:
        """Take a request of the register in hand."""
        calls = self.workspace.client.rights
        self._run("", lambda: calls.read(request.id))

    def _guard(self, doing: str, request: object, act: Callable[[], RightsPage]) -> None:
        def call(_key: str) -> Document:
            made: Document = msgspec.to_builtins(act())
            return made

        self._doing = doing
        self.guarded.start((doing, request), call)

    def _run(self, doing: str, act: Callable[[], RightsPage]) -> None:
        self.workspace.tasks.run(
            act,
            done=lambda page: self._take(page, doing),
            failed=lambda error: self.failed.emit(needs_service(error)),
        )

    def _on_guarded(self, made: Document) -> None:
        self._take(msgspec.convert(made, RightsPage), self._doing)

    def _take(self, page: RightsPage, doing: str) -> None:
        project = self.workspace.project
        if project is None or page.request.project_id != project.id:
            return  # another one is in view by now
        self.page = page
        self.changed.emit()
        if doing:
            self.done.emit(doing)
            self._latest.ask()

    def _read(self) -> RightsRegister | None:
        project = self.workspace.project
        return None if project is None else self.workspace.client.rights.register(project.id)

    def _on_read(self, register: RightsRegister | None) -> None:
        if register is not None:
            self.requests = register.requests
            self.state, self.problem = LoadState.READY, None
            self.changed.emit()

    def _on_project_changed(self, _project: object) -> None:
        self.state, self.problem = LoadState.LOADING, None
        self.requests, self.page = (), None
        self.changed.emit()
        if not self.why_not:
            self._latest.ask_anew()
