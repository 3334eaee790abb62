"""A walk through what differs between two versions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.diff import Mark
from cx_desktop.domain.flow.graph import NodeId, document_of
from cx_desktop.models.flow_comparison import FlowComparison
from cx_desktop.tasks import Tasks
from tests.domain.diff.test_changelog import BASE, linked, with_node

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError
    from cx_desktop.domain.patch import Document


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    assert qapp is not None
    tasks = Tasks()
    yield tasks
    tasks.close()


def walk(tasks: Tasks, qtbot: QtBot) -> FlowComparison:
    """Sales moved, and a key leads elsewhere."""
    moved = replace(BASE.nodes[NodeId("sales")], x=800.0)
    new = with_node(linked(BASE, "menu", key_2="support"), moved)
    model = FlowComparison(tasks)
    with qtbot.waitSignal(model.laid):
        model.show(document_of(BASE), document_of(new))
    return model


def test_next_and_previous_go_round(tasks: Tasks, qtbot: QtBot) -> None:
    model = walk(tasks, qtbot)
    assert (model.position, len(model.spots)) == (0, 2)
    places = []
    for step in (1, 1, 1, -1):
        model.step(step)
        places.append(model.position)
    assert places == [1, 2, 1, 2]
    assert model.current is not None
    assert model.current.mark is Mark.MOVED


def test_what_only_moved_is_passed_over(tasks: Tasks, qtbot: QtBot) -> None:
    model = walk(tasks, qtbot)
    model.step(-1)
    model.hide_moved(True)
    assert model.current is None
    assert [each.mark for each in model.spots] == [Mark.CHANGED]
    model.step(1)
    model.hide_moved(False)
    assert model.current is not None
    assert model.current.node == "menu"


def test_a_node_is_found_among_the_changes(tasks: Tasks, qtbot: QtBot) -> None:
    model = walk(tasks, qtbot)
    model.go_to_node("sales")
    assert model.position == 2
    model.go_to_node("start")
    assert model.position == 2


def test_both_orders(tasks: Tasks, qtbot: QtBot) -> None:
    model = walk(tasks, qtbot)
    with qtbot.waitSignal(model.laid):
        model.swap()
    (spot,) = (each for each in model.spots if each.mark is Mark.CHANGED)
    assert (spot.old, spot.new) == ("support", "sales")


def test_what_no_program_can_read_is_said(tasks: Tasks, qtbot: QtBot) -> None:
    model = FlowComparison(tasks)
    broken: Document = {"nodes": {"a": {"id": "b", "kind": "play"}}}
    with qtbot.waitSignal(model.failed) as failed:
        model.show({}, broken)
    assert failed.args is not None
    error: CXError = failed.args[0]
    assert error.key == "problem.flow-unreadable"
