"""What the program says of a suspended project, by its own state and by the service's word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Edit
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Change
from cx_desktop.models.permissions import Permissions
from cx_desktop.service.store import entities
from cx_desktop.text import Language as Tongue
from tests.fakes.seat import Seat, look
from tests.fakes.service import RunningService

WAIT = 15_000


@pytest.fixture
def seat(qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    del qapp
    with RunningService() as service:
        seat = Seat(tmp_path, service)
        seat.engine.sync_once()
        seat.start()
        qtbot.waitUntil(lambda: seat.workspace.project is not None, timeout=WAIT)
        yield seat
        seat.close()


def put_into_state(seat: Seat, state: str) -> None:
    assert seat.service.service is not None
    assert seat.workspace.project is not None
    project_id = seat.workspace.project.id
    with seat.service.service.store.write() as txn:
        found = entities.load(txn.connection, "project", project_id)
        assert found is not None
        entities.save(txn, "project", project_id, project_id, found.data | {"state": state})


def test_verbs_that_change_something_say_that_the_project_is_suspended(
    seat: Seat, qtbot: QtBot
) -> None:
    permissions = Permissions(seat.workspace)
    assert permissions.allows(Verb.FLOW_EDIT)
    put_into_state(seat, "suspended")
    seat.workspace.sync_now()
    qtbot.waitUntil(lambda: not permissions.allows(Verb.FLOW_EDIT), timeout=WAIT)
    assert permissions.why_not(Verb.FLOW_PUBLISH) == "flows.reason.suspended"
    assert permissions.allows(Verb.FLOW_READ)
    put_into_state(seat, "active")
    seat.workspace.sync_now()
    qtbot.waitUntil(lambda: permissions.allows(Verb.FLOW_EDIT), timeout=WAIT)


def test_an_edit_that_came_too_late_is_kept_with_the_reason_and_can_be_sent_later(
    seat: Seat, qapp: QApplication
) -> None:
    assert seat.workspace.project is not None
    flow = seat.cache.rows("flow", project_id=seat.workspace.project.id)[0]
    put_into_state(seat, "suspended")
    change = Change(path=("description",), value="Trop tard", was=flow.data["description"])
    seat.cache.edit(Edit("flow", flow.id, (change,)))
    seat.engine.sync_once()
    (kept,) = seat.cache.conflicts()
    assert kept.problem is not None
    error = ServiceProblem(kept.problem)
    assert look(qapp, Tongue.FRENCH).language.explain(error)[0] == "Ce projet est suspendu"
    assert look(qapp, Tongue.ENGLISH).language.explain(error)[0] == "This project is suspended"
    put_into_state(seat, "active")
    seat.cache.resolve(kept.op_id, "mine")
    seat.engine.sync_once()
    assert seat.cache.conflicts() == ()
    row = seat.cache.row("flow", flow.id)
    assert row is not None
    assert row.data["description"] == "Trop tard"
