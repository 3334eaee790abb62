"""The strip of the week's worklist, and the page of scores."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings import Filters
from cx_desktop.models.recordings.results import Results
from cx_desktop.views.recordings.results_page import ResultsPage
from cx_desktop.views.recordings.worklist_strip import WorklistStrip
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService, recorded
from tests.models.recordings.test_worklists import Team


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(400) as service:
        yield service


@pytest.fixture
def ines(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Team]:
    team = Team(tmp_path / "ines", service, qtbot, "supervisor")
    yield team
    team.close()


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_worklist_is_made_worked_through_and_told(ines: Team, words: Look, qtbot: QtBot) -> None:
    strip = WorklistStrip(words, ines.lists)
    strip.filters_wanted.connect(lambda give: give(Filters(direction="in")))
    page = ResultsPage(words, Results(ines.seat.workspace))
    try:
        strip.show()
        qtbot.waitUntil(strip.new.isEnabled)
        assert strip.next.isHidden()
        strip.new.click()
        assert strip.editor.name.text() == "Écoutes de la semaine"
        strip.editor.quota.setValue(1)
        QTest.keyClick(strip.editor.name, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: strip.choice.currentText() == "Écoutes de la semaine")
        assert strip.editor.isHidden()
        strip.before.click()
        strip.before.click()
        qtbot.waitUntil(strip.next.isEnabled)
        total = ines.lists.progress.total
        assert strip.count.text() == f"0 sur {total}"
        ines.hear()
        qtbot.waitUntil(lambda: strip.count.text() == f"1 sur {total}")
        evaluation = ines.review.scoring.mine
        assert evaluation is not None
        strip.tell_finished(evaluation, is_next_here=True)
        said = f"{evaluation.agent_name} : évaluation terminée, 100 %. L’appel suivant est ouvert."
        assert plain(strip.told.text) == said
        with qtbot.waitSignal(strip.back_wanted):
            strip.told.buttons[0].click()
        page.resize(900, 500)
        page.show()
        qtbot.waitUntil(page.plot.isVisible)
        assert "100 %" in plain(page.plot.accessibleDescription())
        assert page.agents.topLevelItemCount() == 2
        assert not page.grab().isNull()
        strip.drop.click()
        strip.told.buttons[0].click()
        qtbot.waitUntil(lambda: ines.lists.current is None)
        qtbot.waitUntil(strip.next.isHidden)
    finally:
        page._results.close()
        ines.until_quiet()
        for each in (strip, page):
            each.close()
            each.deleteLater()
        page._results.deleteLater()
