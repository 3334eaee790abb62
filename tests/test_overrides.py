"""A bug in a method that Qt calls is told; it does not end the process."""

import subprocess
import sys

import pytest

PROGRAM = """
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack
import shiboken6
from cx_desktop.overrides import override

gone = QObject()
shiboken6.delete(gone)
bugs = {"type": lambda: len(3), "index": lambda: [][1], "gone": lambda: gone.objectName()}

class Command(QUndoCommand):
    @override
    def redo(self):
        bugs["%s"]()

stack = QUndoStack()
try:
    stack.push(Command("bug"))
except (TypeError, IndexError, RuntimeError):
    print("told")
"""


@pytest.mark.parametrize("bug", ["type", "index", "gone"])
def test_a_bug_where_qt_calls_is_told(bug: str) -> None:
    program = [sys.executable, "-c", PROGRAM % bug]
    done = subprocess.run(  # noqa: S603  (our own program)
        program, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "told\n"), done.stderr
