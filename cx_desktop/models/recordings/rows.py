"""The recordings that a list shows: all of them by their places, only those in view as rows.

A list that is asked for comes in parts, the first at once. When the cache moves on, the list is
read anew behind what is shown and takes its place whole; rows are shown as they were until they
are read again. One list is read at a time, two stretches of rows at most.
"""

from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Listed, Listing, SoundState
from cx_desktop.domain.errors import CXError
from cx_desktop.models.load_state import LoadState
from cx_desktop.protocol import Recording
from cx_desktop.tasks import Task, Tasks

__all__ = ["Listed", "Recording", "RecordingRows", "SoundState"]

#: So many rows are read at once.
STRETCH = 128
#: So many stretches are remembered: what one has scrolled past comes back at once.
_REMEMBERED = 64
_AT_ONCE, _WAITING = 2, 3


class RecordingRows(QObject):
    """A list that is asked for; rows come when somebody looks at them."""

    changed = Signal()  # another list from its beginning, or its state
    grown = Signal(object)  # range: more positions at the end
    filled = Signal(object)  # range: the rows at these positions are here now, or others
    whole = Signal()  # the list is here to its end: ``count`` is how many there are

    def __init__(self, *, cache: Cache, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks
        self._listing: Listing | None = None
        self._places: array[int] = array("q")
        self._stretches: OrderedDict[int, tuple[Listed | None, ...]] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: deque[int] = deque(maxlen=_WAITING)
        self._fetching: set[int] = set()
        self._reading: Task | None = None
        self._generation = 0
        self.is_whole = False
        """Whether the list is here to its end."""
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self.marks: list[Callable[[], int | None]] = []
        """Tell the places that somebody wants to find again when the list was read anew."""
        self.moved: Mapping[int, int] = {}
        """Their positions now; empty where the list is another one."""

    @property
    def count(self) -> int:
        """How many there are, or have come so far."""
        return len(self._places)

    @property
    def is_reading(self) -> bool:
        """Whether a list is on its way."""
        return self._reading is not None

    @property
    def listing(self) -> Listing | None:
        """What was asked for last."""
        return self._listing

    def ask(self, listing: Listing) -> None:
        """Show another list, as it comes; the present one stays until something of it is here."""
        self._stop()
        self._listing = listing
        parts: deque[_Part] = deque()
        is_begun = [False]

        def take() -> None:
            while parts:
                part = parts.popleft()
                if is_begun[0]:
                    self._grow(part.places)
                else:
                    is_begun[0] = True
                    self._replace(array("q", part.places), part.rows)

        def end(_result: None) -> None:
            take()
            if not is_begun[0]:
                self._replace(array("q"))
            self._end()

        self._reading = self._tasks.run_cancellable(
            partial(_stream, self._cache, listing, parts),
            done=end,
            failed=self._fail,
            progress=lambda _share, _what: take(),
        )

    def load(self) -> None:
        """Try again after a failure."""
        if self._listing is not None:
            self.ask(self._listing)

    def renew(self, listing: Listing) -> None:
        """The cache has moved on: read the list again behind what is shown."""
        if self._listing is None or not self.is_whole or listing.filters != self._listing.filters:
            self.ask(listing)
            return
        self._stop()
        self._listing = listing
        marks = [mark for each in self.marks if (mark := each()) is not None]
        self._reading = self._tasks.run_cancellable(
            partial(_read_again, self._cache, listing, self._places, marks),
            done=self._on_read_again,
            failed=self._fail,
        )

    def refresh(self) -> None:
        """What is said of recordings has changed, not which they are."""
        self._stale.update(self._stretches)
        for number in tuple(self._stretches)[-_AT_ONCE:]:
            start = number * STRETCH
            self.filled.emit(range(start, min(start + STRETCH, self.count)))

    def row(self, position: int) -> Listed | None:
        """What stands there; None while it is read, or where it has just gone."""
        number, within = divmod(position, STRETCH)
        stretch = self._stretches.get(number)
        if stretch is None or number in self._stale:
            self._want(number)
        if stretch is None or within >= len(stretch):
            return None
        self._stretches.move_to_end(number)
        return stretch[within]

    def place(self, position: int) -> int | None:
        """Where the row at a position is kept."""
        return self._places[position] if 0 <= position < self.count else None

    def position_of(self, place: int) -> int:
        """The position of what is kept at a place; -1 where the list does not show it."""
        try:
            return self._places.index(place)
        except ValueError:
            return -1

    def places(self, ranges: Iterable[range]) -> Sequence[int]:
        """Where the rows of stretches are kept."""
        found = array("q")
        for each in ranges:
            found.extend(self._places[each.start : each.stop])
        return found

    def _grow(self, part: Sequence[int]) -> None:
        start = self.count
        self._places.extend(part)
        if start % STRETCH:  # it was not full
            self._stretches.pop(start // STRETCH, None)
        self.grown.emit(range(start, self.count))

    def _replace(
        self,
        places: "array[int]",
        rows: tuple[Listed | None, ...] = (),
        moved: Mapping[int, int] | None = None,
    ) -> None:
        self._generation += 1
        self._places = places
        self._stretches.clear()
        if rows:
            self._stretches[0] = rows
        self._stale.clear()
        self._wanted.clear()
        self._fetching.clear()
        self.moved = moved or {}
        self.state, self.problem = LoadState.READY, None
        self.is_whole = moved is not None
        self.changed.emit()

    def _on_read_again(self, again: "_Again") -> None:
        if again.places is None:
            self.refresh()
        else:
            self._replace(again.places, moved=again.moved)
        self._end()

    def _end(self) -> None:
        self._reading = None
        self.is_whole = True
        self.whole.emit()

    def _fail(self, error: CXError) -> None:
        self._reading = None
        self.is_whole = False
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()

    def _stop(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _want(self, number: int) -> None:
        """The stretches looked at last are read first; those scrolled past are not read at all."""
        if number in self._fetching:
            return
        if number in self._wanted:
            self._wanted.remove(number)
        self._wanted.append(number)
        self._fetch()

    def _fetch(self) -> None:
        listing = self._listing
        while self._wanted and len(self._fetching) < _AT_ONCE and listing is not None:
            number = self._wanted.pop()
            self._fetching.add(number)
            self._stale.discard(number)
            places = self._places[number * STRETCH : (number + 1) * STRETCH]
            self._tasks.run(
                partial(self._cache.recording_list.rows, places, listing.today),
                done=partial(self._on_rows, self._generation, number),
                failed=self._fail,
            )

    def _on_rows(self, generation: int, number: int, rows: tuple[Listed | None, ...]) -> None:
        if generation != self._generation:  # of a list that is not shown any more
            return
        self._fetching.discard(number)
        start = number * STRETCH
        if start + len(rows) < min(start + STRETCH, self.count):  # it has grown meanwhile
            self._want(number)
        self._stretches[number] = rows
        while len(self._stretches) > _REMEMBERED:
            self._stretches.popitem(last=False)
        self.filled.emit(range(start, start + len(rows)))
        self._fetch()


class _Again:
    """A list that was read again: nothing where it is the same, or where the marked rows went."""

    def __init__(self, places: "array[int] | None", moved: Mapping[int, int]) -> None:
        self.places = places
        self.moved = moved


class _Part(NamedTuple):
    """Places as they come; the first with its rows, so that they can be seen at once."""

    places: Sequence[int]
    rows: tuple[Listed | None, ...]


def _stream(cache: Cache, listing: Listing, parts: deque[_Part], task: Task) -> None:
    lists, is_first = cache.recording_list, True
    for places in lists.stream(listing):
        task.check()
        first = lists.rows(places[:STRETCH], listing.today) if is_first else ()
        is_first = False
        parts.append(_Part(places, first))
        task.tell(0.0)


def _read_again(
    cache: Cache, listing: Listing, before: Sequence[int], marks: Iterable[int], task: Task
) -> _Again:
    places = array("q")
    for part in cache.recording_list.stream(listing):
        task.check()
        places.extend(part)
    if places == before:
        return _Again(None, {})
    moved: dict[int, int] = {}
    for mark in marks:
        try:
            moved[mark] = places.index(mark)
        except ValueError:
            continue
    return _Again(places, moved)
