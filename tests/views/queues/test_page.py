"""The page « Files d’attente »: the list, one queue edited, judged and published."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtTest import QTest

from cx_desktop.domain.queues import Then
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.duration_box import DurationBox, seconds_of
from tests.views.flows.test_access import unnamed
from tests.views.queues.conftest import Visit, plain


def cells(visit: Visit, name: str) -> list[str]:
    table = visit.page.list.table.filtered
    position = next(each for each in range(table.rowCount()) if table.index(each, 0).data() == name)
    return [plain(str(table.index(position, each).data())) for each in range(table.columnCount())]


def state_of(box: DurationBox, text: str) -> QValidator.State:
    answer = box.validate(text, 0)
    assert isinstance(answer, tuple)
    state = answer[0]
    assert isinstance(state, QValidator.State)
    return state


def test_the_list_says_how_long_one_waits_and_what_for(visit: Visit) -> None:
    row = cells(visit, "Ventes")
    assert row[1:6] == [
        "En service · v1",
        "Magasin Paris",
        "4 min au plus · 12 appels",
        "85 % en 20 s",
        "Aucune",
    ]
    assert "SVI « Accueil principal »" in row[6]
    assert "file « Ventes »" in cells(visit, "Service client")[6]


def test_a_new_queue_has_every_part_and_is_named(visit: Visit) -> None:
    assert visit.new().startswith("Nouvelle file")
    assert visit.work.draft.announce_wait
    visit.page.view.head.renamed.emit("Grossistes")
    visit.until(lambda: visit.has("Grossistes"))
    assert visit.work.state is ObjectState.NEVER


def test_each_field_is_one_step_saved_at_once_and_undone(visit: Visit) -> None:
    visit.new()
    form, work = visit.form, visit.work
    label = form.texts["label"]
    label.setFocus()
    QTest.keyClicks(label, "GRO")
    QTest.keyClick(label, Qt.Key.Key_Return)
    form.counts["priority"].setValue(2)
    form.durations["longest_wait"].setValue(300)
    form.ticks["announce_position"].click()
    visit.choose("music", visit.id_of("prompt", "Musique d’attente"))
    assert (work.draft.label, work.draft.priority, work.draft.longest_wait) == ("GRO", 2, 300)
    assert work.draft.announce_position
    visit.until(lambda: not work.opened.is_unsent)
    for _ in range(5):
        visit.page.view.undo.trigger()
    assert (work.draft.label, work.draft.priority, work.draft.music) == ("", 5, "")
    assert label.text() == ""
    visit.page.view.redo.trigger()
    assert work.draft.label == "GRO"


def test_what_happens_then_asks_for_what_it_needs(visit: Visit) -> None:
    visit.new()
    form = visit.form
    assert not form.references["overflow"].isVisible()
    form.then.activated.emit(0)
    form.then.setCurrentIndex(form.then.findData(Then.QUEUE.value))
    form.then.activated.emit(1)
    assert form.references["overflow"].isVisible()
    assert any("aucune n’est choisie" in each for each in visit.findings)
    form.findings.step_chosen.emit("overflow")
    assert visit.page.focusWidget() is form.references["overflow"]
    assert form.references["overflow"].findData(visit.work.id) < 0
    visit.choose("overflow", visit.id_of("queue", "Atelier"))
    assert not any("aucune n’est choisie" in each for each in visit.findings)


def test_calls_that_would_go_round_in_circles_are_told_of_at_once(visit: Visit) -> None:
    visit.open("Service client")
    visit.form.then.setCurrentIndex(visit.form.then.findData(Then.QUEUE.value))
    visit.form.then.activated.emit(1)
    visit.choose("overflow", visit.id_of("queue", "Ventes"))
    assert any("tourneraient en rond" in each for each in visit.findings)
    visit.page.view.publish()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    assert not dialog.plan.confirm.isEnabled()
    dialog.close()
    for _ in range(2):
        visit.page.view.undo.trigger()
    assert visit.findings == ()


def test_a_queue_that_another_one_passes_calls_to_is_not_put_away(visit: Visit) -> None:
    visit.page.list.select(visit.row("Service client").id)
    with visit.qtbot.waitSignal(visit.desk.shelf.in_use):
        visit.desk.shelf.archive(visit.row("Service client").id)
    assert "Ventes" in {each.name for each in visit.row("Service client").uses}


def test_publishing_says_what_changes_in_the_words_of_the_page(visit: Visit) -> None:
    visit.open("Atelier")
    visit.form.durations["longest_wait"].setValue(0)
    visit.choose("schedule", "")
    visit.page.view.publish()
    dialog = visit.page.view.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    assert [plain(each) for each in dialog.plan.details.changes.lines] == [
        "Horaires : Service client → Jour et nuit",
        "Attente, au plus : 10 min → Sans limite",
    ]
    dialog.plan.message.setPlainText("Essai")
    dialog.plan.confirm.click()
    visit.until(lambda: visit.page.view.dialog is None or dialog.code.isVisible())
    if visit.page.view.dialog is not None:
        QTest.keyClicks(dialog.code.code, visit.fresh_code())
    visit.until(lambda: visit.page.view.dialog is None)
    visit.until(lambda: visit.row("Atelier").facts.live_revision == 2)


def test_a_duplicate_keeps_every_setting(visit: Visit) -> None:
    before = visit.row("Ventes").draft
    visit.page.list.select(visit.row("Ventes").id)
    visit.page.actions_of_list.action("duplicate").trigger()
    visit.until(lambda: visit.has("Ventes (copie)"))
    assert visit.row("Ventes (copie)").draft == before


def test_a_supervisor_looks_but_does_not_touch(supervisor: Visit) -> None:
    supervisor.open("Ventes")
    form = supervisor.form
    assert form.texts["label"].isReadOnly()
    assert not form.then.isEnabled()
    assert not form.durations["longest_wait"].isEnabled()


def test_everything_has_a_name_in_both_languages(visit: Visit) -> None:
    visit.open("Ventes")
    assert unnamed(visit.page) == []
    visit.words.language.switch(Tongue.ENGLISH)
    assert visit.form.references["music"].itemText(0) == "Default music"
    assert cells(visit, "Ventes")[3] == "4 min at most · 12 calls"
    visit.words.language.switch(Tongue.FRENCH)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("90", 90), ("1:30", 90), ("1 min 30 s", 90), ("2 min", 120), ("45 s", 45), ("2m", 120)],
)
def test_a_duration_is_typed_as_people_say_it(typed: str, seconds: int) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize("typed", ["", "-5", "deux", "1:2:3", "min"])
def test_what_is_no_duration_is_not_taken(typed: str) -> None:
    assert seconds_of(typed) is None


def test_a_box_of_durations_steps_by_ten_seconds_then_by_minutes(visit: Visit) -> None:
    box = DurationBox(0, 900)
    visit.qtbot.addWidget(box)
    box.setValue(275)
    box.stepBy(1)
    assert (box.value(), plain(box.text())) == (280, "4 min 40 s")
    box.setValue(300)
    box.stepBy(1)
    assert plain(box.text()) == "6 min"
    box.setValue(5)
    box.stepBy(-1)
    assert box.value() == 0
    states = [state_of(box, text) for text in ("min", "x", "99:00", "1:00")]
    state = QValidator.State
    assert states == [state.Intermediate, state.Invalid, state.Intermediate, state.Acceptable]
