"""Somebody with the page of recordings before them, on the real service and a sealed cache."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from cx_desktop.cache import Listed
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.settings import Settings
from cx_desktop.settings import SettingsFile
from cx_desktop.views.recordings.page import RecordingsPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 15_000


class Listener:
    """``page`` shows the recordings of the demo's project."""

    def __init__(
        self,
        folder: Path,
        service: RunningService,
        words: Look,
        qtbot: QtBot,
        role: str = "supervisor",
    ) -> None:
        self.qtbot, self.service, self.words = qtbot, service, words
        self.seat = Seat(folder, service, role)
        workspace = self.workspace = self.seat.workspace
        self.shared = FlowDesk(workspace, parent=workspace)
        self.seat.begin(self.until)
        self.desk = RecordingDesk(
            workspace,
            permissions=self.shared.permissions,
            step_ups=self.shared.step_ups,
            parent=workspace,
        )
        self.commands = Commands()
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.page = self.new_page()

    def new_page(self) -> RecordingsPage:
        """The page as it opens."""
        page = RecordingsPage(self.words, self.desk, commands=self.commands, settings=self.settings)
        page.resize(1096, 724)
        page.show()
        self.until(lambda: self.desk.rows.is_whole and bool(self.desk.names.agents))
        return page

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def settle(self) -> None:
        """What was asked for is here."""
        self.until(lambda: self.desk.rows.is_whole and self.seat.tasks.is_idle)

    def row(self, position: int) -> Listed:
        """A row, once it is here."""
        self.until(lambda: self.desk.rows.row(position) is not None)
        found = self.desk.rows.row(position)
        assert found is not None
        return found

    def rows(self) -> list[Listed]:
        """All rows; of short lists only."""
        return [self.row(position) for position in range(self.desk.rows.count)]

    def text(self, position: int, column: int = 0) -> str:
        """What a cell reads."""
        self.row(position)
        return str(self.page.table.model().index(position, column).data())

    def type(self, words: str) -> None:
        """Look for words."""
        self.page.bar.field.setText(words)
        self.page.bar.field.returnPressed.emit()
        self.settle()

    def close(self) -> None:
        self.page.close_page()
        self.desk.close()
        self.shared.close()
        self.page.close()
        self.page.deleteLater()
        self.seat.close()


@contextmanager
def listening(
    folder: Path,
    service: RunningService,
    words: Look,
    qtbot: QtBot,
    role: str = "supervisor",
) -> Iterator[Listener]:
    """Somebody who leaves in the end."""
    listener = Listener(folder, service, words, qtbot, role)
    try:
        yield listener
    finally:
        listener.close()
