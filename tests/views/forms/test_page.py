"""The page « Grilles d’évaluation »: a form is written, judged, published and used."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings.forms import Ask, Form
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.judging import judges_of
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.kinds import FORMS
from cx_desktop.models.objects.work import ObjectWork
from cx_desktop.models.recordings.review_forms import forms_of
from cx_desktop.models.settings import Settings
from cx_desktop.settings import SettingsFile
from cx_desktop.views.forms.page import FormsPage
from cx_desktop.views.queues.fields import Choice, Count, TextField
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService


class Visit:
    """The supervisor with the page before her."""

    def __init__(
        self, folder: Path, service: RunningService, words: Look, qtbot: QtBot, role: str
    ) -> None:
        self.qtbot, self.service = qtbot, service
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.flows = FlowDesk(workspace, parent=workspace)
        self.desk: ObjectDesk[Form] = ObjectDesk(
            FORMS,
            workspace,
            permissions=self.flows.permissions,
            step_ups=self.flows.step_ups,
            judges=judges_of(workspace),
            parent=workspace,
        )
        self.settings = Settings(SettingsFile(folder / "settings.json"), self.seat.tasks)
        self.page = FormsPage(words, self.desk, commands=Commands(), settings=self.settings)
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: bool(self.desk.shelf.rows))
        self.until(lambda: workspace.capabilities is not None)

    @property
    def work(self) -> ObjectWork[Form]:
        assert self.page.view.work is not None
        return self.page.view.work

    def open(self) -> None:
        """Open the form of the demo."""
        row = next(each for each in self.desk.shelf.rows if each.name == "Qualité d’accueil")
        self.page.open(row.id)
        self.until(lambda: self.page.view.work is not None)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def write(self, field: TextField, text: str) -> None:
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def close(self) -> None:
        self.page.close_page()
        self.desk.close()
        self.flows.close()
        self.page.close()
        self.page.deleteLater()
        self.seat.close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path, service, words, qtbot, "supervisor")
    yield visit
    visit.close()


def field(visit: Visit, name: str) -> TextField | Count | Choice:
    editor = visit.page.form.detail.question.editors[name]
    assert isinstance(editor, TextField | Count | Choice)
    return editor


def test_the_demo_brings_a_form_that_is_live(visit: Visit) -> None:
    (row,) = visit.desk.shelf.rows
    assert (row.name, row.state) == ("Qualité d’accueil", ObjectState.LIVE)
    table = visit.page.list.table.filtered
    assert [table.index(0, column).data() for column in (2, 4)] == ["10", "Aucune"]


def test_a_form_is_written_by_gestures_that_undo(visit: Visit) -> None:
    page = visit.page
    page.list.new.click()
    visit.until(lambda: page.view.work is not None)
    form = page.form
    assert form.findings.lines
    form.add_question.click()
    question = form.outline.current
    assert question in visit.work.draft.questions
    text = field(visit, "text")
    assert isinstance(text, TextField)
    visit.write(text, "Salue-t-il ?")
    assert visit.work.draft.questions[question].text == "Salue-t-il ?"
    ask = field(visit, "ask")
    assert isinstance(ask, Choice)
    ask.setCurrentIndex(ask.findData("choice"))
    ask.activated.emit(ask.currentIndex())
    assert visit.work.draft.questions[question].ask is Ask.CHOICE
    options = form.detail.question.editors["options"]
    options.more.click()  # type: ignore[union-attr]
    options.more.click()  # type: ignore[union-attr]
    assert len(visit.work.draft.questions[question].options) == 2
    form.add_section.click()
    second = form.outline.current
    assert list(visit.work.draft.sections) == ["section_1", second]
    form.choose(question)
    form.shift(1)
    assert visit.work.draft.questions[question].section == second
    form.shift(-1)
    assert visit.work.draft.questions[question].section == "section_1"
    form.choose("section_1")
    form.take_out()
    assert set(visit.work.draft.sections) == {second}
    assert not visit.work.draft.questions
    visit.work.undo_stack.undo()
    assert question in visit.work.draft.questions
    assert question in {name for name, _ in visit.work.draft.asked}


def test_questions_keep_their_order_through_any_moves(visit: Visit) -> None:
    page = visit.page
    visit.open()
    form = page.form
    names = [name for name, _ in visit.work.draft.asked]
    form.choose(names[1])
    form.shift(-1)
    assert [name for name, _ in visit.work.draft.asked][:2] == [names[1], names[0]]
    form.shift(1)
    assert [name for name, _ in visit.work.draft.asked] == names
    for _ in range(3):
        visit.work.undo_stack.undo()
    assert [name for name, _ in visit.work.draft.asked] == names


def test_what_is_published_is_what_calls_are_judged_by(visit: Visit) -> None:
    page = visit.page
    visit.open()
    mark = page.form.detail.form.editors["pass_mark"]
    assert isinstance(mark, Count)
    mark.setValue(60)
    visit.until(lambda: visit.work.state is ObjectState.AHEAD)
    project = visit.seat.workspace.project
    assert project is not None
    (live,) = forms_of(visit.seat.cache, project.id)
    assert (live.number, live.form.pass_mark) == (1, 75)
    visit.service.clock.advance(timedelta(seconds=30))
    visit.until(lambda: visit.seat.tasks.is_idle)
    assert visit.seat.engine.sync_once().is_all_synced
