"""Harness A of sync.md 3: two desks, the real service, a network with faults, any order of events.

After each step: the cache contradicts itself nowhere (7), no cursor went back or stands ahead of
its rows (5), no op has had an effect twice (3), and "all synced" was not said too early (30). In
the end, on a calm network, both desks and the service agree within a few rounds (4), and what
remains at each place is something that somebody wrote there (2).
"""

from collections import defaultdict
from contextlib import closing
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
from sqlalchemy import select

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, read
from cx_desktop.protocol import Stream
from cx_desktop.service.store.tables import entity, op_result
from cx_desktop.service.sync.cursors import Cursor
from cx_desktop.service.sync.results import Kept
from tests.fakes.faults import (
    NOT_THE_SERVICE,
    Fault,
    Replayed,
    damage,
    drop_reply,
    drop_request,
    duplicate,
    problem,
    truncate,
)
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

PLACES = (("name",), ("description",), ("draft", "nodes", "start", "title"))
WORDS = ("Un", "Deux", "Trois", "")  # the service wants a name: an empty one is poison
ROUNDS = 5

FAULTS = st.one_of(
    st.sampled_from([drop_request, drop_reply, duplicate]),
    st.integers(0, 3000).map(truncate),
    st.sampled_from(sorted(NOT_THE_SERVICE)).map(NOT_THE_SERVICE.__getitem__),
    st.sampled_from(
        [
            problem("unavailable", 503),
            problem("rate-limited", 429, retry_after=3),
            problem("internal", 500),
            problem("cursor-expired", 410),
        ]
    ),
)
ADDRESSES = st.sampled_from(
    ["/sync/hello", "/sync/push", "/sync/changes", "/sync/snapshot", "stream=flows"]
)
#: Only pages have a checksum of their own; the rest relies on the line's.
PAGES = st.sampled_from(["/sync/changes", "/sync/snapshot", "stream=flows"])
STRIKES = st.lists(
    st.one_of(st.tuples(ADDRESSES, FAULTS), st.tuples(PAGES, st.integers(0, 3000).map(damage))),
    max_size=3,
)
WHO = st.integers(0, 1)


class Life(RuleBasedStateMachine):
    """Two people at work."""

    service: RunningService
    sessions: tuple[Session, Session]

    @initialize()
    def sit_down(self) -> None:
        self.service.clock.advance(timedelta(minutes=1))  # op counters begin at the time
        self.folder = TemporaryDirectory()
        self.desks = tuple(
            Desk(session, Path(self.folder.name) / str(n), seed=n)
            for n, session in enumerate(self.sessions)
        )
        self.old = Replayed()
        self.flows: list[str] = []
        self.flow_by_op: dict[str, str] = {}
        self.written: dict[tuple[str, tuple[str, ...]], set[object]] = defaultdict(set)
        self.cursors: dict[tuple[int, str], tuple[int, int]] = {}
        for desk in self.desks:
            desk.sync()

    @rule(who=WHO)
    def create(self, who: int) -> None:
        flow = self.desks[who].create("Nouveau")
        self.flows.append(flow)
        for place, value in zip(PLACES, ("Nouveau", "", "Entrée"), strict=True):
            self.written[flow, place].add(value)

    @precondition(lambda self: self.flows)
    @rule(
        who=WHO, which=st.integers(0, 9), place=st.sampled_from(PLACES), to=st.sampled_from(WORDS)
    )
    def edit(self, who: int, which: int, place: tuple[str, ...], to: str) -> None:
        flow = self.flows[which % len(self.flows)]
        if self.desks[who].cache.row("flow", flow) is not None:
            self.desks[who].edit(flow, *place, to=to)
            self.written[flow, place].add(to)

    @rule(who=WHO, strikes=STRIKES)
    def sync(self, who: int, strikes: list[tuple[str, Fault]]) -> None:
        desk = self.desks[who]
        self._note_ops()
        for address, fault in strikes:
            desk.faults.strike(address, fault)
        self._synced(desk)

    @rule(who=WHO, replies=st.sampled_from(["remembered", "old"]))
    def hear_replies(self, who: int, replies: str) -> None:
        desk = self.desks[who]
        self._note_ops()
        desk.faults.always = self.old.replay if replies == "old" else self.old.record
        self._synced(desk)

    @rule(who=WHO)
    def end_and_start_again(self, who: int) -> None:
        self.desks[who].reopen()

    @rule(who=WHO, keep=st.sampled_from(["mine", "theirs"]))
    def resolve(self, who: int, keep: str) -> None:
        self.desks[who].resolve_all(keep)

    @rule(who=WHO, stream=st.sampled_from(list(Stream)))
    def lose_the_cursor(self, who: int, stream: Stream) -> None:
        self.desks[who].cache.sync.expire(stream)

    @invariant()
    def no_cache_contradicts_itself(self) -> None:
        for desk in self._desks():
            assert desk.cache.sync.verify() == ()

    @invariant()
    def no_cursor_goes_back_or_stands_ahead_of_its_rows(self) -> None:
        for who, desk in enumerate(self._desks()):
            for state in desk.cache.sync.streams():
                if state.cursor and state.name in _KINDS:
                    seq = _place_of(self.service, state.cursor)
                    before = self.cursors.get((who, state.name), (0, 0))
                    assert (state.gen, seq) >= before
                    self.cursors[who, state.name] = (state.gen, seq)
                    self._has_all(desk, state.name, seq)

    @invariant()
    def no_op_has_had_an_effect_twice(self) -> None:
        if self._desks():
            self._note_ops()
            effects = _effects(self.service, self.flow_by_op)
            for flow, ver in _versions(self.service, self.flows).items():
                assert effects[flow] == set(range(1, ver + 1))

    def teardown(self) -> None:
        if not self._desks():
            return
        for _ in range(ROUNDS):
            for desk in self.desks:
                desk.faults.calm()
                desk.resolve_all()
                self._note_ops()
                desk.sync()
        for desk in self.desks:
            assert desk.engine.status.is_all_synced
            assert desk.cache.outbox() == ()
        here, there = (desk.flows() for desk in self.desks)
        for flow in self.flows:
            assert here.get(flow) == there.get(flow)
            if flow in here:
                self._is_what_somebody_wrote(flow, here[flow])
        self.no_op_has_had_an_effect_twice()
        for desk in self.desks:
            desk.close()
        self.folder.cleanup()

    def _desks(self) -> tuple[Desk, ...]:
        return getattr(self, "desks", ())

    def _synced(self, desk: Desk) -> None:
        try:
            status = desk.sync()
        except CXError:
            assert not desk.engine.status.is_all_synced
        else:
            assert not (status.is_all_synced and desk.cache.outbox())
        desk.faults.calm()

    def _note_ops(self) -> None:
        for desk in self._desks():
            for each in desk.cache.outbox():
                self.flow_by_op[each.op.op_id] = each.op.id

    def _has_all(self, desk: Desk, stream: str, seq: int) -> None:
        """Everything up to the cursor is here, at least as new as the service had it."""
        here = {row.id: row for kind in _KINDS[stream] for row in desk.cache.rows(kind)}
        for entity_id, ver, at in _served(self.service, stream, desk.project):
            if at <= seq:
                assert entity_id in here
                assert here[entity_id].ver >= ver

    def _is_what_somebody_wrote(self, flow: str, data: Document) -> None:
        for place in PLACES:
            assert read(data, place) in self.written[flow, place]


_KINDS = {
    "projects": ("project",),
    "config": ("queue", "schedule", "prompt", "number"),
    "flows": ("flow",),
    "revisions": ("revision",),
}


def _place_of(service: RunningService, cursor: str) -> int:
    assert service.service is not None
    place = service.service.keys.untagged(cursor, Cursor)
    assert place is not None
    return place.seq


def _served(service: RunningService, stream: str, project: str) -> list[tuple[str, int, int]]:
    assert service.service is not None
    query = select(entity.c.id, entity.c.ver, entity.c.seq).where(
        entity.c.stream == stream, entity.c.project_id == project, entity.c.gone.is_(None)
    )
    with service.service.store.read() as connection:
        return [(row.id, row.ver, row.seq) for row in connection.execute(query)]


def _versions(service: RunningService, flows: list[str]) -> dict[str, int]:
    assert service.service is not None
    query = select(entity.c.id, entity.c.ver).where(entity.c.id.in_(flows))
    with service.service.store.read() as connection:
        return {row.id: row.ver for row in connection.execute(query)}


def _effects(service: RunningService, flow_by_op: dict[str, str]) -> dict[str, set[int]]:
    """The versions that ops have made, by the service's own log and by flow.

    An op that writes what already stands there makes none: it tells the one it found.
    """
    assert service.service is not None
    query = select(op_result.c.op_id, op_result.c.result).where(
        op_result.c.status.in_(["applied", "merged"])
    )
    effects: dict[str, set[int]] = defaultdict(set)
    with service.service.store.read() as connection:
        for op_id, result in connection.execute(query):
            if op_id in flow_by_op:
                ver = msgspec.json.decode(result, type=Kept).result.ver
                assert ver is not None
                effects[flow_by_op[op_id]].add(ver)
    return effects


EXAMPLES, STEPS = 15, 14
NIGHTLY_BATCHES, NIGHTLY_EXAMPLES = 20, 50


def _run(sessions: tuple[Session, Session], examples: int, *, batch: int = 0) -> None:
    world = {"service": sessions[0].service, "sessions": sessions}
    kind = type(f"Lives{batch}", (Life,), world)  # examples that failed are kept by this name
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_invariants_03_05_07_09_hold_in_any_life_of_two_desks(
    sessions: tuple[Session, Session],
) -> None:
    _run(sessions, EXAMPLES)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(NIGHTLY_BATCHES))
def test_invariants_03_05_07_09_hold_in_many_lives(batch: int) -> None:
    """Each batch on a service of its own: what earlier lives left there would slow the next."""
    with (
        RunningService() as service,
        closing(Session(service)) as claire,
        closing(Session(service, "flow_designer")) as leo,
    ):
        _run((claire, leo), NIGHTLY_EXAMPLES, batch=batch)
