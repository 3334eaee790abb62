"""Harness F of sync.md 3, at random: run, copy the database, run on, restore, reconnect anyhow.

Each value is written once, so that one that comes back from before the copy is told from one that
was written after it. A desk that is left out never comes back: what only it knew may be lost.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from sqlalchemy import select

from cx_desktop.cache import SyncStore
from cx_desktop.cache.tables import outbox
from cx_desktop.domain.patch import Change, Document, read
from cx_desktop.overrides import override
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

PLACES = (("name",), ("description",), ("draft", "nodes", "start", "title"))
ROUNDS = 5
DESKS = 3
WHO = st.integers(0, DESKS - 1)


class Act(Struct, frozen=True):
    """One thing that somebody does; ``which`` flow and ``place`` where it is an edit."""

    who: int
    what: str
    which: int = 0
    place: int = 0


ACTS = st.lists(
    st.builds(
        Act,
        who=WHO,
        what=st.sampled_from(["create", "edit", "edit", "edit", "sync", "sync"]),
        which=st.integers(0, 3),
        place=st.integers(0, len(PLACES) - 1),
    ),
    max_size=12,
)


class Plan(Struct, frozen=True):
    """A life: what happens before the copy, after it, unknown to the service, and who returns."""

    before: list[Act]
    after: list[Act]
    later: list[Act]
    """After the restore, before or between the returns."""
    back: list[int]
    """In this order; who is not in it stays away."""


PLANS = st.builds(
    Plan,
    before=ACTS,
    after=ACTS,
    later=ACTS,
    back=st.lists(WHO, min_size=1, max_size=DESKS, unique=True),
)

Place = tuple[str, tuple[str, ...]]


class Team:
    """Three desks on one service, and what they have written."""

    def __init__(
        self, service: RunningService, sessions: tuple[Session, ...], folder: Path
    ) -> None:
        service.clock.advance(timedelta(minutes=1))  # op counters begin at the time
        self.service = service
        self.folder = folder
        self.desks = [Desk(each, folder / str(n), seed=n) for n, each in enumerate(sessions)]
        self.flows: list[str] = []
        self.written: dict[Place, set[object]] = defaultdict(set)
        self._words = 0
        for desk in self.desks:
            desk.sync()

    def act(self, act: Act) -> None:
        desk = self.desks[act.who]
        if act.what == "sync":
            desk.sync()
        elif act.what == "create":
            name = self._word()
            self.flows.append(desk.create(name))
            self.written[self.flows[-1], ("name",)].add(name)
        elif self.flows:
            flow = self.flows[act.which % len(self.flows)]
            if desk.cache.row("flow", flow) is not None:
                word = self._word()
                self.written[flow, PLACES[act.place]].add(word)
                desk.edit(flow, *PLACES[act.place], to=word)

    def copy(self) -> None:
        self.service.stop()
        shutil.copy(self.service.data_dir / "service.db", self.folder / "copy.db")
        self.service.start()
        self.written.clear()  # from now on: what was written after the copy

    def restore(self) -> None:
        self.service.stop()
        shutil.copy(self.folder / "copy.db", self.service.data_dir / "service.db")
        self.service.start()

    def kept(self, who: int) -> set[Place]:
        """The places at which a desk holds an edit that was written after the copy."""
        found: set[Place] = set()
        desk = self.desks[who]
        for flow, place in list(self.written):
            for body in bodies(desk, flow):
                if any(says(body, place) == value for value in self.written[flow, place]):
                    found.add((flow, place))
        return found

    def seen(self, who: int) -> dict[str, Document]:
        """The flows of this life, as a desk has them."""
        flows = self.desks[who].flows()
        return {flow: flows[flow] for flow in self.flows if flow in flows}

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    def _word(self) -> str:
        self._words += 1
        return f"Mot {self._words}"


class Said(Struct):
    """The body of an edit, as the outbox keeps it."""

    changes: tuple[Change, ...] = ()
    value: Document | None = None


def bodies(desk: Desk, flow: str) -> list[Said]:
    query = select(outbox.c.body).where(outbox.c.id == bytes.fromhex(flow.replace("-", "")))
    with desk.cache._read() as connection:
        return [
            msgspec.json.decode(each, type=Said) for each in connection.execute(query).scalars()
        ]


def says(body: Said, place: tuple[str, ...]) -> object:
    if body.value is not None:
        return read(body.value, place)
    return next((each.value for each in body.changes if each.path == place), None)


def live(team: Team, plan: Plan) -> None:
    """A life, and what must be true at its end."""
    for act in plan.before:
        team.act(act)
    for desk in team.desks:
        desk.sync()
        desk.resolve_all("theirs")
        desk.sync()
    team.copy()
    for act in plan.after:
        team.act(act)
    kept = set().union(*(team.kept(who) for who in plan.back))
    known = set().union(*(team.seen(who) for who in plan.back))
    team.restore()
    for act in plan.later:
        if act.who in plan.back and act.what == "edit":
            team.act(act)
    back = [team.desks[who] for who in plan.back]
    come_back(back)
    flows = team.seen(plan.back[0])
    for who, desk in zip(plan.back, back, strict=True):
        assert desk.cache.sync.verify() == ()
        assert desk.engine.status.is_all_synced, "it rests with nothing unsent"
        assert team.seen(who) == flows, "all converge"
    assert known <= set(flows), "what any client still has is back"
    for flow, place in kept:
        assert read(flows[flow], place) in team.written[flow, place], (
            "nothing older is in its place"
        )


def come_back(desks: list[Desk]) -> None:
    for _ in range(ROUNDS):
        for desk in desks:
            desk.sync()
            desk.resolve_all("mine")
    for desk in [*desks, *desks]:
        desk.sync()


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture(scope="module")
def sessions(service: RunningService) -> Iterator[tuple[Session, ...]]:
    """Claire and Léo, who has two computers."""
    with (
        closing(Session(service)) as claire,
        closing(Session(service, "flow_designer")) as leo,
        closing(Session(service, "flow_designer")) as also_leo,
    ):
        yield claire, leo, also_leo


@contextmanager
def a_team(service: RunningService, sessions: tuple[Session, ...]) -> Iterator[Team]:
    with TemporaryDirectory() as folder:
        team = Team(service, sessions, Path(folder))
        with closing(team):
            yield team


EXAMPLES = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(EXAMPLES, max_examples=20)


@EXAMPLES
@given(plan=PLANS)
def test_invariants_02_12_after_any_restore_what_a_client_keeps_is_back(
    service: RunningService, sessions: tuple[Session, ...], plan: Plan
) -> None:
    with a_team(service, sessions) as team:
        live(team, plan)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(10))
@MANY
@given(plan=PLANS)
def test_invariants_02_12_after_many_restores_what_a_client_keeps_is_back(
    batch: int, service: RunningService, sessions: tuple[Session, ...], plan: Plan
) -> None:
    del batch
    with a_team(service, sessions) as team:
        live(team, plan)


#: Léo has a flow, its name and a creation are acknowledged after the copy; Claire read them all.
KNOWN = Plan(
    before=[Act(1, "create"), Act(1, "sync"), Act(0, "sync")],
    after=[Act(1, "edit"), Act(1, "create"), Act(1, "sync")],
    later=[],
    back=[1, 0],
)


class ClearsItsOutbox(SyncStore):
    """The mutant that takes what was acknowledged for safe when it reads everything anew."""

    @override
    def adopt(self, epoch: str) -> None:
        self.safekeeping.prune(2**53)
        super().adopt(epoch)


def test_a_known_life_is_judged_well(
    service: RunningService, sessions: tuple[Session, ...]
) -> None:
    with a_team(service, sessions) as team:
        live(team, KNOWN)


def test_mutant_an_outbox_cleared_on_resync_is_caught(
    service: RunningService, sessions: tuple[Session, ...]
) -> None:
    with a_team(service, sessions) as team:
        for desk in team.desks:
            desk.cache.sync = ClearsItsOutbox(
                desk.cache._writer, desk.cache._read, clock=service.clock, ids=desk.ids
            )
        with pytest.raises(AssertionError, match="nothing older is in its place"):
            live(team, KNOWN)
