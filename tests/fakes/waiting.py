"""Waits for something to become true while the window goes on living."""

import time
from collections.abc import Callable

from PySide6.QtTest import QTest

PATIENCE = 30.0


def wait_until(true: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    """Come back as soon as it is true; fail when it does not come about."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come about"
        QTest.qWait(10)
