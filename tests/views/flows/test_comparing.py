"""Two versions on one canvas, and what a version changed for callers, beside the list of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.diff import Mark
from cx_desktop.domain.flow.graph import ExitId, NodeId, NoteId, Slot
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.text import Language as Tongue
from cx_desktop.views.flow_compare.compare_view import CompareView
from cx_desktop.views.objects.told_panel import ToldPanel
from tests.views.flows.conftest import Visit
from tests.views.flows.test_access import unnamed
from tests.views.flows.test_work import dialog, new_flow, publish, versions, work


def two_versions(visit: Visit, name: str) -> None:
    """A live flow whose draft says something first, and hangs up elsewhere on the canvas."""
    flow = new_flow(visit, name)
    publish(visit, "Un")
    visit.until(lambda: work(visit).state is ObjectState.LIVE)
    graph = flow.graph
    node, changes = edits.add_node(graph.flow, "play", (260.0, 40.0))
    graph.do("editor.step.add", changes)
    said = [{"type": "text", "text": "Bonjour."}]
    graph.do("editor.step.props", edits.set_prop(graph.flow, node, "prompt", said))
    graph.do("editor.step.link", edits.link(Slot(NodeId("start"), ExitId("next")), node))
    graph.do("editor.step.link", edits.link(Slot(node, ExitId("next")), NodeId("hangup")))
    moved: dict[NodeId | NoteId, tuple[float, float]] = {NodeId("hangup"): (900.0, 400.0)}
    with visit.qtbot.waitSignal(flow.flow.saved, timeout=15_000):
        graph.do("editor.step.move", edits.move(graph.flow, moved))
    visit.until(lambda: work(visit).state is ObjectState.AHEAD)
    visit.until(lambda: visit.page.editor.can_compare)


def compared(visit: Visit) -> CompareView:
    visit.until(lambda: visit.page.editor.comparing.view is not None)
    view = visit.page.editor.comparing.view
    assert view is not None
    visit.until(lambda: view.drawing is not None)
    return view


def test_the_draft_is_compared_with_what_is_live_from_the_palette(visit: Visit) -> None:
    two_versions(visit, "Comparé")
    visit.commands.run("flows.compare")
    view = compared(visit)
    assert view.bar.title.text() == "Version 1 → Brouillon"
    assert view.bar.place.text() == "3 différences"
    assert [each.mark for each in view.model.spots] == [Mark.CHANGED, Mark.ADDED, Mark.MOVED]
    drawing = view.drawing
    assert drawing is not None
    assert drawing.stage.model.is_read_only
    changes = drawing.stage.marks.changes
    assert [(link.node, link.target) for link in changes.removed] == [("start", "hangup")]
    assert unnamed(view) == []
    view.bar.close_view.click()
    assert visit.page.editor.comparing.view is None
    assert visit.page.editor.editing is not None
    assert visit.page.editor.editing.isVisible()


def test_keys_walk_through_the_changes_and_say_which_one_it_is(visit: Visit) -> None:
    two_versions(visit, "Parcouru")
    visit.page.editor.compare_with_live()
    view = compared(visit)
    visit.page.activateWindow()
    visit.until(visit.page.isActiveWindow)
    view.list.setFocus()
    places = []
    for _ in range(4):
        QTest.keyClick(view.list, Qt.Key.Key_F7)
        places.append(view.bar.place.text())
    assert places == ["1 sur 3", "2 sur 3", "3 sur 3", "1 sur 3"]
    QTest.keyClick(view.list, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert view.bar.place.text() == "3 sur 3"
    assert view.list.row == 2
    drawing = view.drawing
    assert drawing is not None
    assert drawing.stage.selection.nodes == ("hangup",)
    QTest.keyClick(view.list, Qt.Key.Key_Escape)
    visit.until(lambda: visit.page.editor.comparing.view is None)


def test_a_change_is_told_before_and_after(visit: Visit) -> None:
    two_versions(visit, "Avant après")
    visit.page.editor.compare_with_live()
    view = compared(visit)
    view.model.go(1)
    lines = view.details.lines
    assert "Message" in lines
    assert any("Bonjour" in line for line in lines)
    view.model.go(0)
    assert any("Avant" in line for line in view.details.lines)
    assert any("Après" in line for line in view.details.lines)


def test_what_only_moved_can_be_hidden(visit: Visit) -> None:
    two_versions(visit, "Déplacé")
    visit.page.editor.compare_with_live()
    view = compared(visit)
    view.model.go(2)
    view.bar.hide_moved.setChecked(True)
    assert view.bar.place.text() == "2 différences"
    drawing = view.drawing
    assert drawing is not None
    assert Mark.MOVED not in drawing.stage.marks.changes.nodes_by_mark
    view.bar.hide_moved.setChecked(False)
    assert len(view.list.lines) == 3


def test_the_other_way_round_what_was_added_is_gone(visit: Visit) -> None:
    two_versions(visit, "À l’envers")
    visit.page.editor.compare_with_live()
    view = compared(visit)
    first = view.drawing
    view.bar.swap.click()
    visit.until(lambda: view.drawing is not first and view.drawing is not None)
    assert view.bar.title.text() == "Brouillon → Version 1"
    assert {each.mark for each in view.model.spots} == {Mark.CHANGED, Mark.REMOVED, Mark.MOVED}
    drawing = view.drawing
    assert drawing is not None
    assert drawing.stage.marks.greyed


def test_two_versions_are_ticked_and_compared(visit: Visit) -> None:
    two_versions(visit, "Cochées")
    publish(visit, "Deux")
    visit.until(lambda: [row.number for row in versions(visit).revisions.rows] == [2, 1])
    visit.page.editor.toggle_versions()
    panel = versions(visit)
    panel.list.select_number(2)
    assert panel.compare.text() == "Comparer la version 2 au brouillon"
    for number in (2, 1):
        panel.list.select_number(number)
        QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert panel.list.ticked == (1, 2)
    assert panel.compare.text() == "Comparer les versions 1 et 2"
    assert unnamed(panel) == []
    panel.compare.click()
    view = compared(visit)
    assert view.bar.title.text() == "Version 1 → Version 2"


def test_the_versions_say_what_each_changed_for_callers(visit: Visit) -> None:
    two_versions(visit, "Racontées")
    publish(visit, "Deux")
    visit.until(lambda: [row.number for row in versions(visit).revisions.rows] == [2, 1])
    visit.page.editor.toggle_versions()
    panel = versions(visit)
    told = panel.told
    assert isinstance(told, ToldPanel)
    panel.list.select_number(2)
    visit.until(lambda: any("Bonjour" in line for line in told.list.lines))
    assert "appel" in told.costs.text()
    row = next(item for item in told.list._items() if "dit désormais" in item.text(0))
    told.list.itemActivated.emit(row, 0)
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.selection.node == "play"
    told.copy.click()
    assert "Bonjour" in QGuiApplication.clipboard().text()
    panel.list.select_number(1)
    visit.until(lambda: not any("Bonjour" in line for line in told.list.lines))


def test_the_publish_dialog_leads_to_the_canvas(visit: Visit) -> None:
    two_versions(visit, "Du dialogue")
    visit.page.editor.publish()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    visit.until(lambda: any("Bonjour" in line for line in asked.plan.details.changes.lines))
    assert "2 mots" not in asked.plan.details.costs.text()
    assert "1 mot nouveau" in asked.plan.details.costs.text()
    asked.plan.details.canvas.click()
    view = compared(visit)
    assert view.bar.title.text() == "Version 1 → Brouillon"


@pytest.mark.parametrize("tongue", Tongue)
def test_every_word_is_there_in_both_languages(visit: Visit, tongue: Tongue) -> None:
    two_versions(visit, f"Langue {tongue}")
    visit.words.language.switch(tongue)
    visit.page.editor.compare_with_live()
    view = compared(visit)
    for place in range(len(view.model.spots)):
        view.model.go(place)
        texts = (*view.details.lines, view.bar.place.text(), view.bar.title.text())
        assert not [text for text in texts if "⟦" in text]
    assert not [line for line in view.list.lines if "⟦" in line]
