"""Flows taken out as files, and what comes back when they are read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import document_of, flow_of
from cx_desktop.domain.flow.references import to_ids
from cx_desktop.domain.patch import Document, apply, change
from cx_desktop.models.export_flow import Exported, ExportFormat, FlowExport
from cx_desktop.models.flow_context import read_context
from cx_desktop.tasks import Tasks
from tests.fakes.clock import FakeClock
from tests.fakes.mirror import Mirror
from tests.models.flow_entities import ACCUEIL, NUIT, PROJECT, draft, flow, project

QUEUE = "01900000-0000-7000-8000-000000000501"


class Desk:
    """A cache with a flow that leads to a queue, and what writes flows to files."""

    def __init__(self, folder: Path, qtbot: QtBot, document: Document) -> None:
        self.mirror = Mirror(folder / "cache", FakeClock())
        self.mirror.send(project(), queue(), flow(draft=document), flow(NUIT, "Nuit"))
        self.tasks = Tasks()
        self.exporting = FlowExport(cache=self.mirror.cache, tasks=self.tasks)
        self._qtbot = qtbot

    def write(self, kind: ExportFormat, path: Path, flow_id: str = ACCUEIL) -> Exported:
        with self._qtbot.waitSignal(self.exporting.exported, timeout=10_000) as told:
            self.exporting.write(flow_id, kind, path)
        assert told.args is not None
        exported: Exported = told.args[0]
        return exported

    def refused(self, kind: ExportFormat, path: Path, flow_id: str = ACCUEIL) -> CXError:
        with self._qtbot.waitSignal(self.exporting.failed, timeout=10_000) as told:
            self.exporting.write(flow_id, kind, path)
        assert told.args is not None
        error: CXError = told.args[0]
        return error

    def close(self) -> None:
        self.tasks.close()
        self.mirror.close()


def queue() -> Document:
    return {"type": "queue", "id": QUEUE, "project_id": PROJECT, "name": "Ventes"}


def leading() -> Document:
    document = draft()
    node: Document = {
        "id": "queue",
        "kind": "transfer_queue",
        "title": "File des ventes",
        "props": {"queue": QUEUE},
        "x": 300.0,
        "y": 200.0,
    }
    return apply(
        document,
        [
            change(document, ("nodes", "queue"), node),
            change(document, ("links", "play", "next"), "queue"),
        ],
    )


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    assert qapp is not None
    desk = Desk(tmp_path, qtbot, leading())
    yield desk
    desk.close()


def test_our_own_format_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "accueil.yaml"
    assert desk.write(ExportFormat.OURS, path) == Exported(path=path, name="Accueil principal")
    assert QUEUE not in path.read_text(encoding="utf-8")
    back = read_any(path.read_bytes(), path.name)
    assert (back.format, back.name) == ("cx", "Accueil principal")
    assert to_ids(back.flow, read_context(desk.mirror.cache, PROJECT)) == flow_of(leading())


def test_amazon_connect_reads_back_as_the_same_steps_and_links(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "nuit.json"
    desk.write(ExportFormat.CONNECT, path, NUIT)
    back = read_any(path.read_bytes(), path.name)
    assert back.format == "connect-flowlang"
    kinds = sorted(node.kind for node in back.flow.nodes.values())
    assert kinds == ["hangup", "play", "start"]
    again = tmp_path / "again.json"
    desk.mirror.send(flow(NUIT, "Nuit", draft=document_of(back.flow)))
    desk.write(ExportFormat.CONNECT, again, NUIT)
    assert read_any(again.read_bytes()).flow.links == back.flow.links


def test_voicexml_reads_back_as_the_same_steps(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "nuit.vxml"
    desk.write(ExportFormat.VOICEXML, path, NUIT)
    back = read_any(path.read_bytes(), path.name)
    assert back.format == "voicexml"
    assert {node.kind for node in back.flow.nodes.values()} == {"start", "play", "hangup"}


def test_twilio_studio_reads_back_as_the_same_steps_and_links(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "nuit.json"
    desk.write(ExportFormat.TWILIO, path, NUIT)
    back = read_any(path.read_bytes(), path.name)
    assert back.format == "twilio-studio"
    assert "play" in {node.kind for node in back.flow.nodes.values()}


def test_a_file_that_cannot_be_written_leaves_the_old_one(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "verrouillé"
    folder.mkdir()
    path = folder / "accueil.yaml"
    path.write_text("avant", encoding="utf-8")
    missing = folder / "absent" / "accueil.yaml"
    error = desk.refused(ExportFormat.OURS, missing)
    assert (error.key, error.params["name"]) == ("problem.file-unwritable", "accueil.yaml")
    assert path.read_text(encoding="utf-8") == "avant"
    assert [each.name for each in folder.iterdir()] == ["accueil.yaml"]


def test_a_flow_that_is_not_here_is_not_written(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "rien.yaml"
    error = desk.refused(ExportFormat.OURS, path, "01900000-0000-7000-8000-00000000ffff")
    assert error.key == "problem.object-not-here"
    assert not path.exists()
