"""Two people at one schedule: each day that both wrote has both versions beside the form."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import change, read
from tests.fakes.seat import Seat
from tests.views.schedules.conftest import Visit, plain

MONDAY = ("draft", "weekly", "mon")


@pytest.fixture
def leo(visit: Visit, tmp_path: Path) -> Iterator[Seat]:
    visit.new()
    visit.until(lambda: not visit.work.opened.is_unsent)
    leo = Seat(tmp_path / "leo", visit.service, "flow_designer")
    leo.engine.sync_once()
    yield leo
    leo.close()


def writes(seat: Seat, schedule: str, *places: tuple[tuple[str, ...], object]) -> None:
    row = seat.cache.row("schedule", schedule)
    assert row is not None
    wanted = tuple(change(row.data, path, value) for path, value in places)
    seat.cache.edit(Edit("schedule", schedule, changes=wanted))
    seat.engine.sync_once()


def test_a_day_that_both_wrote_is_settled_beside_the_form_and_other_days_come_together(
    visit: Visit, leo: Seat
) -> None:
    work, view = visit.work, visit.page.view
    with visit.seat.unplugged():
        writes(leo, work.id, (MONDAY, [["10:00", "12:00"]]), (("draft", "weekly", "sun"), []))
        work.do(
            "schedules.step.week",
            [(("weekly", "mon"), [["08:00", "20:00"]]), (("weekly", "sat"), [["09:00", "12:00"]])],
        )
        visit.until(lambda: not work.opened.is_saving)
    visit.seat.workspace.sync_now()
    dispute = view.notices.dispute
    visit.until(lambda: dispute.text != "")
    assert work.draft.weekly["mon"] == (("08:00", "20:00"),)
    dispute.buttons[0].click()
    panel = view.settling.panel
    assert panel is not None
    assert panel.list.lines == ("Lundi",)
    assert "8 h" in plain(panel.mine.text.accessibleName())
    assert "10 h" in plain(panel.theirs.text.accessibleName())
    QTest.keyClick(panel.list, Qt.Key.Key_L)
    visit.until(lambda: work.draft.weekly["mon"] == (("10:00", "12:00"),))
    visit.until(lambda: not panel.undo.isHidden())
    QTest.keyClick(panel.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    visit.until(lambda: work.draft.weekly["mon"] == (("08:00", "20:00"),))
    visit.until(lambda: panel.list.lines == ("Lundi",))
    QTest.keyClick(panel.list, Qt.Key.Key_T)
    visit.until(lambda: work.draft.weekly["mon"] == (("10:00", "12:00"),))
    visit.seat.workspace.sync_now()
    visit.until(lambda: not work.opened.is_unsent)
    leo.engine.sync_once()
    row = leo.cache.row("schedule", work.id)
    assert row is not None
    assert read(row.data, MONDAY) == [["10:00", "12:00"]]
    assert read(row.data, ("draft", "weekly", "sat")) == [["09:00", "12:00"]]


def test_a_name_that_both_wrote_is_settled_too(visit: Visit, leo: Seat) -> None:
    work, view = visit.work, visit.page.view
    with visit.seat.unplugged():
        writes(leo, work.id, (("name",), "Les heures de Léo"))
        work.set_field("name", "Mes heures à moi")
        visit.until(lambda: not work.opened.is_saving)
    visit.seat.workspace.sync_now()
    visit.until(lambda: view.notices.dispute.text != "")
    view.notices.dispute.buttons[0].click()
    panel = view.settling.panel
    assert panel is not None
    assert panel.list.lines == ("Nom",)
    assert panel.mine.take is not None
    panel.mine.take.click()
    visit.until(lambda: panel.title.text() == "Tout est tranché")
    assert work.facts.name == "Mes heures à moi"


def test_hours_that_are_being_typed_are_not_lost_to_somebody_elses(visit: Visit, leo: Seat) -> None:
    work, view = visit.work, visit.page.view
    hours = visit.page.form.hours
    hours.add.click()
    visit.until(lambda: not work.opened.is_unsent)
    leo.engine.sync_once()
    field = hours.ranges[0].first
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "07:15")
    writes(leo, work.id, (("draft", "weekly", visit.page.form.grid.day), [["10:00", "12:00"]]))
    visit.seat.workspace.sync_now()
    conflicts = view.settling.conflicts
    assert conflicts is not None
    visit.until(lambda: len(conflicts.places) == 1)
    mine = conflicts.places[0].mine
    assert isinstance(mine, list)
    assert mine[0][0] == "07:15"
    assert conflicts.places[0].theirs == [["10:00", "12:00"]]


def test_a_name_that_is_being_typed_does_not_write_over_one_that_nobody_saw(
    visit: Visit, leo: Seat
) -> None:
    work, view = visit.work, visit.page.view
    label = view.head.name
    label.edit()
    label._field.setText("Mes heures")
    writes(leo, work.id, (("name",), "Les heures de Léo"))
    visit.seat.workspace.sync_now()
    visit.until(lambda: work.facts.name == "Les heures de Léo")
    label._field.editingFinished.emit()
    visit.until(lambda: work.opened.is_unsent and not work.opened.is_saving)
    visit.seat.workspace.sync_now()
    conflicts = view.settling.conflicts
    assert conflicts is not None
    visit.until(lambda: len(conflicts.places) == 1)
    (place,) = conflicts.places
    assert (place.mine, place.theirs) == ("Mes heures", "Les heures de Léo")
