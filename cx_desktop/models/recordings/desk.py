"""Everything the page « Écoutes » works with, made from the open workspace."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Changed, Listed, Listing
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.names import Names
from cx_desktop.models.recordings.rows import RecordingRows
from cx_desktop.models.recordings.searches import Search, Searches
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Recording

if TYPE_CHECKING:
    from cx_desktop.tasks import Task

#: While recordings stream in, the list is read again so often at most.
_RENEW_MS = 1_500
_DAY_MS = 60_000
_SAID = frozenset({"note", "labels", "evaluation"})
_NAMED = frozenset({"queue", "flow", "number"})


class RecordingDesk(QObject):
    """The list, the recording in hand, and what plays, judges and packs it.

    ``current`` is the one recording that is in hand: the player plays it, reviewers speak of it.
    Views show a position of the list by ``go_to`` and follow ``position_changed``.
    """

    current_changed = Signal(object)  # Recording | None
    position_changed = Signal(int)  # the row to show as current, and to bring into view; -1: none
    position_found = Signal(int)  # where the recording in hand stands in a list that is another
    chosen_changed = Signal()  # other rows are chosen, see ``chosen_count``
    listing_changed = Signal()  # other filters, another order
    project_changed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.permissions = permissions
        self.step_ups = step_ups
        self.tasks = workspace.tasks
        self.current: Recording | None = None
        self.position = -1
        self.chosen: tuple[range, ...] = ()
        self._place: int | None = None
        self.filters = Filters()
        self.sort, self.is_descending = Sort.STARTED, True
        self.rows = RecordingRows(cache=workspace.cache, tasks=workspace.tasks, parent=self)
        self.names = Names(workspace, parent=self)
        self.searches = Searches(workspace, parent=self)
        self._preparing: Task | None = None
        self.day = self.today
        """The day that is shown: it follows ``today`` within a minute, and costs nothing."""
        self._renewing = QTimer(self, interval=_RENEW_MS, singleShot=True)
        self._renewing.timeout.connect(self._renew)
        self._midnight = QTimer(self, interval=_DAY_MS)
        self._midnight.timeout.connect(self._look_at_the_day)
        self._midnight.start()
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        self.rows.marks.append(lambda: self._place)
        self.rows.filled.connect(self._on_filled)
        self.rows.changed.connect(self._find_again)
        self.rows.whole.connect(self._find)
        self.rows.whole.connect(self._prepare)
        workspace.project_changed.connect(self._on_project_changed)
        self._begin()

    @property
    def today(self) -> date:
        """The day where the project is, by the clock that cannot be set back."""
        return self.workspace.opened.floor.now().astimezone(self.workspace.zone).date()

    @property
    def listing(self) -> Listing | None:
        """The list as it is filtered and sorted now; what packs and draws are made of, too."""
        project = self.workspace.project
        if project is None:
            return None
        return Listing(
            project_id=project.id,
            today=self.today,
            zone=project.time_zone,
            filters=self.filters,
            sort=self.sort,
            is_descending=self.is_descending,
        )

    @property
    def is_loading(self) -> bool:
        """Whether a first download is under way, which may bring recordings."""
        freshness = self.workspace.sync_status.freshness
        return freshness.first_sync is not None or freshness.load is not None

    def filter(self, filters: Filters) -> None:
        """Show those that these filters mean."""
        if filters != self.filters:
            self.filters = filters
            self._ask()

    def sort_by(self, sort: Sort, *, is_descending: bool) -> None:
        """Show them in another order; the recording in hand stays in hand."""
        if (sort, is_descending) != (self.sort, self.is_descending):
            self.sort, self.is_descending = sort, is_descending
            self._ask()

    def look_for(self, search: Search) -> None:
        """Show what a kept search means."""
        self.filters = search.filters
        self.sort, self.is_descending = search.sort, search.is_descending
        self._ask()

    def keep_search(self, name: str) -> None:
        """Keep what is looked for now under a name."""
        self.searches.keep(
            Search(
                name=name, filters=self.filters, sort=self.sort, is_descending=self.is_descending
            )
        )

    def capture_chosen(self) -> Callable[[], Sequence[str]]:
        """What is chosen now; what it gives is asked for the ids, on the pool."""
        places = self.rows.places(self.chosen)
        return partial(self.workspace.cache.recording_list.ids_at, places)

    def capture_shown(self) -> Callable[[], Sequence[str]]:
        """Everything the list means now; what it gives is asked for the ids, on the pool."""
        listing = self.listing
        if listing is None:
            return tuple
        return partial(self.workspace.cache.recording_list.ids, listing)

    def choose(self, ranges: Sequence[range]) -> None:
        """These positions of the list are chosen: one, many, or all."""
        self.chosen = tuple(ranges)
        self.chosen_changed.emit()

    @property
    def chosen_count(self) -> int:
        """How many are chosen."""
        return sum(map(len, self.chosen))

    def go_to(self, position: int) -> None:
        """Take the recording of a row in hand, as soon as it is here."""
        if position == self.position and self.current is not None:
            return
        self.position = position
        self._place = self.rows.place(position)
        row = self.rows.row(position) if position >= 0 else None
        if row is not None or position < 0:
            self._take(row)

    def step(self, by: int) -> bool:
        """The next recording of the list, or the one before; whether there is one."""
        wanted = self.position + by
        if not 0 <= wanted < self.rows.count:
            return False
        self.go_to(wanted)
        self.position_changed.emit(wanted)
        return True

    def take(self, recording: Recording | None) -> None:
        """Take a recording in hand, whether or not the list shows it."""
        if recording is None or self.current is None or recording.id != self.current.id:
            self.position, self._place = -1, None
            self.position_changed.emit(-1)
        self._hold(recording)

    def load(self) -> None:
        """Read the list anew."""
        self._ask()

    def close(self) -> None:
        """Stop following the cache; called before it is given back."""
        self._renewing.stop()
        self._midnight.stop()
        self._news.close()
        if self._preparing is not None:
            self._preparing.cancel()

    def _begin(self) -> None:
        self.day = self.today
        self.names.read(anew=True)
        self.searches.read()
        self._ask()

    def _ask(self) -> None:
        listing = self.listing
        if listing is not None:
            self.position = -1
            self.rows.ask(listing)
            self.listing_changed.emit()

    def _find_again(self) -> None:
        """The list is another one, or was read again: what was in hand may stand elsewhere."""
        self.position = -1 if self._place is None else self.rows.moved.get(self._place, -1)

    def _find(self) -> None:
        """The list is here to its end, and views show it: what is in hand may be in it."""
        if self.position < 0 and self._place is not None:
            self.position = self.rows.position_of(self._place)
        if self.position >= 0:
            self.position_found.emit(self.position)

    def _renew(self) -> None:
        listing = self.listing
        if listing is None:
            return
        if self.rows.is_reading:  # one after the other, however large it is
            self._renewing.start()
            return
        self.rows.renew(listing)
        self.names.read()

    def _hold(self, recording: Recording | None) -> None:
        if recording != self.current:
            self.current = recording
            self.current_changed.emit(recording)

    def _take(self, row: Listed | None) -> None:
        self._hold(None if row is None else row.recording)

    def _on_filled(self, positions: range) -> None:
        if self.position in positions:
            row = self.rows.row(self.position)
            if row is not None:
                self._take(row)

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type == "recording":
            self._forget_what_is_gone(changed.ids)
            if not self._renewing.isActive():
                self._renewing.start()
        elif changed.entity_type in _NAMED:
            self.names.read()
        elif changed.entity_type in _SAID or changed.entity_type == "sound":
            self.rows.refresh()
            self.names.read()

    def _forget_what_is_gone(self, ids: Iterable[str]) -> None:
        current = self.current
        if current is None or current.id not in ids:
            return
        place_of = partial(self.workspace.cache.recording_list.place_of, current.id)
        self.tasks.run(
            place_of,
            done=lambda place: self._let_go(current) if place is None else None,
            failed=_ignore,
        )

    def _let_go(self, recording: Recording) -> None:
        if self.current is not None and self.current.id == recording.id:
            self.take(None)

    def _look_at_the_day(self) -> None:
        """What is due on the new day is not there any more, whoever purges it when."""
        if self.today != self.day:
            self.day = self.today
            if self.current is not None and self.current.delete_by <= self.day:
                self.take(None)
            self._renew()
        self._prepare()

    def _prepare(self) -> None:
        """Have searches made quick in the background, once a first load is over."""
        if self._preparing is None:
            self._preparing = self.tasks.run_cancellable(
                lambda task: self.workspace.cache.recording_list.prepare(task.check),
                done=self._on_prepared,
                failed=_ignore,
            )

    def _on_prepared(self, is_whole: bool) -> None:  # noqa: FBT001  (the outcome of a task)
        if not is_whole:
            self._preparing = None  # the next minute

    def _on_project_changed(self) -> None:
        self.take(None)
        self.filters = Filters()
        self._begin()
        self.project_changed.emit()


def _ignore(_error: CXError) -> None:
    """The list itself says what is wrong with the cache."""
