"""The rows of a list: as they come, as they are looked at, as the cache moves on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Listing
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings import Filters
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recordings.rows import STRETCH, RecordingRows
from cx_desktop.tasks import Tasks
from cx_desktop.views.recordings.table import RecordTable
from tests.cache.test_recording_list import TODAY, Library
from tests.cache.world import World
from tests.fakes.clock import FakeClock
from tests.fakes.seat import look
from tests.fakes.service import RunningService, recorded
from tests.views.recordings.listener import listening

WAIT = 15_000


class Shelf:
    """Rows over a library in a sealed cache."""

    def __init__(self, folder: Path, qtbot: QtBot, count: int) -> None:
        self.world = World(folder, FakeClock())
        self.library = Library(self.world, count)
        self.tasks = Tasks()
        self.rows = RecordingRows(cache=self.world.cache, tasks=self.tasks)
        self._qtbot = qtbot

    def until(self, true: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(true, timeout=WAIT)

    def ask(self, **wanted: object) -> Listing:
        listing = self.library.listing(**wanted)
        self.rows.ask(listing)
        return listing

    def row(self, position: int) -> str:
        """The id of a row, once it is here."""
        self.until(lambda: self.rows.row(position) is not None)
        found = self.rows.row(position)
        assert found is not None
        return found.recording.id

    def close(self) -> None:
        self.tasks.close()
        self.tasks.let_go()
        self.world.cache.close()


@pytest.fixture
def shelf(tmp_path: Path, qtbot: QtBot) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "profile", qtbot, 1_800)
    yield shelf
    shelf.close()


def test_rows_come_where_one_looks_in_any_order(shelf: Shelf) -> None:
    listing = shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    wanted = shelf.library.cache.recording_list.ids(listing)
    assert shelf.rows.count == len(wanted)
    positions = list(range(0, len(wanted), 7))
    Random(1).shuffle(positions)  # noqa: S311  (any order will do)
    for position in positions:
        assert shelf.row(position) == wanted[position]


def test_the_first_rows_are_here_before_the_list_is_whole(shelf: Shelf) -> None:
    seen: list[tuple[int, bool]] = []
    shelf.rows.changed.connect(lambda: seen.append((shelf.rows.count, shelf.rows.is_whole)))
    grown: list[range] = []
    shelf.rows.grown.connect(grown.append)
    shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    assert seen[0] == (256, False)
    assert grown[0].start == 256
    assert grown[-1].stop == shelf.rows.count


def test_the_last_wish_counts(shelf: Shelf) -> None:
    for words in ("e", "em", "emi", "personne"):
        last = shelf.ask(filters=Filters(words=words))
    shelf.until(lambda: shelf.rows.is_whole)
    assert shelf.rows.listing == last
    assert shelf.rows.count == 0
    assert shelf.rows.state is LoadState.READY


def test_what_was_scrolled_past_is_not_read(shelf: Shelf) -> None:
    shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    filled: list[range] = []
    shelf.rows.filled.connect(filled.append)
    for position in range(0, shelf.rows.count, STRETCH):
        shelf.rows.row(position)
    shelf.until(lambda: shelf.tasks.is_idle)
    assert len(filled) <= 6
    assert filled[-1].stop <= shelf.rows.count
    assert any(shelf.rows.count - 1 in each for each in filled), "the last one looked at"


def test_a_list_that_is_read_again_stays_until_it_is_whole(shelf: Shelf) -> None:
    listing = shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    third = shelf.row(3)
    place = shelf.rows.place(3)
    shelf.rows.marks.append(lambda: place)
    gone = shelf.row(0)
    shelf.library.write(
        lambda connection: connection.exec_driver_sql(
            "DELETE FROM recording WHERE id = ?", (bytes.fromhex(gone.replace("-", "")),)
        )
    )
    counts: list[int] = []
    shelf.rows.changed.connect(lambda: counts.append(shelf.rows.count))
    before = shelf.rows.count
    shelf.rows.renew(listing)
    assert shelf.rows.count == before
    shelf.until(lambda: bool(counts))
    assert counts == [before - 1]
    assert place is not None
    assert shelf.rows.moved == {place: 2}
    assert shelf.row(2) == third


def test_a_list_that_is_the_same_is_not_shown_anew(shelf: Shelf) -> None:
    listing = shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    shelf.row(0)
    counts: list[int] = []
    shelf.rows.changed.connect(lambda: counts.append(shelf.rows.count))
    shelf.rows.renew(listing)
    shelf.until(lambda: not shelf.rows.is_reading)
    assert counts == []


def test_a_failure_says_why_and_can_be_tried_again(shelf: Shelf) -> None:
    shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    shelf.rows._fail(CXError("problem.cache-busy"))
    assert not shelf.rows.is_whole
    assert shelf.rows.problem is not None
    shelf.rows.load()
    shelf.until(lambda: shelf.rows.is_whole)
    assert shelf.rows.problem is None


def test_nothing_that_is_due_comes_to_a_row(shelf: Shelf) -> None:
    shelf.ask()
    shelf.until(lambda: shelf.rows.is_whole)
    due = {row.id for row in shelf.library.rows if row.delete_by <= TODAY}
    assert due
    for position in range(0, shelf.rows.count, 50):
        assert shelf.row(position) not in due


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(600) as service:
        yield service


def test_the_table_keeps_what_qt_asks_of_models(
    service: RunningService, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with listening(tmp_path, service, look(qapp), qtbot) as ines:
        model = ines.page.table.model()
        tester = QAbstractItemModelTester(
            model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        ines.row(0)
        ines.type("benali")
        ines.type("")
        ines.row(500)
        assert isinstance(ines.page.table, RecordTable)
        assert tester.model() is model
