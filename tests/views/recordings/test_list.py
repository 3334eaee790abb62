"""The list of recordings as somebody uses it: typing, filters, keys, what is kept."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.search import plain
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.models.recordings.ending import Ending, EndingCards
from cx_desktop.protocol import Recording
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.views.recordings.columns import other_party
from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService, recorded
from tests.views.recordings.listener import Listener, listening

COUNT = 1_500
Key = Qt.Key


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture
def ines(service: RunningService, words: Look, tmp_path: Path, qtbot: QtBot) -> Iterator[Listener]:
    with listening(tmp_path, service, words, qtbot) as listener:
        yield listener


def press(widget: QWidget, key: Qt.Key, with_: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(widget, key, with_ or Qt.KeyboardModifier.NoModifier)


def test_the_newest_stand_first_and_their_number_is_true(ines: Listener) -> None:
    listed = ines.rows()
    moments = [row.recording.started_at for row in listed]
    assert moments == sorted(moments, reverse=True)
    assert all(row.recording.duration > 0 for row in listed)
    number = ines.words.language.number(len(listed))
    assert ines.page.bar.count.text() == f"{number} enregistrements"


def test_a_row_reads_as_people_say_it(ines: Listener) -> None:
    row = ines.row(0).recording
    local = row.started_at.astimezone(ines.workspace.zone)
    assert ines.text(0, 0) == f"{local:%d/%m/%Y}\u2002{local:%H} h {local:%M}".replace(
        " h ", "\u00a0h\u00a0"
    )
    assert ines.text(0, 1).startswith("06\u00a039\u00a098")
    assert ines.text(0, 2) == row.agent_name
    assert ines.text(0, 4) == f"{row.duration // 60}:{row.duration % 60:02}"
    assert ines.text(0, 8).startswith("dans ")


@pytest.mark.parametrize("typed", ["emilie", "ÉMILIE", "Émilie fau"])
def test_a_name_is_found_without_accents_and_case(ines: Listener, typed: str) -> None:
    ines.type(typed)
    found = ines.rows()
    assert found
    assert {row.recording.agent_name for row in found} == {"Émilie Faure"}


def test_a_number_is_found_as_it_is_spelled(ines: Listener) -> None:
    wanted = other_party(ines.row(4).recording)
    spelled = f"0{wanted[3]} {wanted[4:6]} {wanted[6:8]} {wanted[8:10]} {wanted[10:]}"
    ines.type(spelled)
    assert {other_party(row.recording) for row in ines.rows()} == {wanted}


def test_typing_waits_for_nobody(ines: Listener) -> None:
    """The last word counts, whatever was under way."""
    field = ines.page.bar.field
    for word in ("b", "be", "ben", "bena"):
        field.setText(word)
        ines.page.bar.words_typed.emit(word)
    ines.settle()
    assert {row.recording.agent_name for row in ines.rows()} == {"Farid Benali"}


def test_nothing_found_says_so_and_offers_the_way_back(ines: Listener) -> None:
    before = ines.desk.rows.count
    ines.type("personne de ce nom")
    assert ines.page.list.currentWidget() is ines.page.list.nothing
    ines.page.list.nothing.action.click()
    ines.settle()
    assert ines.desk.rows.count == before
    assert ines.page.bar.field.text() == ""


def test_filters_add_up_and_are_counted(ines: Listener) -> None:
    panel = ines.page.panel
    panel.build()
    agent = ines.row(0).recording.agent_name
    panel.agents.popup.list.item(list(ines.desk.names.agents).index(agent)).setCheckState(
        Qt.CheckState.Checked
    )
    panel.direction.give("in")
    ines.settle()
    found = [row.recording for row in ines.rows()]
    assert found
    assert all(each.agent_name == agent and each.direction == "in" for each in found)
    assert "(2)" in ines.page.bar.filters.text()
    panel.clear.click()
    ines.settle()
    assert ines.desk.filters == Filters()
    assert panel.agents.chosen == frozenset()


def test_what_is_deleted_soon_is_shown_with_its_days(ines: Listener) -> None:
    ines.page.panel.build()
    assert ines.commands.run("recordings.soon")
    ines.settle()
    today = ines.desk.today
    found = ines.rows()
    assert found
    assert all(row.recording.delete_by <= today + timedelta(days=7) for row in found)
    assert ines.page.panel.due.answer == 7


def test_a_click_on_a_title_sorts_and_names_have_no_accents(ines: Listener) -> None:
    ines.page.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    ines.settle()
    names = [plain(row.recording.agent_name) for row in ines.rows()]
    assert names == sorted(names)
    assert ines.desk.sort is Sort.AGENT


def test_a_title_without_an_order_leaves_the_list_as_it_is(ines: Listener) -> None:
    header = ines.page.table.horizontalHeader()
    ines.page.table.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    ines.settle()
    assert ines.desk.sort is Sort.STARTED
    assert header.sortIndicatorSection() == 0


def test_what_is_in_hand_stays_in_hand_when_the_list_is_sorted_anew(ines: Listener) -> None:
    ines.page.table.selectRow(3)
    ines.until(lambda: ines.desk.current is not None)
    held = ines.desk.current
    ines.desk.sort_by(Sort.DURATION, is_descending=True)
    ines.settle()
    assert ines.desk.current == held
    row = ines.row(ines.page.table.currentIndex().row())
    assert held is not None
    assert row.recording.id == held.id


def test_the_arrow_keys_take_one_after_the_other_in_hand(ines: Listener) -> None:
    table = ines.page.table
    table.setFocus()
    table.selectRow(0)
    for position in range(1, 4):
        press(table, Key.Key_Down)
        wanted = ines.row(position).recording
        ines.until(partial(_holds, ines, wanted))
    assert ines.desk.step(1)
    assert table.currentIndex().row() == 4
    assert ines.desk.step(-4)
    assert not ines.desk.step(-1)


def _holds(ines: Listener, wanted: Recording) -> bool:
    return ines.desk.current == wanted


def test_enter_wants_to_hear(ines: Listener, qtbot: QtBot) -> None:
    ines.page.table.selectRow(1)
    with qtbot.waitSignal(ines.page.play_requested):
        press(ines.page.table, Key.Key_Return)


def test_space_plays_and_pauses(ines: Listener, qtbot: QtBot) -> None:
    ines.page.table.selectRow(1)
    with qtbot.waitSignal(ines.page.pause_requested):
        press(ines.page.table, Key.Key_Space)
    with qtbot.waitSignal(ines.page.remove_requested):
        press(ines.page.table, Key.Key_Delete)


def test_letters_typed_in_the_list_look_for_something(ines: Listener) -> None:
    ines.page.activateWindow()
    ines.page.table.setFocus()
    ines.page.table.selectRow(0)
    QTest.keyClicks(ines.page.table, "f")
    ines.until(ines.page.bar.field.hasFocus)
    QTest.keyClicks(ines.page.bar.field, "arid")
    ines.until(lambda: ines.desk.filters.words == "farid")
    ines.settle()
    assert {row.recording.agent_name for row in ines.rows()} == {"Farid Benali"}


def test_home_and_end_lead_to_the_first_and_the_last_row(ines: Listener) -> None:
    table = ines.page.table
    table.selectRow(5)
    press(table, Key.Key_End)
    assert table.currentIndex().row() == ines.desk.rows.count - 1
    press(table, Key.Key_Home)
    assert table.currentIndex().row() == 0


def test_the_panel_of_filters_opens_by_key_and_is_remembered(ines: Listener) -> None:
    assert not ines.page.panel.isVisible()
    ines.page.bar.filters.toggle()
    assert ines.page.panel.isVisible()
    assert ines.settings.now.tables["recordings.filters"] == "open"
    ines.page.resize(1_000, 700)
    assert ines.page.panel.isVisible()


def test_home_is_told_what_ends_soon(ines: Listener) -> None:
    shown: list[str] = []
    ending = Ending(ines.desk)
    cards = EndingCards(ines.words.language, ending, lambda: shown.append("shown"))
    assert list(cards()) == []
    ines.desk.load()
    ines.until(lambda: ending.count > 0)
    (card,) = cards()
    assert card.title.endswith("enregistrements seront supprimés sous 7 jours")
    ines.page.show_soon_gone()
    ines.settle()
    assert ines.desk.rows.count == ending.count
    ending.close()
    ending.deleteLater()


def test_a_menu_leads_to_what_is_alike(ines: Listener) -> None:
    ines.page.table.selectRow(2)
    ines.until(lambda: ines.desk.current is not None)
    assert ines.desk.current is not None
    alike = dict(ines.page._alike(ines.desk.current))
    number = other_party(ines.desk.current)
    ines.desk.filter(alike["same-number"])
    ines.settle()
    assert {other_party(row.recording) for row in ines.rows()} == {number}


def test_from_the_field_enter_leads_into_the_list(ines: Listener) -> None:
    ines.page.activateWindow()
    ines.page.bar.focus()
    press(ines.page.bar.field, Key.Key_Return)
    ines.until(ines.page.table.hasFocus)


def test_all_rows_can_be_chosen_and_copied(ines: Listener) -> None:
    table = ines.page.table
    table.selectAll()
    assert ines.desk.chosen_count == ines.desk.rows.count
    assert "choisis sur" in ines.page.bar.count.text()
    QGuiApplication.clipboard().clear()
    table.copy_selected()
    ines.until(lambda: bool(QGuiApplication.clipboard().text()))
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == ines.desk.rows.count
    assert lines[0].split("\t")[2] == ines.row(0).recording.agent_name


def test_what_is_chosen_can_be_taken_along(ines: Listener) -> None:
    table = ines.page.table
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for position in (1, 2, 700):
        table.selectionModel().select(table.model().index(position, 0), flags)
    wanted = tuple(ines.row(position).recording.id for position in (1, 2, 700))
    assert tuple(ines.desk.capture_chosen()()) == wanted
    assert len(ines.desk.capture_shown()()) == ines.desk.rows.count


def test_a_search_is_kept_found_by_name_and_forgotten(ines: Listener) -> None:
    ines.type("benali")
    ines.page.bar.name_wanted.emit()
    ines.page.keep.field.setText("Ceux de Farid")
    press(ines.page.keep.field, Key.Key_Return)
    ines.settle()
    ines.page.clear_filters()
    ines.settle()
    words = [match.words for match in ines.commands.matching("Ceux de Far", ines.words.language)]
    assert words[0] == "Ceux de Farid"
    assert ines.commands is not None
    ines.desk.searches.read()
    ines.settle()
    kept = ines.desk.searches.all
    assert [each.name for each in kept] == ["Ceux de Farid"]
    ines.desk.look_for(kept[0])
    ines.settle()
    assert ines.page.bar.field.text() == "benali"
    ines.desk.searches.forget("Ceux de Farid")
    ines.settle()
    ines.desk.searches.read()
    ines.settle()
    assert ines.desk.searches.all == ()


def test_columns_and_their_order_are_remembered(ines: Listener) -> None:
    table = ines.page.table
    flow = next(
        column
        for column in range(table.model().columnCount())
        if table.model().headerData(column, Qt.Orientation.Horizontal) == "SVI"
    )
    assert table.isColumnHidden(flow)
    assert "recordings" not in ines.settings.now.tables, "nobody has touched a column yet"
    table.columns_menu().actions()[flow - 1].trigger()
    table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    ines.until(lambda: "recordings" in ines.settings.now.tables)
    ines.settle()
    ines.page.close_page()
    ines.page.deleteLater()
    ines.page = ines.new_page()
    ines.settle()
    assert not ines.page.table.isColumnHidden(flow)
    assert ines.desk.sort is Sort.DURATION


def test_new_recordings_come_in_without_moving_what_one_looks_at(ines: Listener) -> None:
    table = ines.page.table
    before = ines.desk.rows.count
    ines.page.table.selectRow(40)
    ines.until(lambda: ines.desk.current is not None)
    held = ines.desk.current
    table.scrollTo(table.model().index(40, 0), table.ScrollHint.PositionAtTop)
    assert ines.service.service is not None
    seed_recordings(ines.service.service, COUNT + 30)
    ines.workspace.sync_now()
    ines.until(lambda: ines.desk.rows.count > before)
    ines.settle()
    assert ines.desk.current == held
    assert held is not None
    now = table.currentIndex().row()
    assert ines.row(now).recording.id == held.id
    assert now > 40
    assert table.rowAt(0) == now


def test_screen_readers_are_told_what_the_list_is_and_says(ines: Listener) -> None:
    table = ines.page.table
    ines.row(0)
    spoken = QAccessible.queryAccessibleInterface(table)
    assert spoken.text(QAccessible.Text.Name) == "Liste des enregistrements"
    cells = [spoken.child(at) for at in range(3 * table.model().columnCount())]
    said = [cell.text(QAccessible.Text.Name) for cell in cells if cell is not None]
    assert ines.row(0).recording.agent_name in said
    ines.page.panel.build()
    for field in (ines.page.bar.field, ines.page.panel.queues, ines.page.panel.period.named):
        assert field.accessibleName()


def test_another_day_takes_away_what_is_due(ines: Listener) -> None:
    ines.desk.sort_by(Sort.END, is_descending=False)
    ines.settle()
    first = ines.row(0).recording
    due = {row.recording.id for row in ines.rows() if row.recording.delete_by == first.delete_by}
    ines.page.table.selectRow(0)
    ines.until(lambda: ines.desk.current == first)
    till = first.delete_by - ines.desk.today
    ines.service.clock.advance(till)
    ines.desk._look_at_the_day()
    ines.until(lambda: ines.desk.current is None)
    ines.settle()
    ines.service.clock.advance(-till)
    assert not due & {row.recording.id for row in ines.rows()}
