"""Schedules of a project on this device: listed, made, edited, published, put away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.objects import Target
from cx_desktop.domain.schedules import Schedule
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.publishing import Publishing
from cx_desktop.models.objects.work import ObjectWork
from tests.fakes.service import RunningService
from tests.models.object_seat import WAIT, ObjectSeat

#: Whole, as the page makes one: what the service would add would come back as news.
MORNINGS = {
    "time_zone": "Europe/Paris",
    "weekly": {"mon": [["09:00", "12:00"]]},
    "public_holidays": "fr",
    "exceptions": {},
}


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def claire(
    qapp: QApplication, qtbot: QtBot, service: RunningService, tmp_path: Path
) -> Iterator[ObjectSeat]:
    assert qapp is not None
    seat = ObjectSeat(tmp_path / "claire", service, qtbot)
    seat.start()
    yield seat
    seat.close()


def made(seat: ObjectSeat, name: str, draft: dict[str, object] | None = None) -> str:
    with seat.qtbot.waitSignal(seat.desk.shelf.created, timeout=WAIT) as created:
        seat.desk.shelf.create(name, draft or dict(MORNINGS))
    seat.until(lambda: seat.has(name))
    assert created.args is not None
    return str(created.args[0])


def opened(seat: ObjectSeat, object_id: str) -> ObjectWork[Schedule]:
    found: list[ObjectWork[Schedule]] = []
    seat.desk.open(object_id, done=found.append, failed=lambda error: pytest.fail(str(error)))
    seat.until(lambda: bool(found))
    return found[0]


def planned(seat: ObjectSeat, publishing: Publishing, returns_to: int | None = None) -> Plan:
    plans: list[Plan] = []
    publishing.prepared.connect(plans.append)
    publishing.unprepared.connect(lambda error: pytest.fail(str(error)))
    publishing.prepare(returns_to=returns_to)
    seat.until(lambda: bool(plans))
    return plans[-1]


def publish(seat: ObjectSeat, *names: str) -> Plan:
    publishing = seat.desk.publishing(*(Target("schedule", seat.row(each).id) for each in names))
    plan = planned(seat, publishing)
    publishing.carry_out("Essai")
    seat.confirm(publishing.guarded)
    seat.until(lambda: all(seat.row(each).state is ObjectState.LIVE for each in names))
    return plan


def test_the_list_says_how_each_one_stands_and_who_uses_it(claire: ObjectSeat) -> None:
    names = [row.name for row in claire.desk.shelf.rows if not row.is_archived]
    assert {"Magasin Paris", "Service client"} <= set(names)
    assert names == sorted(names, key=str.casefold)
    row = claire.row("Magasin Paris")
    assert row.state is ObjectState.LIVE
    assert row.live is not None
    assert {use.type for use in row.uses} == {"flow", "queue"}


def test_a_new_one_is_here_at_once_and_nothing_of_it_is_live(claire: ObjectSeat) -> None:
    claire.service.stop()
    try:
        made(claire, "Sans réseau")
        row = claire.row("Sans réseau")
        assert (row.state, row.live, row.is_unsent) == (ObjectState.NEVER, None, True)
    finally:
        claire.service.start()
    claire.seat.workspace.sync_now()
    claire.until(lambda: not claire.row("Sans réseau").is_unsent)


def test_names_and_drafts_change_at_once(claire: ObjectSeat) -> None:
    object_id = made(claire, "À renommer")
    claire.desk.shelf.set_field(object_id, "name", "Renommé")
    claire.until(lambda: claire.has("Renommé"))
    work = opened(claire, object_id)
    assert work.do("schedules.step.week", [(("weekly", "tue"), (("10:00", "11:00"),))])
    claire.until(lambda: claire.row("Renommé").draft.weekly.get("tue") == (("10:00", "11:00"),))
    work.close()


def test_what_is_used_stays_and_says_by_whom(claire: ObjectSeat) -> None:
    with claire.qtbot.waitSignal(claire.desk.shelf.in_use, timeout=WAIT) as refused:
        claire.desk.shelf.archive(claire.row("Service client").id)
    assert refused.args is not None
    assert refused.args[0].uses


def test_what_nobody_uses_is_put_away_and_taken_out_again(claire: ObjectSeat) -> None:
    object_id = made(claire, "De trop")
    with claire.qtbot.waitSignal(claire.desk.shelf.archived, timeout=WAIT):
        claire.desk.shelf.archive(object_id)
    claire.until(lambda: claire.row("De trop").is_archived)
    with claire.qtbot.waitSignal(claire.desk.shelf.restored, timeout=WAIT):
        claire.desk.shelf.restore(object_id)
    claire.until(lambda: not claire.row("De trop").is_archived)


def test_without_the_service_nothing_is_put_away_but_may_be_decided(claire: ObjectSeat) -> None:
    object_id = made(claire, "Gardé")
    claire.until(lambda: not claire.row("Gardé").is_unsent)
    claire.service.stop()
    try:
        with claire.qtbot.waitSignal(claire.desk.later.offered, timeout=WAIT) as offered:
            claire.desk.shelf.archive(object_id)
        assert offered.args is not None
        offer = offered.args[0]
        assert (offer.verb, offer.names) == ("archive", ("Gardé",))
        with claire.qtbot.waitSignal(claire.desk.later.decided, timeout=WAIT):
            claire.desk.later.decide(offer, offer.earliest + timedelta(hours=1))
        assert not claire.row("Gardé").is_archived
    finally:
        claire.service.start()


def test_publishing_names_the_flows_that_will_be_heard_so(claire: ObjectSeat) -> None:
    publishing = claire.desk.publishing(Target("schedule", claire.row("Magasin Paris").id))
    plan = planned(claire, publishing)
    assert plan.changes_nothing
    assert [each.flow.name for each in plan.touched] == ["Accueil principal", "Service client"]
    assert plan.touched[0].flow.is_live


def test_several_go_live_together_with_one_code(claire: ObjectSeat) -> None:
    for name in ("Ensemble A", "Ensemble B"):
        made(claire, name)
    plan = publish(claire, "Ensemble A", "Ensemble B")
    assert [each.number for each in plan.objects] == [1, 1]
    assert plan.touched == ()


def test_what_cannot_be_meant_is_not_published(claire: ObjectSeat) -> None:
    made(claire, "À l’envers", {"weekly": {"mon": [["18:00", "09:00"]]}})
    publishing = claire.desk.publishing(Target("schedule", claire.row("À l’envers").id))
    plan = planned(claire, publishing)
    assert [each.rule for each in plan.blocking] == ["SCH-05"]
    publishing.carry_out("Malgré tout")
    with claire.qtbot.waitSignal(publishing.refused, timeout=WAIT) as refused:
        claire.qtbot.waitUntil(
            lambda: publishing.guarded.step.name in {"CODE_WANTED", "READY"}, timeout=WAIT
        )
        if publishing.guarded.step.name == "CODE_WANTED":
            publishing.guarded.enter_code(claire.fresh_code())
    assert refused.args is not None
    assert [each.rule for each in refused.args[0].blocking] == ["SCH-05"]


def test_an_old_version_goes_live_again_and_the_draft_stays(claire: ObjectSeat) -> None:
    object_id = made(claire, "Deux versions")
    publish(claire, "Deux versions")
    work = opened(claire, object_id)
    assert work.do("schedules.step.week", [(("weekly", "tue"), (("10:00", "11:00"),))])
    claire.until(lambda: claire.row("Deux versions").state is ObjectState.AHEAD)
    claire.until(lambda: not claire.row("Deux versions").is_unsent)
    publish(claire, "Deux versions")
    publishing = claire.desk.publishing(Target("schedule", object_id))
    plan = planned(claire, publishing, returns_to=1)
    assert plan.objects[0].new == MORNINGS
    publishing.carry_out("Retour")
    claire.confirm(publishing.guarded)
    claire.until(lambda: claire.row("Deux versions").facts.live_revision == 3)
    assert claire.row("Deux versions").state is ObjectState.AHEAD
    work.close()


def test_a_step_is_undone_and_done_again(claire: ObjectSeat) -> None:
    object_id = made(claire, "Annulable")
    work = opened(claire, object_id)
    claire.until(lambda: not claire.row("Annulable").is_unsent)
    heard: list[object] = []
    work.others_changed.connect(heard.append)
    assert work.do("schedules.step.week", [(("weekly", "tue"), (("10:00", "11:00"),))])
    assert work.draft.weekly["tue"] == (("10:00", "11:00"),)
    assert not work.do("schedules.step.week", [(("weekly", "tue"), [["10:00", "11:00"]])])
    work.undo_stack.undo()
    assert "tue" not in work.draft.weekly
    work.undo_stack.redo()
    claire.until(lambda: "tue" in claire.row("Annulable").draft.weekly)
    claire.until(lambda: not claire.row("Annulable").is_unsent)
    assert heard == []
    work.close()


def test_a_discarded_draft_is_what_callers_hear(claire: ObjectSeat) -> None:
    object_id = made(claire, "Abandon")
    publish(claire, "Abandon")
    work = opened(claire, object_id)
    live = work.document
    assert work.do("schedules.step.week", [(("public_holidays",), "none")])
    claire.until(lambda: claire.row("Abandon").state is ObjectState.AHEAD)
    assert work.take_over(live, "flows.step.discard")
    claire.until(lambda: claire.row("Abandon").state is ObjectState.LIVE)
    assert claire.row("Abandon").draft.public_holidays == "fr"
    work.undo_stack.undo()
    claire.until(lambda: claire.row("Abandon").draft.public_holidays == "none")
    work.close()


def test_a_trainer_may_only_edit(qtbot: QtBot, service: RunningService, tmp_path: Path) -> None:
    paul = ObjectSeat(tmp_path / "paul", service, qtbot, "trainer")
    paul.start()
    try:
        assert paul.desk.why_not_edit(paul.row("Service client").facts) == ""
        publishing = paul.desk.publishing(Target("schedule", paul.row("Service client").id))
        planned(paul, publishing)
        publishing.carry_out("Essai")
        with qtbot.waitSignal(publishing.failed, timeout=WAIT) as failed:
            publishing.guarded.enter_code(paul.fresh_code())
        assert failed.args is not None
        assert failed.args[0].key == "problem.forbidden"
    finally:
        paul.close()
