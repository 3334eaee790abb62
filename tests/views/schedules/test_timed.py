"""Publishing at a set time: chosen in the dialog, said above the object and on Home, undone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateTimeEdit
from pytestqt.qtbot import QtBot

from cx_desktop.domain.timed import Timed
from cx_desktop.models.timed import TimedCards, TimedPublications
from cx_desktop.service.timekeeping import tick
from cx_desktop.views.objects.planning import Planning
from cx_desktop.views.objects.publish_dialog import PublishDialog
from cx_desktop.views.objects.timed_dialog import TimedDialog
from cx_desktop.views.objects.timing_row import TimingRow
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService
from tests.views.flows.test_access import unnamed
from tests.views.schedules.conftest import Visit, plain
from tests.views.schedules.test_page import publish

NOW, THEN = 0, 1


class Planned(Visit):
    """Somebody who sees what is planned."""

    def __init__(
        self, folder: Path, service: RunningService, words: Look, qtbot: QtBot, role: str
    ) -> None:
        super().__init__(folder, service, words, qtbot, role)
        self.timed = TimedPublications(
            self.seat.workspace, self.desk.guarded, why_not=lambda: "", parent=self.seat.workspace
        )
        self.planning = Planning(words, self.timed, self.desk.step_ups, window=lambda: self.page)
        self.page.share_planning(self.planning)

    @property
    def strip(self) -> str:
        return plain(self.page.view.notices.planned.text)

    def ahead(self) -> str:
        """A draft that is ahead of what is live, opened; its name."""
        name = self.new()
        publish(self)
        self.page.form.grid.hours_changed.emit("sat", (("10:00", "12:00"),))
        self.until(lambda: not self.work.opened.is_unsent)
        return name

    def ask(self, **how: int) -> PublishDialog:
        """The dialog, once it has looked."""
        self.page.view.publish(returns_to=how.get("returns_to"))
        dialog = self.page.view.dialog
        assert dialog is not None
        self.until(dialog.plan.isVisible)
        return dialog

    def confirm_plan(self, dialog: PublishDialog) -> None:
        dialog.plan.message.setPlainText("Travaux")
        dialog.plan.confirm.click()
        self.until(lambda: self.page.view.dialog is None or dialog.code.isVisible())
        if self.page.view.dialog is not None:
            QTest.keyClicks(dialog.code.code, self.fresh_code())
        self.until(lambda: self.page.view.dialog is None)

    def plan(self, *, comes_back: bool = False) -> Timed:
        """Let the open draft go live tomorrow morning."""
        before = {each.id for each in self.timed.open}
        dialog = self.ask()
        dialog.plan.timing.when.setCurrentIndex(THEN)
        dialog.plan.timing.back.setCurrentIndex(THEN if comes_back else NOW)
        self.confirm_plan(dialog)
        self.until(lambda: any(each.id not in before for each in self.timed.open))
        return next(each for each in self.timed.open if each.id not in before)

    def done(self, dialog: TimedDialog) -> None:
        """Give a code if one is wanted, and wait until the dialog is gone."""
        self.until(lambda: self.planning.dialog is None or dialog.code.isVisible())
        if self.planning.dialog is not None:
            QTest.keyClicks(dialog.code.code, self.fresh_code())
        self.until(lambda: self.planning.dialog is None)

    def pass_time(self, until: datetime) -> None:
        """Time passes, the service does what is due, and this device hears of it."""
        self.service.clock.set(until)
        assert self.service.service is not None
        tick(self.service.service)
        self.seat.engine.sync_once()

    def close(self) -> None:
        self.timed.close()
        super().close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Planned]:
    visit = Planned(tmp_path, service, words, qtbot, "administrator")
    yield visit
    visit.close()


def set_shown(moment: QDateTimeEdit, text: str) -> None:
    shown = QDateTime.fromString(text, "yyyy-MM-dd HH:mm")
    utc = QTimeZone(QTimeZone.Initialization.UTC)
    moment.setDateTime(QDateTime(shown.date(), shown.time(), utc))


def fault(row: TimingRow) -> str:
    return plain(row.wrong)


def test_it_happens_now_unless_a_time_is_chosen(visit: Planned) -> None:
    visit.ahead()
    dialog = visit.ask()
    row = dialog.plan.timing
    assert row.timing.is_now
    assert not row.at.isVisible()
    assert plain(dialog.plan.confirm.text()) == "Publier la version 2"
    row.when.setCurrentIndex(THEN)
    assert row.at.isVisible()
    assert not row.returns_at.isVisible()
    assert plain(dialog.plan.confirm.text()) == "Planifier la version 2"
    assert "Europe/Paris" in row._about.text()
    assert unnamed(dialog) == []
    row.when.setCurrentIndex(NOW)
    assert row.timing.is_now
    dialog.reject()


def test_times_that_cannot_be_are_refused_beside_them(visit: Planned) -> None:
    visit.ahead()
    dialog = visit.ask()
    row = dialog.plan.timing
    dialog.plan.message.setPlainText("Travaux")
    row.when.setCurrentIndex(THEN)
    set_shown(row.at, "2020-01-01 08:00")
    assert fault(row) == "Ce moment est déjà passé"
    assert not dialog.plan.confirm.isEnabled()
    assert plain(dialog.plan.confirm.toolTip()) == "Ce moment est déjà passé"
    set_shown(row.at, "2027-03-28 02:30")
    assert fault(row) == "Cette heure n’existe pas ce jour-là"
    set_shown(row.at, "2027-10-31 02:30")
    assert fault(row) == ""
    assert "deux fois" in row._about.text()
    row.back.setCurrentIndex(THEN)
    set_shown(row.returns_at, "2027-10-31 01:00")
    assert fault(row) == "Le retour vient avant la mise en ligne"
    dialog.reject()


def test_what_callers_never_heard_cannot_come_back(visit: Planned) -> None:
    visit.new()
    visit.page.form.grid.hours_changed.emit("sat", (("10:00", "12:00"),))
    visit.until(lambda: not visit.work.opened.is_unsent)
    dialog = visit.ask()
    dialog.plan.timing.when.setCurrentIndex(THEN)
    assert not dialog.plan.timing.back.isEnabled()
    assert "aucune version ne peut revenir" in dialog.plan.timing._about.text()
    dialog.reject()


def test_what_is_planned_is_said_above_it_and_on_home_and_goes_live(visit: Planned) -> None:
    name = visit.ahead()
    made = visit.plan(comes_back=True)
    assert visit.strip.startswith(f"Horaires « {name} » : mise en ligne le ")
    assert "retour le " in visit.strip
    (card,) = TimedCards(visit.words.language, visit.timed, visit.planning.show_timed)()
    assert plain(card.title) == visit.strip
    assert "Travaux" in card.text
    assert made.at is not None
    assert made.returns_at is not None
    visit.pass_time(made.at)
    visit.until(lambda: "retour à la version précédente" in visit.strip)
    visit.until(lambda: visit.work.facts.live_revision == 2)
    visit.pass_time(made.returns_at)
    visit.until(lambda: visit.strip == "")
    visit.until(lambda: visit.work.facts.live_revision == 3)


def test_another_plan_for_the_same_time_is_said_in_words(visit: Planned) -> None:
    name = visit.ahead()
    made = visit.plan()
    dialog = visit.ask()
    dialog.plan.message.setPlainText("Encore")
    row = dialog.plan.timing
    assert "ceci n’aura plus lieu" in dialog.plan._heard.text()
    row.when.setCurrentIndex(THEN)
    assert "ceci n’aura plus lieu" not in dialog.plan._heard.text()
    assert fault(row).startswith(f"Déjà planifié : Horaires « {name} » : mise en ligne le ")
    assert not dialog.plan.confirm.isEnabled()
    row.whatever.setChecked(True)
    assert fault(row) == ""
    assert dialog.plan.confirm.isEnabled()
    dialog.reject()
    cancel(visit, made)


def cancel(visit: Planned, timed: Timed) -> None:
    dialog = visit.planning.show_timed(timed)
    dialog.panel.cancel.click()
    visit.done(dialog)


def test_it_is_cancelled_from_the_strip(visit: Planned) -> None:
    visit.ahead()
    made = visit.plan()
    move, open_it = visit.page.view.notices.planned.buttons
    assert plain(move.text()) == "Publier maintenant"
    open_it.click()
    dialog = visit.planning.dialog
    assert dialog is not None
    assert unnamed(dialog) == []
    assert not dialog.panel.move_verb.isEnabled()
    dialog.panel.cancel.click()
    visit.done(dialog)
    visit.until(lambda: visit.timed.find(made.id) is not None and visit.strip == "")


def test_it_is_moved(visit: Planned) -> None:
    visit.ahead()
    made = visit.plan()
    dialog = visit.planning.show_timed(made)
    set_shown(dialog.panel.timing.at, "2027-06-01 09:00")
    assert dialog.panel.move_verb.isEnabled()
    dialog.panel.move_verb.click()
    visit.done(dialog)
    visit.until(lambda: "1 juin 2027 à 09 h 00" in visit.strip)
    cancel(visit, made)


def test_the_strip_comes_back_when_nothing_was_done(visit: Planned) -> None:
    visit.ahead()
    made = visit.plan()
    visit.page.view.notices.planned.buttons[1].click()
    assert visit.planning.dialog is not None
    visit.planning.dialog.reject()
    visit.until(lambda: visit.strip != "")
    cancel(visit, made)


def test_it_is_carried_out_at_once_from_the_strip(visit: Planned) -> None:
    visit.ahead()
    visit.plan()
    visit.page.view.notices.planned.buttons[0].click()
    dialog = visit.planning.dialog
    assert dialog is not None
    visit.done(dialog)
    visit.until(lambda: visit.work.facts.live_revision == 2 and visit.strip == "")


def test_an_old_version_comes_back_at_its_time(visit: Planned) -> None:
    visit.ahead()
    publish(visit, "Deux")
    dialog = visit.ask(returns_to=1)
    dialog.plan.timing.when.setCurrentIndex(THEN)
    assert not dialog.plan.timing.back.isVisible()
    assert plain(dialog.plan.confirm.text()) == "Planifier le retour à la version 1"
    visit.confirm_plan(dialog)
    visit.until(lambda: "retour à la version 1 le " in visit.strip)
    (made,) = visit.timed.of(visit.work.id)
    assert made.returns_at is not None
    visit.pass_time(made.returns_at)
    visit.until(lambda: visit.work.facts.live_revision == 3)


def test_one_that_failed_is_told_until_somebody_takes_note(visit: Planned) -> None:
    visit.ahead()
    made = visit.plan()
    visit.page.form.grid.hours_changed.emit("sun", (("10:00", "12:00"),))
    visit.until(lambda: not visit.work.opened.is_unsent)
    publish(visit, "Urgent")
    assert made.at is not None
    visit.pass_time(made.at + timedelta(minutes=1))
    visit.until(lambda: "n’a pas eu lieu" in visit.strip)
    assert "quelqu’un avait publié autre chose" in visit.strip
    (card,) = TimedCards(visit.words.language, visit.timed, visit.planning.show_timed)()
    assert card.tone == "block"
    (decide,) = visit.page.view.notices.planned.buttons
    decide.click()
    dialog = visit.planning.dialog
    assert dialog is not None
    assert plain(dialog.panel.move_verb.text()) == "Planifier de nouveau"
    dialog.panel.cancel.click()
    visit.done(dialog)
    visit.until(lambda: visit.strip == "")


def test_one_that_was_overtaken_is_told_before_its_time_and_can_go_on(visit: Planned) -> None:
    visit.ahead()
    made = visit.plan()
    visit.page.form.grid.hours_changed.emit("sun", (("10:00", "12:00"),))
    visit.until(lambda: not visit.work.opened.is_unsent)
    publish(visit, "Urgent")
    visit.until(lambda: "elle n’aura pas lieu, à moins" in visit.strip)
    (card,) = TimedCards(visit.words.language, visit.timed, visit.planning.show_timed)()
    assert card.tone == "warn"
    (look,) = visit.page.view.notices.planned.buttons
    look.click()
    dialog = visit.planning.dialog
    assert dialog is not None
    assert not dialog.panel.now.isEnabled()
    dialog.panel.move_verb.click()
    visit.done(dialog)
    assert made.at is not None
    visit.pass_time(made.at)
    visit.until(lambda: visit.work.facts.live_revision == 3)
