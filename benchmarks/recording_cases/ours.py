"""The page of recordings over a million of them, offscreen."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import msgspec
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from benchmarks.recording_cases.library import PROJECT, opened
from benchmarks.recording_cases.measures import Measures, resident
from cx_desktop.models.commands import Commands
from cx_desktop.models.language import Language
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.settings import Settings
from cx_desktop.models.sync_status import SyncStatusModel
from cx_desktop.models.theme import Theme
from cx_desktop.models.workspace import Opening, Project, Workspace
from cx_desktop.overrides import override
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.settings import AppSettings, SettingsFile, resources
from cx_desktop.tasks import Tasks
from cx_desktop.views.recordings.page import RecordingsPage
from cx_desktop.views.widgets.icons import Icons
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.auth.opened import Opened
    from cx_desktop.models.permissions import Permissions
    from cx_desktop.models.step_up import StepUps
    from cx_desktop.sync import Engine


class Painted(QObject):
    """Whether something was painted since one asked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_so = False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.is_so = True
        return False


class Bench:
    """The page, and how long things take on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.application = QApplication([])
        self.look = self._look()
        self.painted = Painted()
        self.longest = 0.0
        self._ticking = QTimer(interval=1)
        self._ticking.start()

    def run(self) -> Measures:
        """All measures, in one go."""
        idle = resident()
        started = time.perf_counter()
        self._open()
        self._until_painted(0)
        opened_after = time.perf_counter() - started
        self._until(lambda: self.desk.rows.is_whole)
        started = time.perf_counter()
        self.desk.load()
        self.table.viewport().update()
        self._until(lambda: not self.desk.rows.is_whole)
        self._until_painted(0)
        first_paint = time.perf_counter() - started
        self._until(lambda: self.desk.rows.is_whole)
        whole = time.perf_counter() - started
        self.longest = 0.0
        jump = self._jump(self.desk.rows.count // 2)
        floor = self._floor(self.desk.rows.count // 2)
        for share in range(1, 60):
            self._jump(self.desk.rows.count * share // 60)
        measures = Measures(
            opened=1000 * opened_after,
            first_paint=1000 * first_paint,
            whole=1000 * whole,
            jump=1000 * jump,
            jump_floor=1000 * floor,
            memory=resident() - idle,
            count=self.desk.rows.count,
            longest=1000 * self.longest,
        )
        self.desk.close()
        self.tasks.close()
        self.cache.close()
        return measures

    def _jump(self, position: int) -> float:
        started = time.perf_counter()
        index = self.table.model().index(position, 0)
        self.table.scrollTo(index, self.table.ScrollHint.PositionAtTop)
        self._until_painted(position)
        return time.perf_counter() - started

    def _floor(self, position: int) -> float:
        """The same rows read and painted, nothing beside it."""
        places = self.desk.rows.places([range(position - position % 128, position + 128)])[:128]
        started = time.perf_counter()
        self.cache.recording_list.rows(places, self.desk.today)
        self.table.viewport().repaint()
        return time.perf_counter() - started

    def _until_painted(self, position: int) -> None:
        """Until a row is here, and painted since."""
        self._until(lambda: self.desk.rows.row(position) is not None)
        self.painted.is_so = False
        self.table.viewport().update()
        self._until(lambda: self.painted.is_so)

    def _until(self, true: Callable[[], bool]) -> None:
        """Wait as a window does, looking each millisecond: a busy loop would starve the pool."""
        while not true():
            started = time.thread_time()
            self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            self.longest = max(self.longest, time.thread_time() - started)

    def _open(self) -> None:
        clock = SystemClock()
        self.cache = opened(self.folder)
        self.tasks = Tasks()
        somebody = SimpleNamespace(floor=SimpleNamespace(now=lambda: datetime.now(UTC)))
        status = SyncStatusModel()
        workspace = Workspace(
            Opening(cast("Opened", somebody), self.cache, RandomIds(clock)),
            engine=cast("Engine", None),
            sync_status=status,
            tasks=self.tasks,
            clock=clock,
        )
        workspace.project = Project(PROJECT, "Bench", "", ("recording",), "Europe/Paris", "active")
        self.desk = RecordingDesk(
            workspace,
            permissions=cast("Permissions", None),
            step_ups=cast("StepUps", None),
            parent=workspace,
        )
        settings = Settings(SettingsFile(self.folder / "settings.json"), self.tasks)
        self.page = RecordingsPage(self.look, self.desk, commands=Commands(), settings=settings)
        self.table = self.page.table
        self.table.viewport().installEventFilter(self.painted)
        self.page.resize(1096, 724)
        self.page.show()
        self._kept = (workspace, status, settings)

    def _look(self) -> Look:
        language = Language(resources() / "text")
        theme = Theme(QGuiApplication.styleHints(), resources() / "theme.qss", AppSettings())
        self.application.setStyle("Fusion")
        self.application.setFont(theme.font(self.application.font()))
        self.application.setPalette(theme.palette())
        self.application.setStyleSheet(theme.style_sheet())
        icons = Icons(theme)
        icons.load()
        return Look(language, theme, icons)


if __name__ == "__main__":
    print(msgspec.json.encode(Bench(Path(sys.argv[1])).run()).decode(), flush=True)
