"""The page « Horaires »: the list, one schedule edited, published and returned to, the calendar."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.schedules.judging import undecided
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.schedule_cards import ScheduleCards
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService
from tests.views.flows.test_access import unnamed
from tests.views.schedules.conftest import Visit, plain

ARMISTICE = date(2027, 11, 11)


def publish(visit: Visit, message: str = "Essai") -> None:
    visit.page.view.publish()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    dialog.plan.message.setPlainText(message)
    dialog.plan.confirm.click()
    visit.until(lambda: visit.page.view.dialog is None or dialog.code.isVisible())
    if visit.page.view.dialog is not None:
        QTest.keyClicks(dialog.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.view.dialog is None)


def cells(visit: Visit, name: str) -> list[str]:
    table = visit.page.list.table.filtered
    position = next(each for each in range(table.rowCount()) if table.index(each, 0).data() == name)
    return [plain(str(table.index(position, each).data())) for each in range(table.columnCount())]


def on_that_day(visit: Visit) -> str:
    """What the list says of the public holiday that is chosen."""
    item = visit.page.form.holidays.list.currentItem()
    assert item is not None
    return plain(item.text(2))


def mark(visit: Visit, row: int, column: int) -> str:
    item = visit.page.calendar.table.item(row, column)
    assert item is not None
    return item.text()


def test_the_list_says_who_uses_each_one_and_how_it_stands(visit: Visit) -> None:
    row = cells(visit, "Magasin Paris")
    assert row[1] == "En service · v1"
    assert row[2].startswith(("Ouvert.", "Fermé."))
    assert row[3] == "France métropolitaine"
    assert row[4].startswith("SVI « Accueil principal »")


def test_new_hours_are_made_opened_and_named(visit: Visit) -> None:
    name = visit.new()
    assert name.startswith("Nouveaux horaires")
    visit.page.view.head.renamed.emit("Accueil du matin")
    visit.until(lambda: visit.has("Accueil du matin"))
    assert visit.work.state is ObjectState.NEVER


def test_an_edit_is_saved_at_once_and_undone_by_the_keyboard(visit: Visit) -> None:
    visit.new()
    form, work = visit.page.form, visit.work
    form.grid.hours_changed.emit("sat", (("10:00", "12:00"),))
    assert work.draft.weekly["sat"] == (("10:00", "12:00"),)
    visit.until(lambda: not work.opened.is_unsent)
    assert visit.page.view.notices.others.text == ""
    visit.page.view.undo.trigger()
    assert "sat" not in work.draft.weekly
    visit.page.view.redo.trigger()
    assert "sat" in work.draft.weekly


def test_hours_of_a_day_are_copied_to_the_others(visit: Visit) -> None:
    visit.new()
    form = visit.page.form
    form.grid.choose("mon")
    form.hours.ranges[0].first.setText("8")
    form.hours.ranges[0].first.editingFinished.emit()
    form.copy_week.click()
    assert set(visit.work.draft.weekly.values()) == {(("08:00", "12:30"), ("13:30", "18:00"))}
    visit.page.view.undo.trigger()
    assert visit.work.draft.weekly["tue"][0] == ("09:00", "12:30")


def test_a_public_holiday_is_decided_otherwise_and_back(visit: Visit) -> None:
    visit.new()
    form = visit.page.form
    form.holidays.choose(ARMISTICE)
    assert form.holidays.current == ARMISTICE
    assert on_that_day(visit) == "fermé, férié"
    form.holidays.usual.click()
    (exception,) = visit.work.draft.exceptions.values()
    assert (exception.first, exception.label) == (ARMISTICE, "Armistice")
    assert exception.hours == (("09:00", "12:30"), ("13:30", "18:00"))
    assert on_that_day(visit).startswith("décidé : 09 h 00")
    form.holidays.close_day.click()
    (exception,) = visit.work.draft.exceptions.values()
    assert exception.hours == ()
    form.holidays.rule.click()
    assert visit.work.draft.exceptions == {}


def test_an_exceptional_date_is_added_dated_and_removed(visit: Visit) -> None:
    visit.new()
    panel = visit.page.form.exceptions
    panel.add.click()
    assert panel.current
    panel.first.show_day(date(2027, 8, 1))
    panel.last.show_day(date(2027, 8, 15))
    panel.label.setText("Congés")
    panel.label.editingFinished.emit()
    panel.hours.add.click()
    (exception,) = visit.work.draft.exceptions.values()
    assert (exception.first, exception.last) == (date(2027, 8, 1), date(2027, 8, 15))
    assert (exception.label, exception.hours) == ("Congés", (("09:00", "10:00"),))
    panel.remove.click()
    assert visit.work.draft.exceptions == {}


def test_the_question_is_answered_of_the_draft(visit: Visit) -> None:
    visit.new()
    tester = visit.page.form.tester
    tester.ask(datetime(2026, 11, 11, 9, 30, tzinfo=UTC))
    assert plain(tester.answer.text()) == (
        "Fermé (férié : Armistice). Ouvre jeudi 12 novembre 2026 à 09 h 00."
    )
    visit.page.form.territory.chosen.emit("none")
    assert plain(tester.answer.text()).startswith("Ouvert (semaine ordinaire, bien que férié")
    assert "Ferme à 12 h 30." in plain(tester.answer.text())


def test_publishing_says_what_changes_and_for_whom(visit: Visit) -> None:
    visit.open("Magasin Paris")
    visit.page.form.grid.hours_changed.emit("sun", (("10:00", "12:00"),))
    visit.page.view.publish()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    (change,) = dialog.plan.details.changes.lines
    assert plain(change) == "Dimanche : fermé → 10 h 00 – 12 h 00"
    assert "Accueil principal" in dialog.plan.details.touched.lines[0]
    assert unnamed(dialog) == []
    dialog.reject()
    visit.page.view.undo.trigger()
    visit.until(lambda: not visit.work.opened.is_unsent)


def test_several_are_published_together_from_the_list(visit: Visit) -> None:
    names = [visit.new(), visit.new()]
    visit.page.show_list()
    table = visit.page.list.table
    table.selectAll()
    visit.page.list._search.setText("Nouveaux")
    table.selectAll()
    chosen = [row.name for row in visit.page.list.selected_rows]
    assert set(names) <= set(chosen)
    visit.page.actions_of_list.action("publish-selected").trigger()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    assert dialog.plan.confirm.text() == f"Publier les {len(chosen)} brouillons"
    dialog.plan.message.setPlainText("Ensemble")
    dialog.plan.confirm.click()
    visit.until(lambda: visit.page.view.dialog is None or dialog.code.isVisible())
    if visit.page.view.dialog is not None:
        QTest.keyClicks(dialog.code.code, visit.fresh_code())
    visit.until(lambda: all(visit.row(name).state is ObjectState.LIVE for name in names))
    assert "sont en service" in visit.page.list.strip.text


def test_a_version_is_looked_at_taken_over_and_put_live_again(visit: Visit) -> None:
    visit.new()
    publish(visit, "Un")
    visit.until(lambda: visit.work.state is ObjectState.LIVE)
    visit.page.form.grid.hours_changed.emit("sun", (("10:00", "12:00"),))
    publish(visit, "Deux")
    panel = visit.page.view.versions
    assert panel is not None
    visit.until(lambda: [row.number for row in panel.revisions.rows] == [2, 1])
    visit.page.view.toggle_versions()
    panel.list.select_number(1)
    panel.open.click()
    visit.until(lambda: visit.page.view.head.is_reading)
    assert visit.page.form.grid.is_read_only
    assert "sun" not in visit.page.form.grid._week
    panel.draft.click()
    visit.until(lambda: "sun" not in visit.work.draft.weekly)
    assert not visit.page.form.grid.is_read_only
    visit.page.view.undo.trigger()
    assert "sun" in visit.work.draft.weekly
    visit.page.view.publish(returns_to=1)
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    dialog.plan.confirm.click()
    visit.until(lambda: visit.page.view.dialog is None or dialog.code.isVisible())
    if visit.page.view.dialog is not None:
        QTest.keyClicks(dialog.code.code, visit.fresh_code())
    visit.until(lambda: [row.number for row in panel.revisions.rows] == [3, 2, 1])
    assert "de nouveau en service" in visit.page.view.notices.told.text


def test_the_versions_say_what_each_changed(visit: Visit) -> None:
    visit.new()
    publish(visit, "Un")
    visit.until(lambda: visit.work.state is ObjectState.LIVE)
    visit.page.form.grid.hours_changed.emit("sun", (("10:00", "12:00"),))
    publish(visit, "Deux")
    panel = visit.page.view.versions
    assert panel is not None
    visit.until(lambda: [row.number for row in panel.revisions.rows] == [2, 1])
    visit.page.view.toggle_versions()
    told = panel.told
    assert told is not None
    panel.list.select_number(2)
    visit.until(lambda: bool(told.list.lines) and "Dimanche" in told.list.lines[0])
    assert plain(told.list.lines[0]) == "Dimanche : fermé → 10 h 00 – 12 h 00"
    assert panel.compare.isHidden()
    assert unnamed(panel) == []
    panel.list.select_number(1)
    visit.until(lambda: "Dimanche" not in " ".join(told.list.lines))


def test_what_is_used_cannot_be_archived_and_leads_to_its_user(visit: Visit) -> None:
    visit.page.list.select(visit.row("Service client").id)
    with visit.qtbot.waitSignal(visit.page.use_wanted, timeout=15_000) as wanted:
        visit.page.actions_of_list.action("archive").trigger()
        assert "ne peut pas être archivé" in visit.page.list.strip.text
        visit.page.list.strip.buttons[0].click()
    assert wanted.args is not None
    assert wanted.args[0].type == "flow"


def test_the_calendar_marks_what_is_special_and_opens_its_hours(visit: Visit) -> None:
    visit.page.show_calendar()
    calendar = visit.page.calendar
    names = [row.name for row in calendar.rows]
    calendar._year, calendar._month = 2027, 11
    calendar._show()
    row = names.index("Magasin Paris")
    assert mark(visit, row, 10) == "F"
    assert mark(visit, row, 9) == "●"
    calendar.table.setCurrentCell(row, 10)
    assert "jeudi 11 novembre 2027" in calendar.detail.text()
    assert "férié : Armistice" in plain(calendar.detail.text())
    calendar.span.click()
    assert calendar.table.rowCount() == 12
    assert mark(visit, 10, 10) == "F"
    calendar.table.setCurrentCell(10, 10)
    QTest.keyClick(calendar.table, Qt.Key.Key_Return)
    assert not calendar.is_year
    calendar.table.setCurrentCell(row, 3)
    QTest.keyClick(calendar.table, Qt.Key.Key_Return)
    visit.until(lambda: visit.page.view.work is not None)
    assert visit.work.facts.name == "Magasin Paris"


def test_home_tells_of_a_holiday_that_nobody_decided_on(visit: Visit) -> None:
    name = visit.new()
    visit.page.form.copy_week.click()
    visit.page.form.territory.chosen.emit("")
    publish(visit)
    visit.until(lambda: visit.row(name).live is not None)
    cards = ScheduleCards(visit.words.language, visit.desk, visit.page.open)
    visit.page.view.head.renamed.emit("Sans fériés")
    visit.until(lambda: visit.has("Sans fériés"))
    shown = [card for card in cards() if "Sans fériés" in card.text]
    coming = undecided(visit.row("Sans fériés").draft, visit.desk.today)
    assert bool(shown) is bool(coming)
    for card in shown:
        assert "n’a rien prévu" in card.title or "n’ont rien prévu" in card.title


def test_everything_that_takes_the_focus_says_what_it_is(visit: Visit) -> None:
    assert unnamed(visit.page.list) == []
    visit.open("Magasin Paris")
    visit.page.view.toggle_versions()
    assert unnamed(visit.page.view) == []
    visit.page.show_calendar()
    assert unnamed(visit.page.calendar) == []


def test_the_page_speaks_the_other_language_at_once(visit: Visit) -> None:
    visit.open("Magasin Paris")
    visit.words.language.switch(Tongue.ENGLISH)
    try:
        assert visit.page.form._day.text() == "Monday"
        assert "fermé" not in visit.page.form.tester.answer.text().lower()
        assert visit.page.form.holidays._title.text().startswith("Public holidays")
    finally:
        visit.words.language.switch(Tongue.FRENCH)


@pytest.mark.parametrize(("role", "edits"), [("trainer", True), ("supervisor", False)])
def test_roles_see_what_they_may_do(
    words: Look,
    service: RunningService,
    tmp_path: Path,
    qtbot: QtBot,
    role: str,
    *,
    edits: bool,
) -> None:
    visit = Visit(tmp_path, service, words, qtbot, role)
    try:
        assert visit.page.list.new.isEnabled() is edits
        visit.open("Service client")
        assert visit.work.is_read_only is not edits
        assert visit.page.form.grid.is_read_only is not edits
        assert not visit.page.view.head.publish.isEnabled()
        assert bool(visit.emergencies.why_not) is (role == "trainer")
    finally:
        visit.close()
