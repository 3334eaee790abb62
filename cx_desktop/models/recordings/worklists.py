"""What a team is to hear: its worklists, the week's draw of one, and the next call.

A worklist is shared; who draws from it where does not matter, every computer draws the same. What a
list is filtered by now becomes its filter, without what may name a caller and without what changes
while one works through it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cx_desktop.cache import Cache, Changed, Edit, Listing
from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Change, Document, Json
from cx_desktop.domain.recordings import Filters
from cx_desktop.domain.recordings.notes import Evaluation, State, Worklist
from cx_desktop.domain.recordings.worklist import (
    Candidate,
    Drawn,
    Progress,
    draw,
    next_after,
    progress,
    week_of,
)
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.latest import Latest
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.review_forms import LiveForm, forms_of
from cx_desktop.models.recordings.reviewed import Purpose
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Recording

_WEEK = timedelta(days=7)
_AT_ONCE = 500
_FOLLOWED = frozenset({"worklist", "evaluation", "form", "revision"})
#: So long recordings must rest before the draw is made again.
_REST_MS = 1_500


class Wanted(NamedTuple):
    """A call that somebody is to hear, and why."""

    recording: Recording
    purpose: Purpose


class Found(Struct, frozen=True):
    """What was read: the worklists, and the draw of one of them."""

    project_id: str = ""
    week: date = date.min
    lists: tuple[Worklist, ...] = ()
    forms: tuple[LiveForm, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    calls: dict[str, Recording] = {}


class Worklists(QObject):
    """The worklists of the project in view; ``wanted`` when somebody is to hear a call."""

    changed = Signal()
    wanted = Signal(object)  # Wanted
    failed = Signal(object)  # CXError

    def __init__(
        self, workspace: Workspace, permissions: Permissions, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._permissions = permissions
        self._chosen = ""
        self._created = ""
        self.week = week_of(self.today)
        self._is_week_chosen = False
        self.found = Found()
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self.failed.emit
        )
        self._resting = QTimer(self, interval=_REST_MS, singleShot=True)
        self._resting.timeout.connect(self._latest.ask)
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_news)
        workspace.project_changed.connect(self._on_project_changed)
        permissions.changed.connect(self.changed)
        self._latest.ask()

    def close(self) -> None:
        """Stop following the cache."""
        self._resting.stop()
        self._news.close()

    @property
    def today(self) -> date:
        """The day where the project is, by the clock that cannot be set back."""
        return self._workspace.cache.purging.now().astimezone(self._workspace.zone).date()

    @property
    def why_not(self) -> str:
        """The key of the reason why no worklist can be made or worked through; "" when it can."""
        return self._permissions.why_not(Verb.NOTE_WRITE)

    @property
    def current(self) -> Worklist | None:
        """The worklist that is worked through."""
        lists = self.found.lists
        return next((e for e in lists if e.id == self._chosen), None) or next(iter(lists), None)

    @property
    def progress(self) -> Progress:
        """How far the week is."""
        return progress(self.found.drawn)

    @property
    def is_this_week(self) -> bool:
        """Whether the week in view is the one of today."""
        return self.week == week_of(self.today)

    def choose(self, worklist_id: str) -> None:
        """Work through another one."""
        self._chosen = worklist_id
        self._draw_anew()

    def show_week(self, by: int) -> None:
        """Another week; none that has not begun."""
        self._is_week_chosen = True
        self.week = min(self.week + by * _WEEK, week_of(self.today))
        self._draw_anew()

    def create(self, name: str, form_id: str, quota: int, filters: Filters) -> str:
        """A worklist over what a list shows now; its id."""
        project = self._workspace.project
        if project is None or self.why_not:
            return ""
        worklist_id = self._workspace.ids.new()
        value: Document = {
            "type": "worklist",
            "id": worklist_id,
            "project_id": project.id,
            "name": name,
            "form_id": form_id,
            "quota": quota,
            "filter": _kept(filters),
        }
        self._chosen = worklist_id
        self._submit(Edit("worklist", worklist_id, value=value))
        return worklist_id

    def remove(self, worklist: Worklist) -> None:
        """Drop a worklist for everybody; what was evaluated for it stays."""
        self._change(worklist, "removed", value=True)

    def set_quota(self, worklist: Worklist, quota: int) -> None:
        """More or fewer calls per agent and week."""
        self._change(worklist, "quota", value=quota)

    def next(self, after: str = "") -> bool:
        """Take the next call in hand; False where nothing is left."""
        current = self.current
        coming = next_after(self.found.drawn, after)
        recording = None if coming is None else self.found.calls.get(coming.recording_id)
        if current is None or recording is None:
            return False
        self.wanted.emit(Wanted(recording, Purpose(current.id, current.form_id)))
        return True

    def _draw_anew(self) -> None:
        """What was drawn for something else is not shown any more."""
        self.found = replace(self.found, drawn=(), calls={})
        self._latest.ask_anew()
        self.changed.emit()

    def _change(self, worklist: Worklist, name: str, *, value: Json) -> None:
        was = getattr(worklist, name)
        if not self.why_not and was != value:
            before = msgspec.UNSET if name == "removed" else was
            self._submit(Edit("worklist", worklist.id, (Change((name,), value, before),)))

    def _submit(self, edit: Edit) -> None:
        future = self._workspace.cache.submit(edit)
        self._workspace.tasks.run(future.result, failed=self.failed.emit)

    @Slot(object)
    def _on_news(self, changed: Changed) -> None:
        if changed.entity_type == "recording":  # they stream in by the thousand
            self._resting.start()
        elif changed.entity_type in _FOLLOWED:
            self._latest.ask()

    def _on_project_changed(self) -> None:
        self._chosen, self.found = "", Found()
        self._is_week_chosen = False
        self.week = week_of(self.today)
        self._latest.ask_anew()
        self.changed.emit()

    def _on_read(self, found: Found) -> None:
        project = self._workspace.project
        if project is None or found.project_id != project.id or found == self.found:
            return
        if found.week == self.week or not self._is_week_chosen:
            self.found = found
            self.week = found.week
            self.changed.emit()

    def _read(self) -> Found:
        project, cache = self._workspace.project, self._workspace.cache
        if project is None:
            return Found()
        today, week, chosen = self.today, self.week, self._chosen
        rows = cache.said.all_of("worklist", project.id, today)
        lists = tuple(each for row in rows if isinstance(each := _worklist(row.data), Worklist))
        lists = tuple(sorted(lists, key=lambda each: (each.name.casefold(), each.id)))
        found = Found(project.id, week, lists, forms_of(cache, project.id))
        current = next((e for e in lists if e.id == chosen), None) or next(iter(lists), None)
        if current is None:
            return found
        around = Around(cache, project.id, current, today, self._workspace)
        found = _drawn(found, around, week)
        if not found.drawn and not self._is_week_chosen:  # it has just begun
            found = _drawn(found, around, week - _WEEK)
        return found


class Around(NamedTuple):
    """For whom is drawn, and from what."""

    cache: Cache
    project_id: str
    worklist: Worklist
    today: date
    workspace: Workspace


def _drawn(found: Found, around: Around, week: date) -> Found:
    """The draw of a week, with the calls that can be heard."""
    zone = around.workspace.zone
    calls = {each.id: each for each in _calls(around, week)}
    candidates = _candidates(
        calls, around, week, lambda call: call.started_at.astimezone(zone).date()
    )
    drawn = draw(candidates, quota=around.worklist.quota, seed=around.worklist.id)
    here = {each.recording_id for each in drawn}
    kept = {key: call for key, call in calls.items() if key in here}
    return replace(found, week=week, drawn=drawn, calls=kept)


def _candidates(
    calls: dict[str, Recording],
    around: Around,
    week: date,
    day_of: Callable[[Recording], date],
) -> Iterator[Candidate]:
    """The week's calls, and those that were heard and are gone since."""
    done: dict[str, Evaluation] = {}
    begun: set[str] = set()
    for each in _evaluations(around.cache, around.project_id, around.today):
        worklist = around.worklist
        is_for_it = each.worklist_id == worklist.id or each.form_id == worklist.form_id
        if not is_for_it or each.calibrates is not None:
            continue
        if each.state is State.DONE:
            done[each.recording_id] = each
        elif each.author.id != around.workspace.user.id:
            begun.add(each.recording_id)
    for key, call in calls.items():
        yield Candidate(key, call.agent_name, day_of(call), key in done, key in begun)
    for key, each in done.items():
        is_ours = each.worklist_id == around.worklist.id and each.week == week
        if key not in calls and is_ours:
            yield Candidate(key, each.agent_name, week, is_done=True, is_here=False)


def _calls(around: Around, week: date) -> Iterator[Recording]:
    cache, today = around.cache, around.today
    try:
        filters = msgspec.convert(around.worklist.filter, Filters)
    except msgspec.ValidationError:  # a newer program made it
        filters = Filters()
    filters = replace(filters, since=week, until=week + timedelta(days=6))
    places = cache.recording_list.places(
        Listing(project_id=around.project_id, today=today, filters=filters)
    )
    for at in range(0, len(places), _AT_ONCE):
        for row in cache.recording_list.rows(places[at : at + _AT_ONCE], today):
            if row is not None:
                yield row.recording


def _evaluations(cache: Cache, project_id: str, today: date) -> Iterator[Evaluation]:
    for row in cache.said.all_of("evaluation", project_id, today):
        try:
            yield msgspec.convert(row.data, Evaluation)
        except msgspec.ValidationError:  # a newer program wrote it
            continue


def _worklist(data: Document) -> Worklist | None:
    try:
        return msgspec.convert(data, Worklist)
    except msgspec.ValidationError:  # a newer program wrote it
        return None


def _kept(filters: Filters) -> Json:
    """What a worklist keeps of filters: nothing of a caller, nothing that scoring changes."""
    plain = replace(
        filters,
        words="",
        since=None,
        until=None,
        has_note=None,
        is_evaluated=None,
        worst=None,
        best=None,
        due_within=None,
        is_here=None,
    )
    return msgspec.to_builtins(plain)
