"""Building blocks put into the open flow, and nodes of it made a flow of their own."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMenu

from cx_desktop.domain.flow.blocks import BLOCKS, Block
from cx_desktop.domain.flow.graph import Flow, NodeId, Slot
from cx_desktop.models.flow_pieces import FlowPieces
from cx_desktop.views.flow_editor.editor import FlowEditor
from cx_desktop.views.flows.pieces import Pieces
from tests.views.flows.conftest import Visit


@pytest.fixture
def pieces(visit: Visit) -> Iterator[Pieces]:
    workspace = visit.seat.workspace
    pieces = Pieces(
        visit.words,
        FlowPieces(workspace, parent=workspace),
        visit.page.editor,
        visit.commands,
        open_flow=visit.page.open,
        parent=workspace,
    )
    visit.open("Messagerie de nuit")
    yield pieces
    pieces.close()


def editor(visit: Visit) -> FlowEditor:
    assert visit.page.editor.editing is not None
    return visit.page.editor.editing


def flow(visit: Visit) -> Flow:
    return editor(visit).stage.model.flow


def select(visit: Visit, *nodes: NodeId) -> None:
    editor(visit).stage.selection.select(list(nodes))


def two_in_a_row(flow: Flow) -> tuple[NodeId, NodeId]:
    """A node and the one it alone leads to, neither of them the entry."""
    return next(
        (link.node, link.target)
        for link in flow.each_link()
        if link.node != flow.start
        and len(flow.links_into(link.target)) == 1
        and len({each.target for each in flow.links_into(link.node)}) == 1
        and flow.nodes[link.target].kind not in ("hangup", "return")
    )


@pytest.mark.parametrize("block", BLOCKS, ids=lambda each: each.id)
@pytest.mark.usefixtures("pieces")
def test_a_block_is_inserted_as_one_step(visit: Visit, block: Block) -> None:
    before = flow(visit)
    assert visit.commands.run(f"pieces.{block.id}")
    visit.until(lambda: len(flow(visit).nodes) > len(before.nodes))
    assert (
        set(editor(visit).stage.selection.nodes) == flow(visit).nodes.keys() - before.nodes.keys()
    )
    editor(visit).stage.model.undo_stack.undo()
    assert flow(visit) == before


def test_a_block_follows_the_selected_node_by_its_free_exit(visit: Visit, pieces: Pieces) -> None:
    stage = editor(visit).stage
    link = next(iter(flow(visit).each_link()))
    stage.editing.unlink([Slot(link.node, link.exit)])
    select(visit, link.node)
    pieces.insert(BLOCKS[1])
    visit.until(lambda: flow(visit).target(link.node, link.exit) is not None)
    for _ in range(2):
        stage.model.undo_stack.undo()


@pytest.mark.usefixtures("pieces")
def test_the_selection_becomes_a_sub_flow_that_can_be_opened(visit: Visit) -> None:
    before = flow(visit)
    count = len(visit.desk.flows.rows)
    first, second = two_in_a_row(before)
    assert not visit.commands.run("pieces.extract")
    select(visit, first, second)
    assert visit.commands.run("pieces.extract")
    told = visit.page.editor.notices.told
    visit.until(lambda: "est créé" in told.text)
    assert first not in flow(visit).nodes
    (call,) = (flow(visit).nodes[each] for each in editor(visit).stage.selection.nodes)
    assert call.kind == "subflow"
    visit.until(lambda: len(visit.desk.flows.rows) == count + 1)
    made = next(row for row in visit.desk.flows.rows if row.id == call.props["flow"])
    assert made.name.startswith("Messagerie de nuit – ")
    told.buttons[0].click()
    visit.until(
        lambda: visit.page.editor.work is not None and visit.page.editor.work.flow.id == made.id
    )
    assert {first, second} <= flow(visit).nodes.keys()


def test_a_selection_with_two_ways_in_says_which(visit: Visit, pieces: Pieces) -> None:
    nodes = [each for each in flow(visit).nodes if each != flow(visit).start]
    before = flow(visit)
    select(visit, *nodes[:1], *nodes[-3:])
    with visit.qtbot.waitSignal(editor(visit).stage.editing.refused):
        pieces.extract()
    assert editor(visit).notice.text
    assert flow(visit) == before


@pytest.mark.usefixtures("pieces")
def test_the_palette_offers_the_blocks(visit: Visit) -> None:
    button = editor(visit).palette_panel.blocks
    assert button.isVisible()
    button.click()
    menu = next(each for each in editor(visit).findChildren(QMenu) if each.isVisible())
    said = [action.text() for action in menu.actions()]
    assert len(said) == len(BLOCKS)
    assert "Horaires, menu et files" in said[0]
    menu.close()
