"""What every test may use, and what must hold after each of them."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

DOMAIN = Path(__file__).parent / "domain"

#: What a process of tests may take: one that takes more fails with a place to look at, and does
#: not take the machine with it.
MOST_BYTES = 12 << 30

#: So many objects may be made, and not ended, before somebody looks which are garbage.
MOST_GARBAGE = 200_000

#: The normal run plays the same examples each time: a change is judged by what it changes. What no
#: example has met yet is looked for at night (``--hypothesis-profile=explore``), as is kept then
#: what failed (``.hypothesis``).
settings.register_profile("gate", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile("gate")


def pytest_configure() -> None:
    """Bound the memory, where the system can."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  (there is none on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, resource.RLIM_INFINITY))


@pytest.fixture
def qtbot(qapp: "QApplication", request: pytest.FixtureRequest) -> "QtBot":
    """What waits for windows, as long as it takes on a busy machine."""
    from tests.fakes.bot import PatientBot  # noqa: PLC0415  (most tests know no Qt)

    assert qapp is not None
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["cx-desktop"]


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The application as the program has it: our own look on every system."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  (tests of the domain load no Qt)

    QApplication.setStyle("Fusion")
    return QApplication


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """After each test no window is left that was not there before it."""
    before = _windows()
    yield
    assert _windows() - before == set()


def _windows() -> set[str]:
    if "PySide6.QtWidgets" not in sys.modules:
        return set()
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415  (as above)
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  (as above)

    if QCoreApplication.instance() is None:
        return set()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {repr(each) for each in QApplication.topLevelWidgets() if each.parent() is None}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A cycle with a Qt object in it is collected on the GUI thread only, as the program does it.

    A worker thread that happened to set the collector off would end the object's timers from the
    wrong side. Tests of the domain have neither threads nor Qt, and keep the collector: some of
    them make gigabytes of garbage.
    """
    is_alone = item.path.is_relative_to(DOMAIN)
    if not is_alone:
        gc.disable()
    elif not gc.isenabled():
        gc.collect()
        gc.enable()


def pytest_runtest_logfinish() -> None:
    """Collect now and then between tests, on the thread that owns Qt's objects."""
    if not gc.isenabled() and gc.get_count()[0] > MOST_GARBAGE:
        gc.collect()


def pytest_sessionfinish() -> None:
    """Let go of what was copied: without a screen Qt keeps it until Python is gone, and crashes."""
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  (as above)

        if QGuiApplication.instance() is not None:
            QGuiApplication.clipboard().clear()
