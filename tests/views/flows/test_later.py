"""Without the service: a guarded verb is decided now, and done when the service is back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTime

from cx_desktop.views.flows.assign_dialog import AssignDialog
from cx_desktop.views.objects.later_dialog import LaterDialog
from tests.views.flows.conftest import Visit


@pytest.fixture
def away(visit: Visit) -> Iterator[Visit]:
    """The list of flows, and a service that does not answer."""
    visit.until(lambda: "Service client" in visit.shown())
    visit.seat.service.stop()
    yield visit
    if not visit.seat.service.is_running:
        visit.seat.service.start()


def asked(visit: Visit) -> LaterDialog:
    visit.until(lambda: visit.page.waiting.dialog is not None)
    dialog = visit.page.waiting.dialog
    assert dialog is not None
    return dialog


def assigning(visit: Visit, name: str) -> AssignDialog:
    visit.select(name)
    visit.run("assign")
    visit.until(lambda: visit.page.assigning.dialog is not None)
    dialog = visit.page.assigning.dialog
    assert dialog is not None
    visit.until(lambda: dialog.list.count() > 0)
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        if dialog.assign.isEnabled():
            break
    return dialog


def test_a_number_is_given_to_a_flow_as_soon_as_the_service_is_back(away: Visit) -> None:
    dialog = assigning(away, "Messagerie de nuit")
    dialog.assign.click()
    question = asked(away)
    assert question.limit.count() == 4
    question.limit.setCurrentIndex(1)
    question.wait.click()
    away.until(lambda: "sera fait dès que" in dialog.strip.text)
    (waiting,) = away.seat.cache.outbox()
    assert waiting.op.kind == "action"
    dialog.reject()
    away.seat.service.start()
    away.seat.workspace.sync_now()
    away.until(lambda: away.seat.cache.outbox() == ())
    number = away.seat.cache.row("number", waiting.op.id)
    flow = next(row for row in away.desk.flows.rows if row.name == "Messagerie de nuit")
    assert number is not None
    assert number.data["flow_id"] == flow.id


def test_who_does_not_want_to_wait_is_told_that_nothing_happened(away: Visit) -> None:
    dialog = assigning(away, "Messagerie de nuit")
    dialog.assign.click()
    asked(away).leave.click()
    away.until(lambda: "demande le service" in dialog.strip.text)
    assert away.seat.cache.outbox() == ()
    assert dialog.assign.isEnabled()
    dialog.reject()


def test_a_moment_of_ones_own_lies_within_a_week(away: Visit) -> None:
    dialog = assigning(away, "Messagerie de nuit")
    dialog.assign.click()
    question = asked(away)
    question.limit.setCurrentIndex(3)
    assert question.moment.isEnabled()
    question.moment.setDateTime(question.moment.dateTime().addDays(30))
    span = question.until - away.seat.service.clock.now()
    assert span.days <= 7
    question.limit.setCurrentIndex(2)
    assert not question.moment.isEnabled()
    assert question.moment.time() == QTime(12, 0)
    question.reject()
    dialog.reject()
