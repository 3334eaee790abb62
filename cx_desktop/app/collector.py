"""Collects Python's cycles where Qt's objects live: on the GUI thread, between events.

CPython starts its collector on whichever thread happens to allocate. A cycle with a Qt object in
it that is collected on a worker thread ends there, and with it its timers and children, which Qt
forbids ("Timers cannot be stopped from another thread") and does not always survive. So the
collector is switched off, and called from a timer of the thread that owns the objects.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

#: How often the counters are looked at; a look that finds nothing to do costs microseconds.
LOOK_MS = 2_000
#: Walking the whole heap may take this share of the program's time, and no more.
FULL_SHARE = 1 / 1000

_YOUNG, _MIDDLE, _OLD = 0, 1, 2


class Collector(QObject):
    """Runs the collector on the thread that made it, for as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._next_full = 0.0
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(LOOK_MS)

    def look(self) -> None:
        """Collect the oldest generation that is due by CPython's own thresholds."""
        limits = zip(gc.get_count(), gc.get_threshold(), strict=True)
        is_due = [count > limit for count, limit in limits]
        began = time.monotonic()
        if is_due[_OLD] and began >= self._next_full:
            gc.collect(_OLD)
            ended = time.monotonic()
            self._next_full = ended + (ended - began) / FULL_SHARE
        elif is_due[_MIDDLE]:
            gc.collect(_MIDDLE)
        elif is_due[_YOUNG]:
            gc.collect(_YOUNG)
