"""The export of the project's recordings: what is wanted, tried and said; nothing is half saved.

What is changed here is a wish until it is ordered with a fresh code. It needs the service: whoever
answers at an address can only be seen from there.
"""

from enum import Enum, auto

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.exporting import Destination, faults, findings
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recording_settings.desk import GuardedDesk
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol.exports import (
    ExportedFile,
    ExportedFiles,
    ExportOrder,
    ExportTrial,
    ExportTried,
    ExportView,
)

#: What a place is: with another one, files at the old one would be nobody's.
_PLACE = ("transport", "host", "port", "user", "folder")


#: A row of the purge calendar; views know nothing of the wire.
SentFile = ExportedFile


class Trial(Enum):
    """Where a trial stands."""

    NONE = auto()
    UNDER_WAY = auto()
    DONE = auto()


class RecordingExport(GuardedDesk):
    """The destination of the project in view, as the service has it and as somebody wants it."""

    verb = Verb.RECORDING_TRANSFER
    tried = Signal()
    saved = Signal()
    files_changed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(workspace, permissions=permissions, step_ups=step_ups, parent=parent)
        self.view: ExportView | None = None
        self.wanted = Destination()
        self.password: str | None = None
        """None: as it is kept."""
        self.trial = Trial.NONE
        self.outcome: ExportTried | None = None
        self.files: tuple[ExportedFile, ...] = ()
        self.has_more_files = False
        self.guarded.done.connect(self._on_saved)
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self._on_unread
        )
        workspace.project_changed.connect(self._on_project_changed)

    @property
    def faults(self) -> dict[str, str]:
        """The fields that cannot stay as they are, with the code of what is wrong."""
        found = dict(faults(self.wanted))
        if self._has_no_password and self.wanted.user:
            found.setdefault("password", "empty")
        return found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is allowed, and worth a word."""
        return tuple(findings(self.wanted))

    @property
    def is_changed(self) -> bool:
        """Whether somebody wants it other than it is."""
        return self.view is not None and (
            self.wanted != self.view.destination or self.password is not None
        )

    @property
    def left_behind(self) -> int:
        """The files that would be the client's alone to remove, were this ordered."""
        if self.view is None or not self.view.there:
            return 0
        is_same = _is_same_place(self.view.destination, self.wanted)
        return 0 if is_same else self.view.there

    def load(self) -> None:
        """Ask the service; what is wanted here and not saved stays."""
        if not self.why_not:
            self._latest.ask()

    def want(self, **fields: object) -> None:
        """Change the wish; another server has to be tried and confirmed anew."""
        before = self.wanted
        wanted = replace(before, **fields)
        if (before.transport, before.host, before.port) != (
            wanted.transport,
            wanted.host,
            wanted.port,
        ):
            wanted = replace(wanted, identity="")
        if wanted == before:
            return
        self.wanted = wanted
        if not _is_same_place(before, wanted):
            self._forget_trial()
        self.changed.emit()

    def want_password(self, password: str) -> None:
        """Another password; an empty one leaves what is kept."""
        self.password = password or None
        self._forget_trial()
        self.changed.emit()

    def forget_wish(self) -> None:
        """Have it as the service has it."""
        if self.view is not None:
            self.wanted, self.password = self.view.destination, None
        self._forget_trial()
        self.changed.emit()

    def try_out(self) -> None:
        """See who answers there; ``tried`` follows."""
        project = self.workspace.project
        if project is None or self.trial is Trial.UNDER_WAY:
            return
        self.trial, self.outcome = Trial.UNDER_WAY, None
        self.tried.emit()
        asked, calls = ExportTrial(self.wanted, self.password), self.workspace.client.exports
        self.workspace.tasks.run(
            lambda: calls.try_out(project.id, asked),
            done=lambda outcome: self._on_tried(asked, outcome),
            failed=self._on_untried,
        )

    def confirm(self) -> None:
        """The identity that was shown is the right one; then it is tried with the password."""
        if self.outcome is not None and self.outcome.identity:
            self.wanted = replace(self.wanted, identity=self.outcome.identity)
            self.changed.emit()
            self.try_out()

    def order(self) -> None:
        """Say it to the service, with a fresh code."""
        project, view = self.workspace.project, self.view
        if project is None or view is None or self.faults:
            return
        order = ExportOrder(self.wanted, self.password, self.left_behind)
        calls = self.workspace.client.exports

        def call(_key: str) -> Document:
            made: Document = msgspec.to_builtins(calls.order(project.id, view.etag, order))
            return made

        self.guarded.start(order, call)

    def read_files(self, *, is_more: bool = False) -> None:
        """Read the purge calendar, or its next page."""
        project = self.workspace.project
        if project is None or self.why_not:
            return
        after = self.files[-1] if is_more and self.files else None
        calls = self.workspace.client.exports
        self.workspace.tasks.run(
            lambda: calls.files(project.id, after),
            done=lambda page: self._on_files(page, is_more=is_more),
            failed=self.failed.emit,
        )

    @property
    def _has_no_password(self) -> bool:
        is_kept = self.view is not None and self.view.has_password
        return self.wanted.transport != "sftp" and self.password is None and not is_kept

    def _read(self) -> ExportView | None:
        project = self.workspace.project
        return None if project is None else self.workspace.client.exports.show(project.id)

    def _on_read(self, view: ExportView | None) -> None:
        if view is None:
            return
        is_untouched = not self.is_changed
        self.view, self.state, self.problem = view, LoadState.READY, None
        if is_untouched:
            self.wanted = view.destination
        self.changed.emit()

    def _on_saved(self, made: Document) -> None:
        self.view, self.password = msgspec.convert(made, ExportView), None
        self.wanted = self.view.destination
        self.changed.emit()
        self.saved.emit()

    def _on_tried(self, asked: ExportTrial, outcome: ExportTried) -> None:
        is_same = _is_same_place(asked.destination, self.wanted)
        if not is_same or asked.password != self.password:
            return  # it is wanted otherwise by now
        self.trial, self.outcome = Trial.DONE, outcome
        self.tried.emit()

    def _on_untried(self, error: CXError) -> None:
        self._forget_trial()
        self.failed.emit(error)

    def _forget_trial(self) -> None:
        self.trial, self.outcome = Trial.NONE, None
        self.tried.emit()

    def _on_files(self, page: ExportedFiles, *, is_more: bool) -> None:
        self.files = (*self.files, *page.files) if is_more else page.files
        self.has_more_files = page.has_more
        self.files_changed.emit()

    def _on_project_changed(self, _project: object) -> None:
        self.view, self.state, self.problem = None, LoadState.LOADING, None
        self.wanted, self.password, self.files = Destination(), None, ()
        self._forget_trial()
        self.changed.emit()
        if not self.why_not:
            self._latest.ask_anew()


def _is_same_place(one: Destination, other: Destination) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _PLACE)
