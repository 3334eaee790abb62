"""The recordings that a list shows: all of them by their places, only those in view as rows."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Listed, Listing
from cx_desktop.domain.errors import CXError
from cx_desktop.models.latest import Latest
from cx_desktop.models.load_state import LoadState
from cx_desktop.tasks import Tasks

#: So many rows are read at once.
PAGE = 256
#: So many pages are remembered: what one has scrolled past comes back at once.
_PAGES = 64


class RecordingRows(QObject):
    """A list that is asked for; rows come when somebody looks at them."""

    changed = Signal()  # another list, or its state
    filled = Signal(object)  # range: the rows at these positions are here now

    def __init__(self, *, cache: Cache, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks
        self._listing: Listing | None = None
        self._places: Sequence[int] = ()
        self._pages: OrderedDict[int, tuple[Listed | None, ...]] = OrderedDict()
        self._wanted: set[int] = set()
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        self._reading: Latest[tuple[Listing, Sequence[int]]] | None = None

    @property
    def count(self) -> int:
        """How many there are: exactly."""
        return len(self._places)

    def ask(self, listing: Listing) -> None:
        """Show another list; the present one stays until that is here."""
        self._listing = listing
        self.load()

    def load(self) -> None:
        """Read anew."""
        if self._reading is None:
            self._reading = Latest(self._tasks, self._read, done=self._on_read, failed=self._fail)
        self._reading.ask()

    def row(self, position: int) -> Listed | None:
        """What stands there; None while it is read, or where it has just gone."""
        number, within = divmod(position, PAGE)
        page = self._pages.get(number)
        if page is None:
            self._fetch(number)
            return None
        return page[within] if within < len(page) else None

    def _read(self) -> tuple[Listing, Sequence[int]]:
        listing = self._listing
        if listing is None:
            raise CXError("problem.object-not-here")
        return listing, self._cache.recording_list.places(listing)

    def _on_read(self, found: tuple[Listing, Sequence[int]]) -> None:
        _listing, self._places = found
        self._pages.clear()
        self._wanted.clear()
        self.state, self.problem = LoadState.READY, None
        self.changed.emit()

    def _fail(self, error: CXError) -> None:
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()

    def _fetch(self, number: int) -> None:
        listing = self._listing
        if number in self._wanted or listing is None:
            return
        self._wanted.add(number)
        places = self._places
        wanted = places[number * PAGE : (number + 1) * PAGE]
        self._tasks.run(
            _reader(self._cache, wanted, listing.today),
            done=lambda rows: self._on_page(places, number, rows),
            failed=self._fail,
        )

    def _on_page(self, places: Sequence[int], number: int, rows: tuple[Listed | None, ...]) -> None:
        if places is not self._places:  # of a list that is not shown any more
            return
        self._wanted.discard(number)
        self._pages[number] = rows
        while len(self._pages) > _PAGES:
            self._pages.popitem(last=False)
        start = number * PAGE
        self.filled.emit(range(start, start + len(rows)))


def _reader(
    cache: Cache, places: Sequence[int], today: date
) -> Callable[[], tuple[Listed | None, ...]]:
    return lambda: cache.recording_list.rows(places, today)
