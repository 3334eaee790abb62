"""A long load, seen from the last line of the window: told in numbers, paused by a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cx_desktop.models.sync_status import LoadFacts
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.text import Language as Tongue
from cx_desktop.views.shell.load_switch import load_words
from tests.fakes.program import Program
from tests.fakes.service import RunningService

COUNT = 30_000
NARROW = "\u202f"
FIXED = "\u00a0"


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        assert running.service is not None
        seed_recordings(running.service, COUNT)
        yield running


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, service: RunningService) -> Iterator[Program]:
    program = Program(qapp, tmp_path, service)
    yield program
    program.close()


def test_it_is_paused_by_a_key_stays_so_over_a_restart_and_goes_on(program: Program) -> None:
    bench = program.sign_in()
    bar = bench.shell.status_bar
    program.until(lambda: bar.load.isVisible() and "enregistrements" in bar.truth.text())
    assert bar.load.accessibleName() == "Mettre le chargement en pause"
    QTest.keyClick(bar.load, Qt.Key.Key_Space)
    program.until(lambda: bar.load.accessibleName() == "Reprendre le chargement")
    assert bar.truth.text().startswith(f"Chargement en pause{FIXED}: ")
    program.until(lambda: bench.workspace.sync_status.freshness.is_working is False)
    here = bench.workspace.sync_status.freshness.load
    assert here is not None
    assert here.rows < here.total == COUNT
    program.app.session.lock()
    program.unlock("claire.martin")
    bar = program.workbench.shell.status_bar
    program.until(lambda: bar.load.accessibleName() == "Reprendre le chargement")
    QTest.keyClick(bar.load, Qt.Key.Key_Space)
    program.until(lambda: bar.truth.text().startswith("Tout est synchronisé"))
    assert not bar.load.isVisible()


def test_on_a_line_that_is_paid_by_volume_one_may_load_anyway(program: Program) -> None:
    bench = program.sign_in()
    bar, holds = bench.shell.status_bar, bench.workspace.engine.holds
    program.until(lambda: bar.load.isVisible() and "enregistrements" in bar.truth.text())
    holds.line(is_metered=True)
    program.until(lambda: bar.load.accessibleName() == "Charger quand même")
    assert bar.truth.text().startswith("Connexion facturée au volume")
    program.app.settings.speak(Tongue.ENGLISH)
    assert bar.load.text() == "Load anyway"
    bar.load.click()
    program.until(lambda: bar.truth.text().startswith("Everything is in sync"))


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (
            LoadFacts(312_000, 1_000_000, 8_190.0),
            "312 000 sur 1 000 000 enregistrements · 8 200/s · encore 1~min 24~s",
        ),
        (LoadFacts(0, 10, 3.0), "0 sur 10 enregistrements · 3/s · encore 3~s"),
        (LoadFacts(5, 1_000_000), "5 sur 1 000 000 enregistrements"),
        (
            LoadFacts(1_000, 9_000_000, 500.0),
            "1 000 sur 9 000 000 enregistrements · 500/s · encore 4~h 59~min",
        ),
        (LoadFacts(9, 10, 1e6), "9 sur 10 enregistrements · 1 000 000/s · encore 0~s"),
    ],
)
def test_how_far_it_is_is_told_in_numbers(program: Program, load: LoadFacts, said: str) -> None:
    words = load_words(program.app.language, load)
    assert words.replace(NARROW, " ").replace(FIXED, "~") == said
