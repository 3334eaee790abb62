"""Somebody protects a recording and sees who listened, on a real service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.trail import RecordingTrail
from cx_desktop.protocol import Purpose, Recording
from cx_desktop.views.recordings.trail_panel import TrailPanel
from cx_desktop.views.widgets.look import Look
from tests.fakes.recordings import record_calls
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 20_000


class Visit:
    """A supervisor before the panel."""

    def __init__(self, folder: Path, service: RunningService, words: Look, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.seat = Seat(folder, service, "supervisor")
        workspace = self.seat.workspace
        self.shared = FlowDesk(workspace, parent=workspace)
        self.desk = RecordingDesk(
            workspace,
            permissions=self.shared.permissions,
            step_ups=self.shared.step_ups,
            parent=workspace,
        )
        self.trail = RecordingTrail(
            self.desk, permissions=self.shared.permissions, parent=workspace
        )
        self.panel = TrailPanel(words, self.trail)
        self.panel.resize(900, 300)
        self.panel.show()
        self.seat.begin(self.until)
        self.until(lambda: workspace.capabilities is not None)

    @property
    def said(self) -> list[str]:
        """What the lines say was done, the newest first."""
        return [
            str(self.panel.lines.index(at, 2).data()) for at in range(self.panel.lines.rowCount())
        ]

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def close(self) -> None:
        self.panel.close()
        self.panel.deleteLater()
        self.desk.close()
        self.shared.close()
        self.seat.close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path / "ines", service, words, qtbot)
    yield visit
    visit.close()


@pytest.fixture
def calls(service: RunningService) -> tuple[Recording, ...]:
    return record_calls(service, [b"OggS one", b"OggS two"])


def test_it_is_protected_with_a_reason_and_released_again(
    visit: Visit, calls: tuple[Recording, ...]
) -> None:
    panel = visit.panel
    visit.desk.take(calls[0])
    assert panel.badge.isHidden()
    panel.protect.click()
    assert not panel.do.isEnabled(), "nobody protects without a reason"
    QTest.keyClicks(panel.reason, "plainte 12")
    panel.do.click()
    visit.until(lambda: panel.badge.text() == "protégé de la suppression")
    assert panel.reason.isHidden()
    assert panel.protect.text() == "Ne plus protéger…"
    panel.seen.click()
    visit.until(lambda: visit.said == ["l’a protégé"])
    assert visit.trail.lines[0].reason == "plainte 12"
    panel.protect.click()
    QTest.keyClicks(panel.reason, "close")
    QTest.keyClick(panel.reason, Qt.Key.Key_Return)
    visit.until(lambda: visit.said == ["ne le protège plus", "l’a protégé"])
    assert panel.badge.isHidden()


def test_one_sees_who_listened_and_the_next_recording_has_its_own_lines(
    visit: Visit, calls: tuple[Recording, ...]
) -> None:
    first, second = calls
    asked = visit.seat.workspace.client.recordings.sound(first.id, purpose=Purpose.LISTEN)
    with asked as arriving:
        assert b"".join(arriving.chunks) == b"OggS one"
    visit.desk.take(first)
    visit.panel.seen.click()
    visit.until(lambda: visit.said == ["a écouté"])
    assert visit.trail.lines[0].who == "Inès Moreau"
    visit.desk.take(second)
    assert visit.said == []
    assert not visit.panel.nothing.isHidden()
    visit.desk.take(first)
    visit.until(lambda: visit.said == ["a écouté"])


def test_without_a_network_it_says_that_it_needs_one(
    visit: Visit, service: RunningService, calls: tuple[Recording, ...]
) -> None:
    visit.desk.take(calls[0])
    service.stop()
    visit.panel.protect.click()
    QTest.keyClicks(visit.panel.reason, "plainte")
    QTest.keyClick(visit.panel.reason, Qt.Key.Key_Return)
    visit.until(lambda: visit.panel.strip.text != "")
    assert not visit.trail.is_held
    service.start()
