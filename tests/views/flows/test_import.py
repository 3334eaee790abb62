"""Files on their way in on the page: several flows of one, what is told of them, their picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.layout import route
from cx_desktop.domain.flow.references import references
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.views.flows.drawing import READABLE
from cx_desktop.views.flows.import_preview import ImportPreview
from cx_desktop.views.flows.picture_view import PictureView
from cx_desktop.views.widgets.look import Look
from tests.views.flows.conftest import Visit

DATA = Path(__file__).parent.parent.parent / "data" / "connect"


def arrive(visit: Visit, path: Path) -> ImportPreview:
    visit.page.start_import(path)
    preview = visit.page.importing.preview
    visit.until(preview.isVisible)
    return preview


def test_all_flows_of_a_file_become_flows_that_lead_to_each_other(visit: Visit) -> None:
    preview = arrive(visit, DATA / "template.yaml")
    assert preview.choices.isVisible()
    assert preview.accept.text() == "Importer 2 SVI"
    assert preview.choices.list.item(0).text().startswith("Jour · 2 étapes")
    preview.accept.click()
    visit.until(lambda: {"Jour", "Nuit"} <= set(visit.shown()))
    assert visit.page.list.strip.text == "2 SVI importés\u00a0: Jour, Nuit."
    row = visit.seat.cache.row("flow", visit.row("Jour").id)
    assert row is not None
    leads_to = [each.target for each in references(flow_of(draft_of(row.data)))]
    assert leads_to == [visit.row("Nuit").id]
    visit.until(lambda: visit.row("Nuit").is_on_service)
    visit.desk.verbs.archive([visit.row("Jour").id])
    visit.until(lambda: visit.row("Jour").is_archived)
    visit.desk.verbs.archive([visit.row("Nuit").id])
    visit.until(lambda: visit.row("Nuit").is_archived)


def test_only_ticked_flows_come_in_under_the_names_that_were_typed(visit: Visit) -> None:
    preview = arrive(visit, DATA / "template.yaml")
    choices = preview.choices
    choices.list.setFocus()
    QTest.keyClick(choices.list, Qt.Key.Key_Down)
    assert preview._name.text() == preview._flows[1].name
    preview._name.setFocus()
    preview._name.selectAll()
    QTest.keyClicks(preview._name, "Seule")
    assert choices.list.item(1).text().startswith("Seule")
    choices.list.setFocus()
    choices.list.setCurrentRow(0)
    QTest.keyClick(choices.list, Qt.Key.Key_Space)
    assert list(choices.chosen) == [1]
    assert preview.accept.text() == "Importer le SVI"
    choices.all.click()
    assert list(choices.chosen) == [0, 1]
    choices.all.click()
    assert not choices.chosen
    assert not preview.accept.isEnabled()
    assert preview.accept.toolTip() == "Cochez au moins un SVI."
    choices.list.item(1).setCheckState(Qt.CheckState.Checked)
    preview.accept.click()
    visit.until(lambda: visit.page.editor.work is not None)
    assert visit.page.editor.work is not None
    assert visit.page.editor.work.facts.name == "Seule"


def test_a_note_shows_the_step_it_is_about(visit: Visit) -> None:
    preview = arrive(visit, DATA / "language.json")
    assert preview._name.text() == "Language"
    assert not preview.choices.isVisible()
    assert preview._notes.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    last = preview._notes.count() - 1
    preview._notes.setFocus()
    QTest.keyClick(preview._notes, Qt.Key.Key_End)
    assert preview._notes.currentRow() == last
    node = preview._notes.item(last).data(Qt.ItemDataRole.UserRole)
    assert preview.picture.marked == node
    assert preview.picture.shows(node)
    visit.page.importing.leave()


@pytest.fixture
def wide() -> Flow:
    return read_any((DATA / "language.json").read_bytes()).flow


@pytest.fixture
def picture(words: Look, wide: Flow, qapp: QApplication, qtbot: QtBot) -> Iterator[PictureView]:
    assert qapp is not None
    picture = PictureView(words)
    qtbot.addWidget(picture)
    picture.resize(600, 500)
    picture.show()
    picture.show_flow(wide, route(wide))
    yield picture
    picture.close()


def test_a_picture_begins_readable_at_the_beginning(picture: PictureView, wide: Flow) -> None:
    assert picture.scale == pytest.approx(READABLE)
    assert picture.shows(next(iter(wide.nodes)))


def test_keys_zoom_show_all_and_move(picture: PictureView, wide: Flow) -> None:
    QTest.keyClick(picture, Qt.Key.Key_Plus)
    assert picture.scale > READABLE
    QTest.keyClick(picture, Qt.Key.Key_Minus)
    QTest.keyClick(picture, Qt.Key.Key_Minus)
    assert picture.scale < READABLE
    before = picture.horizontalScrollBar().value()
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.horizontalScrollBar().value() > before
    QTest.keyClick(picture, Qt.Key.Key_0)
    assert all(picture.shows(node) for node in wide.nodes)
    assert "étapes" in picture.accessibleName()


def test_the_wheel_keeps_what_is_under_the_pointer(picture: PictureView, wide: Flow) -> None:
    node = next(iter(wide.nodes))
    at = picture._to_view(picture._drawing.place(node).center())
    wheel = QWheelEvent(
        at,
        picture.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    picture.zoom_by(1.5)
    at = picture._to_view(picture._drawing.place(node).center())
    picture.zoom_by(1.5, at)
    now = picture._to_view(picture._drawing.place(node).center())
    assert (now - at).manhattanLength() < 60  # the edge of the drawing may hold it back
    before = picture.scale
    picture.wheelEvent(wheel)
    assert picture.scale > before


def test_dragging_moves(picture: PictureView) -> None:
    picture.zoom_by(2)
    middle = picture.viewport().rect().center()
    before = QPointF(picture.horizontalScrollBar().value(), picture.verticalScrollBar().value())
    QTest.mousePress(picture.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(picture.viewport(), middle - QPoint(80, 0))
    QTest.mouseRelease(picture.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert picture.horizontalScrollBar().value() == before.x() + 80
