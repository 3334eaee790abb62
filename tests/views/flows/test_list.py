"""The list of flows: its states, filters, verbs and keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.numbers import spelled
from cx_desktop.models.flow_rows import FlowRow, FlowRows
from cx_desktop.models.flows import Flows
from cx_desktop.models.load_state import LoadState
from cx_desktop.tasks import Tasks
from cx_desktop.views.flows import words as flow_words
from cx_desktop.views.flows.list_view import FlowListView
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel
from tests.fakes.clock import FakeClock
from tests.fakes.mirror import Mirror
from tests.models.flow_entities import NUIT, PROJECT, flow, project
from tests.views.flows.conftest import Visit


class Unreadable(FlowRows):
    """A list that cannot be read until the disk is well again."""

    def __init__(self, cache: Cache) -> None:
        super().__init__(cache=cache, project_id=PROJECT, user_id="")
        self.is_well = False

    def read(self) -> tuple[FlowRow, ...]:
        if not self.is_well:
            raise CXError("problem.cache-damaged")
        return super().read()


class Alone:
    """The list over a cache without a service."""

    def __init__(self, folder: Path, words: Look, clock: FakeClock) -> None:
        self.mirror = Mirror(folder, clock)
        self.tasks = Tasks()
        self.reader = Unreadable(self.mirror.cache)
        self.reader.is_well = True
        self.flows = Flows(cache=self.mirror.cache, tasks=self.tasks, rows=lambda: self.reader)
        self.view = FlowListView(words, self.flows, now=clock.now)
        self.view.show()

    @property
    def page(self) -> object:
        return self.view._stack.currentWidget()

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()
        self.flows.close()
        self.tasks.close()
        self.mirror.close()


@pytest.fixture
def alone(words: Look, tmp_path: Path, qapp: QApplication) -> Iterator[Alone]:
    assert qapp is not None
    alone = Alone(tmp_path, words, FakeClock())
    yield alone
    alone.close()


def test_a_project_without_flows_says_what_a_flow_is_and_offers_one(
    alone: Alone, qtbot: QtBot
) -> None:
    alone.mirror.send(project())
    alone.flows.load()
    qtbot.waitUntil(lambda: isinstance(alone.page, EmptyState))
    with qtbot.waitSignal(alone.view.new_requested):
        alone.view._first.action.click()


def test_a_list_that_cannot_be_read_says_why_and_is_read_again_on_demand(
    alone: Alone, qtbot: QtBot
) -> None:
    alone.mirror.send(project(), flow())
    alone.reader.is_well = False
    alone.flows.load()
    qtbot.waitUntil(lambda: isinstance(alone.page, ErrorPanel))
    alone.reader.is_well = True
    alone.view._error.retry_requested.emit()
    qtbot.waitUntil(lambda: alone.page is alone.view._page)
    assert alone.flows.state is LoadState.READY


def test_archived_flows_are_shown_on_demand(alone: Alone, qtbot: QtBot) -> None:
    alone.mirror.send(project(), flow(), flow(NUIT, "Nuit", archived=True))
    alone.flows.load()
    qtbot.waitUntil(lambda: len(alone.flows.rows) == 2)
    assert alone.view.table.filtered.rowCount() == 1
    alone.view._archived.click()
    assert alone.view.table.filtered.rowCount() == 2


def test_the_state_of_a_flow_is_said_in_words(alone: Alone, words: Look, qtbot: QtBot) -> None:
    alone.mirror.send(project(), flow(live_draft_ver=3))
    alone.flows.load()
    qtbot.waitUntil(lambda: len(alone.flows.rows) == 1)
    index = alone.view.table.filtered.index(0, flow_words.STATE)
    assert index.data() == "Brouillon en avance · v3"
    assert words.language.text("flows.state.ahead.help") == index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_filter_finds_names_without_accents_and_says_when_it_hides_all(visit: Visit) -> None:
    field = visit.page.list._search
    QTest.keyClicks(field, "enquete")
    assert visit.shown() == ["Enquête de satisfaction"]
    field.clear()
    number = visit.row("Service client").numbers[0]
    for typed in (number.e164, spelled(number.e164).replace("\u00a0", " "), number.label):
        field.setText(typed)
        assert "Service client" in visit.shown()
    field.setText("zzz")
    assert isinstance(visit.page.list._stack.currentWidget(), EmptyState)
    visit.page.list._nothing.action.click()
    assert len(visit.shown()) == 6


def test_f2_renames_in_place_and_marks_the_flow_as_to_be_sent(visit: Visit) -> None:
    visit.select("Suivi de commande")
    table = visit.page.list.table
    table.setFocus()
    visit.run("rename")
    editor = table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.setText("Suivi des commandes")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    visit.until(lambda: "Suivi des commandes" in visit.shown())
    visit.desk.verbs.rename(visit.row("Suivi des commandes").id, "Suivi de commande")
    visit.until(lambda: "Suivi de commande" in visit.shown())


def test_enter_opens_the_flow_and_the_breadcrumb_leads_back_to_it(visit: Visit) -> None:
    visit.select("Service client")
    QTest.keyClick(visit.page.list.table, Qt.Key.Key_Return)
    visit.until(lambda: visit.page.editor.editing is not None)
    assert visit.page.editor.work is not None
    assert visit.page.editor.work.facts.name == "Service client"
    visit.page.editor.header.left.emit()
    assert [row.name for row in visit.page.list.selected_rows] == ["Service client"]


def test_the_context_menu_has_the_verbs_of_the_toolbar(visit: Visit) -> None:
    visit.select("Service client")
    menu = [action.text() for action in visit.page.actions_of_list.menu().actions()]
    assert menu == [
        "Ouvrir",
        "Renommer",
        "Dupliquer",
        "Attribuer un numéro…",
        "Exporter…",
        "Archiver",
    ]
    assert all(action.isEnabled() for action in visit.page.actions_of_list.menu().actions())


def test_a_verb_that_does_not_suit_says_why(visit: Visit) -> None:
    visit.page.list.table.clearSelection()
    action = visit.page.actions_of_list.action("open")
    assert not action.isEnabled()
    assert "choisissez d’abord un SVI" in action.toolTip()


def test_rows_are_copied_as_text(visit: Visit, qapp: QApplication) -> None:
    visit.select("Service client")
    visit.page.list.table.copy_selected()
    assert qapp.clipboard().text().startswith("Service client\tEn service · v")


def test_columns_are_chosen_and_remembered(visit: Visit) -> None:
    menu = visit.page.list.table.columns_menu()
    steps = next(action for action in menu.actions() if action.text() == "Étapes")
    assert not steps.isChecked()
    steps.trigger()
    assert not visit.page.list.table.isColumnHidden(flow_words.STEPS)
    visit.until(lambda: "flows" in visit.settings.now.tables)


def test_a_copy_gets_a_name_of_its_own_and_is_selected(visit: Visit) -> None:
    visit.select("Messagerie de nuit")
    visit.run("duplicate")
    visit.until(
        lambda: (
            [row.name for row in visit.page.list.selected_rows] == ["Messagerie de nuit (copie)"]
        )
    )
    visit.run("archive")
    visit.until(lambda: "est archivé" in visit.page.list.strip.text)
    visit.until(lambda: "Messagerie de nuit (copie)" not in visit.shown())
    visit.page.list.strip.buttons[0].click()
    visit.until(lambda: "Messagerie de nuit (copie)" in visit.shown())


def test_a_flow_in_use_is_not_archived_and_its_numbers_are_one_click_away(visit: Visit) -> None:
    visit.select("Service client")
    visit.run("archive")
    visit.until(lambda: "ne peut pas être archivé" in visit.page.list.strip.text)
    numbers = next(
        button for button in visit.page.list.strip.buttons if button.text() == "Voir ses numéros"
    )
    numbers.click()
    visit.until(lambda: visit.page.assigning.dialog is not None)
    dialog = visit.page.assigning.dialog
    assert dialog is not None
    visit.until(lambda: dialog.list.count() > 0)
    dialog.reject()


def test_the_palette_lists_every_flow_and_every_verb(visit: Visit) -> None:
    found = {match.words for match in visit.commands.matching("", visit.words.language)}
    assert {"Service client", "Créer un SVI", "Importer un SVI depuis un fichier"} <= found
