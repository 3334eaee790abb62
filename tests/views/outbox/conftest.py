"""The page « Modifications à envoyer » over a signed-in seat on the real service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Cache, Edit, Row
from cx_desktop.domain.patch import change
from cx_desktop.models.outbox.kept import Keeping
from cx_desktop.models.outbox.outbox import Outbox
from cx_desktop.views.outbox.page import OutboxPage
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
        *,
        syncs: bool = True,
    ) -> None:
        self.qtbot, self.service, self.words = qtbot, service, words
        self.seat = Seat(folder, service)
        self.cache_folder = folder / "there"
        self.workspace = self.seat.workspace
        self.cache = self.seat.cache
        self.outbox = Outbox(self.workspace, parent=self.workspace)
        self.keeping = Keeping(self.workspace, parent=self.workspace)
        self.page = OutboxPage(words, self.outbox, self.keeping, now=service.clock.now)
        self.page.resize(1080, 720)
        self.page.show()
        if syncs:
            self.seat.start()
            self.until(lambda: bool(self.workspace.projects))
        else:
            self.seat.engine.sync_once()
        self.until(lambda: self.outbox.listing is not None)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def row(self, kind: str, name: str) -> Row:
        return next(row for row in self.cache.rows(kind) if row.data["name"] == name)

    def edit(self, row: Row, *path: str, to: object) -> str:
        return self.edit_in(self.cache, row, *path, to=to)

    def edit_in(self, cache: Cache, row: Row, *path: str, to: object) -> str:
        now = cache.row(row.type, row.id)
        assert now is not None
        return cache.edit(Edit(row.type, row.id, (change(now.data, path, to),)))[0]

    def offline(self) -> None:
        """The service goes away, and that is noticed."""
        self.service.stop()
        self.workspace.sync_now()
        self.until(lambda: not self.workspace.sync_status.freshness.is_online)

    def online(self) -> None:
        """The service is back, and everything that can go has gone."""
        self.service.start()
        self.workspace.sync_now()
        self.until(lambda: self.workspace.sync_status.freshness.is_online)

    def lines(self) -> tuple[str, ...]:
        """What is listed, with plain spaces."""
        return tuple(plain(each) for each in self.page.lines)

    def close(self) -> None:
        if not self.service.is_running:
            self.service.start()
        self.page.close()
        self.page.close_page()
        QApplication.clipboard().clear()
        self.page.deleteLater()
        self.seat.close()


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot)
    yield visit
    visit.close()


@pytest.fixture
def still(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    """Somebody whose program syncs only when the test says so."""
    visit = Visit(tmp_path, service, words, qtbot, syncs=False)
    yield visit
    visit.close()
