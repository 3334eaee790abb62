"""What somebody has before them: the thing of which « Utilisé par » is asked."""

from cx_desktop.domain.objects import Target
from cx_desktop.models.everywhere.places import used_at
from cx_desktop.views.flows.flows_page import FlowsPage
from cx_desktop.views.objects.object_page import ObjectPage
from cx_desktop.views.shell.page import Page


def in_view(page: Page | None) -> Target | None:
    """What the chosen node uses, else the flow or the object that is open or chosen."""
    if isinstance(page, FlowsPage):
        return _in_flows(page)
    return page.subject if isinstance(page, ObjectPage) else None


def _in_flows(page: FlowsPage) -> Target | None:
    work, editor = page.editor.work, page.editor.editing
    if work is None or editor is None:
        return next((Target("flow", row.id) for row in page.list.selected_rows), None)
    chosen = editor.stage.selection.node
    node = work.graph.flow.nodes.get(chosen) if chosen is not None else None
    used = used_at(node) if node is not None else ()
    return next(iter(used), Target("flow", work.flow.id))
