"""The page « Messages » over a signed-in seat on the real service."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.audio import Sound, to_wave
from cx_desktop.domain.prompts import Prompt, Spoken
from cx_desktop.models.commands import Commands
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import PROMPTS
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.prompts.around import judge_of
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.models.settings import Settings
from cx_desktop.models.step_up import StepUps
from cx_desktop.settings import SettingsFile
from cx_desktop.views.prompts.form import PromptForm
from cx_desktop.views.prompts.page import PromptsPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService
from tests.fakes.sound import FakeDevices

WAIT = 15_000


def tone(seconds: float = 1.0, level: float = 0.1, rate: int = 44_100) -> Sound:
    """A sound that is neither silent nor too loud."""
    at = np.arange(int(seconds * rate)) / rate
    return Sound((level * np.sin(2 * np.pi * 440 * at)).astype(np.float32), rate)


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
        self.qtbot, self.service, self.folder = qtbot, service, folder
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.devices = FakeDevices()
        step_ups = StepUps(
            calls=lambda: workspace.client.sessions,
            tasks=workspace.tasks,
            clock=workspace.clock,
            parent=workspace,
        )
        self.desk: ObjectDesk[Prompt] = ObjectDesk(
            PROMPTS,
            workspace,
            permissions=Permissions(workspace, parent=workspace),
            step_ups=step_ups,
            judges={"prompt": judge_of(workspace)},
            parent=workspace,
        )
        self.sounds = Sounds(workspace, self.devices, parent=workspace)
        self.commands = Commands()
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.page = PromptsPage(
            words, self.desk, self.sounds, commands=self.commands, settings=self.settings
        )
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: len(self.desk.shelf.rows) >= 2)
        self.until(lambda: workspace.capabilities is not None)

    @property
    def form(self) -> PromptForm:
        return self.page.form

    @property
    def work(self) -> ObjectWork[Prompt]:
        assert self.page.view.work is not None
        return self.page.view.work

    @property
    def spoken(self) -> Spoken:
        return self.work.draft.languages["fr-FR"]

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def new(self) -> None:
        """A new prompt, open."""
        before = self.page.view.work
        self.page.start_new()
        self.until(lambda: self.page.view.work not in (None, before))

    def write(self, text: str) -> None:
        self.form.text.box.setPlainText(text)
        self.form.text.settle()
        self.until(lambda: self.spoken.text == text)

    def file(self, sound: Sound, name: str = "accueil.wav") -> Path:
        path = self.folder / name
        path.write_bytes(to_wave(sound))
        return path

    def bring(self, path: Path) -> None:
        self.form.sound.import_file(path)
        self.until(lambda: self.form.sound.brought.shown is not None)

    def take(self) -> None:
        self.form.sound.brought.take.click()
        self.until(lambda: self.spoken.audio is not None)

    @property
    def findings(self) -> str:
        return "\n".join(self.form.findings.lines)

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


@pytest.fixture
def supervisor(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot, "supervisor")
    yield visit
    visit.close()
