"""The outline as an item model: always sound, whatever is done to the flow."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from cx_desktop.models.flow_outline import FlowOutline
from tests.models.open_flow import OpenObject
from tests.models.test_flow_graph_undo import PICTURE, Gesture, do, gesture

pytestmark = pytest.mark.usefixtures("qapp")


def outline_of(flow: OpenObject) -> FlowOutline:
    def exit_text(node: NodeId, way: object) -> str:
        return f"{node} {way}"

    return FlowOutline(flow.model, node_text=str, exit_text=exit_text, parent=flow.model)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(gesture, max_size=10))
def test_it_stays_a_sound_model_and_lists_every_node_once(gestures: list[Gesture]) -> None:
    flow = OpenObject(PICTURE)
    outline = outline_of(flow)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(outline, fatal)
    for name, one, other in gestures:
        do(flow, name, one, other)
    rows = [outline.place(outline.index(row, 0)) for row in range(outline.rowCount())]
    assert sorted(map(str, rows)) == sorted(flow.model.flow.nodes)
    tester.deleteLater()


def test_nodes_stand_in_reading_order_with_their_exits_below() -> None:
    flow = OpenObject(PICTURE)
    outline = outline_of(flow)
    rows = [outline.place(outline.index(row, 0)) for row in range(outline.rowCount())]
    assert rows == ["start", "menu", "play", "help"]
    menu = outline.index_of(NodeId("menu"))
    assert outline.place(outline.index(0, 0, menu)) == Slot(NodeId("menu"), ExitId("key_1"))


def test_another_order_keeps_where_the_keyboard_was() -> None:
    flow = OpenObject(PICTURE)
    outline = outline_of(flow)
    there = QPersistentModelIndex(outline.index_of(NodeId("play")))
    flow.editing.link(Slot(NodeId("menu"), ExitId("key_1")), NodeId("help"))
    assert outline.place(there) == "play"
    assert there.row() == outline.index_of(NodeId("play")).row() == 3
