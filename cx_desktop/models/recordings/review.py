"""The recording in hand as a reviewer sees it: markers, notes, tags, and the form it is judged by.

Everything is kept on this computer at once and sent when there is a network. A recording that ends
in the middle of scoring goes; what was answered stays, and can be finished.
"""

from datetime import date, datetime

import msgspec
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Row
from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Document, Json, Path
from cx_desktop.domain.recordings.notes import SAID_TYPES, end_of_note
from cx_desktop.domain.recordings.notes import Said as Something
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.notebook import Notebook
from cx_desktop.models.recordings.reviewed import Playhead, Purpose, Subject
from cx_desktop.models.recordings.said import Found, Said, instant
from cx_desktop.models.recordings.scoring import Scoring
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Recording


class Review(QObject):
    """What is said of one recording: ``notebook`` beside the form, ``scoring`` by it."""

    changed = Signal()
    failed = Signal(object)  # CXError: something is kept here only, see ``retry``

    def __init__(
        self, workspace: Workspace, permissions: Permissions, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._permissions = permissions
        self.subject: Subject | None = None
        self.purpose = Purpose()
        self.playhead: Playhead | None = None
        self._store = Said(workspace, self.today, parent=self)
        self._parsed: tuple[Something, ...] | None = None
        self.notebook = Notebook(self)
        self.scoring = Scoring(self, parent=self)
        self._store.changed.connect(self._on_changed)
        self._store.failed.connect(self.failed)
        permissions.changed.connect(self.changed)
        workspace.project_changed.connect(lambda _project: self._take(None))

    def close(self) -> None:
        """Stop following the cache."""
        self._store.close()

    def take(self, recording: Recording | None, purpose: Purpose | None = None) -> None:
        """Look at another recording; one that is being scored stays until there is another.

        It may just have ended: what was answered can be finished all the same.
        """
        if recording is None and self.scoring.is_under_way:
            return
        self._take(recording, purpose)

    def _take(self, recording: Recording | None, purpose: Purpose | None = None) -> None:
        self.subject = None if recording is None else self._subject(recording)
        self.purpose = purpose or Purpose()
        self.scoring.begin(self.purpose.form_id)
        self._parsed = None
        self._store.look_at("" if recording is None else recording.id)
        self.changed.emit()

    @property
    def why_not(self) -> str:
        """The key of the reason why nothing can be said here; "" when it can."""
        return self._permissions.why_not(Verb.NOTE_WRITE)

    @property
    def is_over(self) -> bool:
        """Whether the recording has ended while somebody was at it."""
        return self.subject is not None and self.found.is_read and not self.found.is_here

    @property
    def is_ready(self) -> bool:
        """Whether what is said of it was read."""
        return self.found.is_read

    @property
    def found(self) -> Found:
        """What was read of the recording."""
        return self._store.found

    @property
    def said(self) -> tuple[Something, ...]:
        """Everything that is said of it."""
        if self._parsed is None:
            read = (_read(row) for row in self._store.rows)
            self._parsed = tuple(each for each in read if each is not None)
        return self._parsed

    @property
    def user_id(self) -> str:
        """Who reviews."""
        return self._workspace.user.id

    def now(self) -> datetime:
        """The time it is."""
        return self._workspace.clock.now()

    def today(self) -> date:
        """The day where the project is, by the clock that cannot be set back."""
        return self._workspace.cache.purging.now().astimezone(self._workspace.zone).date()

    def write(self, kind: str, *, said_id: str = "", **fields: Json) -> str:
        """Say something new of the recording; its id."""
        project, subject, user = self._workspace.project, self.subject, self._workspace.user
        if project is None or subject is None or self.why_not:
            return ""
        said_id = said_id or self._workspace.ids.new()
        value: Document = {
            "type": kind,
            "id": said_id,
            "project_id": project.id,
            "recording_id": subject.id,
            "author": {"id": user.id, "name": user.name},
            "created_at": instant(self.now()),
            "delete_by": end_of_note(self.today()).isoformat(),
            **fields,
        }
        self._store.write(kind, said_id, value)
        return said_id

    def change(self, kind: str, said_id: str, *places: tuple[Path, Json]) -> None:
        """Change places of what was said."""
        if not self.why_not:
            self._store.change(kind, said_id, *places)

    def tell(self) -> None:
        """Something else is to be shown."""
        self.changed.emit()

    def retry(self) -> None:
        """Keep what could not be kept."""
        self._store.retry()

    def _on_changed(self) -> None:
        self._parsed = None
        self.changed.emit()

    def _subject(self, recording: Recording) -> Subject:
        day = recording.started_at.astimezone(self._workspace.zone).date()
        return Subject(recording.id, recording.agent_id or "", recording.agent_name, day)


def _read(row: Row) -> Something | None:
    try:
        return SAID_TYPES[row.type].read(row.data)
    except msgspec.ValidationError:  # a newer program wrote it
        return None
