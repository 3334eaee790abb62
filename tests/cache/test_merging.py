"""An edit that met somebody else's: what comes together goes on; what does not waits, and stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_desktop.cache import Choice, Conflict, Edit, Keep
from cx_desktop.domain.patch import Change, Document, apply, change, read
from cx_desktop.protocol import Op, OpResult, OpStatus
from tests.cache.world import World, put
from tests.fakes.clock import FakeClock

TITLE = ("draft", "nodes", "menu", "title")
KEYS = ("draft", "nodes", "menu", "props", "keys")


@pytest.fixture
def world(tmp_path: Path, clock: FakeClock) -> Iterator[World]:
    world = World(tmp_path, clock)
    yield world
    assert world.cache.sync.verify() == ()
    world.cache.close()


class Other:
    """The service, and somebody else at work on the same flow."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = world.received("Accueil")
        self.served: Document = {**world.data(self.id), "updated_by": {"id": "u", "name": "Léo"}}
        self.ver, self.seq = 1, 10

    def writes(self, *path: str, to: object) -> None:
        self.takes(Change(path, to))

    def takes(self, *changes: Change) -> None:
        self.served = apply(self.served, changes)
        self.ver, self.seq = self.ver + 1, self.seq + 1

    def is_pulled(self) -> None:
        self.world.receive(put(self.served, ver=self.ver, seq=self.seq))

    def refuses(self, op: Op) -> None:
        entity: Document = {**self.served, "ver": self.ver}
        self.world.answer(op, OpStatus.CONFLICT, ver=self.ver, seq=self.seq, entity=entity)

    def accepts(self, op: Op) -> None:
        self.takes(*op.changes)
        self.world.answer(op, OpStatus.APPLIED, ver=self.ver, seq=self.seq)


def dispute(world: World) -> tuple[Other, Conflict]:
    """Léo and I gave the menu different titles."""
    other = Other(world)
    world.edit(other.id, *TITLE, to="Mien")
    (op,) = world.send()
    other.writes(*TITLE, to="Sien")
    other.refuses(op)
    (conflict,) = world.cache.conflicts()
    return other, conflict


def test_what_was_decided_as_mine_goes_out_on_their_version(world: World) -> None:
    other, conflict = dispute(world)
    world.cache.deciding.decide(conflict.op_id, [Choice(TITLE, "mine")])
    assert world.cache.conflicts() == ()
    (op,) = world.send()
    assert op.changes == (Change(TITLE, "Mien", "Sien"),)
    assert op.base_ver == other.ver


def test_both_are_what_somebody_makes_of_them(world: World) -> None:
    _, conflict = dispute(world)
    world.cache.deciding.decide(conflict.op_id, [Choice(TITLE, "both", "Sien, Mien")])
    (op,) = world.send()
    assert op.changes == (Change(TITLE, "Sien, Mien", "Sien"),)


@pytest.mark.parametrize("side", ["mine", "theirs"])
@pytest.mark.parametrize("is_sent", [False, True])
def test_a_choice_that_is_taken_back_leaves_both_versions_open(
    world: World, side: Keep, *, is_sent: bool
) -> None:
    other, conflict = dispute(world)
    decided = world.cache.deciding.decide(conflict.op_id, [Choice(TITLE, side)])
    assert decided is not None
    if is_sent:
        for op in world.send():
            other.accepts(op)
    world.cache.deciding.take_back(decided)
    (again,) = world.cache.conflicts()
    assert [(at.path, at.value) for at in again.changes] == [(TITLE, "Mien")]
    assert read(again.theirs or {}, TITLE) == "Sien"
    assert world.cache.sync.verify() == ()


def test_what_stays_settled_stays_so_when_they_move_again(world: World) -> None:
    """Node-RED 2039: what was resolved is mine, and only what they wrote anew is open again."""
    other = Other(world)
    name = ("name",)
    world.edit(other.id, *TITLE, to="Mien")
    world.edit(other.id, *name, to="Mon nom")
    (op,) = world.send()
    other.takes(Change(TITLE, "Sien"), Change(name, "Son nom"))
    other.refuses(op)
    (conflict,) = world.cache.conflicts()
    world.cache.deciding.decide(conflict.op_id, [Choice(TITLE, "mine"), Choice(name, "mine")])
    (op,) = world.send()
    other.writes(*TITLE, to="Encore autre")
    other.refuses(op)
    (again,) = world.cache.conflicts()
    assert [at.path for at in again.changes] == [TITLE]
    (op,) = world.send()
    assert op.changes == (Change(name, "Mon nom", "Son nom"),)


def test_a_conflict_stops_no_later_edit_of_the_same_flow(world: World) -> None:
    other, conflict = dispute(world)
    world.edit(other.id, "name", to="Neuf")
    (op,) = world.send()
    assert op.changes == (Change(("name",), "Neuf", "Accueil"),)
    other.accepts(op)
    assert [each.op_id for each in world.cache.conflicts()] == [conflict.op_id]


def test_what_i_write_at_a_disputed_place_is_my_new_version(world: World) -> None:
    other, _ = dispute(world)
    world.edit(other.id, *TITLE, to="Mieux")
    (op,) = world.send()
    other.refuses(op)
    (conflict,) = world.cache.conflicts()
    assert [(at.path, at.value) for at in conflict.changes] == [(TITLE, "Mieux")]
    assert world.send() == ()


def test_where_they_come_to_say_the_same_nothing_is_open(world: World) -> None:
    other, _ = dispute(world)
    other.writes(*TITLE, to="Mien")
    other.is_pulled()
    assert world.cache.conflicts() == ()
    assert world.cache.outbox() == ()


def test_a_node_that_i_removed_and_they_changed_stays_until_it_is_decided(world: World) -> None:
    other = Other(world)
    data = world.data(other.id)
    gone = change(data, ("draft", "nodes", "menu"), None)
    world.cache.edit(Edit("flow", other.id, changes=(Change(gone.path, was=gone.was),)))
    (op,) = world.send()
    other.writes(*TITLE, to="Sien")
    other.refuses(op)
    (conflict,) = world.cache.conflicts()
    (part,) = conflict.kept
    assert part.is_mine_removed
    assert world.send() == ()
    assert read(world.data(other.id), TITLE) == "Sien"
    world.cache.deciding.decide(conflict.op_id, [Choice(part.path, "mine")])
    (op,) = world.send()
    assert [at.path for at in op.changes] == [("draft", "links", "start", "next"), part.path]


def test_a_node_that_they_removed_and_i_changed_comes_back_and_may_go(world: World) -> None:
    other = Other(world)
    world.edit(other.id, *TITLE, to="Mien")
    (op,) = world.send()
    node = ("draft", "nodes", "menu")
    other.takes(Change(node))
    other.refuses(op)
    (op,) = world.send()
    other.accepts(op)
    assert read(other.served, TITLE) == "Mien"
    (conflict,) = world.cache.conflicts()
    (part,) = conflict.kept
    assert not part.is_mine_removed
    world.cache.deciding.decide(conflict.op_id, [Choice(node, "theirs")])
    (op,) = world.send()
    other.accepts(op)
    assert read(world.data(other.id), (*node, "id")) != "menu"
    assert world.cache.conflicts() == ()


def test_edits_are_merged_on_what_they_were_made_on_though_newer_was_read_since(
    world: World,
) -> None:
    """Two titles, one of them read before mine was sent: what I saw is the base, not theirs."""
    other = Other(world)
    world.edit(other.id, "draft", "links", "menu", "key_9", to="menu")
    other.takes(Change(("draft", "nodes", "menu")))
    other.is_pulled()
    (op,) = world.send()
    other.refuses(op)
    (op,) = world.send()
    assert {at.path[:3] for at in op.changes} >= {("draft", "nodes", "menu")}
    (conflict,) = world.cache.conflicts()
    assert [part.id for part in conflict.kept] == ["menu"]


def test_an_edit_that_no_merge_helps_waits_for_somebody(world: World) -> None:
    """The service refuses though it holds what the edit was made on: nothing goes in circles."""
    other = Other(world)
    world.edit(other.id, *TITLE, to="Mien")
    (op,) = world.send()
    other.refuses(op)
    assert world.send() == ()
    (conflict,) = world.cache.conflicts()
    assert [at.path for at in conflict.changes] == [TITLE]


def test_two_nodes_added_under_one_id_are_both_there(world: World) -> None:
    other = Other(world)
    place = ("draft", "nodes", "menu_2")
    mine: Document = {"id": "menu_2", "kind": "menu", "title": "À moi"}
    world.edit(other.id, *place, to=mine)
    (op,) = world.send()
    other.writes(*place, to={"id": "menu_2", "kind": "menu", "title": "À lui"})
    other.refuses(op)
    (op,) = world.send()
    other.accepts(op)
    nodes = read(world.data(other.id), ("draft", "nodes"))
    assert isinstance(nodes, dict)
    assert {node["title"] for node in nodes.values()} >= {"À moi", "À lui"}
    assert world.cache.conflicts() == ()


def two_ways(world: World) -> tuple[Other, str]:
    """A menu with two keys, both of which lead to the end; its flow, where all is well."""
    flow = world.ids.new()
    draft: Document = {
        "meta": {},
        "nodes": {
            "start": {"id": "start", "kind": "start"},
            "m": {"id": "m", "kind": "menu", "props": {"keys": ["1", "2"]}},
            "h": {"id": "h", "kind": "hangup"},
        },
        "links": {"start": {"next": "m"}, "m": {"key_1": "h", "key_2": "h"}},
        "notes": {},
        "tests": {},
    }
    other = Other(world)
    world.receive(put({**other.served, "id": flow, "draft": draft}, ver=1, seq=other.seq))
    other.id, other.served = flow, world.data(flow)
    return other, flow


def broken(world: World, flow: str) -> set[tuple[str, str | None]]:
    return {(each.finding.rule, each.finding.node) for each in world.cache.deciding.arisen(flow)}


KEY_1, KEY_2 = (("draft", "links", "m", key) for key in ("key_1", "key_2"))


def test_what_only_both_together_broke_is_kept_in_mind(world: World) -> None:
    """Each led one of the two keys back to the menu: now nobody comes to the end."""
    other, flow = two_ways(world)
    world.edit(flow, *KEY_1, to="m")
    world.edit(flow, "name", to="Mien")
    (op,) = world.send()
    other.takes(Change(KEY_2, "m"), Change(("name",), "Mien"))
    other.refuses(op)
    assert ("FLW-02", "h") in broken(world, flow)
    (first, *_) = world.cache.deciding.arisen(flow)
    assert first.who == "Léo"
    world.cache.deciding.forget_arisen("flow", flow)
    assert broken(world, flow) == set()


def test_what_the_service_brought_together_is_looked_at_too(world: World) -> None:
    other, flow = two_ways(world)
    world.edit(flow, *KEY_1, to="m")
    (op,) = world.send()
    other.takes(Change(KEY_2, "m"))
    other.takes(*op.changes)
    entity: Document = {**other.served, "ver": other.ver}
    world.answer(op, OpStatus.MERGED, ver=other.ver, seq=other.seq, entity=entity)
    assert ("FLW-02", "h") in broken(world, flow)


def test_what_was_wrong_in_one_version_already_is_no_news(world: World) -> None:
    other, flow = two_ways(world)
    world.edit(flow, *KEY_1, to="m")
    world.edit(flow, *KEY_2, to="m")
    (op,) = world.send()
    other.writes("draft", "nodes", "m", "title", to="Menu")
    other.takes(*op.changes)
    entity: Document = {**other.served, "ver": other.ver}
    world.answer(op, OpStatus.MERGED, ver=other.ver, seq=other.seq, entity=entity)
    assert broken(world, flow) == set()
    assert world.cache.outbox() == ()


def test_a_title_for_a_node_that_was_just_removed_leaves_no_half_a_node(world: World) -> None:
    """It is read before it is sent, or comes a moment after: the document stays one."""
    other = Other(world)
    world.edit(other.id, *TITLE, to="Mien")
    other.takes(Change(("draft", "nodes", "menu")))
    other.is_pulled()
    assert "menu" not in nodes_of(world, other.id)
    (op,) = world.send()
    other.refuses(op)
    assert "menu" in nodes_of(world, other.id), "kept, with my title"
    assert read(world.data(other.id), TITLE) == "Mien"
    late = Other(world)
    late.takes(Change(("draft", "nodes", "menu")))
    late.is_pulled()
    world.cache.edit(Edit("flow", late.id, changes=(Change(TITLE, "Trop tard", "Menu"),)))
    assert "menu" not in nodes_of(world, late.id)
    op = world.send()[-1]
    late.refuses(op)
    assert "menu" not in nodes_of(world, late.id)
    (conflict,) = [each for each in world.cache.conflicts() if each.id == late.id]
    assert [at.value for at in conflict.changes] == ["Trop tard"]


def nodes_of(world: World, flow: str) -> dict[str, object]:
    nodes = read(world.data(flow), ("draft", "nodes"))
    assert isinstance(nodes, dict)
    return nodes


def test_a_gesture_waits_for_its_disputed_edit_and_goes_on_when_that_is_decided(
    world: World,
) -> None:
    one, two = world.received("Un"), world.received("Deux", seq=2)
    wishes = [
        Edit("flow", flow, changes=(change(world.data(flow), ("name",), "Mien"),))
        for flow in (one, two)
    ]
    world.cache.edit(*wishes, are_one=True)
    first, second = world.send()
    theirs: Document = {**world.data(one), "name": "Sien", "ver": 2}
    results = [
        OpResult(first.op_id, OpStatus.CONFLICT, 2, 9, theirs),
        OpResult(second.op_id, OpStatus.BLOCKED),
    ]
    world.cache.sync.settle(results)
    assert world.send() == (), "all of it or none"
    (conflict,) = world.cache.conflicts()
    world.cache.deciding.decide(conflict.op_id, [Choice(("name",), "theirs")])
    (op,) = world.send()
    assert (op.id, op.group) == (two, "")
    assert world.data(one)["name"] == "Sien"
