"""The program at its door, over a service that serves a whole module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.fakes.program import Program
from tests.fakes.service import RunningService


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, service: RunningService) -> Iterator[Program]:
    started = Program(qapp, tmp_path, service)
    yield started
    started.close()
