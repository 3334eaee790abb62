"""The open flow: one way in, typed news out, undo atom by atom, and others' edits between."""

import pytest
from msgspec import UNSET
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.graph import ExitId, Link, NodeId, Slot
from cx_desktop.domain.patch import Change, read
from tests.fakes.drawing import drawn, flow_of
from tests.models.open_flow import OpenObject

MENU = """
start -next→ menu
menu -1→ sales / -2→ help / -no_input→ menu
sales (transfer_queue)
help (hangup)
"""

pytestmark = pytest.mark.usefixtures("qapp")


def slot(node: str, way: str) -> Slot:
    return Slot(NodeId(node), ExitId(way))


def link(node: str, way: str, target: str) -> Link:
    return Link(NodeId(node), ExitId(way), NodeId(target))


def test_a_link_moves_to_another_node_and_says_so() -> None:
    flow = OpenObject(MENU)
    flow.editing.link(slot("menu", "key_1"), NodeId("help"))
    assert flow.picture == drawn(MENU.replace("-1→ sales", "-1→ help"))
    (news,) = flow.news
    assert news.links_removed == (link("menu", "key_1", "sales"),)
    assert news.links_added == (link("menu", "key_1", "help"),)


def test_links_into_a_node_are_kept_current() -> None:
    flow = OpenObject(MENU)
    flow.editing.link(slot("menu", "key_1"), NodeId("help"))
    ways = {each.exit for each in flow.model.links_into(NodeId("help"))}
    assert ways == {"key_1", "key_2"}
    assert flow.model.links_into(NodeId("sales")) == ()


def test_a_link_into_the_entry_is_refused_with_the_domains_reason() -> None:
    flow = OpenObject(MENU)
    refusal = flow.editing.link(slot("menu", "key_1"), NodeId("start"))
    assert refusal is not None
    assert refusal.key == "refusal.into-start"
    assert flow.picture == drawn(MENU)


def test_deleting_a_node_takes_its_links_and_undo_brings_all_of_them_back() -> None:
    flow = OpenObject(MENU)
    flow.selection.select([NodeId("menu")])
    flow.editing.delete()
    assert flow.model.flow.links == {}
    assert flow.selection.is_empty
    flow.undo()
    assert flow.model.flow == flow_of(MENU)


def test_every_step_is_saved_at_once() -> None:
    flow = OpenObject(MENU)
    flow.editing.set_title(NodeId("menu"), "Accueil")
    assert flow.saved == [(Change(("nodes", "menu", "title"), "Accueil", UNSET),)]


def test_typing_is_one_step_and_one_save() -> None:
    flow = OpenObject(MENU)
    typing = flow.editing.typing()
    for text in ("A", "Ac", "Acc"):
        flow.editing.set_title(NodeId("menu"), text, merge=typing)
    assert flow.saved == []
    flow.model.flush()
    assert [each.value for each in flow.saved[0]] == ["Acc"]
    assert flow.model.undo_stack.count() == 1
    flow.undo()
    assert flow.model.flow.nodes[NodeId("menu")].title == ""


def test_typing_is_saved_by_itself_after_a_while(qtbot: QtBot) -> None:
    flow = OpenObject(MENU)
    flow.editing.set_title(NodeId("menu"), "A", merge=flow.editing.typing())
    qtbot.waitUntil(lambda: len(flow.saved) == 1)


def test_typing_back_to_the_start_leaves_no_step() -> None:
    flow = OpenObject(MENU)
    flow.editing.set_title(NodeId("help"), "Aide")
    typing = flow.editing.typing()
    flow.editing.set_title(NodeId("help"), "Aides", merge=typing)
    flow.editing.set_title(NodeId("help"), "Aide", merge=typing)
    flow.model.flush()
    assert flow.model.undo_stack.count() == 1
    assert len(flow.saved) == 1


def test_a_step_that_changes_nothing_is_none() -> None:
    flow = OpenObject(MENU)
    flow.editing.set_title(NodeId("menu"), "A")
    flow.editing.set_title(NodeId("menu"), "A")
    assert flow.model.undo_stack.count() == 1


def test_a_revision_is_only_looked_at() -> None:
    flow = OpenObject(MENU, is_read_only=True)
    flow.selection.select([NodeId("menu")])
    flow.editing.delete()
    flow.editing.set_title(NodeId("menu"), "A")
    assert flow.picture == drawn(MENU)
    assert flow.saved == []


def test_unknown_fields_of_the_document_survive_an_edit() -> None:
    flow = OpenObject(MENU)
    flow.other(Change(("nodes", "menu", "x_vendor"), {"keep": 1}))
    flow.editing.set_title(NodeId("menu"), "A")
    assert read(flow.model.document, ("nodes", "menu", "x_vendor")) == {"keep": 1}
    assert read(flow.model.document, ("nodes", "menu", "title")) == "A"


class TestOthers:
    """Somebody else writes while the flow is open."""

    def test_their_edit_appears_with_news(self) -> None:
        flow = OpenObject(MENU)
        flow.other(Change(("nodes", "help", "title"), "Au revoir"))
        assert flow.model.flow.nodes[NodeId("help")].title == "Au revoir"
        assert flow.news[-1].nodes_changed == ("help",)

    def test_their_edit_of_what_we_saved_takes_its_place(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.set_title(NodeId("help"), "Ours")
        flow.other(Change(("nodes", "help", "title"), "Theirs"))
        assert flow.model.flow.nodes[NodeId("help")].title == "Theirs"

    def test_what_is_being_typed_stays(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.set_title(NodeId("help"), "Typ", merge=flow.editing.typing())
        flow.other(Change(("nodes", "help", "title"), "Theirs"))
        assert flow.model.flow.nodes[NodeId("help")].title == "Typ"

    def test_undo_leaves_what_they_wrote_and_says_who(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.set_title(NodeId("help"), "Ours")
        flow.other(Change(("nodes", "help", "title"), "Theirs"), who="Léa")
        flow.undo()
        assert flow.model.flow.nodes[NodeId("help")].title == "Theirs"
        (refused,) = flow.refused
        assert refused.who == "Léa"
        assert refused.paths == (("nodes", "help", "title"),)

    def test_undo_restores_the_atoms_they_left_alone(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.move({NodeId("help"): (40.0, 50.0), NodeId("sales"): (60.0, 70.0)})
        flow.other(Change(("nodes", "help", "x"), 999.0))
        flow.undo()
        nodes = flow.model.flow.nodes
        assert (nodes[NodeId("help")].x, nodes[NodeId("help")].y) == (999.0, 0.0)
        assert (nodes[NodeId("sales")].x, nodes[NodeId("sales")].y) == (0.0, 0.0)

    def test_undo_of_an_added_node_that_they_linked_to_leaves_it(self) -> None:
        flow = OpenObject(MENU)
        node = flow.editing.add("play", (0.0, 0.0))
        assert node is not None
        flow.other(Change(("links", "menu", "key_1"), node))
        flow.undo()
        assert node in flow.model.flow.nodes
        assert flow.refused[0].paths == (("nodes", node),)

    def test_undo_of_an_added_node_that_they_only_moved_removes_it(self) -> None:
        flow = OpenObject(MENU)
        node = flow.editing.add("play", (0.0, 0.0))
        assert node is not None
        flow.other(Change(("nodes", node, "x"), 320.0))
        flow.undo()
        assert node not in flow.model.flow.nodes

    def test_undo_brings_no_link_to_a_node_that_they_deleted(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.unlink([slot("menu", "key_1")])
        flow.other(Change(("nodes", "sales")))
        flow.undo()
        assert flow.model.flow.target(NodeId("menu"), ExitId("key_1")) is None
        assert flow.refused

    def test_a_node_they_deleted_leaves_the_selection(self) -> None:
        flow = OpenObject(MENU)
        flow.selection.select([NodeId("help"), NodeId("sales")])
        flow.other(Change(("nodes", "help")), Change(("links", "menu", "key_2")))
        assert flow.selection.nodes == ("sales",)

    def test_our_own_echo_changes_nothing(self) -> None:
        flow = OpenObject(MENU)
        flow.editing.set_title(NodeId("help"), "Ours")
        count = len(flow.news)
        flow.other()
        assert len(flow.news) == count


def test_a_copied_piece_pastes_into_another_flow_with_its_links() -> None:
    here, there = OpenObject(MENU), OpenObject("start -next→ bye\nbye (hangup)")
    here.selection.select([NodeId("menu"), NodeId("help")])
    assert there.editing.paste(here.editing.copy(), (400.0, 0.0))
    flow = there.model.flow
    assert flow.target(NodeId("menu"), ExitId("key_2")) == "help"
    assert flow.target(NodeId("menu"), ExitId("key_1")) is None
    assert there.selection.nodes == ("menu", "help")


def test_text_of_another_program_pastes_nothing() -> None:
    flow = OpenObject(MENU)
    assert not flow.editing.paste("SELECT 1", (0.0, 0.0))
    assert flow.model.undo_stack.count() == 0


def test_a_node_is_put_into_a_link_in_one_step() -> None:
    flow = OpenObject(MENU)
    flow.editing.add("play", (0.0, 0.0), into=link("menu", "key_1", "sales"))
    assert flow.model.flow.target(NodeId("menu"), ExitId("key_1")) == "play"
    assert flow.model.flow.target(NodeId("play"), ExitId("next")) == "sales"
    flow.undo()
    assert flow.model.flow == flow_of(MENU)


def test_a_frame_goes_around_the_selected_nodes() -> None:
    flow = OpenObject(MENU)
    flow.editing.move({NodeId("help"): (400.0, 300.0)})
    flow.selection.select([NodeId("help")])
    note = flow.editing.frame("Fin")
    assert note is not None
    frame = flow.model.flow.notes[note]
    assert (frame.kind, frame.text) == ("frame", "Fin")
    assert frame.x < 400.0
    assert frame.x + frame.width > 608.0
