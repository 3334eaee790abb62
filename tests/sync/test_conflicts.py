"""Two people, two computers, one service: no edit ever makes another one vanish (invariant 15)."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct

from cx_desktop.cache import Cache, Conflict, Edit
from cx_desktop.domain.merging import removal, severed
from cx_desktop.domain.patch import Change, Document, Json, change, read
from cx_desktop.domain.patch import Path as Place
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

PLACES: tuple[Place, ...] = (
    ("name",),
    ("draft", "nodes", "a", "title"),
    ("draft", "nodes", "b", "title"),
    ("draft", "meta", "spoken_language"),
)
NODES = ("a", "b")
MENU = {"kind": "menu", "props": {"keys": ["1"]}}
DRAFT: Document = {
    "meta": {},
    "nodes": {
        "start": {"id": "start", "kind": "start"},
        "a": {"id": "a", "title": "A", **MENU},
        "b": {"id": "b", "title": "B", **MENU},
    },
    "links": {"start": {"next": "a"}, "a": {"key_1": "b"}},
    "notes": {},
}

#: Who does what, and where.
Act = tuple[int, str, int]
ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["write", "write", "write", "remove", "add", "link", "sync", "sync"]),
        st.integers(0, 3),
    ),
    min_size=3,
    max_size=14,
)


class Written(Struct, frozen=True):
    """An edit: a value that nobody else writes, and what stood there before the writer's eyes."""

    place: Place
    value: str
    was: Json


class Pair:
    """Claire and Léo, who both have the flow before them."""

    def __init__(self, desks: tuple[Desk, Desk]) -> None:
        self.desks = desks
        claire, leo = desks
        claire.sync()
        self.flow = claire.ids.new()
        value: Document = {
            "type": "flow",
            "id": self.flow,
            "project_id": claire.project,
            "name": "À deux",
            "description": "",
            "draft": DRAFT,
        }
        claire.cache.edit(Edit("flow", self.flow, value=value))
        claire.sync()
        leo.sync()
        self.written: list[Written] = []
        self.seen_gone: set[str] = set()
        self._words = (f"mot{n}" for n in count())

    def act(self, who: int, what: str, where: int) -> None:
        desk = self.desks[who]
        match what:
            case "write":
                self._write(desk, PLACES[where])
            case "remove":
                self._remove(desk, NODES[where % 2])
            case "add":
                self._add(desk)
            case "link":
                self._link(desk, NODES[where % 2], NODES[(where // 2) % 2])
            case _:
                desk.sync()
                assert desk.cache.sync.verify() == ()

    def data(self, desk: Desk) -> Document:
        row = desk.cache.row("flow", self.flow)
        assert row is not None
        return row.data

    def _do(self, desk: Desk, *changes: Change) -> None:
        desk.cache.edit(Edit("flow", self.flow, changes=changes))

    def _write(self, desk: Desk, place: Place) -> None:
        data = self.data(desk)
        if read(data, place[:3]) is UNSET and len(place) > 3:
            return
        word = next(self._words)
        made = change(data, place, word)
        self.written.append(Written(place, word, made.was))
        self._do(desk, made)

    def _remove(self, desk: Desk, node: str) -> None:
        data, place = self.data(desk), ("draft", "nodes", node)
        if read(data, place) is not UNSET:
            self.seen_gone.add(text_of(read(data, place)))
            self._do(desk, *removal(data, place))

    def _add(self, desk: Desk) -> None:
        """Both computers find the same short id for what is new."""
        data, word = self.data(desk), next(self._words)
        nodes = read(data, ("draft", "nodes"))
        assert isinstance(nodes, dict)
        node = next(name for n in count(2) if (name := f"menu_{n}") not in nodes)
        place = ("draft", "nodes", node)
        self.written.append(Written(place, word, UNSET))
        self._do(desk, Change(place, {"id": node, "title": word, **MENU}))

    def _link(self, desk: Desk, node: str, target: str) -> None:
        data = self.data(desk)
        if all(read(data, ("draft", "nodes", each)) is not UNSET for each in (node, target)):
            self._do(desk, change(data, ("draft", "links", node, "key_1"), target))

    def rest(self) -> None:
        """Everything that can be sent is sent; nobody decides anything."""
        for _ in range(4):
            for desk in self.desks:
                desk.sync()

    def vanished(self) -> list[Written]:
        """The edits of which there is no trace, though nobody saw them and wrote over them."""
        overwritten = {text_of(each.was) for each in self.written}
        there = "".join(
            text_of(
                [self.data(desk), [[each.changes, each.kept] for each in desk.cache.conflicts()]]
            )
            for desk in self.desks
        )
        return [
            each
            for each in self.written
            if f'"{each.value}"' not in there
            and not any(f'"{each.value}"' in was for was in overwritten)
            and not any(f'"{each.value}"' in gone for gone in self.seen_gone)
        ]


def text_of(value: object) -> str:
    return "" if value is UNSET else msgspec.json.encode(value).decode()


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture(scope="module")
def sessions(service: RunningService) -> Iterator[tuple[Session, Session]]:
    with closing(Session(service)) as claire, closing(Session(service, "flow_designer")) as leo:
        yield claire, leo


def live(sessions: tuple[Session, Session], acts: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        claire, leo = (
            Desk(session, Path(folder) / str(n), seed=n) for n, session in enumerate(sessions)
        )
        with closing(claire), closing(leo):
            pair = Pair((claire, leo))
            for act in acts:
                pair.act(*act)
            pair.rest()
            for desk in pair.desks:
                assert desk.cache.sync.verify() == ()
                assert desk.cache.unsent().count == 0, "what is not disputed has arrived"
            assert pair.vanished() == [], repr(acts)
            settled(pair)


def settled(pair: Pair) -> None:
    """Whoever decides, all come to the same, and nothing hangs loose."""
    for keep in ("theirs", "mine", "theirs"):
        for desk in pair.desks:
            desk.resolve_all(keep)
        pair.rest()
    for desk in pair.desks:
        assert desk.engine.status.is_all_synced
        assert desk.cache.outbox() == ()
    here, there = (pair.data(desk) for desk in pair.desks)
    assert here == there
    assert not severed("flow", here, [Change(("draft", "meta", "x"), 1)])
    ends = read(here, ("draft", "links"))
    nodes = read(here, ("draft", "nodes"))
    assert isinstance(ends, dict)
    assert isinstance(nodes, dict)
    for node, ways in ends.items():
        assert all({node, target} <= nodes.keys() for target in ways.values())


EXAMPLES = settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(EXAMPLES, max_examples=1_000)
BOTH_WRITE = [(0, "write", 1), (1, "write", 1), (0, "sync", 0), (1, "sync", 0)]
REMOVED_AND_WRITTEN = [(0, "remove", 1), (1, "write", 2), (0, "sync", 0), (1, "sync", 0)]
REMOVED_AND_LED_TO = [(0, "remove", 1), (1, "link", 1), (0, "sync", 0), (1, "sync", 0)]
BOTH_ADD = [(0, "add", 0), (1, "add", 0), (0, "sync", 0), (1, "sync", 0)]


@example(BOTH_WRITE)
@example(REMOVED_AND_WRITTEN)
@example(REMOVED_AND_LED_TO)
@example(BOTH_ADD)
@EXAMPLES
@given(ACTS)
def test_invariant_15_no_edit_vanishes_without_a_conflict(
    sessions: tuple[Session, Session], acts: list[Act]
) -> None:
    live(sessions, acts)


@pytest.mark.nightly
@MANY
@given(ACTS)
def test_invariant_15_no_edit_vanishes_in_many_lives(
    sessions: tuple[Session, Session], acts: list[Act]
) -> None:
    live(sessions, acts)


def test_invariant_15_a_client_that_drops_what_is_disputed_is_caught(
    sessions: tuple[Session, Session],
) -> None:
    """The mutant: theirs wins in silence, as other replicators do by default."""
    with TemporaryDirectory() as folder:
        claire, leo = (
            Desk(session, Path(folder) / str(n), seed=n) for n, session in enumerate(sessions)
        )
        with closing(claire), closing(leo):
            pair = Pair((claire, leo))
            for act in BOTH_WRITE:
                pair.act(*act)
            leo.resolve_all("theirs")
            pair.rest()
            assert len(pair.vanished()) == 1


def only(cache: Cache) -> Conflict:
    (conflict,) = cache.conflicts()
    return conflict


def test_edits_at_different_places_of_one_flow_come_together_without_asking(
    sessions: tuple[Session, Session],
) -> None:
    with TemporaryDirectory() as folder:
        claire, leo = (
            Desk(session, Path(folder) / str(n), seed=n) for n, session in enumerate(sessions)
        )
        with closing(claire), closing(leo):
            pair = Pair((claire, leo))
            claire.edit(pair.flow, "draft", "nodes", "a", "title", to="De Claire")
            leo.edit(pair.flow, "name", to="De Léo")
            leo.edit(pair.flow, "draft", "nodes", "a", "title", to="De Léo")
            claire.sync()
            leo.sync()
            assert [each.path[-1] for each in only(leo.cache).changes] == ["title"]
            claire.sync()
            assert claire.read(pair.flow, "name") == "De Léo"
