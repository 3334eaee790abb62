"""A file on its way in: what is understood, what is refused and where, and stopping half-way."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.layout.metrics import Box, size_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.import_flow import FlowImport, Preview
from cx_desktop.tasks import Tasks

CONNECT = {
    "Version": "2019-10-30",
    "StartAction": "hello",
    "Metadata": {"entryPointPosition": {"x": 0, "y": 0}, "ActionMetadata": {}},
    "Actions": [
        {
            "Identifier": "hello",
            "Type": "MessageParticipant",
            "Parameters": {"Text": "Bonjour"},
            "Transitions": {
                "NextAction": "strange",
                "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}],
                "Conditions": [],
            },
        },
        {
            "Identifier": "strange",
            "Type": "SomethingOfTomorrow",
            "Parameters": {"A": "1"},
            "Transitions": {"NextAction": "bye", "Errors": [], "Conditions": []},
        },
        {
            "Identifier": "bye",
            "Type": "DisconnectParticipant",
            "Parameters": {},
            "Transitions": {},
        },
    ],
}

FLOW = Flow(
    nodes={
        NodeId("start"): Node(NodeId("start"), "start"),
        NodeId("queue"): Node(
            NodeId("queue"), "transfer_queue", props={"queue": "Ventes"}, x=720.0
        ),
    },
    links={NodeId("start"): {ExitId("next"): NodeId("queue")}},
)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()


@pytest.fixture
def importing(tasks: Tasks) -> FlowImport:
    return FlowImport(context=Context, tasks=tasks)


def understood(importing: FlowImport, path: Path, qtbot: QtBot) -> Preview:
    with qtbot.waitSignal(importing.understood, timeout=10_000) as told:
        importing.read(path)
    assert told.args is not None
    preview: Preview = told.args[0]
    return preview


def refused(importing: FlowImport, path: Path, qtbot: QtBot) -> CXError:
    with qtbot.waitSignal(importing.failed, timeout=10_000) as told:
        importing.read(path)
    assert told.args is not None
    error: CXError = told.args[0]
    return error


def test_a_connect_flow_is_counted_drawn_and_its_strange_step_told(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "Accueil export"
    path.write_bytes(msgspec.json.encode(CONNECT))
    preview = understood(importing, path, qtbot)
    assert preview.format == "connect-flowlang"
    assert preview.foreign == 1
    assert dict(preview.kinds)["play"] == 1
    assert [note.key for note in preview.notes if note.node == "strange"]
    boxes = [
        Box(node.x, node.y, node.x + size_of(node)[0], node.y + size_of(node)[1])
        for node in preview.flow.nodes.values()
    ]
    assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)
    assert preview.routes


def test_a_file_of_ours_keeps_its_places_and_its_name(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "export.yaml"
    path.write_bytes(cx.write(FLOW, name="Accueil"))
    preview = understood(importing, path, qtbot)
    assert (preview.format, preview.name, preview.foreign) == ("cx", "Accueil", 0)
    assert preview.flow.nodes[NodeId("queue")].x == 720.0


def test_names_in_a_file_become_objects_of_the_project(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    importing = FlowImport(context=lambda: Context(queues={"q-1": "Ventes"}), tasks=tasks)
    path = tmp_path / "export.yaml"
    path.write_bytes(cx.write(FLOW, name="Accueil"))
    preview = understood(importing, path, qtbot)
    assert preview.flow.nodes[NodeId("queue")].props["queue"] == "q-1"


def test_a_file_that_is_no_flow_is_refused_with_its_place(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rien.json"
    path.write_text('{"Actions": [', encoding="utf-8")
    error = refused(importing, path, qtbot)
    assert error.key.startswith("problem.import-")


def test_a_file_that_went_away_is_explained(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    error = refused(importing, tmp_path / "parti.json", qtbot)
    assert error.key == "problem.file-unreadable"
    assert error.params["name"] == "parti.json"


def test_a_huge_file_is_refused_before_it_is_read(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "grand.json"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refused(importing, path, qtbot).key == "problem.import-too-large"


def test_what_was_cancelled_is_never_delivered(
    importing: FlowImport, tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "accueil.json"
    path.write_bytes(msgspec.json.encode(CONNECT))
    heard: list[object] = []
    importing.understood.connect(heard.append)
    importing.read(path)
    importing.cancel()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert heard == []
