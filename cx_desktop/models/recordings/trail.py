"""What was done with the recording in hand, and what protects it from being deleted early.

It comes from the service: who listened is nobody's to know without it. Protecting changes what
everybody sees, so it is not decided without a network.
"""

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cx_desktop.client.recordings import Trail
from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.models.guarded import needs_service
from cx_desktop.models.latest import Latest
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.protocol import Recording


class Done(Enum):
    """What somebody did with a recording."""

    LISTEN = "listen"
    OFFLINE = "offline"
    EXPORT = "export"
    DOSSIER = "dossier"
    HOLD = "hold"
    RELEASE = "release"
    RIGHTS = "rights"
    OTHER = "other"


class Line(NamedTuple):
    """One line of the trail."""

    n: int
    at: datetime
    who: str
    done: Done
    reason: str


class RecordingTrail(QObject):
    """The trail of the recording in hand; read when somebody wants to see it."""

    changed = Signal()  # another recording, other lines, or it is protected now
    failed = Signal(object)  # CXError
    protected = Signal(bool)  # the service did what was wanted

    def __init__(
        self,
        desk: RecordingDesk,
        *,
        permissions: Permissions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._permissions = permissions
        self.subject: Recording | None = None
        self.is_held = False
        self.is_wanted = False
        """Whether somebody looks at the lines."""
        self.lines: tuple[Line, ...] = ()
        self._latest = Latest(desk.tasks, self._read, done=self._on_read, failed=self._on_failed)
        desk.current_changed.connect(self._take)
        permissions.changed.connect(self.changed)
        self._take(desk.current)

    @property
    def why_not(self) -> str:
        """The key of the reason why it cannot be protected here; "" when it can."""
        return self._permissions.why_not(Verb.RECORDING_HOLD)

    @property
    def why_not_seen(self) -> str:
        """The key of the reason why its trail cannot be seen; "" when it can."""
        return self._permissions.why_not(Verb.RECORDING_AUDIT)

    def want(self, *, is_wanted: bool) -> None:
        """Somebody looks at the lines, or does not any more."""
        self.is_wanted = is_wanted
        if is_wanted:
            self._ask()

    def protect(self, reason: str) -> None:
        """Keep it from being deleted early; with the reason that the audit keeps."""
        self._order(reason, is_held=True)

    def release(self, reason: str) -> None:
        """Let it go when its time is over."""
        self._order(reason, is_held=False)

    def _order(self, reason: str, *, is_held: bool) -> None:
        subject = self.subject
        if subject is None or not reason.strip():
            return
        calls = self._desk.workspace.client.recordings
        act = calls.hold if is_held else calls.release
        self._desk.tasks.run(
            lambda: act(subject.id, reason.strip()),
            done=lambda made: self._on_done(subject, made),
            failed=self._on_failed,
        )

    def _take(self, subject: Recording | None) -> None:
        before, self.subject = self.subject, subject
        self.is_held = subject is not None and subject.held
        if before is None or subject is None or before.id != subject.id:
            self.lines = ()
            if self.is_wanted:
                self._ask(is_other=True)
        self.changed.emit()

    def _ask(self, *, is_other: bool = False) -> None:
        if self.subject is None or self.why_not_seen:
            return
        if is_other:
            self._latest.ask_anew()
        else:
            self._latest.ask()

    def _read(self) -> Trail | None:
        subject = self.subject
        calls = self._desk.workspace.client.recordings
        return None if subject is None else calls.trail(subject.id)

    def _on_read(self, trail: Trail | None) -> None:
        if trail is not None and self.subject and trail.recording_id == self.subject.id:
            self.lines = tuple(
                Line(row.n, row.at, row.who_name, *_said(row.verb, row.detail))
                for row in reversed(trail.rows)
            )
            self.changed.emit()

    def _on_done(self, subject: Recording, made: Document) -> None:
        if self.subject is not None and self.subject.id == subject.id:
            self.is_held = bool(made.get("held"))
            self.changed.emit()
            if self.is_wanted:
                self._ask()
        self._desk.workspace.engine.poke()
        self.protected.emit(bool(made.get("held")))

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(needs_service(error))


def _said(verb: str, detail: str) -> tuple[Done, str]:
    """What a row of the audit means, and its reason."""
    if verb == Verb.RECORDING_RIGHTS.value:
        return Done.RIGHTS, ""
    name, _, reason = detail.partition(": ")
    known = {each.value: each for each in Done}
    return (known[name], reason) if name in known else (Done.OTHER, detail)
