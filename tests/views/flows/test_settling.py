"""Two people at one flow: what is told, and how contradictions are settled on the canvas."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from cx_desktop.cache import Edit
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.diff import Mark
from cx_desktop.domain.flow.graph import ExitId, Node, NodeId, Slot
from cx_desktop.domain.patch import Change, change, read
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.models.objects.conflicts import Conflicts
from cx_desktop.views.flows.settle_view import SettleView
from tests.fakes.seat import Seat
from tests.views.flows.conftest import Visit

KEYS = ("key_1", "key_2")
TITLE = ("draft", "nodes", "hangup", "title")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Two:
    """I have a flow open; Léo has it at his computer."""

    def __init__(self, visit: Visit, folder: Path) -> None:
        self.visit = visit
        visit.page.start_new()
        visit.until(lambda: bool(visit.page.gallery.patterns))
        visit.page.gallery._name.setText("À deux")
        visit.page.gallery.accept.click()
        visit.until(lambda: visit.page.editor.editing is not None)
        visit.until(lambda: not self.work.flow.is_unsent)
        self.leo = Seat(folder, visit.service, "flow_designer")
        self.leo.engine.sync_once()

    @property
    def work(self) -> FlowWork:
        work = self.visit.page.editor.work
        assert work is not None
        return work

    @property
    def conflicts(self) -> Conflicts:
        conflicts = self.visit.page.editor.settling.conflicts
        assert conflicts is not None
        return conflicts

    def leo_writes(self, *places: tuple[tuple[str, ...], object]) -> None:
        row = self.leo.cache.row("flow", self.work.flow.id)
        assert row is not None
        wanted = tuple(change(row.data, path, value) for path, value in places)
        self.leo.cache.edit(Edit("flow", row.id, changes=wanted))
        self.leo.engine.sync_once()

    def i_write(self, key: str, *changes: Change) -> None:
        self.work.graph.do(key, changes)
        self.work.graph.flush()
        self.visit.until(lambda: not self.work.flow.is_saving)

    def meet(self) -> None:
        """My edits reach the service after his."""
        self.visit.seat.workspace.sync_now()

    def disputed(self) -> None:
        """We both gave the end another title."""
        with self.visit.seat.unplugged():
            self.leo_writes((TITLE, "Merci à tous"))
            named = edits.set_title(NodeId("hangup"), "Au revoir à tous")
            self.i_write("editor.step.title", *named)
        self.meet()
        self.visit.until(lambda: len(self.conflicts.places) == 1)

    def settle(self) -> SettleView:
        editor = self.visit.page.editor
        editor.notices.dispute.buttons[0].click()
        view = editor.settling.view
        assert view is not None
        self.visit.until(lambda: view.drawing is not None)
        return view

    def title(self) -> str:
        return self.work.graph.flow.nodes[NodeId("hangup")].title

    def close(self) -> None:
        self.leo.close()


@pytest.fixture
def two(visit: Visit, tmp_path: Path) -> Iterator[Two]:
    two = Two(visit, tmp_path / "leo")
    yield two
    two.close()


def test_both_versions_are_seen_on_the_canvas_and_one_is_taken(two: Two) -> None:
    two.disputed()
    assert two.title() == "Au revoir à tous"
    view = two.settle()
    assert view.drawing is not None
    assert view.drawing.stage.marks.changes.mark_of(NodeId("hangup")) is Mark.CHANGED
    panel = view.panel
    assert plain(panel.title.text()) == "1 endroit à trancher"
    assert panel.base.text.text() == "rien"
    assert panel.mine.text.text() == "<b><u>Au revoir</u></b> à tous"
    assert panel.theirs.text.text() == "<b><u>Merci</u></b> à tous"
    assert plain(panel.theirs.whose.text()).startswith("Version de Léo Bernard")
    assert panel.theirs.take is not None
    panel.theirs.take.click()
    two.visit.until(lambda: two.title() == "Merci à tous")
    two.visit.until(lambda: not two.conflicts.places)
    assert panel.title.text() == "Tout est tranché"
    assert panel.saved.text() == "1 choix enregistré."


def test_it_is_settled_by_keyboard_alone_and_taken_back(two: Two) -> None:
    two.disputed()
    view = two.settle()
    QTest.keyClick(view.panel.list, Qt.Key.Key_L)
    two.visit.until(lambda: two.title() == "Merci à tous")
    two.visit.until(lambda: not two.conflicts.places)
    two.visit.until(lambda: not view.panel.undo.isHidden())
    QTest.keyClick(view.panel.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    two.visit.until(lambda: len(two.conflicts.places) == 1)
    two.visit.until(lambda: two.title() == "Au revoir à tous")
    QTest.keyClick(view.panel.list, Qt.Key.Key_M)
    two.visit.until(lambda: not two.conflicts.places)
    two.meet()
    two.visit.until(lambda: not two.work.flow.is_unsent)
    two.leo.engine.sync_once()
    row = two.leo.cache.row("flow", two.work.flow.id)
    assert row is not None
    assert read(row.data, TITLE) == "Au revoir à tous"


def test_every_choice_has_a_name_that_says_where_and_what(two: Two) -> None:
    two.disputed()
    panel = two.settle().panel
    assert panel.mine.take is not None
    assert panel.theirs.take is not None
    assert "hangup" not in panel.mine.take.accessibleName()
    assert plain(panel.mine.take.accessibleName()).startswith("Garder la mienne :")
    assert plain(panel.theirs.take.accessibleName()).startswith("Prendre celle de Léo Bernard :")
    assert panel.list.accessibleName() == "Endroits à trancher"
    assert "Merci à tous" in panel.theirs.text.accessibleName()


def test_several_places_are_settled_at_once_with_the_exact_count(two: Two) -> None:
    with two.visit.seat.unplugged():
        two.leo_writes((TITLE, "Merci"), (("draft", "nodes", "start", "title"), "Entrez"))
        two.i_write(
            "editor.step.title",
            *edits.set_title(NodeId("hangup"), "Au revoir"),
            *edits.set_title(NodeId("start"), "Début"),
        )
    two.meet()
    two.visit.until(lambda: len(two.conflicts.places) == 2)
    panel = two.settle().panel
    assert plain(panel.all_theirs.text()) == "Prendre l’autre aux 2 endroits"
    panel.all_theirs.click()
    two.visit.until(lambda: not two.conflicts.places)
    assert two.title() == "Merci"
    assert panel.saved.text() == "2 choix enregistrés."


def test_a_step_that_i_removed_and_he_changed_stays_until_it_is_settled(two: Two) -> None:
    with two.visit.seat.unplugged():
        two.leo_writes((TITLE, "Merci"))
        two.i_write("editor.step.remove", *edits.remove(two.work.graph.flow, [NodeId("hangup")]))
    two.meet()
    two.visit.until(lambda: len(two.conflicts.places) == 1)
    two.visit.until(lambda: two.title() == "Merci")
    panel = two.settle().panel
    assert panel.mine.take is not None
    assert panel.theirs.take is not None
    assert (panel.mine.take.text(), panel.theirs.take.text()) == ("Supprimer", "Garder")
    assert "Supprimé" in panel.mine.text.text()
    assert "Merci" in panel.theirs.text.text()
    panel.mine.take.click()
    two.visit.until(lambda: NodeId("hangup") not in two.work.graph.flow.nodes)
    assert not any(two.work.graph.flow.each_link())


def test_what_others_do_is_counted_and_shown_on_the_canvas(two: Two) -> None:
    two.leo_writes((TITLE, "Merci"), (("draft", "nodes", "start", "title"), "Entrez"))
    two.meet()
    others = two.visit.page.editor.notices.others
    two.visit.until(lambda: "2 étapes" in plain(others.text))
    assert plain(others.text).startswith("Modifié par Léo Bernard")
    others.buttons[0].click()
    editing = two.visit.page.editor.editing
    assert editing is not None
    marks = editing.stage.marks
    two.visit.until(lambda: marks.changes.mark_of(NodeId("hangup")) is Mark.CHANGED)
    assert marks.changes.mark_of(NodeId("start")) is Mark.CHANGED
    assert others.buttons[0].text() == "Ne plus montrer"
    others.buttons[0].click()
    assert editing.stage.marks.changes.is_empty


def test_nothing_goes_live_while_something_is_open(two: Two) -> None:
    two.disputed()
    two.visit.page.editor.publish()
    asked = two.visit.page.editor.going_live.dialog
    assert asked is not None
    two.visit.until(lambda: "a écrit aux mêmes endroits que vous" in " ".join(_labels(asked)))
    asked.reject()
    two.visit.until(lambda: two.visit.page.editor.going_live.dialog is None)


def _labels(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel)]


def test_the_list_says_what_is_to_be_settled(two: Two) -> None:
    two.disputed()
    rows = two.visit.desk.flows
    two.visit.until(
        lambda: any(row.id == two.work.flow.id and row.is_disputed for row in rows.rows)
    )


def test_whoever_comes_from_elsewhere_to_settle_finds_both_versions_at_once(two: Two) -> None:
    two.disputed()
    flow_id, editor = two.work.flow.id, two.visit.page.editor
    editor.left.emit()
    two.visit.until(lambda: editor.work is None)
    two.visit.page.open(flow_id)
    two.visit.page.settle()
    two.visit.until(lambda: editor.settling.view is not None)
    view = editor.settling.view
    assert view is not None
    assert len(two.conflicts.places) == 1
    view.left.emit()
    assert editor.settling.view is None
    assert editor.notices.dispute.text != ""


def test_what_only_both_together_broke_is_said_and_nothing_goes_live(two: Two) -> None:
    """Each led one of two keys back to the menu: nobody comes to the end any more."""
    menu = Node(NodeId("m"), "menu", "Choix", {"keys": ["1", "2"]})
    ends = [edits.link(Slot(NodeId("m"), ExitId(key)), NodeId("hangup")) for key in KEYS]
    begins = edits.link(Slot(NodeId("start"), ExitId("next")), NodeId("m"))
    two.i_write("editor.step.add", *edits.put_node(menu), *ends[0], *ends[1], *begins)
    two.visit.until(lambda: not two.work.flow.is_unsent)
    two.leo.engine.sync_once()
    with two.visit.seat.unplugged():
        two.leo_writes((("draft", "links", "m", KEYS[1]), "m"))
        back = edits.link(Slot(NodeId("m"), ExitId(KEYS[0])), NodeId("m"))
        two.i_write("editor.step.link", *back)
    two.meet()
    editor = two.visit.page.editor
    arisen = editor.notices.arisen
    two.visit.until(lambda: "ensemble elles posent un problème" in plain(arisen.text))
    assert "Claire" not in arisen.text, "she is the one who reads it"
    assert "autre appareil" not in plain(editor.notices.others.text), "nor has she another one"
    assert not two.conflicts.places
    two.visit.until(lambda: not two.work.flow.is_unsent)
    editor.publish()
    asked = editor.going_live.dialog
    assert asked is not None
    two.visit.until(lambda: "posent ensemble un problème" in plain(" ".join(_labels(asked))))
    asked.reject()
    two.visit.until(lambda: editor.going_live.dialog is None)
    arisen.buttons[-1].click()
    two.visit.until(lambda: not two.conflicts.arisen)
    assert arisen.text == ""
