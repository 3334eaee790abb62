"""Harness E: wall clocks that jump, on both sides. Nothing is ordered, lost or prolonged by them.

A jump of the service's clock beyond the life of a token ends sessions, as it must; here it jumps
back by years, or ahead by less than that.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.auth.floor import ClockFloor
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Op, Push
from tests.fakes.clock import FakeClock
from tests.fakes.faults import answer
from tests.sync import ledgers
from tests.sync.world import Desk, Session

YEARS = timedelta(days=3652)
#: Ten years either way, summer time, and a computer that slept while its clock went on.
JUMPS = st.sampled_from(
    [YEARS, -YEARS, timedelta(hours=1), timedelta(hours=-1), timedelta(hours=9), timedelta(0)]
)
SERVICE_JUMPS = st.sampled_from([-YEARS, timedelta(hours=-1), timedelta(minutes=5), timedelta(0)])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("mine"), JUMPS),
        st.tuples(st.just("theirs"), JUMPS),
        st.tuples(st.just("service"), SERVICE_JUMPS),
        st.tuples(st.sampled_from(["sync mine", "sync theirs"]), st.just(timedelta(0))),
    ),
    max_size=12,
)
EXAMPLES = 12
NIGHTLY_EXAMPLES = 100


class Place:
    """Two desks whose clocks are their own, and what each has written alone."""

    def __init__(self, sessions: tuple[Session, Session], folder: Path) -> None:
        sessions[0].service.clock.advance(timedelta(minutes=1))
        self.service = sessions[0].service
        start = self.service.clock.now()
        self.clocks = (FakeClock(start), FakeClock(start))
        self.ops: dict[str, str] = {}
        self.desks = tuple(
            Desk(each, folder / str(n), seed=n, clock=clock)
            for n, (each, clock) in enumerate(zip(sessions, self.clocks, strict=True))
        )
        self.desks[0].sync()
        self.flow = self.desks[0].create("Accueil")
        self.note_ops()
        for desk in self.desks:
            desk.sync()
        self.written: list[str] = ["", ""]
        self._count = 0

    def jump_and_write(self, who: int, by: timedelta) -> None:
        self.clocks[who].set(self.clocks[who].now() + by)
        self._count += 1
        word = f"Mot {self._count}"
        node = {"id": f"own{who}", "kind": "menu", "title": word}
        self.desks[who].edit(self.flow, "draft", "nodes", f"own{who}", to=node)
        self.written[who] = word
        self.note_ops()

    def note_ops(self) -> None:
        waiting = (each.op for desk in self.desks for each in desk.cache.outbox())
        self.ops |= {op.op_id: op.id for op in waiting}

    def close(self) -> None:
        for desk in self.desks:
            desk.close()


@contextmanager
def a_place(sessions: tuple[Session, Session]) -> Iterator[Place]:
    clock = sessions[0].service.clock
    truth = clock.now()
    with TemporaryDirectory() as folder, closing(Place(sessions, Path(folder))) as place:
        yield place
        clock.set(max(truth, clock.now()))


def _lived(place: Place, steps: list[tuple[str, timedelta]]) -> None:
    clock = place.service.clock
    truth = clock.now()
    for what, by in steps:
        match what:
            case "mine" | "theirs":
                place.jump_and_write(int(what == "theirs"), by)
            case "service":
                clock.set(truth + by)
            case _:
                place.desks[int(what == "sync theirs")].sync()
    clock.set(truth)
    for desk in (*place.desks, *place.desks, *place.desks):
        desk.sync()
    for who, desk in enumerate(place.desks):
        assert desk.engine.status.is_all_synced
        assert desk.cache.sync.verify() == ()
        for other, word in enumerate(place.written):
            if word:
                assert desk.read(place.flow, "draft", "nodes", f"own{other}", "title") == word, who
    kept = set().union(*(ledgers.acknowledged(desk.cache) for desk in place.desks))
    assert set(place.ops) <= kept, "what a restored service may lose is kept, whatever the date"
    made = ledgers.effects(place.service, place.ops)[place.flow]
    assert made == set(range(1, ledgers.versions(place.service, [place.flow])[place.flow] + 1))


QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@QUICK
@given(steps=STEPS)
def test_invariant_19_clocks_that_jump_order_and_lose_nothing(
    sessions: tuple[Session, Session], steps: list[tuple[str, timedelta]]
) -> None:
    with a_place(sessions) as place:
        _lived(place, steps)


@pytest.mark.nightly
@settings(QUICK, max_examples=NIGHTLY_EXAMPLES)
@given(steps=STEPS)
def test_invariant_19_clocks_that_jump_in_many_lives(
    sessions: tuple[Session, Session], steps: list[tuple[str, timedelta]]
) -> None:
    with a_place(sessions) as place:
        _lived(place, steps)


def _pushed(desk: Desk, flow: str, at: datetime) -> None:
    (waiting,) = [each.op for each in desk.cache.outbox()]
    op = Op(waiting.op_id, waiting.n, "flow", flow, "create", at, value=waiting.value)
    batch = Push(desk.session.device_id, desk.cache.sync.epoch, 1, 0, (op,))
    assert desk.session.client.sync.push(batch).results[0].status == "applied"


@pytest.mark.parametrize("by", [-YEARS, YEARS])
def test_invariant_19_the_time_of_an_edit_is_the_services(desk: Desk, by: timedelta) -> None:
    """What a device says of when it made an edit is in no history and in no order."""
    desk.sync()
    flow = desk.create("Accueil")
    now = desk.session.service.clock.now()
    _pushed(desk, flow, now + by)
    desk.sync()
    row = desk.cache.row("flow", flow)
    assert row is not None
    assert datetime.fromisoformat(str(row.data["updated_at"])) == now


@pytest.mark.parametrize("by", [-YEARS, YEARS])
def test_a_pause_is_measured_by_what_passes_not_by_the_wall_clock(
    sessions: tuple[Session, Session], tmp_path: Path, by: timedelta
) -> None:
    clock = FakeClock(sessions[0].service.clock.now())
    desk = Desk(sessions[0], tmp_path, clock=clock)
    desk.sync()
    desk.faults.strike("/sync/hello", answer(503, retry_after="120"))
    with pytest.raises(CXError):
        desk.sync()
    due = desk.engine._state.wake_at
    assert due == pytest.approx(clock.monotonic() + 120)
    clock.set(clock.now() + by)
    assert desk.engine._state.wake_at == due
    assert desk.sync().is_all_synced
    desk.close()


@given(
    jumps=st.lists(
        st.tuples(
            st.sampled_from([YEARS, -YEARS, timedelta(hours=1), timedelta(hours=-1)]),
            st.sampled_from([timedelta(0), timedelta(minutes=7), timedelta(days=1)]),
            st.booleans(),
        ),
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None)
def test_invariant_19_no_jump_brings_the_floor_back_or_prolongs_a_lease(
    jumps: list[tuple[timedelta, timedelta, bool]],
) -> None:
    """Whatever the wall clock does, and however often the program starts, time goes on here."""
    clock = FakeClock()
    start = clock.now()
    with TemporaryDirectory() as folder:
        floor = ClockFloor(Path(folder), clock, at_least=start)
        highest, passed = floor.now(), timedelta(0)
        for by, elapsed, starts_again in jumps:
            clock.set(clock.now() + by)
            clock.advance(elapsed)
            passed += elapsed
            assert floor.now() >= max(highest, start + passed)
            if starts_again:
                floor.save()
                floor = ClockFloor(Path(folder), clock, at_least=start)
            assert floor.now() >= max(highest, start + passed)
            highest = floor.now()
