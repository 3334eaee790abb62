"""Files chosen and named in the dialog itself, as a person would."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import document_of
from tests.views.flows.conftest import Visit

TEMPLATE = Path(__file__).parent.parent.parent / "data" / "connect" / "greeting.json"


def answer(visit: Visit, path: Path, kind: str = "") -> None:
    """Type a path into the file dialog that is open, and confirm."""
    visit.until(lambda: bool(visit.page.findChildren(QFileDialog)))
    (dialog,) = visit.page.findChildren(QFileDialog)
    visit.until(dialog.isVisible)
    if kind:
        chosen = next(each for each in dialog.nameFilters() if kind in each)
        dialog.selectNameFilter(chosen)
        dialog.filterSelected.emit(chosen)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    visit.until(lambda: not visit.page.findChildren(QFileDialog))


def test_a_file_is_chosen_and_read(visit: Visit) -> None:
    visit.page.start_import()
    visit.page.importing._drop.choose.click()
    answer(visit, TEMPLATE)
    visit.until(visit.page.importing.preview.isVisible)


@pytest.mark.parametrize(
    ("kind", "suffix", "name"), [("", ".yaml", "cx"), ("Amazon", ".json", "connect-flowlang")]
)
def test_a_flow_is_written_where_it_was_asked_for(
    visit: Visit, tmp_path: Path, kind: str, suffix: str, name: str
) -> None:
    draft = document_of(read_any(TEMPLATE.read_bytes()).flow)
    visit.desk.verbs.create(visit.desk.project_id, f"À exporter {suffix}", draft)
    visit.until(lambda: f"À exporter {suffix}" in visit.shown())
    visit.select(f"À exporter {suffix}")
    visit.run("export")
    answer(visit, tmp_path / "nuit", kind)
    path = tmp_path / f"nuit{suffix}"
    visit.until(path.exists)
    assert read_any(path.read_bytes(), path.name).format == name
    visit.until(lambda: "est enregistré dans nuit" in visit.page.list.strip.text)


@pytest.mark.parametrize(
    ("kind", "suffix", "begins"),
    [
        ("Mermaid", ".mmd", b"flowchart TD"),
        ("SVG", ".svg", b"<?xml"),
        ("PNG", ".png", b"\x89PNG"),
        ("PDF", ".pdf", b"%PDF-"),
        ("VoiceXML", ".vxml", b"<?xml"),
    ],
)
def test_a_flow_is_drawn_and_put_on_paper(
    visit: Visit, tmp_path: Path, kind: str, suffix: str, begins: bytes
) -> None:
    visit.select("Messagerie de nuit")
    visit.run("export")
    answer(visit, tmp_path / "nuit", kind)
    path = tmp_path / f"nuit{suffix}"
    visit.until(path.exists)
    assert path.read_bytes().startswith(begins)
    visit.until(lambda: "est enregistré dans nuit" in visit.page.list.strip.text)


def test_a_step_that_connect_does_not_have_is_named(visit: Visit, tmp_path: Path) -> None:
    visit.select("Messagerie de nuit")
    visit.run("export")
    answer(visit, tmp_path / "nuit", "Amazon")
    visit.until(lambda: "Message d’urgence" in visit.page.list.strip.text)
    assert not (tmp_path / "nuit.json").exists()


def test_an_export_from_the_editor_is_told_there(visit: Visit, tmp_path: Path) -> None:
    visit.open("Messagerie de nuit")
    visit.page._export_open()
    answer(visit, tmp_path / "ouvert.yaml")
    visit.until(lambda: "ouvert.yaml" in visit.page.editor.notices.told.text)
