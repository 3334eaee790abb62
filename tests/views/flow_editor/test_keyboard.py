"""Everything without a mouse: walking, editing, linking, verbs."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from tests.fakes.drawing import drawn
from tests.views.flow_editor.conftest import MENU, Desk

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_tab_walks_in_reading_order(desk: Desk) -> None:
    walked = []
    for _ in range(4):
        desk.key(Qt.Key.Key_Tab)
        walked.append(desk.selected[0])
    assert walked == ["start", "menu", "sales", "help"]


def test_arrows_follow_links_and_go_back(desk: Desk) -> None:
    desk.stage.selection.select([NodeId("start")])
    desk.key(Qt.Key.Key_Right)
    assert desk.selected == ("menu",)
    desk.key(Qt.Key.Key_Right)
    assert desk.selected == ("sales",)
    desk.key(Qt.Key.Key_Left)
    assert desk.selected == ("menu",)


def test_control_and_arrows_move_and_one_undo_takes_them_back(desk: Desk) -> None:
    before = desk.model.flow.nodes[NodeId("help")]
    desk.stage.selection.select([NodeId("help")])
    for _ in range(3):
        desk.key(Qt.Key.Key_Right, CONTROL)
    assert desk.model.flow.nodes[NodeId("help")].x == before.x + 24
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.model.flow.nodes[NodeId("help")] == before


def test_enter_leads_to_the_title(desk: Desk) -> None:
    desk.stage.selection.select([NodeId("menu")])
    desk.key(Qt.Key.Key_Return)
    field = desk.editor.focusWidget()
    assert isinstance(field, QLineEdit)
    desk.type(field, "Accueil")
    assert desk.model.flow.nodes[NodeId("menu")].title == "Accueil"
    assert desk.model.undo_stack.count() == 1


def test_an_exit_is_linked_by_choosing_from_a_list(desk: Desk) -> None:
    desk.editor.asking.ask_target(Slot(NodeId("menu"), ExitId("key_1")))
    picker = desk.editor.asking.link_picker
    assert picker.isVisible()
    desk.type(picker.field, "fin")
    desk.key(Qt.Key.Key_Return, at=picker.field)
    assert desk.picture == drawn(MENU.replace("-1→ sales", "-1→ help"))


def test_what_cannot_be_a_target_is_listed_with_its_reason(desk: Desk) -> None:
    desk.editor.asking.ask_target(Slot(NodeId("menu"), ExitId("key_1")))
    picker = desk.editor.asking.link_picker
    entry = picker.list.item(0)
    assert not entry.flags() & Qt.ItemFlag.ItemIsEnabled
    assert entry.toolTip()
    picker.hide()


def test_duplicate_copy_paste_and_undo_of_all(desk: Desk) -> None:
    desk.stage.selection.select([NodeId("help")])
    desk.key(Qt.Key.Key_D, CONTROL)
    desk.key(Qt.Key.Key_C, CONTROL)
    desk.key(Qt.Key.Key_V, CONTROL)
    assert len(desk.model.flow.nodes) == 6
    desk.key(Qt.Key.Key_Z, CONTROL)
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.picture == drawn(MENU)


def test_the_selection_is_aligned_in_one_step(desk: Desk) -> None:
    desk.stage.selection.select([NodeId("sales"), NodeId("help"), NodeId("menu")])
    assert desk.run("flow.align-top")
    tops = {desk.model.flow.nodes[NodeId(each)].y for each in ("sales", "help", "menu")}
    assert len(tops) == 1
    assert desk.model.undo_stack.count() == 1


def test_tidy_is_one_step_and_keeps_the_graph(desk: Desk) -> None:
    desk.stage.editing.move({NodeId("help"): (-900.0, -900.0)})
    assert desk.run("flow.tidy")
    desk.until(lambda: desk.model.flow.nodes[NodeId("help")].x > 0)
    assert desk.model.undo_stack.count() == 2
    assert desk.picture == drawn(MENU)


@pytest.mark.parametrize(
    "command", ["flow.cut", "flow.delete", "flow.tidy", "flow.add", "flow.undo"]
)
def test_a_revision_refuses_verbs_that_change_it(
    open_editor: Callable[..., Desk], command: str
) -> None:
    desk = open_editor(locked=True)
    desk.stage.selection.select([NodeId("menu")])
    assert not desk.run(command)


def test_every_verb_has_words_a_reason_and_goes_with_the_editor(desk: Desk) -> None:
    catalogue = desk.look.language.catalogue
    verbs = [each for each in desk.commands.verbs if each.id.startswith("flow.")]
    assert len(verbs) > 35
    for verb in verbs:
        assert catalogue.has(verb.text_key)
        assert catalogue.has(verb.reason_key)
    desk.editor.shut()
    assert not desk.commands.verbs


def test_no_two_verbs_share_a_shortcut(desk: Desk) -> None:
    keys = [each.shortcut for each in desk.commands.verbs if each.shortcut]
    assert len(keys) == len(set(keys))


def test_escape_closes_the_popup_and_adds_nothing(desk: Desk) -> None:
    assert desk.run("flow.add")
    popup = desk.editor.asking.quick_add
    desk.type(popup.field, "men")
    desk.key(Qt.Key.Key_Escape, at=popup.field)
    assert not popup.isVisible()
    assert desk.picture == drawn(MENU)


def test_the_canvas_says_what_is_selected(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Tab)
    desk.key(Qt.Key.Key_Tab)
    assert desk.canvas.accessibleDescription().startswith("Menu")
    assert "→ Groupe" in desk.canvas.accessibleDescription()
