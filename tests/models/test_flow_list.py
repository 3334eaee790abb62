"""The rows of the list follow the cache; the table behaves as Qt expects of one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import Change
from cx_desktop.models.flow_rows import FlowRow, FlowRows
from cx_desktop.models.flows import Flows
from cx_desktop.models.language import Language
from cx_desktop.models.objects.facts import ObjectState
from cx_desktop.models.objects.named_table import NAME, NamedTable, Renaming
from cx_desktop.models.table import Column
from cx_desktop.settings import resources
from cx_desktop.tasks import Tasks
from tests.fakes.clock import FakeClock
from tests.fakes.mirror import Mirror
from tests.models.flow_entities import (
    ACCUEIL,
    LEA,
    NUIT,
    PROJECT,
    draft,
    flow,
    number,
    project,
    revision,
)


class ModelTester(Protocol):
    """pytest-qt's check of a model's own consistency."""

    def check(self, model: QAbstractItemModel) -> None: ...


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    mirror = Mirror(tmp_path, FakeClock())
    mirror.send(project(), flow())
    yield mirror
    mirror.close()


@pytest.fixture
def flows(mirror: Mirror, qapp: QApplication) -> Iterator[Flows]:
    tasks = Tasks(parent=qapp)

    def reader() -> FlowRows:
        return FlowRows(cache=mirror.cache, project_id=PROJECT, user_id=LEA["id"])

    flows = Flows(cache=mirror.cache, tasks=tasks, rows=reader)
    flows.load()
    yield flows
    flows.close()
    tasks.close()


@pytest.fixture
def shows(flows: Flows, qtbot: QtBot) -> Callable[[Callable[[FlowRow], bool]], None]:
    """Wait until a row of the list is so."""
    return lambda wanted: qtbot.waitUntil(lambda: any(map(wanted, flows.rows)), timeout=5000)


Shows = Callable[[Callable[[FlowRow], bool]], None]


def test_a_row_says_how_the_flow_stands(flows: Flows, shows: Shows) -> None:
    shows(lambda row: row.name == "Accueil principal")
    (row,) = flows.rows
    assert (row.state, row.live_revision, row.steps) == (ObjectState.LIVE, 3, 3)
    assert (row.blocking, row.warnings) == (0, 0)
    assert (row.updated_by, row.is_by_me, row.is_unsent) == ("Léa Martin", True, False)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"live_draft_ver": 3}, ObjectState.AHEAD),
        ({"live_revision": None, "live_draft_ver": None}, ObjectState.NEVER),
        ({"archived": True}, ObjectState.ARCHIVED),
    ],
)
def test_the_state_follows_the_service(
    mirror: Mirror, shows: Shows, fields: dict[str, object], state: ObjectState
) -> None:
    mirror.send({**flow(), **fields})
    shows(lambda row: row.state is state)


def test_an_unsent_edit_puts_the_draft_ahead(mirror: Mirror, shows: Shows) -> None:
    path = ("draft", "nodes", "play", "title")
    mirror.cache.edit(Edit("flow", ACCUEIL, changes=(Change(path, "Salut", "Bonjour"),)))
    shows(lambda row: row.is_unsent and row.state is ObjectState.AHEAD)


def test_an_edit_back_to_what_is_live_is_live_again(mirror: Mirror, shows: Shows) -> None:
    mirror.send(revision(3, draft()))
    path = ("draft", "nodes", "play", "title")
    mirror.cache.edit(Edit("flow", ACCUEIL, changes=(Change(path, "Salut", "Bonjour"),)))
    shows(lambda row: row.is_unsent and row.state is ObjectState.AHEAD)
    mirror.cache.edit(Edit("flow", ACCUEIL, changes=(Change(path, "Bonjour", "Salut"),)))
    shows(lambda row: row.state is ObjectState.LIVE)


def test_a_live_version_that_arrives_later_is_compared_then(mirror: Mirror, shows: Shows) -> None:
    mirror.send(flow(live_draft_ver=3))
    shows(lambda row: row.state is ObjectState.AHEAD)
    mirror.send(revision(3, draft()))
    shows(lambda row: row.state is ObjectState.LIVE)


def test_a_flow_that_came_while_names_were_read_is_known_after_all(mirror: Mirror) -> None:
    leading = draft()
    leading["nodes"] = {
        "start": {"id": "start", "kind": "start"},
        "go": {"id": "go", "kind": "goto_flow", "props": {"flow": NUIT}},
    }
    leading["links"] = {"start": {"next": "go"}}
    mirror.send(flow(draft=leading), flow(NUIT, "Nuit"))
    reader = FlowRows(cache=mirror.cache, project_id=PROJECT, user_id=LEA["id"])
    reader.read()
    reader.context = msgspec.structs.replace(reader.context, flows={ACCUEIL: "Accueil principal"})
    rows = reader.refresh([NUIT])
    assert [row.blocking for row in rows if row.id == ACCUEIL] == [0]


def test_findings_are_counted(mirror: Mirror, shows: Shows) -> None:
    broken = draft()
    broken["links"] = {"start": {"next": "play"}}
    mirror.send(flow(draft=broken))
    shows(lambda row: row.blocking == 1 and row.warnings == 1)


def test_numbers_move_from_flow_to_flow(mirror: Mirror, shows: Shows) -> None:
    mirror.send(flow(NUIT, "Nuit"), number(ACCUEIL))
    shows(lambda row: row.id == ACCUEIL and [each.label for each in row.numbers] == ["Standard"])
    mirror.send(number(NUIT))
    shows(lambda row: row.id == ACCUEIL and row.numbers == ())
    shows(lambda row: row.id == NUIT and [each.label for each in row.numbers] == ["Standard"])


def test_a_flow_that_nobody_can_read_is_listed_all_the_same(mirror: Mirror, shows: Shows) -> None:
    mirror.send(flow(NUIT, "D’un programme plus récent", draft={"nodes": {"a": 1}}))
    shows(lambda row: row.id == NUIT and row.steps == 0)


def test_flows_that_leave_our_sight_leave_the_list(
    mirror: Mirror, flows: Flows, shows: Shows, qtbot: QtBot
) -> None:
    shows(lambda row: row.id == ACCUEIL)
    mirror.withdraw("flow", ACCUEIL)
    qtbot.waitUntil(lambda: flows.rows == ())


def test_the_table_is_a_sound_model_whose_names_can_be_typed_over(
    flows: Flows, shows: Shows, qtmodeltester: ModelTester
) -> None:
    shows(lambda row: row.id == ACCUEIL)
    language = Language(resources() / "text")
    table: NamedTable[FlowRow] = NamedTable(
        (Column("flows.column.name", text=lambda row: row.name),), language=language
    )
    qtmodeltester.check(table)
    table.set_rows(flows.rows)
    heard: list[Renaming] = []
    table.renamed.connect(heard.append)
    index = table.index(0, NAME)
    assert table.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not table.setData(index, "  ")
    assert not table.setData(index, "Accueil principal")
    assert table.setData(index, " Accueil ")
    assert heard == [Renaming(ACCUEIL, "Accueil")]
