"""P1: from exec to the first painted window, and its memory, against a bare window."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Row, interleaved

RUNS = 9
_GOAL = "≤ 1.5×"
_LIMIT = 1.5

#: Both children print one line at their first paint: milliseconds since exec, peak RSS in MiB.
_TELL = """
def tell():
    import os, re, sys, time
    took = (time.monotonic() - float(sys.argv[1])) * 1000
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
    sys.stdout.write(f"{took} {peak}\\n"); sys.stdout.flush()
    os._exit(0)
"""
_BARE = (
    _TELL
    + """
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, tell)
        return False
app = QApplication([])
window = QMainWindow()
window.resize(1240, 780)
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
"""
)
_OURS = (
    _TELL
    + """
import gc
gc.disable()  # as cx_desktop.cli.window does
from cx_desktop.app.run import run
run(shown=lambda _application: tell())
"""
)


def _started(source: str, home: str) -> tuple[float, float]:
    keep = ("PATH", "DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM", "LANG")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment["HOME"] = home
    if "DISPLAY" not in environment:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    words = [sys.executable, "-c", source, str(time.monotonic())]
    done = subprocess.run(
        words,
        env=environment,
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
        timeout=60,
    )
    took, peak = done.stdout.split()[-2:]
    return float(took), float(peak)


def run() -> list[Row]:
    """The sign-in page against a bare QMainWindow."""
    with tempfile.TemporaryDirectory() as home:
        _started(_OURS, home), _started(_BARE, home)  # compiled and in the page cache
        peaks: dict[str, list[float]] = {_OURS: [], _BARE: []}

        def timed(source: str) -> Callable[[], float]:
            def measure() -> float:
                took, peak = _started(source, home)
                peaks[source].append(peak)
                return took

            return measure

        ours, theirs = interleaved(timed(_OURS), timed(_BARE), runs=RUNS)
    memory = [sorted(peaks[source])[RUNS // 2] for source in (_OURS, _BARE)]
    platform = "X11" if "DISPLAY" in os.environ else "offscreen"
    return [
        _row(f"exec to first paint of the sign-in page ({platform})", "ms", ours, theirs),
        _row("peak memory by then", "MiB", *memory),
    ]


def _row(what: str, unit: str, ours: float, theirs: float) -> Row:
    return Row(
        bench="startup",
        what=what,
        against="bare PySide6 QMainWindow",
        unit=unit,
        ours=ours,
        theirs=theirs,
        goal=_GOAL,
        met=ours <= _LIMIT * theirs,
        runs=RUNS,
    )
