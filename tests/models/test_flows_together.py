"""Two signed-in people on one project, on the real service, each with a cache of their own."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId, Slot, document_of
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.flow_verbs import Archived, Assigned, InUse
from cx_desktop.models.flow_work import FlowWork, Others, open_work
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.publishing import Publishing
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError

WAIT = 15_000


class Colleague:
    """A person with their desk of flows."""

    def __init__(self, folder: Path, service: RunningService, role: str, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.seat = Seat(folder, service, role)
        self.desk = FlowDesk(self.seat.workspace, parent=self.seat.workspace)
        self.seat.begin(self.until)
        self.until(lambda: len(self.desk.flows.rows) >= 6)

    def row(self, name: str) -> FlowRow:
        return next(row for row in self.desk.flows.rows if row.name == name)

    def has(self, name: str) -> bool:
        return any(row.name == name for row in self.desk.flows.rows)

    def until(self, true: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(true, timeout=WAIT)

    def open(self, name: str) -> FlowWork:
        found: list[FlowWork] = []
        open_work(
            self.desk.store,
            self.row(name).id,
            done=found.append,
            failed=lambda error: pytest.fail(str(error)),
        )
        self.until(lambda: bool(found))
        return found[0]

    def create(self, name: str) -> str:
        flow = Flow()
        start, changes = edits.add_node(flow, "start", (0.0, 0.0))
        flow = flow.with_changes(changes)
        end, changes = edits.add_node(flow, "hangup", (300.0, 0.0))
        flow = flow.with_changes(changes)
        flow = flow.with_changes(edits.link(Slot(start, ExitId("next")), end))
        with self._qtbot.waitSignal(self.desk.verbs.created, timeout=WAIT) as created:
            self.desk.verbs.create(self.desk.project_id, name, document_of(flow))
        self.until(lambda: self.has(name))
        assert created.args is not None
        return str(created.args[0])

    def close(self) -> None:
        self.desk.close()
        self.seat.close()


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def claire(
    qapp: QApplication, qtbot: QtBot, service: RunningService, tmp_path: Path
) -> Iterator[Colleague]:
    assert qapp is not None
    colleague = Colleague(tmp_path / "claire", service, "administrator", qtbot)
    yield colleague
    colleague.close()


@pytest.fixture
def leo(qtbot: QtBot, service: RunningService, tmp_path: Path) -> Iterator[Colleague]:
    colleague = Colleague(tmp_path / "leo", service, "flow_designer", qtbot)
    yield colleague
    colleague.close()


def carry_out(colleague: Colleague, publishing: Publishing, service: RunningService) -> Plan:
    """Look, confirm with a fresh code, and come back when it is done."""
    plans: list[Plan] = []
    publishing.done.connect(plans.append)
    publishing.carry_out("Essai")
    colleague.until(lambda: publishing.guarded.step is GuardedStep.CODE_WANTED or bool(plans))
    if not plans:
        service.clock.advance(timedelta(seconds=30))
        publishing.guarded.enter_code(service.code(colleague.seat.username))
    colleague.until(lambda: bool(plans))
    return plans[0]


def prepared(
    colleague: Colleague, publishing: Publishing, *, returns_to: int | None = None
) -> Plan:
    plans: list[Plan] = []
    publishing.prepared.connect(plans.append)
    publishing.unprepared.connect(lambda error: pytest.fail(str(error)))
    publishing.prepare(returns_to=returns_to)
    colleague.until(lambda: bool(plans))
    return plans[-1]


def test_an_edit_appears_at_a_colleague_with_the_name_of_who_made_it(
    claire: Colleague, leo: Colleague, qtbot: QtBot
) -> None:
    mine, theirs = claire.open("Service client"), leo.open("Service client")
    node = next(each for each in mine.graph.flow.nodes.values() if each.title)
    with qtbot.waitSignal(theirs.others_changed, timeout=WAIT) as told:
        mine.graph.do("editor.step.title", edits.set_title(node.id, "Un autre titre"))
    assert told.args is not None
    others: Others = told.args[0]
    assert others.arrival.who == "Claire Martin"
    assert not others.arrival.is_mine
    assert others.node == node.id
    assert theirs.graph.flow.nodes[node.id].title == "Un autre titre"
    claire.until(lambda: not mine.flow.is_unsent)
    mine.close()
    theirs.close()


def test_a_new_flow_is_published_with_a_fresh_code_and_seen_by_the_other(
    claire: Colleague, leo: Colleague, service: RunningService
) -> None:
    flow_id = claire.create("Essai de mise en service")
    assert claire.row("Essai de mise en service").state is ObjectState.NEVER
    publishing = claire.desk.publishing(flow_id)
    plan = prepared(claire, publishing)
    assert (plan.objects[0].is_first, plan.number, plan.blocking) == (True, 1, ())
    first = plan.objects[0].summary
    assert first is not None
    assert {each.kind for each in first.added} == {"start", "hangup"}
    carry_out(claire, publishing, service)
    claire.until(lambda: claire.row("Essai de mise en service").state is ObjectState.LIVE)
    leo.until(
        lambda: (
            leo.has("Essai de mise en service")
            and leo.row("Essai de mise en service").live_revision == 1
        )
    )


def test_the_second_publication_needs_no_code_within_ten_minutes(
    claire: Colleague, service: RunningService
) -> None:
    flow_id = claire.create("Deux fois")
    publishing = claire.desk.publishing(flow_id)
    prepared(claire, publishing)
    carry_out(claire, publishing, service)
    claire.until(lambda: claire.row("Deux fois").live_revision == 1)
    work = claire.open("Deux fois")
    work.graph.do("editor.step.title", edits.set_title(NodeId("hangup"), "Au revoir"))
    again = claire.desk.publishing(flow_id)
    plan = prepared(claire, again)
    second = plan.objects[0].summary
    assert second is not None
    assert [each.fields for each in second.changed] == [("title",)]
    assert not again.guarded.needs_code
    carry_out(claire, again, service)
    claire.until(lambda: claire.row("Deux fois").live_revision == 2)

    back = claire.desk.publishing(flow_id)
    plan = prepared(claire, back, returns_to=1)
    assert plan.number == 3
    carry_out(claire, back, service)
    claire.until(lambda: claire.row("Deux fois").live_revision == 3)
    revisions = claire.desk.revisions(flow_id)
    revisions.load()
    claire.until(lambda: len(revisions.rows) == 3)
    assert [(row.number, row.is_live, row.returned_from) for row in revisions.rows] == [
        (3, True, 1),
        (2, False, None),
        (1, False, None),
    ]
    revisions.close()
    work.close()


def test_a_blocking_finding_is_in_the_plan(claire: Colleague, qtbot: QtBot) -> None:
    flow_id = claire.create("Incomplet")
    work = claire.open("Incomplet")
    _menu, changes = edits.add_node(work.graph.flow, "menu", (200.0, 0.0))
    with qtbot.waitSignal(work.flow.saved, timeout=WAIT):
        work.graph.do("editor.step.add", changes)
    plan = prepared(claire, claire.desk.publishing(flow_id))
    assert plan.blocking
    claire.until(lambda: claire.row("Incomplet").blocking == len(plan.blocking))
    work.close()


def test_a_draft_that_somebody_changed_after_the_look_is_not_published(
    claire: Colleague, leo: Colleague, service: RunningService
) -> None:
    flow_id = claire.create("Regardé trop tôt")
    publishing = claire.desk.publishing(flow_id)
    prepared(claire, publishing)
    leo.until(lambda: leo.has("Regardé trop tôt"))
    theirs = leo.open("Regardé trop tôt")
    before = theirs.flow.entity["ver"]
    theirs.graph.do("editor.step.title", edits.set_title(NodeId("hangup"), "Au revoir"))
    leo.until(lambda: theirs.flow.entity["ver"] != before and not theirs.flow.is_unsent)
    errors: list[CXError] = []
    publishing.failed.connect(errors.append)
    publishing.carry_out("Essai")
    service.clock.advance(timedelta(seconds=30))
    publishing.guarded.enter_code(service.code(claire.seat.username))
    claire.until(lambda: bool(errors))
    assert errors[0].key == "problem.stale-version"
    assert errors[0].params["who"] == "Léo Bernard"
    theirs.close()


def test_a_flow_in_use_is_not_archived_and_says_by_whom(claire: Colleague, qtbot: QtBot) -> None:
    with qtbot.waitSignal(claire.desk.verbs.in_use, timeout=WAIT) as told:
        claire.desk.verbs.archive([claire.row("Messagerie de nuit").id])
    assert told.args is not None
    in_use: InUse = told.args[0]
    assert in_use.name == "Messagerie de nuit"
    assert "Messages du soir" in {use.name for use in in_use.uses}


def test_a_free_flow_is_archived_and_taken_out_again(claire: Colleague, qtbot: QtBot) -> None:
    flow_id = claire.create("À ranger")
    with qtbot.waitSignal(claire.desk.verbs.archived, timeout=WAIT) as told:
        claire.desk.verbs.archive([flow_id])
    assert told.args == [Archived(ids=(flow_id,), names=("À ranger",))]
    claire.until(lambda: claire.row("À ranger").is_archived)
    with qtbot.waitSignal(claire.desk.verbs.restored, timeout=WAIT):
        claire.desk.verbs.restore([flow_id])
    claire.until(lambda: not claire.row("À ranger").is_archived)


def test_a_number_is_led_to_another_flow(claire: Colleague, qtbot: QtBot) -> None:
    number = next(each for each in claire.desk.read_numbers() if each.flow_id is None)
    target = claire.row("Service client")
    with qtbot.waitSignal(claire.desk.verbs.assigned, timeout=WAIT) as told:
        claire.desk.verbs.assign(number.id, target.id)
    assert told.args is not None
    assigned: Assigned = told.args[0]
    assert (assigned.flow_id, assigned.before) == (target.id, None)
    claire.until(
        lambda: number.label in [each.label for each in claire.row("Service client").numbers]
    )


def test_without_the_service_work_goes_on_and_guarded_verbs_say_what_they_need(
    claire: Colleague, service: RunningService, qtbot: QtBot
) -> None:
    flow_id = claire.create("Sans réseau")
    claire.until(lambda: not claire.row("Sans réseau").is_unsent)
    service.stop()
    try:
        work = claire.open("Sans réseau")
        with qtbot.waitSignal(work.flow.saved, timeout=WAIT):
            work.graph.do("editor.step.title", edits.set_title(NodeId("hangup"), "Au revoir"))
        claire.until(lambda: claire.row("Sans réseau").is_unsent)
        with qtbot.waitSignal(claire.desk.later.offered, timeout=WAIT) as told:
            claire.desk.verbs.archive([flow_id])
        assert told.args is not None
        offer = told.args[0]
        with qtbot.waitSignal(claire.desk.later.failed, timeout=WAIT) as refused:
            claire.desk.later.decide(offer, offer.earliest)
        assert refused.args is not None
        assert refused.args[0].key == "problem.edits-first"
        work.close()
    finally:
        service.start()
    claire.seat.workspace.sync_now()
    claire.until(lambda: not claire.row("Sans réseau").is_unsent)
