"""What « Utilisé par » is asked of: the chosen node's queue, the open flow, the chosen row."""

from cx_desktop.domain.objects import Target
from cx_desktop.views.everywhere.in_view import in_view
from cx_desktop.views.shell.page import Page
from tests.views.flows.conftest import Visit


def test_what_is_in_view_is_what_the_node_uses_else_the_flow(visit: Visit) -> None:
    assert in_view(None) is None
    visit.select("Accueil principal")
    accueil = Target("flow", visit.row("Accueil principal").id)
    assert in_view(visit.page) == accueil
    visit.open("Accueil principal")
    assert in_view(visit.page) == accueil
    editor = visit.page.editor.editing
    assert editor is not None
    flow = editor.stage.model.flow
    queue = next(each for each in flow.nodes.values() if each.kind == "transfer_queue")
    editor.stage.selection.select([queue.id])
    assert in_view(visit.page) == Target("queue", str(queue.props["queue"]))
    start = flow.start
    assert start is not None
    editor.stage.selection.select([start])
    assert in_view(visit.page) == accueil


def test_a_page_without_objects_has_nothing_in_view(visit: Visit) -> None:
    page = Page()
    visit.qtbot.addWidget(page)
    assert in_view(page) is None
