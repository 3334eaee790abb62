"""What tests of pages share: a running service for each file, and words in French."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import look
from tests.fakes.service import RunningService


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def words(qapp: QApplication) -> Look:
    return look(qapp)
