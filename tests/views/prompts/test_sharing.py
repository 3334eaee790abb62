"""A text of a flow becomes a prompt that every flow can play."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.models.prompts.sharing import name_of
from cx_desktop.views.flow_editor.inspector.fields.prompt import PromptEditor
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService
from tests.views.flows.conftest import Visit


@pytest.fixture
def flows(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot)
    yield visit
    visit.close()


def test_a_text_is_shared_and_played_from_there(flows: Visit) -> None:
    flows.open("Service client")
    editor = flows.page.editor.editing
    assert editor is not None
    model = editor.stage.model
    node, said = next(
        (each.id, each.props["prompt"])
        for each in model.flow.nodes.values()
        if _text(each.props.get("prompt"))
    )
    text = _text(said)
    editor.show_node(str(node))
    flows.until(lambda: bool(editor.inspector.findChildren(PromptEditor)))
    name = flows.words.language.text("prompts.share")
    button = next(
        each for each in editor.inspector.findChildren(IconButton) if each.accessibleName() == name
    )
    button.click()
    flows.until(lambda: _ref(model.flow.nodes[NodeId(node)].props["prompt"]) != "")
    prompt = _ref(model.flow.nodes[NodeId(node)].props["prompt"])
    row = flows.seat.cache.row("prompt", prompt)
    assert row is not None
    assert row.data["name"] == name_of(text)
    assert row.data["draft"] == {"languages": {"fr-FR": {"text": text}}}
    editor.stage.model.undo_stack.undo()
    assert _text(model.flow.nodes[NodeId(node)].props["prompt"]) == text


def _text(prompt: object) -> str:
    parts = prompt if isinstance(prompt, list) else []
    first = parts[0] if parts else {}
    return str(first.get("text", "")) if first.get("type") == "text" else ""


def _ref(prompt: object) -> str:
    parts = prompt if isinstance(prompt, list) else []
    return str(parts[0].get("ref", "")) if parts else ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bonjour.", "Bonjour."),
        ("  Bonjour\n à  tous ", "Bonjour à tous"),
        (
            "Bienvenue chez Maison Lumen, vos luminaires depuis 1954.",
            "Bienvenue chez Maison Lumen, vos…",
        ),
    ],
)
def test_a_prompt_is_called_by_its_first_words(text: str, name: str) -> None:
    assert name_of(text) == name
