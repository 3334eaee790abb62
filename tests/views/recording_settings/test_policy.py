"""Somebody sets what is recorded and how long it is kept, with real codes on a real service."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.policy import RecordingPolicy
from cx_desktop.views.recording_settings.policy_panel import PolicyPanel
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
        self.desk = FlowDesk(workspace, parent=workspace)
        self.policy = RecordingPolicy(
            workspace,
            permissions=self.desk.permissions,
            step_ups=self.desk.step_ups,
            parent=workspace,
        )
        self.panel = PolicyPanel(words, self.policy)
        self.panel.resize(1080, 720)
        self.panel.show()
        self.seat.begin(self.until)
        self.until(lambda: workspace.capabilities is not None)
        self.panel.begin()
        self.until(lambda: self.policy.state is LoadState.READY)

    @property
    def said(self) -> str:
        """What the rules say, as it is read."""
        items = [self.panel.rules.itemAt(at) for at in range(self.panel.rules.count())]
        labels = [each.widget() for each in items if each is not None]
        return "\n".join(each.text() for each in labels if isinstance(each, QLabel))

    def save(self) -> None:
        """Apply, and enter the code that is asked for, if one is."""
        self.panel.save.click()
        self.until(lambda: self.panel.stack.currentWidget() is self.panel.code)
        self.seat.service.clock.advance(timedelta(seconds=30))
        self.panel.code.code.setText(self.seat.service.code(self.seat.username))
        self.panel.code.confirm.click()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def close(self) -> None:
        self.desk.close()
        self.panel.close()
        self.panel.deleteLater()
        self.seat.close()


@pytest.fixture
def service() -> Iterator[RunningService]:
    """Of one's own: what is lowered here is never raised again."""
    with RunningService() as running:
        yield running


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path / "claire", service, words, qtbot, "administrator")
    yield visit
    visit.close()


def test_it_is_switched_on_when_the_rules_have_nothing_to_say(visit: Visit) -> None:
    form, panel = visit.panel.form, visit.panel
    assert panel.badge.text() == "rien n’est enregistré"
    form.is_on.click()
    assert visit.policy.wanted.end_date == date(2026, 12, 16), "it has to end some day"
    assert "L’annonce ne dit pas" in visit.said
    assert not panel.save.isEnabled()
    for box in (*form.items.values(), form.scopes["agent_in"], form.is_told):  # type: ignore[index]
        box.click()
    form.end_date.show_day(date(2026, 12, 24))
    form.pause.setCurrentIndex(1)
    form.pause.activated.emit(1)
    assert visit.said == ""
    assert panel.in_order.text() == "Rien à redire."
    assert not panel.in_order.isHidden()
    visit.save()
    visit.until(lambda: "C’est noté" in panel.strip.text)
    assert panel.badge.text() == "enregistrement en service"
    assert visit.policy.policy.end_date == date(2026, 12, 24)
    assert not visit.policy.is_changed


def test_lowering_says_how_many_go_and_asks_before(visit: Visit, service: RunningService) -> None:
    form, panel = visit.panel.form, visit.panel
    record_calls(service, [b"x"] * 3, at=service.clock.now() - timedelta(days=40))
    form.months.setValue(1)
    visit.until(lambda: visit.policy.due == 3)
    assert panel.due.text() == "3 enregistrements seraient supprimés aussitôt"
    panel.save.click()
    assert "supprime 3 enregistrements" in panel.strip.text
    visit.policy.order()
    visit.until(lambda: panel.stack.currentWidget() is panel.code)
    service.clock.advance(timedelta(seconds=30))
    panel.code.code.setText(service.code(visit.seat.username))
    panel.code.confirm.click()
    visit.until(lambda: "C’est noté" in panel.strip.text)
    assert form.months.maximum() == 1, "what was lowered is not raised again"


def test_what_was_wanted_is_forgotten_with_a_click(visit: Visit) -> None:
    form, panel = visit.panel.form, visit.panel
    assert panel.undo.isHidden()
    form.is_on.click()
    form.rate.setValue(60)
    assert "Plus de la moitié" in visit.said
    panel.undo.click()
    assert form.rate.value() == 10
    assert panel.undo.isHidden()


def test_a_queue_may_keep_its_calls_for_less_time(visit: Visit) -> None:
    form = visit.panel.form
    queue_id, spin = next(iter(form.per_queue.items()))
    assert spin.text() == "comme les autres"
    spin.setValue(2)
    assert visit.policy.wanted.retention.queues == {queue_id: 2}
    spin.setValue(0)
    assert visit.policy.wanted.retention.queues == {}


def test_a_supervisor_looks_and_changes_nothing(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(tmp_path / "ines", service, words, qtbot, "supervisor")
    assert not visit.panel.form.is_on.isEnabled()
    assert not visit.panel.save.isEnabled()
    assert visit.panel.why_not.text()
    visit.close()


def test_without_a_network_it_says_so(visit: Visit, service: RunningService) -> None:
    visit.panel.form.rate.setValue(20)
    service.stop()
    visit.panel.begin()
    visit.until(lambda: visit.policy.state is LoadState.FAILED)
    assert visit.panel.stack.currentWidget() is visit.panel.error
