"""What is planned of a flow is said above it, on its way to live and back."""

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest

from cx_desktop.domain.access import StepUpClass
from cx_desktop.models.guarded import Guarded
from cx_desktop.models.timed import TimedPublications
from cx_desktop.service.timekeeping import tick
from cx_desktop.views.objects.planning import Planning
from tests.views.flows.conftest import Visit
from tests.views.flows.test_work import dialog, new_flow, publish, retitle
from tests.views.schedules.conftest import plain

THEN = 1


@pytest.fixture
def timed(visit: Visit) -> Iterator[TimedPublications]:
    """What is planned, followed by the page."""
    desk, workspace = visit.desk, visit.seat.workspace
    publications = TimedPublications(
        workspace,
        lambda: Guarded(
            verb=StepUpClass.PUBLISH,
            step_ups=desk.step_ups,
            tasks=workspace.tasks,
            ids=workspace.ids,
        ),
        why_not=lambda: "",
        parent=workspace,
    )
    visit.page.share_planning(
        Planning(visit.words, publications, desk.step_ups, window=lambda: visit.page)
    )
    yield publications
    publications.close()


def plan(visit: Visit) -> None:
    """From the button to the service's answer, for tomorrow morning and a day."""
    visit.page.editor.header.publish.click()
    asked = dialog(visit)
    visit.until(asked.plan.isVisible)
    asked.plan.timing.when.setCurrentIndex(THEN)
    asked.plan.timing.back.setCurrentIndex(THEN)
    asked.plan.message.setPlainText("Fêtes")
    asked.plan.confirm.click()
    going_live = visit.page.editor.going_live
    visit.until(lambda: going_live.dialog is None or asked.code.isVisible())
    if going_live.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: going_live.dialog is None)


def test_a_flow_goes_live_and_comes_back_while_one_looks_at_it(
    visit: Visit, timed: TimedPublications
) -> None:
    new_flow(visit, "Essai")
    publish(visit)
    retitle(visit, "Au revoir et joyeuses fêtes")
    strip = visit.page.editor.notices.planned
    assert strip.text == ""
    plan(visit)
    visit.until(lambda: "mise en ligne le" in plain(strip.text))
    assert plain(strip.text).startswith("SVI « Essai » : mise en ligne le ")
    (made,) = timed.open
    editor = visit.page.editor
    for instant in (made.at, made.returns_at):
        assert instant is not None
        visit.service.clock.set(instant)
        assert visit.service.service is not None
        tick(visit.service.service)
        visit.seat.engine.sync_once()
        visit.until(lambda seen=strip.text: strip.text != seen)  # type: ignore[misc]  # bound now
    assert strip.text == ""
    visit.until(lambda: visit.row("Essai").live_revision == 3)
    visit.page.show_list()
    assert editor.notices.planned.text == ""


def test_another_flow_has_nothing_planned(visit: Visit, timed: TimedPublications) -> None:
    new_flow(visit, "Autre essai")
    publish(visit)
    retitle(visit, "À bientôt")
    plan(visit)
    visit.until(lambda: bool(timed.open))
    visit.until(lambda: bool(visit.page.editor.notices.planned.text))
    visit.open("Accueil principal")
    assert visit.page.editor.notices.planned.text == ""
    visit.open("Autre essai")
    assert visit.page.editor.notices.planned.text != ""
