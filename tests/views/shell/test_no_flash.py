"""Nothing flashes: while the program builds its pages, no widget is on screen by itself."""

import traceback
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from typing_extensions import override

from tests.fakes.program import Program
from tests.fakes.service import RunningService


class Flashes(QObject):
    """Notes every window that is shown and is not the program's own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            is_own = isinstance(watched, QMainWindow) or watched.parent() is not None
            if watched.isWindow() and not is_own:
                frames = [f for f in traceback.extract_stack() if "tests" not in f.filename]
                self.seen.append(f"{type(watched).__name__} by {frames[-1] if frames else None}")
        return False


def test_no_widget_is_a_window_of_its_own_for_a_moment(
    qapp: QApplication, tmp_path: Path, service: RunningService
) -> None:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    program = Program(qapp, tmp_path, service)
    workbench = program.sign_in()
    lumen = next(each for each in workbench.workspace.projects if each.name == "Maison Lumen")
    workbench.workspace.select(lumen.id)
    program.until(lambda: len(workbench.desk.flows.rows) == 6)
    workbench.shell.go("settings")
    workbench.open_flow(workbench.desk.flows.rows[0].id)
    program.until(lambda: workbench.flows_page.editor.editing is not None)
    program.app.session.lock()
    program.unlock("claire.martin")
    program.close()
    qapp.removeEventFilter(flashes)
    assert flashes.seen == []
