"""Invariant 29, by counting requests: bounded by what has changed, and few where all is in vain."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.domain.errors import CXError
from cx_desktop.sync import core
from cx_desktop.sync.events import Failed, Kind, State, Woken
from tests.fakes.faults import Fault, Send, answer, drop_reply, drop_request, problem
from tests.sync.world import Desk, Session

HOUR = 3600.0
AWAY = CXError("problem.unreachable", retryable=True, host="cx.example")
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

Desks = Callable[[], tuple[Desk, Desk]]


def _asked(desk: Desk) -> int:
    """How many requests one cycle makes, whatever comes of it."""
    before = len(desk.faults.asked)
    try:
        desk.sync()
    except CXError:
        assert not desk.engine.status.is_all_synced
    return len(desk.faults.asked) - before


def _attempts(chance: Random, hours: float, *, retry_after: float, pokes: int) -> int:
    """How often the engine calls in vain in so many hours, while somebody works here."""
    state, now, attempts = State(), 0.0, 0
    while now < hours * HOUR:
        state, effects = core.step(state, Woken(now))
        if effects:
            attempts += 1
            failed = Failed(now, chance.random(), Kind.AWAY, AWAY, retry_after=retry_after)
            state, effects = core.step(state, failed)
            assert effects == ()
        for _ in range(pokes):  # edits of this computer do not make it ask more often
            early = now + (state.wake_at - now) * chance.random() * 0.99
            state, effects = core.step(state, Woken(early))
            assert effects == ()
        now = max(state.wake_at, now + 1e-3)
    return attempts


@given(seed=st.integers(0, 2**32), hours=st.floats(1, 24), pokes=st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_invariant_29_an_outage_costs_a_bounded_number_of_attempts(
    seed: int, hours: float, pokes: int
) -> None:
    chance = Random(seed)  # noqa: S311  (repeatable pauses)
    # Pauses are 150 s on average after the first few; twice as many would be a poor draw.
    budget = 20 + 2 * hours * HOUR / (core.LONGEST_PAUSE / 2)
    assert _attempts(chance, hours, retry_after=0, pokes=pokes) <= budget
    assert _attempts(chance, hours, retry_after=900, pokes=pokes) <= 1 + hours * HOUR / 900


FAULTS: list[Fault] = [drop_request, drop_reply, answer(200), answer(502)]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(1, 5)),
        st.tuples(st.just("theirs"), st.integers(1, 3)),
        st.tuples(st.just("fault"), st.integers(0, len(FAULTS) - 1)),
        st.tuples(st.just("rest"), st.just(0)),
    ),
    max_size=10,
)


def _live(sessions: tuple[Session, Session], steps: list[tuple[str, int]]) -> None:
    """After any cycle, whole or not: hello, the edits, each stream once; at rest hello alone."""
    sessions[0].service.clock.advance(timedelta(minutes=1))
    with TemporaryDirectory() as folder:
        mine, theirs = (
            Desk(each, Path(folder) / str(n), seed=n) for n, each in enumerate(sessions)
        )
        mine.sync()
        flow = mine.create("Accueil")
        for desk in (mine, theirs, mine):
            desk.sync()
        for number, (what, count) in enumerate(steps):
            _happens(what, count, (mine, theirs), flow=f"{flow} {number}")
            assert _asked(mine) <= 2 + len(mine.cache.sync.streams())
            mine.faults.calm()
        assert _asked(mine) <= 2 + len(mine.cache.sync.streams())
        assert _asked(mine) == 1
        assert mine.engine.status.is_all_synced
        for desk in (mine, theirs):
            desk.close()


@FEW
@given(steps=STEPS)
def test_invariant_29_what_is_asked_is_bounded_by_what_has_moved(
    sessions: tuple[Session, Session], steps: list[tuple[str, int]]
) -> None:
    _live(sessions, steps)


@pytest.mark.nightly
@settings(FEW, max_examples=100)
@given(steps=STEPS)
def test_invariant_29_what_is_asked_is_bounded_in_many_lives(
    sessions: tuple[Session, Session], steps: list[tuple[str, int]]
) -> None:
    _live(sessions, steps)


def _happens(what: str, count: int, desks: tuple[Desk, Desk], *, flow: str) -> None:
    mine, theirs = desks
    flow_id, number = flow.split(" ")
    match what:
        case "edit":
            for each in range(count):
                mine.edit(flow_id, "description", to=f"à moi {number} {each}")
        case "theirs":
            theirs.sync()
            for each in range(count):
                node = {"id": f"n{number}_{each}", "kind": "menu", "title": "de Léo"}
                theirs.edit(flow_id, "draft", "nodes", str(node["id"]), to=node)
            theirs.sync()
        case "fault":
            mine.faults.strike("/sync/", FAULTS[count])


def _in_vain(name: str, where: str) -> Fault:
    """A service that says this to every question of a kind, and answers the others."""
    said = problem(name, 410 if name.startswith("cursor") else 409)

    def fault(request: httpx.Request, send: Send) -> httpx.Response:
        return said(request, send) if where in str(request.url) else send(request)

    return fault


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("cursor-expired", "stream=flows"),
        ("server-rewound", "stream=flows"),
        ("server-rewound", "/sync/push"),
        ("server-rewound", "/sync/hello"),
        ("device-cloned", "/sync/push"),
    ],
)
def test_invariant_29_nothing_is_asked_without_end(desk: Desk, name: str, where: str) -> None:
    desk.sync()
    flow = desk.create("Accueil")
    desk.cache.sync.expire("flows")
    desk.faults.always = _in_vain(name, where)
    counts = [_asked(desk) for _ in range(8)]
    assert max(counts) <= 15
    desk.faults.always = None
    for _ in range(3):
        _asked(desk)
    assert desk.engine.status.is_all_synced
    assert desk.read(flow, "name") == "Accueil"
