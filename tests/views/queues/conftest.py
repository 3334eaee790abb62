"""The page « Files d’attente » over a signed-in seat on the real service."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.queues import Queue
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import QUEUES, Shelved
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.models.queues import QueueAround, judge_of
from cx_desktop.models.settings import Settings
from cx_desktop.settings import SettingsFile
from cx_desktop.views.queues.form import QueueForm
from cx_desktop.views.queues.page import QueuesPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 15_000


def plain(text: str) -> str:
    """A text with ordinary spaces, to be compared with what one types."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


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
        self.qtbot, self.service, self.words = qtbot, service, words
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.flows = FlowDesk(workspace, parent=workspace)
        self.desk: ObjectDesk[Queue] = ObjectDesk(
            QUEUES,
            workspace,
            permissions=self.flows.permissions,
            step_ups=self.flows.step_ups,
            judges={"queue": judge_of(workspace)},
            parent=workspace,
        )
        self.around = QueueAround(self.desk, parent=workspace)
        self.commands = Commands()
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.page = QueuesPage(
            words, self.desk, self.around, commands=self.commands, settings=self.settings
        )
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: self.has("Ventes") and bool(self.row("Ventes").uses))
        self.until(lambda: len(self.around.context.queue_facts or ()) >= 3)
        self.until(lambda: workspace.capabilities is not None)

    @property
    def form(self) -> QueueForm:
        return self.page.form

    @property
    def work(self) -> ObjectWork[Queue]:
        assert self.page.view.work is not None
        return self.page.view.work

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(plain(each) for each in self.form.findings.lines)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def has(self, name: str) -> bool:
        return any(each.name == name for each in self.desk.shelf.rows)

    def row(self, name: str) -> Shelved[Queue]:
        return next(each for each in self.desk.shelf.rows if each.name == name)

    def id_of(self, kind: str, name: str) -> str:
        names = self.around.context.names_of(kind) or {}
        return next(key for key, each in names.items() if each == name)

    def open(self, name: str) -> None:
        self.page.open(self.row(name).id)
        self.until(lambda: self.page.view.work is not None)

    def new(self) -> str:
        """A new queue, made by the button and opened; its name."""
        self.page.show_list()
        self.page.list.new.click()
        self.until(lambda: self.page.view.work is not None)
        name = self.work.facts.name
        self.until(lambda: self.has(name))
        return name

    def choose(self, field: str, target: str) -> None:
        """Choose an object in a list, as a click does."""
        box = self.form.references[field]
        row = box.findData(target)
        assert row >= 0
        box.setCurrentIndex(row)
        box.activated.emit(row)

    def fresh_code(self) -> str:
        self.service.clock.advance(timedelta(seconds=30))
        return self.service.code(self.seat.username)

    def close(self) -> None:
        self.page.close_page()
        self.desk.close()
        self.flows.close()
        self.page.close()
        self.page.deleteLater()
        self.seat.close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot)
    yield visit
    visit.close()


@pytest.fixture
def supervisor(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot, "supervisor")
    yield visit
    visit.close()
