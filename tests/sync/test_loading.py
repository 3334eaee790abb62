"""Long loads fit the line, say how far they are, wait when asked, and let edits through."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.protocol import StreamFacts
from cx_desktop.sync import SyncStatus, events, loading, pace
from cx_desktop.sync.events import Break, Complete, Kind, PullPage, PullSnapshot, PushBatch
from cx_desktop.sync.holds import Hold
from cx_desktop.sync.pace import LEAST, TARGET, Load, next_size
from tests.fakes.service import RunningService, recorded
from tests.sync.test_core import Mind, welcome
from tests.sync.world import Desk, Session

ONE = "recordings:00000000-0000-7000-8000-000000000001"
TWO = "recordings:00000000-0000-7000-8000-000000000002"
FIRST = PullSnapshot(ONE, 2_500)


def line(rows_a_second: float, size: int, most: int = 10_000) -> int:
    """What is asked for in the end on a line of this speed."""
    for _ in range(60):
        size = next_size(size, rows=size, seconds=size / rows_a_second, most=most)
    return size


@given(st.floats(200, 1e6), st.integers(LEAST, 10_000))
def test_on_any_line_a_page_comes_to_take_about_a_second(speed: float, size: int) -> None:
    steady = line(speed, size)
    assert LEAST <= steady <= 10_000
    took = steady / speed
    assert took <= 1.5 * TARGET + 1_000 / speed
    assert took >= TARGET / 2 or steady == 10_000 or speed < 2 * LEAST


def test_a_page_that_is_not_full_says_nothing_about_the_line() -> None:
    assert next_size(2_000, rows=3, seconds=0.01, most=5_000) == 2_000
    assert next_size(2_000, rows=2_000, seconds=0.0, most=5_000) == 2_000


def test_the_rate_is_smoothed_and_tells_how_long_the_rest_takes() -> None:
    load = Load(ONE, total=1_000_000)
    assert load.seconds_left is None
    load = load.after(rows=10_000, more=10_000, seconds=1.0)
    assert (load.rate, load.seconds_left) == (10_000, 99.0)
    load = load.after(rows=20_000, more=10_000, seconds=2.0)
    assert load.rate == pytest.approx(8_500)
    assert load.seconds_left == pytest.approx(980_000 / 8_500)
    assert load.after(rows=1_000_007, more=1, seconds=1.0).seconds_left == 0


def mind_with(*streams: str, hold: Hold | None = None) -> Mind:
    """About to pull large streams that nobody has read here yet."""
    mind = Mind(events.State(epoch="e1"))
    mind.woken()
    known = tuple(events.Known(name, True, 10, "a1") for name in ("projects", "flows"))
    facts = tuple(StreamFacts(name, 1_000_000, "a1") for name in streams)
    said = welcome()
    said = type(said)(
        **{n: getattr(said, n) for n in said.__struct_fields__}
        | {"streams": (*said.streams, *facts)}
    )
    mind.told(events.Welcomed(0, said, known, hold=hold or Hold()))
    return mind


def part(rows: int, more: int, seconds: float, stream: str = ONE, **hold: bool) -> events.Part:
    return events.Part(stream, rows, more, seconds, hold=Hold(**hold))


def test_a_load_on_a_good_line_goes_on_and_asks_for_more_when_it_is_worth_it() -> None:
    mind = mind_with(ONE)
    assert mind.sent() == (FIRST,)
    assert mind.told(part(2_500, 2_500, 0.1)) == ()
    assert mind.told(part(5_000, 2_500, 0.1)) == ()
    assert mind.told(part(7_500, 2_500, 0.1)) == (Break(),)
    assert mind.told(events.Broken(0, ONE)) == (PullSnapshot(ONE, 5_000),)
    assert mind.state.loads[ONE].rate == 25_000


def test_on_a_bad_line_it_goes_on_in_smaller_parts_and_a_fault_makes_them_smaller() -> None:
    mind = mind_with(ONE)
    mind.sent()
    assert mind.told(part(2_500, 2_500, 9.0)) == (Break(),)
    assert mind.told(events.Broken(0, ONE)) == (PullSnapshot(ONE, 1_250),)
    mind.failed(Kind.AWAY, stream=ONE)
    assert loading.size_of(mind.state, ONE) == 625
    for _ in range(9):
        mind.failed(Kind.AWAY, stream=ONE)
    assert loading.size_of(mind.state, ONE) == pace.LEAST


def test_news_go_before_the_rest_of_a_load() -> None:
    mind = mind_with(ONE)
    mind.sent()
    assert mind.told(part(2_500, 2_500, 0.5)) == ()
    mind.woken()  # an edit was made, or a hint came
    assert mind.told(part(5_000, 2_500, 0.5)) == (Break(),)
    assert mind.told(events.Broken(0, ONE)) == (events.SayHello(),)


def test_each_large_stream_gives_its_newest_part_before_any_gives_its_history() -> None:
    mind = mind_with(ONE, TWO)
    assert mind.sent() == (FIRST,)
    assert mind.told(part(2_500, 2_500, 0.5)) == (Break(),)
    assert mind.told(events.Broken(0, ONE)) == (PullSnapshot(TWO, 2_500),)
    assert mind.told(part(2_500, 2_500, 0.5, TWO)) == (Break(),)
    assert mind.told(events.Broken(0, TWO)) == (PullSnapshot(ONE, 3_500),)
    assert mind.told(part(6_000, 3_500, 0.5)) == ()


def test_a_person_who_pauses_it_stops_it_at_the_next_mark() -> None:
    mind = mind_with(ONE, TWO)
    mind.sent()
    assert mind.told(part(2_500, 2_500, 0.5, is_paused=True)) == (Break(),)
    rest = mind.told(events.Broken(0, ONE))
    assert rest == (Complete(is_whole=False, with_files=True),)
    assert mind.state.held == (ONE, TWO)


def test_while_it_is_held_everything_else_goes_on() -> None:
    mind = mind_with(ONE, hold=Hold(is_metered=True))
    assert mind.sent("op1") == (PushBatch(8, 1000, frozenset()),)
    assert mind.sent() == (Complete(is_whole=False, with_files=False),)
    behind = tuple(events.Known(name, True, 4, "a1") for name in ("projects", "flows"))
    mind.woken()
    mind.told(events.Welcomed(0, welcome(), (*behind, events.Known(ONE, False, 0, ""))))
    assert mind.sent() == (PullPage("projects", 1000, 10),)


COUNT = 9_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture(scope="module")
def claire(service: RunningService) -> Iterator[Session]:
    with closing(Session(service)) as session:
        yield session


class Loading(Desk):
    """A desk at which something happens when the load has come so far."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.told: list[SyncStatus] = []
        self.at: list[tuple[int, Callable[[], None]]] = []
        super().__init__(session, folder, on_status=self._hear)

    def _hear(self, status: SyncStatus) -> None:
        self.told.append(status)
        here = status.loads[0].rows if status.loads else 0
        if self.at and here >= self.at[0][0]:
            self.at.pop(0)[1]()


@pytest.fixture
def desk(claire: Session, tmp_path: Path) -> Iterator[Loading]:
    claire.service.clock.advance(timedelta(minutes=1))  # a fresh cache counts from when it is made
    claire.faults.asked.clear()
    desk = Loading(claire, tmp_path)
    yield desk
    desk.faults.calm()
    desk.close()


def here(desk: Desk) -> int:
    names = [each.name for each in desk.cache.sync.streams() if ":" in each.name]
    return sum(desk.cache.repairs.count(name) for name in names)


def test_a_pause_keeps_what_is_here_over_a_restart_and_holds_no_edit(desk: Loading) -> None:
    desk.at = [(2_500, desk.engine.holds.pause)]
    status = desk.sync()
    assert (status.phase, status.is_complete, status.hold.is_paused) == ("idle", False, True)
    assert [(each.rows, each.total) for each in status.loads] == [(5_000, COUNT)]
    assert status.last_complete_pull is None
    desk.reopen()
    flow = desk.create("Pendant la pause")
    desk.faults.asked.clear()
    status = desk.sync()
    assert status.unsent == 0
    assert desk.cache.row("flow", flow) is not None
    assert not [each for each in desk.faults.asked if "snapshot" in each]
    assert here(desk) == 5_000
    desk.engine.holds.go_on()
    assert desk.sync().is_all_synced
    assert here(desk) == COUNT


def test_a_metered_line_waits_until_somebody_says_anyway_or_it_changes(desk: Loading) -> None:
    holds = desk.engine.holds
    holds.line(is_metered=True)
    assert desk.sync().hold == Hold(is_metered=True)
    assert here(desk) == 0
    holds.go_on()
    assert holds.now == Hold()
    holds.line(is_metered=True)  # the same line: what was said of it holds
    assert holds.now == Hold()
    holds.line(is_metered=False)
    holds.line(is_metered=True)
    assert holds.now == Hold(is_metered=True)
    holds.line(is_metered=False)
    assert desk.sync().is_all_synced


def test_edits_are_sent_between_the_marks_of_a_load(desk: Loading) -> None:
    made: list[str] = []
    desk.engine._unsubscribe = desk.cache.subscribe(desk.engine._changed)

    def edit() -> None:
        made.append(desk.create("En cours de chargement"))

    desk.at = [(2_500, edit)]
    assert desk.sync().is_all_synced
    letters = {"GET /v1/sync/snapshot": "s", "POST /v1/sync/push": "p"}
    asked = "".join(letters.get(each, "") for each in desk.faults.asked)
    assert re.search("sp+s", asked)  # pushed in the middle of the load
    assert desk.flows().keys() >= set(made)
    assert here(desk) == COUNT
