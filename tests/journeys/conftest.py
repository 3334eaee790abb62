"""A person at a real window on a real screen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QStyleFactory

from tests.walker import Visit, visit


@pytest.fixture
def qt(qapp: QApplication) -> QApplication:
    """The one Qt application, dressed as the program dresses it, on a real screen."""
    if not os.environ.get("DISPLAY"):
        pytest.skip("a journey needs a screen: python3 dev.py test starts a virtual one")
    qapp.setStyle(QStyleFactory.create("Fusion"))
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


@pytest.fixture
def person(qt: QApplication, tmp_path: Path) -> Iterator[Visit]:
    """Somebody who has just started the demo."""
    with visit(qt, tmp_path) as somebody:
        yield somebody
