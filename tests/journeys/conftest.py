"""A person at a real window on a real screen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QStyleFactory

from tests.fakes.watchdog import Watchdog
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
def person(
    qt: QApplication, tmp_path: Path, record_property: Callable[[str, object], None]
) -> Iterator[Visit]:
    """Somebody who has just started the demo, watched for calls over 50 ms on the GUI thread.

    Times depend on the machine, so they are reported and never asserted.
    """
    with visit(qt, tmp_path) as somebody, Watchdog() as watchdog:
        yield somebody
    record_property("gui_calls_over_50_ms", len(watchdog.bites))
    for bite in sorted(watchdog.bites, reverse=True)[:5]:
        print(f"GUI thread busy for {bite.seconds * 1000:.0f} ms:\n{bite.where}")
