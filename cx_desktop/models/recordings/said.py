"""What is said of the recording in hand: read, followed, and changed at once.

An edit shows as soon as it is made and is handed to the cache's writer. What was read before it was
committed is laid under it, so that nothing typed ever flickers; one that the disk does not take
stays, and ``retry`` hands it over again.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from cx_desktop.cache import Changed, Edit, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Document, Json, Path, apply, change
from cx_desktop.domain.recordings.notes import SAID_TYPES
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.latest import Latest
from cx_desktop.models.recordings.review_forms import LiveForm, forms_of, version_of
from cx_desktop.models.workspace import Workspace

_FOLLOWED = frozenset({*SAID_TYPES, "form", "revision", "recording"})


class Found(Struct, frozen=True):
    """What was read of one recording."""

    recording_id: str = ""
    rows: tuple[Row, ...] = ()
    forms: tuple[LiveForm, ...] = ()
    """The forms that calls are judged by now."""
    versions: tuple[LiveForm, ...] = ()
    """Those that evaluations of it name."""
    is_read: bool = False
    is_here: bool = False
    """Whether the recording is still kept."""
    settled: frozenset[int] = frozenset()
    """The edits that were committed before."""


class Said(QObject):
    """Follows one recording; ``changed`` whenever there is something else to show."""

    changed = Signal()
    failed = Signal(object)  # CXError: an edit that is kept here only

    def __init__(
        self, workspace: Workspace, today: Callable[[], date], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._today = today
        self._recording_id = ""
        self._pending: dict[int, Edit] = {}
        self._lost: dict[int, Edit] = {}
        self._settled: frozenset[int] = frozenset()
        self._count = 0
        self.found = Found()
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self.failed.emit
        )
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_news)

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()

    def look_at(self, recording_id: str) -> None:
        """Follow another recording, or none."""
        if recording_id == self._recording_id:
            return
        self._recording_id = recording_id
        self.found = Found(recording_id)
        if recording_id:
            self._latest.ask_anew()
        self.changed.emit()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is said, with edits that are still on their way to the disk."""
        rows = {each.id: each for each in self.found.rows}
        for edit in (*self._pending.values(), *self._lost.values()):
            here = rows.get(edit.id)
            if edit.value is not None and edit.value.get("recording_id") == self._recording_id:
                rows[edit.id] = Row(edit.entity_type, edit.id, 0, 0, None, True, edit.value)
            elif here is not None:
                data = apply(here.data, edit.changes)
                rows[edit.id] = msgspec.structs.replace(here, data=data, is_dirty=True)
        return tuple(each for each in rows.values() if each.data.get("removed") is not True)

    def write(self, kind: str, said_id: str, value: Document) -> None:
        """Say something new."""
        self._submit(Edit(kind, said_id, value=value))

    def change(self, kind: str, said_id: str, *places: tuple[Path, Json]) -> None:
        """Change places of what was said."""
        row = next((each for each in self.rows if each.id == said_id), None)
        if row is not None:
            changes = _changes(row.data, places)
            if changes:
                self._submit(Edit(kind, said_id, changes=changes))

    def retry(self) -> None:
        """Hand the edits over again that could not be kept."""
        lost, self._lost = self._lost, {}
        for each in lost.values():
            self._submit(each)

    def _submit(self, edit: Edit) -> None:
        self._count += 1
        token = self._count
        self._pending[token] = edit
        future = self._workspace.cache.submit(edit)  # in the order of the gestures
        self._workspace.tasks.run(
            future.result,
            done=lambda _ops: self._on_committed(token),
            failed=lambda error: self._on_refused(token, error),
        )
        self.changed.emit()

    def _on_committed(self, token: int) -> None:
        self._settled |= {token}
        self._latest.ask()

    def _on_refused(self, token: int, error: CXError) -> None:
        edit = self._pending.pop(token, None)
        if edit is not None:
            self._lost[token] = edit
        self.failed.emit(error)

    @Slot(object)
    def _on_news(self, changed: Changed) -> None:
        if self._recording_id and changed.entity_type in _FOLLOWED:
            self._latest.ask()

    def _read(self) -> Found:
        settled, recording_id = self._settled, self._recording_id
        cache, project = self._workspace.cache, self._workspace.project
        if project is None or not recording_id:
            return Found(settled=settled)
        rows = cache.said.of_recording(recording_id, self._today())
        forms = forms_of(cache, project.id)
        wanted = {
            (each.data.get("form_id"), each.data.get("form_number"))
            for each in rows
            if each.type == "evaluation"
        }
        versions = (version_of(cache, str(form), int(str(number))) for form, number in wanted)
        return Found(
            recording_id,
            rows,
            forms,
            tuple(each for each in versions if each is not None),
            is_read=True,
            is_here=cache.said.is_kept(recording_id, self._today()),
            settled=settled,
        )

    def _on_read(self, found: Found) -> None:
        self._pending = {
            token: edit for token, edit in self._pending.items() if token not in found.settled
        }
        self._settled -= found.settled
        if found.recording_id == self._recording_id:
            self.found = found
            self.changed.emit()


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, as the service writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _changes(data: Document, places: Iterable[tuple[Path, Json]]) -> tuple[Change, ...]:
    changes = (change(data, path, value) for path, value in places)
    return tuple(each for each in changes if each.value != each.was)
