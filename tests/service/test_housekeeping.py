"""What time makes superfluous goes; what somebody may still ask for stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cx_desktop.domain.patch import Change
from cx_desktop.service.housekeeping import sweep
from cx_desktop.service.service import Service
from cx_desktop.service.store import tables
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

PASSING = ["challenge", "step_up", "refresh_token", "failure", "idempotent_request"]


@pytest.fixture
def opened(service: RunningService) -> Service:
    assert service.service is not None
    return service.service


def count(service: Service, name: str) -> int:
    table = tables.metadata.tables[name]
    with service.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_sweeping_takes_what_is_over_and_signs_the_day(leo: Visitor, opened: Service) -> None:
    leo.begin(password="wrong")
    leo.begin()
    leo.step_up()
    flow = leo.flow("Messagerie de nuit")
    leo.post(f"/v1/flows/{flow['id']}/return", {"revision": 1, "message": "x"}, key="k")
    heads = count(opened, "audit_head")
    sweep(opened)
    assert all(count(opened, name) for name in PASSING)
    leo.service.clock.advance(timedelta(days=31))
    sweep(opened)
    assert not any(count(opened, name) for name in PASSING)
    assert count(opened, "audit_head") == heads + 1


def test_results_are_kept_until_their_device_has_them_and_they_are_old(
    leo: Visitor, opened: Service
) -> None:
    flow = leo.flow("Messagerie de nuit")
    leo.push(leo.op(flow, Change(("name",), "Nuit", flow["name"])))
    leo.service.clock.advance(timedelta(days=91))
    sweep(opened)
    assert count(opened, "op_result") == 1
    leo.sign_in()
    leo.push_raw([], acked_upto=1)
    sweep(opened)
    assert count(opened, "op_result") == 0
