"""The SVI page over a signed-in seat on the real service; the service serves a whole module."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.settings import Settings
from cx_desktop.settings import SettingsFile
from cx_desktop.views.flows.flows_page import FlowsPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 15_000


class Visit:
    """Somebody with the page before them."""

    def __init__(
        self,
        folder: Path,
        service: RunningService,
        words: Look,
        qtbot: QtBot,
        role: str = "administrator",
    ) -> None:
        self.qtbot = qtbot
        self.service = service
        self.words = words
        self.seat = Seat(folder, service, role)
        self.desk = FlowDesk(self.seat.workspace, parent=self.seat.workspace)
        self.commands = Commands()
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.page = FlowsPage(words, self.desk, commands=self.commands, settings=self.settings)
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: len(self.desk.flows.rows) >= 6)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def row(self, name: str) -> FlowRow:
        return next(row for row in self.desk.flows.rows if row.name == name)

    def shown(self) -> list[str]:
        """The names in the list as it is filtered and sorted."""
        filtered = self.page.list.table.filtered
        return [str(filtered.index(row, 0).data()) for row in range(filtered.rowCount())]

    def select(self, name: str) -> None:
        self.page.list.select(self.row(name).id)

    def run(self, name: str) -> None:
        """Trigger a verb of the list."""
        self.page.actions_of_list.action(name).trigger()

    def open(self, name: str) -> None:
        self.page.open(self.row(name).id)
        self.until(lambda: self.page.editor.editing is not None)

    def fresh_code(self) -> str:
        self.service.clock.advance(timedelta(seconds=30))
        return self.service.code(self.seat.username)

    def close(self) -> None:
        self.page.close_page()
        self.desk.close()
        self.page.close()
        self.page.deleteLater()
        self.seat.close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot)
    yield visit
    visit.close()
