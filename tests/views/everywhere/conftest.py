"""The page « Rechercher » over a signed-in seat on the real service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.objects import Target
from cx_desktop.models.commands import Commands
from cx_desktop.models.everywhere.replacing import Replacing
from cx_desktop.models.everywhere.where_used import WhereUsed
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.views.everywhere.page import EverywherePage
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
        self.qtbot, self.service, self.words = qtbot, service, words
        self.seat = Seat(folder, service, role)
        workspace = self.workspace = self.seat.workspace
        self.desk = FlowDesk(workspace, parent=workspace)
        self.replacing = Replacing(workspace, self.desk.permissions, parent=workspace)
        self.used = WhereUsed(workspace, parent=workspace)
        self.commands = Commands()
        self.page = EverywherePage(
            words,
            self.replacing,
            self.used,
            commands=self.commands,
            current=lambda: Target("schedule", self.id_of("schedule", "Magasin Paris")),
        )
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: len(self.desk.flows.rows) >= 6)
        self.until(lambda: workspace.capabilities is not None)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def id_of(self, kind: str, name: str) -> str:
        project = self.workspace.project
        assert project is not None
        rows = self.workspace.cache.rows(kind, project_id=project.id)
        return next(row.id for row in rows if row.data["name"] == name)

    def draft(self, name: str) -> str:
        """The draft of a flow, as one text."""
        row = self.workspace.cache.row("flow", self.id_of("flow", name))
        assert row is not None
        return str(row.data["draft"])

    def look_for(self, text: str, by: str = "") -> None:
        panel = self.page.words
        panel.field.setText(text)
        panel.by.setText(by)
        panel.search()
        self.until(lambda: not self.replacing.is_busy and self.replacing.found is not None)
        self.replacing.judge(by)
        self.until(lambda: not self.replacing.is_judging and panel.tree.is_ready)

    def close(self) -> None:
        """Leave, after everything was sent: the next visitor meets the service as it was."""
        self.workspace.sync_now()
        self.until(lambda: self.workspace.cache.unsent().count == 0)
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


@pytest.fixture
def supervisor(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot, "supervisor")
    yield visit
    visit.close()
