"""A caller asks to be deleted: found by the number, deleted with a code, answered, proven."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.rights import Kind, RightsDesk
from cx_desktop.views.recording_settings.rights_panel import RightsPanel
from cx_desktop.views.widgets.look import Look
from tests.fakes.recordings import record_calls
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 20_000


class Visit:
    """Somebody before the panel."""

    def __init__(
        self, folder: Path, service: RunningService, words: Look, qtbot: QtBot, role: str
    ) -> None:
        self.qtbot = qtbot
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.shared = FlowDesk(workspace, parent=workspace)
        self.desk = RightsDesk(
            workspace,
            permissions=self.shared.permissions,
            step_ups=self.shared.step_ups,
            parent=workspace,
        )
        self.panel = RightsPanel(words, self.desk)
        self.panel.resize(1080, 720)
        self.panel.show()
        self.seat.begin(self.until)
        self.until(lambda: workspace.capabilities is not None)
        self.panel.begin()

    def enter_code(self) -> None:
        panel = self.panel
        self.until(lambda: panel.stack.currentWidget() is panel.code)
        self.seat.service.clock.advance(timedelta(seconds=30))
        panel.code.code.setText(self.seat.service.code(self.seat.username))
        panel.code.confirm.click()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def close(self) -> None:
        self.shared.close()
        self.panel.close()
        self.panel.deleteLater()
        self.seat.close()


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path / "claire", service, words, qtbot, "administrator")
    visit.until(lambda: visit.desk.state is LoadState.READY)
    yield visit
    visit.close()


def test_a_caller_is_found_deleted_and_answered(visit: Visit, service: RunningService) -> None:
    panel, desk = visit.panel, visit.desk
    record_calls(service, [b"x", b"y"], caller="+33639985555")
    assert not panel.look_up.isEnabled()
    QTest.keyClicks(panel.number, "06 39 98 55 55")
    assert panel.look_up.isEnabled()
    panel.kind.setCurrentIndex(panel.kind.findData(Kind.OBJECTION))
    panel.look_up.click()
    visit.enter_code()
    visit.until(lambda: len(desk.found) == 2)
    assert panel.number.text() == "", "the number is kept nowhere"
    assert "2 enregistrements existent" in panel.summary.text()
    assert panel.delete.text() == "Supprimer 2 enregistrements…"
    panel.delete.click()
    assert "sans retour possible" in panel.strip.text
    desk.delete()
    visit.until(lambda: desk.found == ())
    assert "2 ont été supprimés" in panel.summary.text()
    assert panel.delete.isHidden()
    QTest.keyClicks(panel.answer, "Supprimes le 16 novembre.")
    panel.do.click()
    visit.until(lambda: panel.badge.text() == "close")
    panel.copy.click()
    assert QGuiApplication.clipboard().text().count(".") == 1
    visit.until(lambda: panel.register.index(0, 4).data() == "close")
    assert panel.register.rowCount() == 1


def test_who_only_wants_to_listen_is_not_deleted(visit: Visit, service: RunningService) -> None:
    panel, desk = visit.panel, visit.desk
    record_calls(service, [b"x"], caller="+33639985555")
    QTest.keyClicks(panel.number, "+33639985555")
    panel.look_up.click()
    visit.enter_code()
    visit.until(lambda: len(desk.found) == 1)
    assert panel.delete.isHidden()


def test_a_supervisor_answers_no_requests(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(tmp_path / "ines", service, words, qtbot, "supervisor")
    QTest.keyClicks(visit.panel.number, "+33639985555")
    assert not visit.panel.look_up.isEnabled()
    assert visit.panel.why_not.text()
    visit.close()
