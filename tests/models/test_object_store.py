"""An open flow: saved at once, told when it is on the disk, true when others change it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import Change, read
from cx_desktop.models.flow_work import FLOW_SHAPE
from cx_desktop.models.objects.creating import New
from cx_desktop.models.objects.store import Arrival, ObjectStore, OpenObject
from cx_desktop.tasks import Tasks
from tests.fakes.clock import FakeClock
from tests.fakes.mirror import Mirror
from tests.models.flow_entities import ACCUEIL, LEA, PAUL, draft, flow, project

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError

TITLE = ("nodes", "play", "title")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def mirror(tmp_path: Path, clock: FakeClock) -> Iterator[Mirror]:
    mirror = Mirror(tmp_path, clock)
    mirror.send(project(), flow())
    yield mirror
    mirror.close()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()


@pytest.fixture
def store(mirror: Mirror, tasks: Tasks, clock: FakeClock) -> Iterator[ObjectStore]:
    store = ObjectStore(
        FLOW_SHAPE, cache=mirror.cache, tasks=tasks, clock=clock, user_id=PAUL["id"]
    )
    yield store
    store.close()


def opened(store: ObjectStore, qtbot: QtBot, flow_id: str = ACCUEIL) -> OpenObject:
    found: list[OpenObject] = []
    store.open(flow_id, done=found.append, failed=lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def retitle(open_flow: OpenObject, title: str) -> Change:
    return Change(path=TITLE, value=title, was=read(open_flow.document, TITLE))


def test_an_edit_is_told_as_saved_after_it_is_in_the_cache(
    store: ObjectStore, mirror: Mirror, clock: FakeClock, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    with qtbot.waitSignal(open_flow.saved) as saved:
        open_flow.save([retitle(open_flow, "Bienvenue")])
        assert open_flow.is_saving
    row = mirror.cache.row("flow", ACCUEIL)
    assert row is not None
    assert row.is_dirty
    assert read(row.data, ("draft", *TITLE)) == "Bienvenue"
    assert saved.args == [clock.now()]
    assert not open_flow.is_saving


def test_what_we_write_ourselves_is_told_back_as_nothing_new(
    store: ObjectStore, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    with qtbot.waitSignal(open_flow.draft_arrived) as arrived:
        open_flow.save([retitle(open_flow, "Bienvenue")])
    assert arrived.args is not None
    assert arrived.args[0].changes == ()


def test_another_persons_edit_arrives_with_their_name(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    with qtbot.waitSignal(open_flow.draft_arrived) as arrived:
        mirror.send(flow(draft=draft("Bonjour à tous"), draft_ver=5, updated_by=LEA))
    assert arrived.args is not None
    arrival: Arrival = arrived.args[0]
    assert [each.path for each in arrival.changes] == [TITLE]
    assert (arrival.who, arrival.is_mine) == ("Léa Martin", False)
    assert read(open_flow.document, TITLE) == "Bonjour à tous"


def test_an_edit_still_on_its_way_is_not_taken_back_by_an_older_state(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    seen: list[object] = []
    open_flow.draft_arrived.connect(lambda arrival: seen.append(read(arrival.document, TITLE)))
    mirror.send(flow(description="Revu"))
    open_flow.save([retitle(open_flow, "Bienvenue")])
    with qtbot.waitSignal(open_flow.saved):
        pass
    assert set(seen) <= {"Bienvenue", "Bonjour"}
    assert read(open_flow.document, TITLE) == "Bienvenue"


def test_two_windows_on_one_flow_see_each_other(store: ObjectStore, qtbot: QtBot) -> None:
    one, other = opened(store, qtbot), opened(store, qtbot)
    with qtbot.waitSignal(other.draft_arrived) as arrived:
        one.save([retitle(one, "Bienvenue")])
    assert arrived.args is not None
    assert [each.value for each in arrived.args[0].changes] == ["Bienvenue"]


def test_a_flow_that_leaves_our_sight_says_so(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    with qtbot.waitSignal(open_flow.gone):
        mirror.withdraw("flow", ACCUEIL)


def test_a_flow_that_is_not_there_is_explained(store: ObjectStore, qtbot: QtBot) -> None:
    errors: list[CXError] = []
    store.open("01900000-0000-7000-8000-00000000ffff", done=print, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].key == "problem.object-not-here"


def test_a_released_flow_hears_nothing_more(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow, other = opened(store, qtbot), opened(store, qtbot)
    store.release(open_flow)
    seen: list[object] = []
    open_flow.draft_arrived.connect(seen.append)
    with qtbot.waitSignal(other.draft_arrived):
        mirror.send(flow(description="Revu"))
    assert seen == []


def test_what_another_page_of_this_device_writes_is_shown_and_told_as_written_here(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    shown = opened(store, qtbot)
    arrivals: list[Arrival] = []
    shown.draft_arrived.connect(arrivals.append)
    mirror.cache.edit(Edit("flow", ACCUEIL, (Change(("draft", *TITLE), "Bonsoir", "Bonjour"),)))
    qtbot.waitUntil(lambda: bool(arrivals))
    assert read(shown.document, TITLE) == "Bonsoir"
    assert (bool(arrivals[0].changes), arrivals[0].is_here) == (True, True)


def test_a_gesture_over_two_objects_is_saved_and_sent_as_one(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    new = New("flow", "01999999-0000-7000-8000-00000000000a", "Bloc", draft("x"))

    def save() -> bool:
        open_flow.save([retitle(open_flow, "Bienvenue")])
        return True

    with qtbot.waitSignal(open_flow.saved):
        open_flow.save_with([new.edit(open_flow.project_id)], save)
    made, changed = mirror.cache.outbox()
    assert (made.op.id, changed.op.id) == (new.id, ACCUEIL)
    assert made.group == changed.group != ""
    with qtbot.waitSignal(open_flow.saved):  # and what follows is on its own
        open_flow.save([retitle(open_flow, "Salut")])
    assert len(mirror.cache.outbox()) == 3


def test_a_gesture_that_changes_nothing_makes_nothing(
    store: ObjectStore, mirror: Mirror, qtbot: QtBot
) -> None:
    open_flow = opened(store, qtbot)
    new = New("flow", "01999999-0000-7000-8000-00000000000a", "Bloc", draft("x"))
    open_flow.save_with([new.edit(open_flow.project_id)], lambda: False)
    with qtbot.waitSignal(open_flow.saved):
        open_flow.save([retitle(open_flow, "Salut")])
    assert len(mirror.cache.outbox()) == 1
