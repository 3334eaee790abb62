"""Harness A with gestures, guarded actions, poison and clocks that jump.

What must never happen is seen at the service's door (``witness.py``): half a gesture, an action too
late or on another base (26), an op that another one superseded. After each sync that nothing
disturbed, the desk has read all there is, and what it still holds stands behind something that
somebody has to decide, in its chain or its gesture (17).
"""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cx_desktop.auth.floor import ClockFloor
from cx_desktop.cache import Action, Dropped, Edit, OpState, OutboxRow
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import change
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Fault, drop_reply, drop_request, duplicate, problem, truncate
from tests.fakes.service import RunningService
from tests.sync.witness import Seen, watched
from tests.sync.world import Desk, Session

POISON = ""  # the service wants a name
WORDS = st.sampled_from(["Un", "Deux", "Trois", "Quatre", POISON])
PLACES = st.sampled_from([("name",), ("description",), ("draft", "nodes", "start", "title")])
WHO = st.integers(0, 1)
WHICH = st.integers(0, 5)
FAULTS = st.lists(
    st.tuples(
        st.sampled_from(["/sync/push", "/sync/push", "/sync/hello", "stream=flows"]),
        st.one_of(
            st.sampled_from([drop_request, drop_reply, duplicate, problem("internal", 500)]),
            st.integers(0, 2000).map(truncate),
        ),
    ),
    max_size=2,
)
YEARS = timedelta(days=3650)
JUMPS = st.sampled_from([-YEARS, -timedelta(days=1), timedelta(hours=2), timedelta(days=1), YEARS])
ROUNDS = 6


class Life(RuleBasedStateMachine):
    """Two people, each with a computer whose clock may say anything."""

    service: RunningService
    sessions: tuple[Session, Session]

    @initialize()
    def sit_down(self) -> None:
        self.service.clock.advance(timedelta(minutes=1))
        self.leaving = ExitStack()
        folder = Path(self.leaving.enter_context(TemporaryDirectory()))
        self.seen = Seen()
        self.leaving.enter_context(watched(self.sessions, self.seen))
        self.clocks = tuple(FakeClock(self.service.clock.now()) for _ in self.sessions)
        self.desks: tuple[Desk, ...] = ()
        self.desks = tuple(
            Desk(session, folder / str(n), seed=n, clock=clock)
            for n, (session, clock) in enumerate(zip(self.sessions, self.clocks, strict=True))
        )
        self.dropped = [Dropped(), Dropped()]
        for n, desk in enumerate(self.desks):
            floor = ClockFloor(folder, self.clocks[n], at_least=self.clocks[n].now())
            desk.engine.judge_lateness_by(floor.now)
            desk.sync()
        self.flows = [self.desks[0].create(f"Neu {n}") for n in range(3)]
        for desk in self.desks:
            desk.sync()

    @rule(who=WHO, which=WHICH, place=PLACES, to=WORDS)
    def edit(self, who: int, which: int, place: tuple[str, ...], to: str) -> None:
        desk, flow = self.desks[who], self.flows[which % len(self.flows)]
        if desk.cache.row("flow", flow) is not None:
            desk.edit(flow, *place, to=to)

    @rule(who=WHO, first=WHICH, second=WHICH, to=WORDS, other=WORDS)
    def gesture(self, who: int, first: int, second: int, to: str, other: str) -> None:
        desk = self.desks[who]
        wanted = {self.flows[first % 3]: to, self.flows[second % 3]: other}
        rows = {each: desk.cache.row("flow", each) for each in wanted}
        edits = [
            Edit("flow", each, (change(row.data, ("name",), wanted[each]),))
            for each, row in rows.items()
            if row is not None
        ]
        desk.cache.edit(*edits, are_one=True)

    @rule(who=WHO, name=WORDS)
    def create_with_a_link(self, who: int, name: str) -> None:
        desk, flow = self.desks[who], self.flows[0]
        row = desk.cache.row("flow", flow)
        if row is None:
            return
        made = desk.ids.new()
        link = change(row.data, ("draft", "meta", "made"), made)
        value: dict[str, object] = {
            "type": "flow",
            "id": made,
            "project_id": desk.project,
            "name": name,
            "description": "",
            "draft": {"meta": {}},
        }
        desk.cache.edit(Edit("flow", made, value=value), Edit("flow", flow, (link,)), are_one=True)

    @rule(who=WHO, flow=st.booleans(), minutes=st.sampled_from([-30, 5, 60, 600]))
    def decide(self, who: int, flow: bool, minutes: int) -> None:  # noqa: FBT001  (drawn)
        desk = self.desks[who]
        number = min(desk.cache.rows("number"), key=lambda row: row.id)
        live = next(r.id for r in desk.cache.rows("flow") if r.data.get("live_revision"))
        until = self.service.clock.now() + timedelta(minutes=minutes)
        value: dict[str, object] = {"flow_id": live if flow else None}
        with suppress(CXError):  # one that was sent waits for its answer
            desk.cache.act(Action("number", number.id, "assign", until, value))

    @rule(minutes=st.sampled_from([1, 8, 90]))
    def time_passes(self, minutes: int) -> None:
        for clock in (self.service.clock, *self.clocks):
            clock.advance(timedelta(minutes=minutes))

    @rule(who=WHO, by=JUMPS)
    def a_clock_is_set(self, who: int, by: timedelta) -> None:
        clock = self.clocks[who]
        clock.set(max(clock.now() + by, FakeClock().now() - YEARS))

    @rule(by=st.sampled_from([-timedelta(hours=3), timedelta(hours=3)]))
    def the_services_clock_is_set(self, by: timedelta) -> None:
        self.service.clock.set(self.service.clock.now() + by)

    @rule(who=WHO, strikes=FAULTS)
    def sync(self, who: int, strikes: list[tuple[str, Fault]]) -> None:
        desk = self.desks[who]
        for address, fault in strikes:
            desk.faults.strike(address, fault)
        try:
            desk.sync()
        except CXError:
            assert strikes
        finally:
            desk.faults.calm()

    @rule(who=WHO)
    def try_in_vain(self, who: int) -> None:
        desk = self.desks[who]
        desk.faults.always = drop_request
        with pytest.raises(CXError):
            desk.sync()
        desk.faults.calm()

    @rule(who=WHO)
    def sync_undisturbed(self, who: int) -> None:
        self._calm(self.desks[who])

    @precondition(lambda self: self.seen.pushes)
    @rule(who=WHO, which=st.integers(0, 50))
    def something_comes_late(self, who: int, which: int) -> None:
        """A batch of long ago arrives again, and nobody hears its answer."""
        desk = self.desks[who]
        mine = [p for p in self.seen.pushes if p.device_id == desk.session.device_id]
        if mine:
            late = mine[which % len(mine)]
            epoch = desk.cache.sync.epoch
            with suppress(CXError):
                desk.session.client.sync.push(msgspec.structs.replace(late, epoch=epoch))

    @rule()
    def the_service_counts_anew(self) -> None:
        assert self.service.service is not None
        self.service.service.store.rotate_epoch()

    @rule(who=WHO, keep=st.sampled_from(["mine", "theirs"]))
    def resolve(self, who: int, keep: str) -> None:
        self.desks[who].resolve_all(keep)

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        outgoing = self.desks[who].cache.outgoing
        free = [each.row.op.op_id for each in outgoing.waiting() if each.may_drop]
        plan = outgoing.plan(free[:1])
        if plan.all and not plan.held:
            before = len(outgoing.waiting())
            self.dropped[who] = outgoing.drop(plan.all)
            assert self.dropped[who].count == len(plan.all) == before - len(outgoing.waiting())

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        self.desks[who].cache.outgoing.put_back(self.dropped[who])
        self.dropped[who] = Dropped()

    @rule(who=WHO)
    def end_and_start_again(self, who: int) -> None:
        self.desks[who].reopen()

    @invariant()
    def no_cache_contradicts_itself(self) -> None:
        for desk in getattr(self, "desks", ()):
            assert desk.cache.sync.verify() == ()

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        for _ in range(ROUNDS):
            for desk in self.desks:
                self._calm(desk)
                desk.resolve_all()
        for desk in self.desks:
            self._calm(desk)
            assert desk.cache.outbox() == ()
        here, there = (desk.flows() for desk in self.desks)
        assert {each: here.get(each) for each in self.flows} == {
            each: there.get(each) for each in self.flows
        }
        for desk in self.desks:
            desk.close()
        self.leaving.close()

    def _calm(self, desk: Desk) -> None:
        """A sync that nothing disturbs."""
        for _ in range(3):  # an edit that was told to wait may be due only now
            self.clocks[self.desks.index(desk)].advance(timedelta(minutes=6))
            status = desk.sync()
        assert status.is_complete
        assert_nothing_waits_without_reason(desk.cache.outbox())


def assert_nothing_waits_without_reason(rows: Iterable[OutboxRow]) -> None:
    """Invariant 17: what is left is disputed, or of one gesture with that, or behind it."""
    stuck_chains: set[str] = set()
    rows = tuple(rows)
    while True:
        groups = {r.group for r in rows if r.group and _is_stuck(r, stuck_chains)}
        more = {r.op.id for r in rows if r.group in groups or _is_refused(r)}
        if more <= stuck_chains:
            break
        stuck_chains |= more
    for row in rows:
        is_decision = row.state in {OpState.CONFLICT, OpState.REJECTED}
        assert is_decision or row.op.id in stuck_chains, row


def _is_refused(row: OutboxRow) -> bool:
    """A refused edit stops its chain; a conflict, or a refused action, stops nothing."""
    return row.state is OpState.REJECTED and row.op.kind != "action"


def _is_stuck(row: OutboxRow, chains: set[str]) -> bool:
    return row.state in {OpState.CONFLICT, OpState.REJECTED} or row.op.id in chains


EXAMPLES, STEPS = 8, 16


def _run(sessions: tuple[Session, Session], examples: int) -> None:
    kind = type("Gestures", (Life,), {"service": sessions[0].service, "sessions": sessions})
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_invariants_17_and_26_hold_in_any_life(sessions: tuple[Session, Session]) -> None:
    _run(sessions, EXAMPLES)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(10))
def test_invariants_17_and_26_hold_in_many_lives(batch: int) -> None:
    assert batch >= 0
    with RunningService() as service, ExitStack() as leaving:
        both = (Session(service), Session(service, "flow_designer"))
        for each in both:
            leaving.callback(each.close)
        _run(both, 100)
