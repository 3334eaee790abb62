"""The columns of the list: what they say, how wide they are, what is remembered of them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_entity import NumberFacts
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.named_table import NamedTable
from cx_desktop.views.flows import words
from cx_desktop.views.objects.finding_words import findings_words
from cx_desktop.views.objects.words import ago
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.table_view import TableView
from tests.fakes.seat import look as make_look

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
ROW = FlowRow(
    id="f-1",
    name="Accueil principal",
    description="",
    etag='"e-1"',
    state=ObjectState.AHEAD,
    live_revision=4,
    steps=31,
    blocking=1,
    warnings=2,
    numbers=(NumberFacts(id="n-1", e164="+33199001234", label="Magasin Paris"),),
    updated_at=NOW - timedelta(minutes=5),
    updated_by="Léa Martin",
    is_by_me=False,
    is_unsent=False,
)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return make_look(qapp)


@pytest.fixture
def table(look: Look, qtbot: QtBot) -> TableView[FlowRow]:
    language = look.language
    model: NamedTable[FlowRow] = NamedTable(words.columns(language, lambda: NOW), language=language)
    view: TableView[FlowRow] = TableView(look, model, least=words.LEAST, hidden=words.HIDDEN)
    model.setParent(view)
    qtbot.addWidget(view)
    model.set_rows([ROW, msgspec.structs.replace(ROW, id="f-2", name="Nuit", numbers=())])
    view.resize(1100, 400)
    view.show()
    view.fit()
    return view


def cell(view: TableView[FlowRow], column: int, role: int = Qt.ItemDataRole.DisplayRole) -> str:
    return str(view.filtered.index(0, column).data(role))


def test_numbers_are_written_as_people_write_them(table: TableView[FlowRow]) -> None:
    assert cell(table, words.NUMBERS) == "01\u00a099\u00a000\u00a012\u00a034"
    tip = cell(table, words.NUMBERS, Qt.ItemDataRole.ToolTipRole)
    assert "Magasin Paris" in tip
    assert "+33199001234" in tip
    assert "+33199001234" in words.numbers_to_find(ROW)


def test_findings_are_counted_in_pills_and_spoken_in_words(
    table: TableView[FlowRow], look: Look
) -> None:
    pills = words.findings_pills(look.language, ROW)
    assert [(pill.text, pill.tone) for pill in pills] == [("1", "block"), ("2", "warn")]
    assert all(pill.icon for pill in pills)
    assert cell(table, words.FINDINGS) == "1 bloquante · 2 avertissements"
    sound = msgspec.structs.replace(ROW, blocking=0, warnings=0)
    assert words.findings_pills(look.language, sound) == ()
    assert findings_words(look.language, 0, 0) == "Aucune"


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=1), "il y a 1 min"),
        (timedelta(minutes=59), "il y a 59 min"),
        (timedelta(hours=3), "il y a 3 h"),
        (timedelta(days=1), "hier"),
        (timedelta(days=6), "il y a 6 jours"),
        (timedelta(days=20), "il y a 2 semaines"),
        (timedelta(days=100), "14 août 2026"),
        (timedelta(seconds=-90), "à l’instant"),
    ],
)
def test_a_change_is_told_by_how_long_ago_it_was(look: Look, past: timedelta, said: str) -> None:
    assert ago(look.language, NOW - past, NOW) == said


def test_columns_are_as_wide_as_what_they_hold(table: TableView[FlowRow]) -> None:
    for column in (words.STATE, words.NUMBERS, words.CHANGED):
        assert table.columnWidth(column) >= table.sizeHintForColumn(column)
    spare = table.viewport().width() - table.horizontalHeader().length()
    assert abs(spare) <= 1


def test_where_room_is_scarce_columns_give_way_before_the_name(table: TableView[FlowRow]) -> None:
    table.resize(700, 400)
    assert table.columnWidth(words.NAME) >= 100
    assert table.columnWidth(words.NUMBERS) == words.LEAST[words.NUMBERS]


def test_a_width_given_by_hand_is_kept_and_remembered(
    table: TableView[FlowRow], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(table.layout_changed) as told:
        table.horizontalHeader().resizeSection(words.CHANGED, 260)
    table.resize(900, 400)
    assert table.columnWidth(words.CHANGED) == 260
    assert told.args is not None
    layout: str = told.args[0]
    table.horizontalHeader().resizeSection(words.CHANGED, 130)
    table.restore_layout(layout)
    assert table.columnWidth(words.CHANGED) == 260


def test_the_frame_ends_below_the_last_row(table: TableView[FlowRow]) -> None:
    rows = sum(table.rowHeight(row) for row in range(table.filtered.rowCount()))
    assert rows < table.maximumHeight() < rows + 60
