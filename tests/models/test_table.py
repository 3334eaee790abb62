"""One table model for every list."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cx_desktop.models.language import Language
from cx_desktop.models.table import Column, FilteredTable, TableModel
from cx_desktop.settings import resources
from cx_desktop.text import Language as Tongue


class Lamp(NamedTuple):
    id: str
    name: str
    watts: int


LAMPS = (Lamp("a", "Abat-jour", 40), Lamp("b", "Bougie", 5), Lamp("c", "Chandelier", 300))


@pytest.fixture
def language() -> Language:
    return Language(resources() / "text")


@pytest.fixture
def table(language: Language) -> TableModel[Lamp]:
    columns = (
        Column[Lamp]("home.title", text=lambda lamp: lamp.name),
        Column[Lamp](
            "settings.title",
            text=lambda lamp: f"{lamp.watts} W",
            sort_key=lambda lamp: lamp.watts,
            is_number=True,
        ),
    )
    return TableModel(columns, key=lambda lamp: lamp.id, language=language)


def test_the_model_keeps_qts_rules(table: TableModel[Lamp], qtmodeltester: ModelTester) -> None:
    table.set_rows(LAMPS)
    qtmodeltester.check(table, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has none
    table.set_rows(LAMPS[1:])
    table.set_rows((*LAMPS[1:], Lamp("d", "Diode", 1)))


def test_numbers_sort_as_numbers(table: TableModel[Lamp]) -> None:
    table.set_rows(LAMPS)
    sorted_table = FilteredTable(table)
    sorted_table.sort(1, Qt.SortOrder.AscendingOrder)
    names = [sorted_table.row_at(sorted_table.index(row, 0)).name for row in range(3)]
    assert names == ["Bougie", "Abat-jour", "Chandelier"]


def test_filtering_asks_each_row(table: TableModel[Lamp]) -> None:
    table.set_rows(LAMPS)
    filtered = FilteredTable(table)
    filtered.keep(lambda lamp: lamp.watts > 20)
    assert filtered.rowCount() == 2
    filtered.keep(None)
    assert filtered.rowCount() == 3


def test_headings_follow_the_language(
    table: TableModel[Lamp], language: Language, qtbot: QtBot
) -> None:
    assert table.headerData(0, Qt.Orientation.Horizontal) == "Accueil"
    with qtbot.waitSignal(table.headerDataChanged):
        language.switch(Tongue.ENGLISH)
    assert table.headerData(0, Qt.Orientation.Horizontal) == "Home"


def test_a_selection_stays_on_its_row_when_others_come_and_go(table: TableModel[Lamp]) -> None:
    table.set_rows(LAMPS)
    selection = QItemSelectionModel(table)
    selection.select(table.index(1, 0), QItemSelectionModel.SelectionFlag.Select)
    table.set_rows((Lamp("z", "Zénith", 9), *LAMPS[1:]))
    (index,) = selection.selectedIndexes()
    assert table.row_at(index).name == "Bougie"


def test_a_selection_stays_on_its_row_when_that_row_goes_elsewhere(
    table: TableModel[Lamp],
) -> None:
    table.set_rows(LAMPS)
    shown = FilteredTable(table)
    shown.sort(0, Qt.SortOrder.DescendingOrder)
    selection = QItemSelectionModel(shown)
    selection.select(shown.index(0, 0), QItemSelectionModel.SelectionFlag.Select)
    table.set_rows((*LAMPS[:2], Lamp("c", "Applique", 300)))
    (index,) = selection.selectedIndexes()
    assert (index.row(), shown.row_at(index).name) == (1, "Applique")
    shown.sort(1, Qt.SortOrder.AscendingOrder)
    (index,) = selection.selectedIndexes()
    assert (index.row(), shown.row_at(index).name) == (2, "Applique")


def test_words_sort_as_people_look_them_up(table: TableModel[Lamp]) -> None:
    table.set_rows([Lamp(name, name, 1) for name in ("zéro", "Éclat", "abat-jour", "Fanal")])
    table.sort(0)
    assert [lamp.name for lamp in table.rows] == ["abat-jour", "Éclat", "Fanal", "zéro"]
    table.set_rows([*table.rows, Lamp("lustre", "lustre", 2)])
    assert [lamp.name for lamp in table.rows][3:] == ["lustre", "zéro"]


def test_rows_that_come_together_are_told_together(table: TableModel[Lamp]) -> None:
    table.set_rows(LAMPS[:1])
    told: list[tuple[int, int]] = []
    table.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    table.set_rows(LAMPS)
    assert told == [(1, 2)]


def test_an_unchanged_row_is_not_touched(table: TableModel[Lamp], qtbot: QtBot) -> None:
    table.set_rows(LAMPS)
    with qtbot.assertNotEmitted(table.dataChanged), qtbot.assertNotEmitted(table.modelReset):
        table.set_rows(LAMPS)


rows = st.lists(
    st.builds(Lamp, st.sampled_from("abcdefgh"), st.just("x"), st.integers(0, 3)),
    unique_by=lambda lamp: lamp.id,
)


@given(rows, rows)
def test_whatever_was_shown_the_new_rows_are_shown(before: list[Lamp], after: list[Lamp]) -> None:
    language = Language(resources() / "text")
    table = TableModel[Lamp](
        [Column[Lamp]("home.title", text=lambda lamp: lamp.name)],
        key=lambda lamp: lamp.id,
        language=language,
    )
    table.set_rows(before)
    table.set_rows(after)
    assert list(table.rows) == after
