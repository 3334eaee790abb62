"""Formulas in the inspector: what is wrong is underlined while it is typed, and said in words."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.views.flow_editor.inspector.fields.text import LineEditor
from tests.views.flow_editor.conftest import Desk
from tests.views.flow_editor.test_panels import field, show

SWITCH = "start -next→ switch\nswitch -default→ hangup\nhangup"


def operand_of(desk: Desk) -> tuple[QLineEdit, LineEditor]:
    show(desk, "switch")
    line = field(desk, desk.look.language.text("prop.operand"), QLineEdit)
    editor = line.parent()
    assert isinstance(editor, LineEditor)
    return line, editor


def wrong_parts(line: QLineEdit, editor: LineEditor) -> list[str]:
    assert editor.mark is not None
    return [line.text()[each.start : each.end] for each in editor.mark.problems]


def test_what_is_wrong_is_known_at_each_letter(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor(SWITCH)
    line, editor = operand_of(desk)
    said = []
    for letter in "a = §b":
        desk.type(line, letter)
        said.append(wrong_parts(line, editor))
    assert said == [[], [], [""], [""], ["§"], ["§"]]
    assert desk.model.flow.nodes[NodeId("switch")].props["operand"] == "a = §b"


def test_the_wrong_part_is_underlined_where_it_stands(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor(SWITCH)
    line, editor = operand_of(desk)
    line.setText("city = §paris")
    marked = line.grab().toImage()
    assert wrong_parts(line, editor) == ["§"]
    QCoreApplication.sendEvent(line, QInputMethodEvent("", []))
    plain = line.grab().toImage()
    changed = [
        x
        for x in range(plain.width())
        if any(plain.pixel(x, y) != marked.pixel(x, y) for y in range(plain.height()))
    ]
    assert changed
    assert min(changed) >= line.fontMetrics().horizontalAdvance("city =")


def test_the_field_says_which_character(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor(SWITCH)
    line, _ = operand_of(desk)
    desk.type(line, "city = «Paris»")

    def is_said() -> bool:
        labels = desk.editor.inspector.findChildren(QLabel)
        return any("8)" in each.text() and "«Paris»" in each.text() for each in labels)

    desk.until(is_said)
    desk.until(lambda: line.property("state") == "error")


def test_a_row_of_assignments_marks_its_formula(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor("start -next→ set_var\nset_var -next→ hangup\nhangup")
    show(desk, "set_var")
    rows = [{"variable": "a", "expression": "1 +"}]
    desk.stage.editing.set_prop([NodeId("set_var")], "assignments", rows)
    line = field(desk, desk.look.language.text("column.expression"), QLineEdit)
    assert line.text() == "1 +"
    desk.type(line, " 2")
    assert desk.model.flow.nodes[NodeId("set_var")].props["assignments"] == [
        {"variable": "a", "expression": "1 + 2"}
    ]


def test_a_text_with_braces_is_marked_too(open_editor: Callable[..., Desk]) -> None:
    desk = open_editor("start -next→ play\nplay -next→ hangup\nhangup")
    show(desk, "play")
    prompt = [{"type": "text", "text": "Bonjour 🙂 {first name}"}]
    desk.stage.editing.set_prop([NodeId("play")], "prompt", prompt)
    box = field(desk, desk.look.language.text("editor.prompt.text"), QPlainTextEdit)
    (marked,) = box.extraSelections()
    assert marked.cursor.selectedText() == "name"
    box.setPlainText("Bonjour 🙂 {name}")
    assert box.extraSelections() == []
