"""Words in hundreds of flows: found, replaced and taken back, all of it or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cx_desktop.cache import Edit
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.replace import Hit
from cx_desktop.domain.flow.seeking import Seeker, Wanted
from cx_desktop.domain.flow.usage import How
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Change, Document
from cx_desktop.models.everywhere.hits import Found, refusals, search, take_back, write
from cx_desktop.models.everywhere.places import read_subjects
from cx_desktop.tasks import Cancelled, Task
from tests.fakes.clock import FakeClock
from tests.fakes.mirror import Mirror
from tests.models.flow_entities import ACCUEIL, NUIT, NUMBER, PROJECT, draft, flow, number, project

MANY = 300
BONJOUR = Seeker(Wanted("bonjour"))


def numbered(at: int) -> str:
    return f"01900000-0000-7000-8000-{at:012}"


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    mirror = Mirror(tmp_path / "cache", FakeClock())
    mirror.send(project(), *(flow(numbered(at), f"SVI {at:03}") for at in range(MANY)))
    yield mirror
    mirror.close()


def nobody(_share: float) -> None:
    """Nobody wants to know how far it is."""


def task(told: Callable[[float], None] = nobody) -> Task:
    return Task(lambda _task, share, _what: told(share))


def chosen(found: Found) -> dict[str, tuple[Hit, ...]]:
    return {each.id: each.hits for each in found.flows}


def titles(mirror: Mirror) -> set[str]:
    rows = mirror.cache.rows("flow", project_id=PROJECT)
    drafts = (row.data["draft"] for row in rows)
    return {str(each["nodes"]["play"]["title"]) for each in drafts if isinstance(each, dict)}


def test_hundreds_of_flows_are_searched_with_progress(mirror: Mirror) -> None:
    shares: list[float] = []
    found = search(mirror.cache, PROJECT, BONJOUR, task(shares.append))
    assert (found.searched, len(found.flows), found.count) == (MANY, MANY, 2 * MANY)
    assert shares == sorted(shares)
    assert len(shares) == MANY


def test_a_search_that_is_cancelled_stops_at_the_next_flow(mirror: Mirror) -> None:
    looking = task()
    looking.cancel()
    with pytest.raises(Cancelled):
        search(mirror.cache, PROJECT, BONJOUR, looking)


def test_all_flows_are_written_together_and_taken_back_together(mirror: Mirror) -> None:
    before = mirror.cache.rows("flow", project_id=PROJECT)
    found = search(mirror.cache, PROJECT, BONJOUR, task())
    written = write(mirror.cache, BONJOUR, "Bonsoir", chosen(found), task())
    assert (written.count, written.left, len(written.changes)) == (2 * MANY, 0, MANY)
    assert titles(mirror) == {"Bonsoir"}
    assert len({each.group for each in mirror.cache.outbox()}) == 1  # one gesture, sent as one
    back = take_back(mirror.cache, written)
    assert (back.flows, back.left) == (MANY, 0)
    assert mirror.cache.outbox() == ()
    after = mirror.cache.rows("flow", project_id=PROJECT)
    assert [row.data["draft"] for row in after] == [row.data["draft"] for row in before]


def test_a_replacement_that_is_cancelled_writes_nothing(mirror: Mirror) -> None:
    found = search(mirror.cache, PROJECT, BONJOUR, task())
    under_way: list[Task] = []

    def stop(share: float) -> None:
        if share > 0.5:
            under_way[0].cancel()

    under_way.append(task(stop))
    with pytest.raises(Cancelled):
        write(mirror.cache, BONJOUR, "Bonsoir", chosen(found), under_way[0])
    assert titles(mirror) == {"Bonjour"}


def test_words_that_went_meanwhile_and_archived_flows_are_left(mirror: Mirror) -> None:
    found = search(mirror.cache, PROJECT, BONJOUR, task())
    place = ("draft", "nodes", "play", "title")
    mirror.cache.edit(Edit("flow", numbered(0), (Change(place, "Salut", "Bonjour"),)))
    mirror.cache.edit(Edit("flow", numbered(1), (Change(("archived",), value=True, was=False),)))
    written = write(mirror.cache, BONJOUR, "Bonsoir", chosen(found), task())
    assert written.left == 3
    assert titles(mirror) == {"Salut", "Bonjour", "Bonsoir"}


def test_undo_leaves_what_somebody_wrote_since(mirror: Mirror) -> None:
    found = search(mirror.cache, PROJECT, BONJOUR, task())
    written = write(mirror.cache, BONJOUR, "Bonsoir", chosen(found), task())
    place = ("draft", "nodes", "play", "title")
    mirror.cache.edit(Edit("flow", numbered(7), (Change(place, "À moi", "Bonsoir"),)))
    assert take_back(mirror.cache, written).left == 1
    assert titles(mirror) == {"Bonjour", "À moi"}


def test_a_flow_that_a_newer_program_wrote_is_named_and_left(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "cache", FakeClock())
    odd = flow(NUIT, "Demain", draft={"nodes": {"a": 3}})
    mirror.send(project(), flow(), odd)
    found = search(mirror.cache, PROJECT, BONJOUR, task())
    assert (found.unreadable, len(found.flows)) == (("Demain",), 1)
    assert refusals(found, BONJOUR, "Bonsoir", task()) == {}
    mirror.close()


def test_who_uses_what_is_told_by_draft_and_live(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "cache", FakeClock())
    leading: Document = draft()
    nodes = leading["nodes"]
    assert isinstance(nodes, dict)
    nodes["go"] = {"id": "go", "kind": "goto_flow", "props": {"flow": NUIT}}
    mirror.send(project(), flow(draft=leading), flow(NUIT, "Nuit"), number(NUIT))
    subjects = {each.target: each for each in read_subjects(mirror.cache, PROJECT)}
    night = subjects[Target("flow", NUIT)]
    assert [(each.type, each.how, each.node, each.is_live) for each in night.places] == [
        ("flow", How.CALLS, NodeId("go"), False),
        ("number", How.ANSWERS, "", True),
    ]
    assert night.places[1].id == NUMBER
    assert subjects[Target("flow", ACCUEIL)].places == ()
    (answered,) = subjects[Target("number", "+33140000000")].places
    assert (answered.id, answered.how) == (NUIT, How.ANSWERS)
    mirror.close()
