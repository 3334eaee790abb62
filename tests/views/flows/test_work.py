"""A flow at work on the page: new, imported, edited, compared, published, returned to."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cx_desktop.cache import Edit
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.graph import NodeId, TestId
from cx_desktop.domain.flow.testing import FlowTest, ReachesQueue, put_test
from cx_desktop.domain.patch import change
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.protocol import Fault, Problem
from cx_desktop.settings import resources
from cx_desktop.text import Language as Tongue
from cx_desktop.views.objects.publish_dialog import PublishDialog
from cx_desktop.views.objects.versions_panel import VersionsPanel
from tests.fakes.seat import Seat
from tests.views.flows.conftest import Visit


def work(visit: Visit) -> FlowWork:
    assert visit.page.editor.work is not None
    return visit.page.editor.work


def versions(visit: Visit) -> VersionsPanel:
    assert visit.page.editor.versions is not None
    return visit.page.editor.versions


def dialog(visit: Visit) -> PublishDialog:
    assert visit.page.editor.going_live.dialog is not None
    return visit.page.editor.going_live.dialog


def new_flow(visit: Visit, name: str) -> FlowWork:
    """A blank flow, made in the gallery and opened."""
    visit.page.start_new()
    visit.until(lambda: bool(visit.page.gallery.patterns))
    visit.page.gallery._name.setText(name)
    visit.page.gallery.accept.click()
    visit.until(lambda: visit.page.editor.editing is not None)
    return work(visit)


def retitle(visit: Visit, title: str, node: str = "hangup") -> None:
    flow = work(visit)
    with visit.qtbot.waitSignal(flow.flow.saved, timeout=15_000):
        flow.graph.do("editor.step.title", edits.set_title(NodeId(node), title))


def publish(visit: Visit, message: str = "Essai") -> None:
    """From the button to the service's answer."""
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(lambda: asked.plan.confirm.text() != "" and asked.plan.isVisible())
    asked.plan.message.setPlainText(message)
    asked.plan.confirm.click()
    visit.until(lambda: visit.page.editor.going_live.dialog is None or asked.code.isVisible())
    if visit.page.editor.going_live.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.editor.going_live.dialog is None)


def test_the_templates_are_drawn_and_the_chosen_one_opens(visit: Visit) -> None:
    visit.page.start_new()
    visit.until(lambda: len(visit.page.gallery.patterns) == 5)
    gallery = visit.page.gallery
    assert gallery._name.text() == "Nouveau SVI"
    gallery.choose(2)
    assert gallery._name.text() == gallery.patterns[2].name
    gallery._name.setText("Nuit et jours fériés")
    QTest.keyClick(gallery._name, Qt.Key.Key_Return)
    visit.until(lambda: visit.page.editor.editing is not None)
    assert work(visit).facts.name == "Nuit et jours fériés"
    assert len(work(visit).graph.flow.nodes) == len(gallery.patterns[2].flow.nodes)


def test_a_dropped_file_is_shown_before_anything_is_made_of_it(
    visit: Visit, tmp_path: Path
) -> None:
    path = tmp_path / "sans extension"
    shutil.copy(resources() / "demo" / "flows" / "fr" / "messagerie-de-nuit.yaml", path)
    before = len(visit.desk.flows.rows)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    visit.page.list.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    preview = visit.page.importing.preview
    visit.until(preview.isVisible)
    assert len(visit.desk.flows.rows) == before
    assert preview._name.text() == "Messagerie de nuit 2"
    preview._name.selectAll()
    QTest.keyClicks(preview._name, "Nuit bis")
    preview.accept.click()
    visit.until(lambda: visit.page.editor.editing is not None)
    assert work(visit).facts.name == "Nuit bis"


def test_an_unreadable_file_says_where_it_is_wrong(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "cassé.yaml"
    path.write_text("format: 1\nname: [", encoding="utf-8")
    visit.page.start_import(path)
    error = visit.page.importing._error
    visit.until(error.isVisible)
    assert "Ligne 3, colonne 1" in error._hint.text()


def test_saved_on_this_device_is_said_after_the_commit_and_sent_after_the_service(
    visit: Visit,
) -> None:
    new_flow(visit, "Dit vrai")
    visit.service.stop()
    try:
        retitle(visit, "Au revoir")
        saving = visit.page.editor.header.saving
        visit.until(lambda: saving.text() == "Enregistré sur cet appareil · à envoyer")
    finally:
        visit.service.start()
    visit.seat.workspace.sync_now()
    visit.until(lambda: visit.page.editor.header.saving.text() == "Enregistré sur cet appareil")


def test_a_colleagues_edit_is_told_with_a_way_to_it(visit: Visit, tmp_path: Path) -> None:
    new_flow(visit, "À deux")
    visit.until(lambda: not work(visit).flow.is_unsent)
    colleague = Seat(tmp_path / "leo", visit.service, "flow_designer")
    colleague.engine.sync_once()
    row = colleague.cache.row("flow", work(visit).flow.id)
    assert row is not None
    _retitle_elsewhere(colleague, work(visit).flow.id, "Merci de votre appel")
    colleague.engine.sync_once()
    visit.until(lambda: "Modifié par Léo Bernard" in visit.page.editor.notices.others.text)
    visit.page.editor.notices.others.buttons[0].click()
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.selection.nodes == ("hangup",)
    colleague.close()


def test_a_conflict_is_decided_on_the_page(visit: Visit, tmp_path: Path) -> None:
    new_flow(visit, "Disputé")
    visit.until(lambda: not work(visit).flow.is_unsent)
    colleague = Seat(tmp_path / "leo", visit.service, "flow_designer")
    colleague.engine.sync_once()
    visit.service.stop()
    retitle(visit, "À bientôt")
    _retitle_elsewhere(colleague, work(visit).flow.id, "Merci")
    visit.service.start()
    colleague.engine.sync_once()
    visit.seat.workspace.sync_now()
    dispute = visit.page.editor.notices.dispute
    visit.until(lambda: "Léo Bernard a écrit au même endroit que vous" in dispute.text)
    theirs = next(each for each in dispute.buttons if "Léo Bernard" in each.text())
    theirs.click()
    visit.until(lambda: work(visit).graph.flow.nodes[NodeId("hangup")].title == "Merci")
    visit.until(lambda: dispute.text == "")
    colleague.close()


def _retitle_elsewhere(seat: Seat, flow_id: str, title: str) -> None:
    row = seat.cache.row("flow", flow_id)
    assert row is not None
    path = ("draft", "nodes", "hangup", "title")
    seat.cache.edit(Edit("flow", flow_id, changes=(change(row.data, path, title),)))


def test_publishing_asks_for_words_and_a_fresh_code(visit: Visit) -> None:
    new_flow(visit, "Première fois")
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    assert asked.plan.confirm.text() == "Publier la version 1"
    assert not asked.plan.confirm.isEnabled()
    assert "Écrivez d’abord" in asked.plan.confirm.toolTip()
    asked.plan.message.setPlainText("Mise en service")
    asked.plan.confirm.click()
    visit.until(asked.code.isVisible)
    QTest.keyClicks(asked.code.code, "000000")
    visit.until(lambda: asked.code._field.error is not None)
    QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    assert visit.page.editor.notices.told.text == "La version 1 est en service."
    visit.until(lambda: work(visit).state is ObjectState.LIVE)


def test_a_blocking_finding_refuses_and_leads_to_its_step(visit: Visit) -> None:
    flow = new_flow(visit, "Pas prêt")
    menu, changes = edits.add_node(flow.graph.flow, "menu", (200.0, 80.0))
    flow.graph.do("editor.step.add", changes)
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    asked.plan.message.setPlainText("Essai")
    assert not asked.plan.confirm.isEnabled()
    assert "empêche" in asked.plan.details.findings_words
    findings = asked.plan.details.findings
    item = next(each for each in findings._items() if "Menu" in each.text(0))
    findings.itemActivated.emit(item, 0)
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.selection.nodes == (menu,)


def test_a_red_suite_refuses_until_it_is_overridden(visit: Visit) -> None:
    flow = new_flow(visit, "Suite rouge")
    test = FlowTest(name="ventes", expects=(ReachesQueue("sales"),))
    with visit.qtbot.waitSignal(flow.flow.saved, timeout=15_000):
        flow.graph.do("simulator.step.add-test", put_test(TestId("test_1"), test))
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    asked.plan.message.setPlainText("Essai")
    assert not asked.plan.confirm.isEnabled()
    assert "ventes" in asked.plan.details.tests.text()
    asked.plan.details.override_tests.setChecked(True)
    assert asked.plan.confirm.isEnabled()
    assert "malgré" in asked.plan.said()
    asked.plan.confirm.click()
    visit.until(lambda: visit.page.editor.going_live.dialog is None or asked.code.isVisible())
    if visit.page.editor.going_live.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    visit.until(lambda: work(visit).state is ObjectState.LIVE)


def test_an_old_version_is_looked_at_taken_over_undone_and_put_live_again(visit: Visit) -> None:
    new_flow(visit, "Deux versions")
    publish(visit, "Un")
    retitle(visit, "Au revoir")
    publish(visit, "Deux")
    visit.until(lambda: [row.number for row in versions(visit).revisions.rows] == [2, 1])
    visit.page.editor.toggle_versions()
    panel = versions(visit)
    panel.list.select_number(1)

    panel.open.click()
    visit.until(lambda: "Version 1, en lecture seule" in visit.page.editor.reading.text)
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.model.is_read_only

    panel.draft.click()
    visit.until(lambda: work(visit).graph.flow.nodes[NodeId("hangup")].title == "")
    work(visit).graph.undo_stack.undo()
    assert work(visit).graph.flow.nodes[NodeId("hangup")].title == "Au revoir"

    panel.back.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    assert asked.plan.message.toPlainText() == "Retour à la version 1"
    asked.plan.confirm.click()
    visit.until(lambda: visit.page.editor.going_live.dialog is None or asked.code.isVisible())
    if visit.page.editor.going_live.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    visit.until(lambda: [row.number for row in panel.revisions.rows] == [3, 2, 1])
    assert panel.revisions.rows[0].is_live


def test_a_discarded_draft_comes_back_by_undo(visit: Visit) -> None:
    new_flow(visit, "Abandonné")
    publish(visit)
    visit.until(lambda: work(visit).state is ObjectState.LIVE)
    retitle(visit, "Autre chose")
    visit.until(lambda: visit.page.editor.can_discard)
    visit.until(lambda: versions(visit).revisions.live is not None)
    visit.page.editor.discard_draft()
    visit.until(lambda: work(visit).graph.flow.nodes[NodeId("hangup")].title == "")
    visit.page.editor.notices.told.buttons[0].click()
    assert work(visit).graph.flow.nodes[NodeId("hangup")].title == "Autre chose"


def test_a_discarded_draft_is_live_before_and_after_the_service_has_heard(visit: Visit) -> None:
    new_flow(visit, "Comme en service")
    publish(visit)
    visit.until(lambda: work(visit).state is ObjectState.LIVE)
    retitle(visit, "Autre chose")
    visit.until(lambda: work(visit).state is ObjectState.AHEAD)
    visit.until(lambda: versions(visit).revisions.live is not None)
    visit.service.stop()
    try:
        visit.page.editor.discard_draft()
        visit.until(lambda: work(visit).state is ObjectState.LIVE)
    finally:
        visit.service.start()
    visit.seat.workspace.sync_now()
    visit.until(lambda: not work(visit).flow.is_unsent)
    visit.until(lambda: work(visit).facts.draft_ver == work(visit).facts.live_draft_ver)
    assert work(visit).state is ObjectState.LIVE
    visit.until(lambda: visit.row("Comme en service").state is ObjectState.LIVE)


def test_without_the_service_publishing_says_so_and_offers_to_try_again(visit: Visit) -> None:
    new_flow(visit, "Hors ligne")
    visit.until(lambda: not work(visit).flow.is_unsent)
    visit.service.stop()
    try:
        visit.page.editor.header.publish.click()
        asked = dialog(visit)
        visit.until(asked._error.isVisible)
        assert "demande le service" in asked._error._title.text()
    finally:
        visit.service.start()
    retry = asked._error.findChild(QPushButton)
    assert retry is not None
    retry.click()
    visit.until(asked.plan.isVisible)
    asked.reject()


@pytest.mark.parametrize("tongue", Tongue)
def test_nothing_on_the_page_is_without_words(visit: Visit, tongue: Tongue) -> None:
    new_flow(visit, f"Mots {tongue}")
    visit.page.editor.toggle_versions()
    visit.words.language.switch(tongue)
    texts = [widget.text() for widget in visit.page.findChildren(QPushButton) if widget.isVisible()]
    assert texts
    assert not [text for text in texts if "⟦" in text]


def test_what_only_the_service_finds_is_listed_and_leads_to_its_step(visit: Visit) -> None:
    new_flow(visit, "Refusé là-bas")
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    asked.plan.message.setPlainText("Essai")
    faults = (
        Fault(pointer="hangup", code="FLW-08", message="queue"),
        Fault(pointer="start", code="XYZ-1"),
    )
    refusal = Problem(type="https://x/findings-block", title="", status=422, errors=faults)
    asked._publishing._on_failed(ServiceProblem(refusal))
    assert "Publication refusée" in asked.plan.strip.text
    assert not asked.plan.confirm.isEnabled()
    assert asked.plan.message.toPlainText() == "Essai"
    lines = asked.plan.details.findings.lines
    assert len(lines) == 2
    assert "{" not in "".join(lines)
    assert "XYZ-1" in lines[1]
    item = next(asked.plan.details.findings._items())
    asked.plan.details.findings.itemActivated.emit(item, 0)
    visit.until(lambda: visit.page.editor.going_live.dialog is None)
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.selection.nodes == ("hangup",)


def test_a_draft_that_moved_meanwhile_names_who_moved_it(visit: Visit, tmp_path: Path) -> None:
    new_flow(visit, "Bousculé")
    visit.until(lambda: not work(visit).flow.is_unsent)
    colleague = Seat(tmp_path / "leo", visit.service, "flow_designer")
    colleague.engine.sync_once()
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    _retitle_elsewhere(colleague, work(visit).flow.id, "Merci")
    colleague.engine.sync_once()
    asked.plan.message.setPlainText("Essai")
    asked.plan.confirm.click()
    visit.until(lambda: asked.code.isVisible() or asked.plan.strip.text != "")
    if asked.code.isVisible():
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: "Léo Bernard" in asked.plan.strip.text)
    assert asked.plan.message.toPlainText() == "Essai"
    asked.reject()
    colleague.close()


def test_the_dialog_is_as_tall_as_what_changes(visit: Visit) -> None:
    new_flow(visit, "Deux lignes")
    publish(visit)
    retitle(visit, "Au revoir")
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    changes = asked.plan.details.changes
    visit.until(lambda: changes.lines[:1] == ("Vos appelants n’entendront aucune différence.",))
    assert changes.lines[1] == "Étape par étape"
    visit.until(lambda: not _is_scrolled(asked))
    assert asked.height() < 500
    assert changes.height() < 90
    before = changes.height()
    next(top for top in changes.tops() if top.childCount()).setExpanded(True)
    visit.until(lambda: changes.height() > before)
    visit.until(lambda: not _is_scrolled(asked))
    asked.reject()


def _is_scrolled(asked: PublishDialog) -> bool:
    """Whether something of the plan is out of sight."""
    details = asked.plan.details
    bars = (details.verticalScrollBar(), details.changes.verticalScrollBar())
    return any(each.maximum() for each in bars)
