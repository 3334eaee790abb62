"""What the mouse does on the canvas."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt

from cx_desktop.domain.flow.graph import ExitId, Link, NodeId
from tests.fakes.drawing import drawn
from tests.views.flow_editor.conftest import MENU, Desk

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_click_selects_a_node_and_another_one_the_next(desk: Desk) -> None:
    for node in ("menu", "sales"):
        desk.click(desk.title(node))
        assert desk.selected == (node,)


def test_control_and_click_adds_to_the_selection_and_takes_away(desk: Desk) -> None:
    desk.click(desk.title("menu"))
    desk.click(desk.title("sales"), CONTROL)
    assert list(desk.selected) == ["menu", "sales"]
    desk.click(desk.title("menu"), CONTROL)
    assert list(desk.selected) == ["sales"]


def test_a_click_on_empty_ground_selects_nothing(desk: Desk) -> None:
    desk.click(desk.title("menu"))
    desk.click(desk.empty())
    assert desk.stage.selection.is_empty


def test_a_dragged_node_lies_on_the_grid_after_one_step(desk: Desk) -> None:
    before = desk.model.flow.nodes[NodeId("help")]
    desk.drag(desk.title("help"), desk.title("help") + QPoint(3, 211))
    after = desk.model.flow.nodes[NodeId("help")]
    assert after.y != before.y
    assert desk.model.undo_stack.count() == 1
    desk.model.undo_stack.undo()
    assert desk.model.flow.nodes[NodeId("help")] == before


def test_the_model_hears_nothing_of_a_drag_until_its_end(desk: Desk) -> None:
    desk.press(desk.title("help"))
    desk.move(desk.title("help") + QPoint(60, 60))
    desk.move(desk.title("help") + QPoint(90, 90))
    assert desk.stage.geometry.moving == {"help"}
    assert desk.model.undo_stack.count() == 0
    desk.key(Qt.Key.Key_Escape)
    assert desk.stage.geometry.moving == frozenset()
    assert desk.saved == []


def test_an_exit_is_led_to_a_node_by_dragging(desk: Desk) -> None:
    desk.drag(desk.port("menu", "key_1"), desk.title("help"))
    assert desk.picture == drawn(MENU.replace("-1→ sales", "-1→ help"))


def test_while_linking_illegal_targets_are_grey(desk: Desk) -> None:
    desk.press(desk.port("menu", "key_1"))
    desk.move(desk.title("start") + QPoint(5, 5))
    desk.move(desk.title("start"))
    assert desk.stage.marks.greyed == {"start"}
    assert desk.stage.sketch.is_line_refused
    desk.release(desk.title("start"))
    assert desk.picture == drawn(MENU)
    assert desk.editor.notice.text


def test_a_link_into_empty_space_asks_for_a_kind_and_is_linked(desk: Desk) -> None:
    desk.drag(desk.port("menu", "no_input"), desk.empty())
    popup = desk.editor.asking.quick_add
    assert popup.isVisible()
    desk.type(popup.field, "messagerie")
    desk.key(Qt.Key.Key_Return, at=popup.field)
    assert desk.model.flow.target(NodeId("menu"), ExitId("no_input")) == "voicemail"
    assert desk.model.undo_stack.count() == 1


def test_a_double_click_on_the_ground_adds_there(desk: Desk) -> None:
    desk.double_click(desk.empty())
    popup = desk.editor.asking.quick_add
    desk.type(popup.field, "gather")
    desk.key(Qt.Key.Key_Return, at=popup.field)
    (added,) = desk.selected
    assert desk.model.flow.nodes[NodeId(added)].kind in {"menu", "collect"}


def test_the_end_of_a_link_dragged_away_cuts_it(desk: Desk) -> None:
    entry = desk.stage.geometry.shapes[NodeId("sales")].entry
    end = desk.pixel(entry[0] - 14, entry[1])
    desk.drag(end, desk.empty())
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) is None


def test_a_lonely_node_dropped_on_a_link_goes_into_it(
    open_editor: Callable[..., Desk],
) -> None:
    desk = open_editor(f"{MENU}\nplay (play)")
    line = desk.stage.geometry.lines_at([NodeId("sales")])[0]
    shape = desk.stage.geometry.shapes[NodeId("play")]
    x, y = line.middle
    grip = desk.pixel(shape.x + 104, shape.y + 20)
    desk.drag(grip, desk.pixel(x, y))
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) == "play"
    assert desk.model.flow.target(NodeId("play"), ExitId("next")) == "sales"


def test_a_rubber_band_selects_what_it_touches(desk: Desk) -> None:
    around = desk.stage.geometry.around([NodeId("sales"), NodeId("help")])
    begin = desk.pixel(around.left() - 30, around.top() - 30)
    desk.drag(begin, desk.pixel(around.right() + 20, around.bottom() + 20))
    assert set(desk.selected) >= {"sales", "help"}
    assert "start" not in desk.selected


def test_the_middle_button_pans_and_selects_nothing(desk: Desk) -> None:
    origin = desk.stage.viewport.origin
    middle = Qt.MouseButton.MiddleButton
    desk.drag(desk.empty(), desk.empty() + QPoint(50, 20), button=middle)
    assert desk.stage.viewport.origin - origin == QPointF(-50, -20)
    assert desk.stage.selection.is_empty


def test_a_frame_takes_its_nodes_along(desk: Desk) -> None:
    desk.stage.selection.select([NodeId("sales"), NodeId("help")])
    note = desk.stage.editing.frame("Équipe")
    assert note is not None
    sales = desk.model.flow.nodes[NodeId("sales")]
    frame = desk.model.flow.notes[note]
    grip = desk.pixel(frame.x + 60, frame.y + 10)
    desk.drag(grip, grip + QPoint(80, 40))
    moved = desk.model.flow.nodes[NodeId("sales")]
    assert (moved.x - sales.x, moved.y - sales.y) == (80.0, 40.0)


def test_a_click_on_a_link_selects_it_and_delete_cuts_it(desk: Desk) -> None:
    line = desk.stage.geometry.lines_at([NodeId("sales")])[0]
    desk.click(desk.pixel(*line.middle))
    assert desk.stage.selection.links == (Link(NodeId("menu"), ExitId("key_1"), NodeId("sales")),)
    desk.key(Qt.Key.Key_Delete)
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) is None


def test_nothing_moves_in_a_revision(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor(locked=True)
    desk.drag(desk.title("help"), desk.empty())
    desk.drag(desk.port("menu", "key_1"), desk.title("help"))
    desk.double_click(desk.empty())
    assert not desk.editor.asking.quick_add.isVisible()
    assert desk.picture == drawn(MENU)
    assert desk.saved == []


def test_what_is_pressed_is_marked_though_the_view_moved_under_the_mouse(desk: Desk) -> None:
    desk.move(desk.title("sales"))
    desk.stage.viewport.pan_by(QPointF(30, 20))
    desk.press(desk.title("help"))
    assert desk.stage.marks.hovered == "help"
