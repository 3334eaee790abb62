"""A person with a desk of schedules, on the real service."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from cx_desktop.domain.schedules import Schedule
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.guarded import Guarded, GuardedStep
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import SCHEDULES, Shelved
from cx_desktop.models.schedule_cards import judge_schedule
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 15_000


class ObjectSeat:
    """Signed in, the project « Maison Lumen » in view."""

    def __init__(
        self, folder: Path, service: RunningService, qtbot: QtBot, role: str = "administrator"
    ) -> None:
        self.qtbot = qtbot
        self.service = service
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.flows = FlowDesk(workspace, parent=workspace)
        self.desk: ObjectDesk[Schedule] = ObjectDesk(
            SCHEDULES,
            workspace,
            permissions=self.flows.permissions,
            step_ups=self.flows.step_ups,
            judges={"schedule": judge_schedule},
            parent=workspace,
        )

    def start(self) -> None:
        """Sync, and bring the project into view."""
        self.seat.begin(self.until)
        self.until(lambda: self.has("Service client") and bool(self.row("Service client").uses))

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def has(self, name: str) -> bool:
        return any(each.name == name for each in self.desk.shelf.rows)

    def row(self, name: str) -> Shelved[Schedule]:
        return next(each for each in self.desk.shelf.rows if each.name == name)

    def fresh_code(self) -> str:
        self.service.clock.advance(timedelta(seconds=30))
        return self.service.code(self.seat.username)

    def confirm(self, guarded: Guarded) -> None:
        """Give a code if one is wanted, and wait for the answer."""
        last = {GuardedStep.CODE_WANTED, GuardedStep.DONE, GuardedStep.READY}
        self.until(lambda: guarded.step in last)
        if guarded.step is GuardedStep.CODE_WANTED:
            guarded.enter_code(self.fresh_code())
        self.until(lambda: guarded.step is GuardedStep.DONE)

    def close(self) -> None:
        self.desk.close()
        self.flows.close()
        self.seat.close()
