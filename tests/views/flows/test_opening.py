"""Opening a flow by its id, from anywhere: what is judged, is judged in its own project."""

from pytestqt.qtbot import QtBot

from cx_desktop.domain.finding import Severity
from cx_desktop.views.widgets.elided_label import ElidedLabel
from cx_desktop.views.widgets.look import Look
from tests.views.flows.conftest import Visit


def test_a_flow_of_another_project_brings_its_project_into_view(visit: Visit) -> None:
    flow_id = visit.row("Accueil principal").id
    other = next(each for each in visit.seat.workspace.projects if each.name != "Maison Lumen")
    visit.seat.workspace.select(other.id)
    visit.until(lambda: all(row.id != flow_id for row in visit.desk.flows.rows))
    visit.page.open(flow_id, "menu")
    visit.until(lambda: visit.page.editor.editing is not None)
    assert visit.seat.workspace.project is not None
    assert visit.seat.workspace.project.name == "Maison Lumen"
    editing = visit.page.editor.editing
    assert editing is not None
    visit.until(lambda: bool(visit.desk.flows.rows))
    visit.until(lambda: editing.rules._context.queues is not None)
    assert not [each for each in editing.findings if each.severity is Severity.BLOCKING]


def test_an_archived_flow_is_only_looked_at_wherever_it_is_opened_from(visit: Visit) -> None:
    visit.select("Messagerie de nuit")
    visit.run("duplicate")
    visit.until(lambda: "Messagerie de nuit (copie)" in visit.shown())
    copy = visit.row("Messagerie de nuit (copie)")
    visit.until(lambda: visit.row("Messagerie de nuit (copie)").is_on_service)
    visit.desk.verbs.archive([copy.id])
    visit.until(lambda: visit.row("Messagerie de nuit (copie)").is_archived)
    visit.page.open(copy.id)
    visit.until(lambda: visit.page.editor.work is not None)
    assert visit.page.editor.work is not None
    assert visit.page.editor.work.graph.is_read_only
    assert "archivé" in visit.page.editor.notices.told.text


def test_a_label_without_room_is_cut_short_and_whole_in_its_tooltip(
    words: Look, qtbot: QtBot
) -> None:
    assert words is not None
    label = ElidedLabel("Enregistré sur cet appareil · à envoyer", "small")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.shown.endswith("…")
    assert label.toolTip() == label.text()
    label.resize(600, 20)
    assert label.shown == label.text()
    assert label.toolTip() == ""
