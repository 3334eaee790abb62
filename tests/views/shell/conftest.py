"""The program with Claire signed in, over a service; both serve a whole module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cx_desktop.text import Language as Tongue
from tests.fakes.program import Program
from tests.fakes.service import RunningService


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture(scope="module")
def office(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, service: RunningService
) -> Iterator[Program]:
    program = Program(qapp, tmp_path_factory.mktemp("office"), service)
    program.sign_in()
    yield program
    program.close()


@pytest.fixture
def signed_in(office: Program) -> Program:
    """Claire at her desk, everything read, on Home."""
    if office.app.workbench is None:
        office.unlock("claire.martin")
    workbench = office.workbench
    office.app.settings.speak(Tongue.FRENCH)
    projects = workbench.workspace.projects
    lumen = next(each for each in projects if each.name == "Maison Lumen")
    workbench.workspace.select(lumen.id)
    workbench.shell.go("home")
    workbench.shell.help.hide()
    workbench.workspace.sync_now()
    office.until(lambda: workbench.workspace.sync_status.freshness.is_all_synced)
    office.until(lambda: len(workbench.desk.flows.rows) == 6)
    return office


@pytest.fixture
def alone(qapp: QApplication, tmp_path: Path, service: RunningService) -> Iterator[Program]:
    """A start of the program that the test may end, with Claire signed in."""
    program = Program(qapp, tmp_path, service)
    program.sign_in()
    yield program
    program.close()
