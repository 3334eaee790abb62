"""The same work without ever touching the mouse."""

import pytest
from PySide6.QtCore import Qt

from cx_desktop.models.session import Step
from tests.walker import Visit, settle, wait

pytestmark = pytest.mark.journey

CLAIRE = "claire.martin"
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_by_keyboard(person: Visit) -> None:
    account = next(each for each in person.demo.accounts if each.username == CLAIRE)
    username = person.app.sign_in.password_step.username
    wait(username.hasFocus, "the first field to be ready for typing")
    person.write(CLAIRE)
    person.press(Qt.Key.Key_Tab)
    person.write(account.password)
    person.press(Qt.Key.Key_Return)
    wait(lambda: person.app.session.step is Step.CODE, "the second step")
    person.write(person.demo_code(CLAIRE))
    person.until_open()

    palette(person, "Maison Lumen")
    wait(lambda: person.project == "Maison Lumen", "the project")
    palette(person, "Messagerie de nuit")
    page = person.work.flows_page
    wait(lambda: page.editor.work is not None, "the editor")
    work = page.editor.work
    assert work is not None
    before = len(work.graph.flow.nodes)
    palette(person, "Ajouter une étape")
    person.write("attente")
    person.press(Qt.Key.Key_Return)
    wait(lambda: len(work.graph.flow.nodes) == before + 1, "the new node")
    settle()
    person.press(Qt.Key.Key_Z, CONTROL)
    wait(lambda: len(work.graph.flow.nodes) == before, "the undo")


def palette(person: Visit, words: str) -> None:
    """Open the palette by its shortcut, type, take the first."""
    person.press(Qt.Key.Key_K, CONTROL)
    settle(100)
    person.write(words)
    settle(100)
    person.press(Qt.Key.Key_Return)
    settle(300)
