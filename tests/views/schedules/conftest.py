"""The page « Horaires » over a signed-in seat on the real service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.schedules import Schedule
from cx_desktop.models.commands import Commands
from cx_desktop.models.emergencies import Emergencies
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.models.settings import Settings
from cx_desktop.settings import SettingsFile
from cx_desktop.views.emergency.closing import Closing
from cx_desktop.views.schedules.page import SchedulesPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService
from tests.models.object_seat import ObjectSeat


def plain(text: str) -> str:
    """A text with ordinary spaces, to be compared with what one types."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Visit(ObjectSeat):
    """Somebody with the page before them."""

    def __init__(
        self,
        folder: Path,
        service: RunningService,
        words: Look,
        qtbot: QtBot,
        role: str = "administrator",
    ) -> None:
        super().__init__(folder, service, qtbot, role)
        self.words = words
        self.commands = Commands()
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.emergencies = Emergencies(self.desk, parent=self.seat.workspace)
        self.page = SchedulesPage(
            words, self.desk, self.emergencies, commands=self.commands, settings=self.settings
        )
        self.closing = Closing(
            words,
            self.emergencies,
            self.commands,
            self.page.closed,
            window=lambda: self.page,
        )
        self.page.resize(1080, 720)
        self.page.show()
        self.start()

    def open(self, name: str) -> None:
        self.page.open(self.row(name).id)
        self.until(lambda: self.page.view.work is not None)

    def new(self) -> str:
        """A new schedule, made by the button and opened; its name."""
        self.page.show_list()
        self.page.list.new.click()
        self.until(lambda: self.page.view.work is not None)
        name = self.work.facts.name
        self.until(lambda: self.has(name))
        return name

    @property
    def work(self) -> ObjectWork[Schedule]:
        assert self.page.view.work is not None
        return self.page.view.work

    def close(self) -> None:
        self.page.close_page()
        self.emergencies.close()
        self.page.close()
        self.page.deleteLater()
        super().close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot)
    yield visit
    visit.close()
