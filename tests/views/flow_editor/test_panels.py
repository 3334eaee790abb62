"""Palette, inspector, outline, findings, search: all in step with the canvas."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from cx_desktop.domain.flow.edits import add_node
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import KINDS, SETTINGS
from cx_desktop.domain.patch import Change, apply
from cx_desktop.text import Language as Tongue
from cx_desktop.views.flow_editor.drops import mime_of
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.flow_editor.inspector.fields.making import EDITORS
from tests.views.flow_editor.conftest import Desk

Editor = TypeVar("Editor", bound=QWidget)


def field(desk: Desk, name: str, kind: type[Editor]) -> Editor:
    """The field of the inspector that a screen reader calls so."""
    found: list[Editor] = []

    def is_there() -> bool:
        found[:] = [
            each
            for each in desk.editor.inspector.findChildren(kind)
            if each.accessibleName() == name and each.isVisibleTo(desk.editor.inspector)
        ]
        return bool(found)

    desk.until(is_there)
    return found[0]


def show(desk: Desk, node: str) -> None:
    desk.stage.selection.select([NodeId(node)])
    desk.editor.inspector.settle()


def test_every_type_of_property_has_a_field() -> None:
    used = {each.type for kind in KINDS.values() for each in kind.properties}
    used |= {each.type for each in SETTINGS}
    assert set(FieldType) == set(EDITORS)
    assert used <= set(EDITORS)


def test_every_kind_has_a_form_whose_fields_have_names(open_editor: Callable[..., Desk]) -> None:
    flow = Flow()
    for kind in KINDS:
        flow = flow.with_changes(add_node(flow, kind, (0.0, 0.0))[1])
    desk = open_editor(flow)
    for node in flow.nodes:
        show(desk, node)
        form = desk.editor.inspector.widget()
        assert form is not None
        assert "⟦" not in "".join(each.text() for each in form.findChildren(QLabel))
        unnamed = [
            each
            for each in form.findChildren(QWidget)
            if isinstance(each, QComboBox | QPlainTextEdit | QLineEdit)
            and not isinstance(each.parent(), QAbstractSpinBox)
            and not each.accessibleName()
        ]
        assert not unnamed, node
    assert desk.saved == []


def test_what_is_typed_in_a_prompt_is_one_step(desk: Desk) -> None:
    show(desk, "menu")
    desk.stage.editing.set_prop([NodeId("menu")], "prompt", [{"type": "text", "text": "Bonjour"}])
    box = field(desk, desk.look.language.text("editor.prompt.text"), QPlainTextEdit)
    desk.type(box, "Oh ")
    assert desk.model.flow.nodes[NodeId("menu")].props["prompt"] == [
        {"type": "text", "text": "Oh Bonjour"}
    ]
    assert desk.model.undo_stack.count() == 2


def test_a_key_of_the_pad_is_an_exit(desk: Desk) -> None:
    show(desk, "menu")
    button = field(desk, desk.look.language.text("editor.field.key", key="9"), QToolButton)
    button.click()
    assert "key_9" in {way.id for way in desk.stage.geometry.shapes[NodeId("menu")].ways}


def test_a_key_that_goes_takes_its_link_and_undo_brings_both(desk: Desk) -> None:
    show(desk, "menu")
    button = field(desk, desk.look.language.text("editor.field.key", key="1"), QToolButton)
    button.click()
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) is None
    desk.model.undo_stack.undo()
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) == "sales"


def test_references_are_chosen_from_the_projects_objects(desk: Desk) -> None:
    show(desk, "sales")
    box = field(desk, desk.look.language.text("prop.queue"), ComboBox)
    box.looked_at.emit()
    assert [box.itemText(row) for row in range(1, box.count())] == ["Atelier", "Ventes"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert desk.model.flow.nodes[NodeId("sales")].props["queue"] == "q1"


def test_several_nodes_are_edited_together(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor("start -next→ q1\nq1 (transfer_queue) -full→ q2\nq2 (transfer_queue)")
    desk.stage.selection.select([NodeId("q1"), NodeId("q2")])
    desk.editor.inspector.settle()
    box = field(desk, desk.look.language.text("prop.queue"), ComboBox)
    box.looked_at.emit()
    box.activated.emit(1)
    queues = {desk.model.flow.nodes[NodeId(each)].props["queue"] for each in ("q1", "q2")}
    assert queues == {"q2"}
    assert desk.model.undo_stack.count() == 1


def test_findings_stand_on_the_node_and_beside_the_field(desk: Desk) -> None:
    desk.until(lambda: bool(desk.editor.findings))
    desk.until(lambda: bool(desk.editor.rules.of(NodeId("sales"))))
    finding = next(each for each in desk.editor.findings if each.property == "queue")
    desk.editor.findings_list.jumped.emit(finding)
    assert desk.selected == ("sales",)
    desk.editor.inspector.settle()
    box = field(desk, desk.look.language.text("prop.queue"), ComboBox)
    assert box.property("state") == "error"


def test_a_finding_goes_when_its_cause_goes(desk: Desk) -> None:
    desk.until(lambda: any(each.property == "queue" for each in desk.editor.findings))
    desk.stage.editing.set_prop([NodeId("sales")], "queue", "q1")
    desk.until(lambda: not any(each.property == "queue" for each in desk.editor.findings))


def test_the_palette_finds_vendors_words_and_the_other_language(desk: Desk) -> None:
    palette = desk.editor.palette_panel
    for needle, kind in (
        ("voicemail", "voicemail"),
        ("Messagerie", "voicemail"),
        ("Lex", "voicebot"),
    ):
        palette.field.setText(needle)
        desk.key(Qt.Key.Key_Return, at=palette.field)
        assert desk.model.flow.nodes[NodeId(desk.selected[0])].kind == kind
        desk.model.undo_stack.undo()


def test_a_kind_dropped_on_a_link_goes_into_it(desk: Desk) -> None:
    line = desk.stage.geometry.lines_at([NodeId("sales")])[0]
    desk.canvas.drops.drop(mime_of("play"), QPointF(*line.middle))
    assert desk.model.flow.target(NodeId("menu"), ExitId("key_1")) == "play"


def test_the_outline_follows_the_canvas_and_back(desk: Desk) -> None:
    outline = desk.editor.outline
    desk.stage.selection.select([NodeId("help")])
    assert outline.place() == "help"
    outline.setCurrentIndex(outline.outline.index_of(NodeId("sales")))
    assert desk.selected == ("sales",)


def test_the_outline_says_where_exits_lead(desk: Desk) -> None:
    model = desk.editor.outline.outline
    menu = model.index_of(NodeId("menu"))
    texts = [str(model.index(row, 0, menu).data()) for row in range(model.rowCount(menu))]
    assert any("→ Groupe" in text for text in texts)
    assert "à relier" in " ".join(texts)


def test_the_outline_keeps_open_what_is_open(desk: Desk) -> None:
    outline = desk.editor.outline
    desk.run("flow.outline")
    outline.expand(outline.outline.index_of(NodeId("menu")))
    desk.stage.editing.add("play", (0.0, 0.0))
    assert outline.isExpanded(outline.outline.index_of(NodeId("menu")))
    desk.stage.selection.select([NodeId("help")])
    outline.outline.rebuild()
    assert outline.isExpanded(outline.outline.index_of(NodeId("menu")))
    assert not outline.isExpanded(outline.outline.index_of(NodeId("help")))
    assert outline.place() == "help"


def test_search_looks_into_values_and_steps_round(desk: Desk) -> None:
    said = [{"type": "text", "text": "Nos conseillers sont occupés"}]
    desk.stage.editing.set_prop([NodeId("menu")], "prompt", said)
    panel = desk.editor.find_panel
    panel.field.setText("CONSEILLERS")
    panel.step(1)
    assert desk.selected == ("menu",)
    assert desk.stage.marks.found == {"menu"}
    panel.field.setText("zzz")
    panel.search()
    assert panel.list.count() == 0


def test_zoom_keeps_the_place_under_the_mouse(desk: Desk) -> None:
    at = QPointF(300, 200)
    before = desk.stage.viewport.to_scene(at)
    desk.stage.viewport.zoom_by(1.7, at)
    after = desk.stage.viewport.to_scene(at)
    assert (before - after).manhattanLength() < 1e-6


def test_the_other_language_is_spoken_at_once(desk: Desk) -> None:
    show(desk, "menu")
    desk.look.language.switch(Tongue.ENGLISH)
    try:
        assert desk.editor.dock.tabText(1) == "Find"
        assert str(desk.editor.outline.outline.index(0, 0).data()) == "Entry"
        assert field(desk, "Title", QLineEdit)
    finally:
        desk.look.language.switch(Tongue.FRENCH)


def test_what_others_do_is_drawn_and_their_undo_told(desk: Desk) -> None:
    desk.stage.editing.set_title(NodeId("help"), "Ours")
    theirs = Change(("nodes", "help", "title"), "Theirs")
    desk.model.rebase(apply(desk.model.document, [theirs]), "Léa")
    desk.model.undo_stack.undo()
    assert "Léa" in desk.editor.notice.text


@pytest.mark.parametrize("scale", [0.05, 0.2, 0.4, 1.0, 2.5])
def test_every_scale_paints_the_nodes(desk: Desk, scale: float) -> None:
    desk.stage.viewport.zoom_to(scale, QPointF(200, 200))
    desk.stage.viewport.center_on(desk.stage.geometry.around().center())
    picture = desk.canvas.grab().toImage()
    empty = QImage(picture.size(), picture.format())
    empty.fill(desk.look.theme.color("window"))
    assert picture != empty
    seen = {picture.pixelColor(x, picture.height() // 2).rgb() for x in range(picture.width())}
    assert len(seen) > 1


def test_the_panels_below_unfold_when_asked_for_and_fold_by_their_tab(desk: Desk) -> None:
    dock = desk.editor.dock
    assert dock.is_folded
    desk.editor.show_findings()
    assert not dock.is_folded
    assert desk.editor.findings_list.isVisible()
    dock.tabBarClicked.emit(dock.currentIndex())
    assert dock.is_folded
    assert not desk.editor.findings_list.isVisible()
    dock.tabBarClicked.emit(1)
    assert not dock.is_folded
