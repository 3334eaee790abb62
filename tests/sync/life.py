"""Harness A of sync.md 3: two desks, the real service, a network with faults, any order of events.

After each step: the cache contradicts itself nowhere (7), no cursor went back or stands ahead of
its rows, and no row went back (5), what was acknowledged is in the service's log (2), no op has had
an effect twice (3), "all synced" was not said too early (30), and no cycle asked without end (29).
In the end, on a calm network, both desks and the service agree within a few rounds (4); where only
one person writes stands what that person wrote last, and elsewhere something that somebody wrote.
"""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from cx_desktop.cache import Changed, Conflict
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, read
from cx_desktop.protocol import Stream
from cx_desktop.service.store import entities
from tests.fakes.faults import (
    NOT_THE_SERVICE,
    Fault,
    Late,
    Replayed,
    damage,
    drop_reply,
    drop_request,
    duplicate,
    of_another_epoch,
    problem,
    truncate,
)
from tests.fakes.service import RunningService
from tests.sync import ledgers
from tests.sync.world import Desk, Session

PLACES = (("name",), ("description",), ("draft", "nodes", "start", "title"))
WORDS = ("Un", "Deux", "Trois", "")  # the service wants a name: an empty one is poison
ROUNDS = 5
#: What one cycle asks at most, with three faults in it: it reads each of four streams anew thrice.
MOST_REQUESTS = 30

FAULTS = st.one_of(
    st.sampled_from([drop_request, drop_reply, duplicate, of_another_epoch]),
    st.integers(0, 3000).map(truncate),
    st.integers(0, 3000).map(damage),
    st.sampled_from(sorted(NOT_THE_SERVICE)).map(NOT_THE_SERVICE.__getitem__),
    st.sampled_from(
        [
            problem("unavailable", 503),
            problem("rate-limited", 429, retry_after=3),
            problem("internal", 500),
            problem("too-large", 413),
            problem("cursor-expired", 410),
            problem("server-rewound", 409),
        ]
    ),
)
ADDRESSES = st.sampled_from(
    ["/sync/hello", "/sync/push", "/sync/changes", "/sync/snapshot", "stream=flows"]
)
STRIKES = st.lists(st.tuples(ADDRESSES, FAULTS), max_size=3)
WHO = st.integers(0, 1)

Place = tuple[str, tuple[str, ...]]


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
        self.late = Late()
        self.flows: list[str] = []
        self.removed: set[str] = set()
        self.own: dict[Place, str] = {}
        """What one person alone has written last, and must stand there in the end."""
        self.seen: dict[tuple[int, str], dict[bytes, tuple[int, int]]] = {}
        self.went_back: list[bytes] = []
        self._words = 0
        self.flow_by_op: dict[str, str] = {}
        self.written: dict[Place, set[object]] = defaultdict(set)
        self.cursors: dict[tuple[int, str], tuple[int, int]] = {}
        for who, desk in enumerate(self.desks):
            self._watch(who)
            self.furnish(desk)
            desk.sync()

    def furnish(self, desk: Desk) -> None:
        """A cache was opened: the place where mutants are put in."""

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

    @precondition(lambda self: self.flows)
    @rule(who=WHO, which=st.integers(0, 9))
    def write_where_nobody_else_does(self, who: int, which: int) -> None:
        flow = self.flows[which % len(self.flows)]
        place = ("draft", "nodes", f"own{who}")
        if self.desks[who].cache.row("flow", flow) is not None:
            self._words += 1
            word = f"Mot {self._words}"
            node = {"id": place[-1], "kind": "menu", "title": word}
            self.desks[who].edit(flow, *place, to=node)
            self.own[flow, place] = word

    @precondition(lambda self: self.flows)
    @rule(which=st.integers(0, 9))
    def the_service_loses_a_flow(self, which: int) -> None:
        """A tombstone takes its place."""
        flow = self.flows[which % len(self.flows)]
        assert self.service.service is not None
        with self.service.service.store.write() as txn:
            entities.remove(txn, "flow", flow, "deleted")
        self.removed.add(flow)

    @rule(who=WHO, strikes=STRIKES)
    def sync(self, who: int, strikes: list[tuple[str, Fault]]) -> None:
        desk = self.desks[who]
        self._note_ops()
        for address, fault in strikes:
            desk.faults.strike(address, fault)
        self._synced(desk, is_calm=not strikes)

    @rule(who=WHO, replies=st.sampled_from(["remembered", "old"]))
    def hear_replies(self, who: int, replies: str) -> None:
        desk = self.desks[who]
        self._note_ops()
        desk.faults.always = self.old.replay if replies == "old" else self.old.record
        self._synced(desk)

    @rule(who=WHO)
    def send_late(self, who: int) -> None:
        """The request that matters is on its way for long; its sender gives up."""
        self._note_ops()
        self.desks[who].faults.strike("/sync/push", self.late.hold)
        self._synced(self.desks[who])

    @rule()
    def what_was_late_arrives(self) -> None:
        self.late.arrive()

    @rule(who=WHO)
    def end_and_start_again(self, who: int) -> None:
        self.desks[who].reopen()
        self._watch(who)
        self.furnish(self.desks[who])

    @rule(who=WHO, keep=st.sampled_from(["mine", "theirs"]))
    def resolve(self, who: int, keep: str) -> None:
        self._decide(who, keep)

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
                if state.cursor and state.name in tuple(Stream):
                    seq = ledgers.place_of(self.service, state.cursor)
                    before = self.cursors.get((who, state.name), (0, 0))
                    assert (state.gen, seq) >= before
                    self.cursors[who, state.name] = (state.gen, seq)
                    self._has_all(desk, state.name, seq)

    @invariant()
    def no_row_goes_back(self) -> None:
        assert not self._desks() or self.went_back == []

    @invariant()
    def what_was_acknowledged_is_in_the_log(self) -> None:
        if self._desks():
            done = ledgers.done(self.service)
            for desk in self.desks:
                assert ledgers.acknowledged(desk.cache) <= done

    @invariant()
    def no_op_has_had_an_effect_twice(self) -> None:
        if self._desks():
            self._note_ops()
            effects = ledgers.effects(self.service, self.flow_by_op)
            for flow, ver in ledgers.versions(self.service, self.flows).items():
                if flow not in self.removed:
                    assert effects[flow] == set(range(1, ver + 1))

    def teardown(self) -> None:
        if not self._desks():
            return
        self.late.arrive()
        for _ in range(ROUNDS):
            for who, desk in enumerate(self.desks):
                desk.faults.calm()
                self._decide(who, "theirs")
                self._note_ops()
                desk.sync()
        for desk in self.desks:
            assert desk.engine.status.is_all_synced
            assert desk.cache.outbox() == ()
        here, there = (desk.flows() for desk in self.desks)
        served = ledgers.served(self.service, "flows", self.desks[0].project)
        serving = {flow: ver for flow, ver, _seq in served}
        for flow in self.flows:
            assert here.get(flow) == there.get(flow)
            assert here.get(flow, {}).get("ver") == serving.get(flow)
            if flow in here:
                self._is_what_somebody_wrote(flow, here[flow])
        self._nothing_saved_is_lost(here)
        self.no_op_has_had_an_effect_twice()
        for desk in self.desks:
            desk.close()
        self.folder.cleanup()

    def _nothing_saved_is_lost(self, flows: dict[str, Document]) -> None:
        """Where one person writes alone, and dropped nothing, the last word stands."""
        for (flow, place), word in self.own.items():
            if flow not in self.removed:
                assert read(flows[flow], (*place, "title")) == word

    def _decide(self, who: int, keep: str) -> None:
        """Take a side; whoever drops an edit that was refused knows what goes with it."""
        for conflict in self.desks[who].cache.conflicts():
            if keep == "theirs" and conflict.theirs is None:
                self._drop(who, conflict)
            self.desks[who].cache.resolve(conflict.op_id, "mine" if keep == "mine" else "theirs")

    def _drop(self, who: int, conflict: Conflict) -> None:
        if conflict.value is not None:
            self.own = {key: word for key, word in self.own.items() if key[0] != conflict.id}
        self.own.pop((conflict.id, ("draft", "nodes", f"own{who}")), None)

    def _watch(self, who: int) -> None:
        """Look at every row after each transaction."""
        cache = self.desks[who].cache

        def look(_changed: Changed) -> None:
            key = (who, cache.sync.epoch)
            before, now = self.seen.get(key, {}), ledgers.rows(cache)
            # With a new epoch versions are forgotten: they count from zero.
            here = [row for row in before.keys() & now.keys() if now[row][1]]
            self.went_back += [row for row in here if now[row] < before[row]]
            self.seen = {**{k: v for k, v in self.seen.items() if k[0] != who}, key: now}

        cache.subscribe(look)

    def _desks(self) -> tuple[Desk, ...]:
        return getattr(self, "desks", ())

    def _synced(self, desk: Desk, *, is_calm: bool = False) -> None:
        asked = len(desk.faults.asked)
        try:
            status = desk.sync()
        except CXError:
            assert not desk.engine.status.is_all_synced
        else:
            assert not (status.is_all_synced and desk.cache.outbox())
            if status.is_all_synced and is_calm:
                self._is_equal(desk)
        assert len(desk.faults.asked) - asked <= MOST_REQUESTS, "no cycle asks without end"
        desk.faults.calm()

    def _note_ops(self) -> None:
        for desk in self._desks():
            for each in desk.cache.outbox():
                self.flow_by_op[each.op.op_id] = each.op.id

    def _is_equal(self, desk: Desk) -> None:
        """What "all synced" means: here is what is there, and nothing else."""
        for stream in Stream:
            here = ledgers.versions_here(desk.cache, stream)
            served = ledgers.served(self.service, stream, desk.project)
            there = {name: ver for name, ver, _seq in served}
            assert {name: here.get(name) for name in there} == there
            assert not [flow for flow in self.flows if flow in here and flow not in there]

    def _has_all(self, desk: Desk, stream: str, seq: int) -> None:
        """Everything up to the cursor is here, at least as new as the service had it."""
        here = ledgers.versions_here(desk.cache, stream)
        for entity_id, ver, at in ledgers.served(self.service, stream, desk.project):
            if at <= seq:
                assert entity_id in here
                assert here[entity_id] >= ver

    def _is_what_somebody_wrote(self, flow: str, data: Document) -> None:
        for place in PLACES:
            assert read(data, place) in self.written[flow, place]
