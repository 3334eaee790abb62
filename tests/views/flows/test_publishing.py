"""The publish dialog: what goes along is ticked by hand or key, and what is ticked is what goes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from cx_desktop.cache import Edit
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from cx_desktop.models.objects.facts import ObjectState
from tests.views.flows.conftest import Visit
from tests.views.flows.test_access import unnamed
from tests.views.flows.test_work import dialog, new_flow, publish, work

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document


def prompt(visit: Visit, name: str, text: str) -> str:
    """A prompt that nobody has published."""
    workspace = visit.seat.workspace
    prompt_id = workspace.ids.new()
    value: Document = {
        "type": "prompt",
        "id": prompt_id,
        "project_id": visit.desk.project_id,
        "name": name,
        "description": "",
        "archived": False,
        "draft": {"languages": {"fr-FR": {"text": text}}},
    }
    workspace.cache.edit(Edit(entity_type="prompt", id=prompt_id, value=value))
    return prompt_id


def play(visit: Visit, prompt_id: str) -> None:
    """Let the open flow say a prompt before it hangs up."""
    flow = work(visit)
    graph = flow.graph
    with visit.qtbot.waitSignal(flow.flow.saved, timeout=15_000):
        said = [{"type": "audio", "ref": prompt_id}]
        graph.do("editor.step.props", edits.set_prop(graph.flow, NodeId("hangup"), "prompt", said))


def test_what_is_needed_goes_along_and_the_button_says_so(visit: Visit) -> None:
    new_flow(visit, "Emmène")
    play(visit, prompt(visit, "Au revoir à tous", "Au revoir."))
    visit.page.editor.publish()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    details = asked.plan.details
    (line,) = details.offers.lines[:1]
    assert "Au revoir à tous" in line
    assert "jamais publié" in line
    assert asked.plan.confirm.text() == "Publier les 2 brouillons"
    assert unnamed(asked) == []
    visit.until(lambda: "unité de studio" in details.costs.text())
    assert any("Au revoir" in each for each in details.changes.lines)
    details.copy.click()
    assert "Au revoir" in QGuiApplication.clipboard().text()
    asked.plan.message.setPlainText("Ensemble")
    asked.plan.confirm.click()
    visit.until(lambda: visit.page.editor.going_live.dialog is None or asked.code.isVisible())
    if visit.page.editor.going_live.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    visit.until(lambda: work(visit).state is ObjectState.LIVE)
    assert "2 brouillons sont en service" in visit.page.editor.notices.told.text


def test_the_space_bar_unticks_and_the_plan_is_looked_at_again(visit: Visit) -> None:
    new_flow(visit, "Sans lui")
    play(visit, prompt(visit, "Pas encore", "Plus tard."))
    visit.page.editor.publish()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    offers = asked.plan.details.offers
    asked.plan.message.setPlainText("Essai")
    offers.setFocus()
    top = offers.topLevelItem(0)
    assert top is not None
    offers.setCurrentItem(top)
    QTest.keyClick(offers, Qt.Key.Key_Space)
    visit.until(lambda: asked.plan.confirm.text() == "Publier la version 1")
    assert asked.plan.confirm.isEnabled()
    assert any("FLW-54" in each or "Pas encore" in each for each in _findings(visit))
    QTest.keyClick(offers, Qt.Key.Key_Space)
    visit.until(lambda: asked.plan.confirm.text() == "Publier les 2 brouillons")
    asked.reject()


def _findings(visit: Visit) -> tuple[str, ...]:
    return dialog(visit).plan.details.findings.lines


def test_many_changes_are_folded_and_unfold_in_the_dialog(visit: Visit) -> None:
    flow = new_flow(visit, "Beaucoup")
    publish(visit)
    graph = flow.graph
    last = NodeId("start")
    for number in range(12):
        node, changes = edits.add_node(graph.flow, "play", (240.0 * number, 300.0))
        graph.do("editor.step.add", changes)
        said = [{"type": "text", "text": f"Phrase {number}."}]
        graph.do("editor.step.props", edits.set_prop(graph.flow, node, "prompt", said))
        graph.do("editor.step.link", edits.link(Slot(last, ExitId("next")), node))
        last = node
    visit.until(lambda: not work(visit).flow.is_unsent)
    visit.page.editor.publish()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    told = asked.plan.details.changes
    visit.until(lambda: any(line.startswith("et ") for line in told.lines))
    (more,) = (top for top in told.tops() if top.text(0).startswith("et "))
    assert more.childCount() > 0
    assert not more.isExpanded()
    asked.reject()


def test_a_flow_that_is_touched_is_opened_from_the_dialog(visit: Visit) -> None:
    visit.open("Service client")
    visit.page.editor.publish()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    touched = asked.plan.details.touched
    row = next(item for item in touched._items() if "Accueil principal" in item.text(0))
    touched.itemActivated.emit(row, 0)
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    visit.until(
        lambda: (
            visit.page.editor.work is not None
            and visit.page.editor.work.facts.name == "Accueil principal"
        )
    )
