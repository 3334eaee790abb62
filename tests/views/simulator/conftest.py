"""The editor with its simulator and tests, over a small shop."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import Flow, document_of
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.patch import Change
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.simulation_world import Around, Surroundings
from cx_desktop.tasks import Tasks
from cx_desktop.views.flow_editor import FlowEditor
from cx_desktop.views.simulator.bench import Bench
from cx_desktop.views.widgets.look import Look
from tests.domain.testing.shop import shop, world
from tests.fakes.seat import look as make_look

Ask = Callable[[Request], Outcome]
CONTEXT = Context(
    queues={"sales": "Ventes"}, schedules={"week": "Boutique"}, flows={"survey": "Enquête"}
)


class Seat:
    """Somebody who plays calls of a flow."""

    def __init__(
        self,
        qtbot: QtBot,
        look: Look,
        tasks: Tasks,
        flow: Flow,
        *,
        others: Mapping[str, Flow],
        ask: Ask | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.tasks = tasks
        self.look = look
        self.commands = Commands()
        self.model = FlowGraphModel(document=document_of(flow), save=lambda _changes: None)
        self.editor = FlowEditor(
            self.model, look=look, commands=self.commands, tasks=tasks, read_context=lambda: CONTEXT
        )
        there = replace(world(flow), flows={"main": flow, **others})
        around = Around("main", lambda: Surroundings(there), ask)
        self.bench = Bench(
            look, self.editor, around, world(flow), commands=self.commands, tasks=tasks
        )
        self.editor.resize(1280, 760)
        self.editor.show()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.tasks.is_idle, timeout=10_000)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=10_000)

    def run(self, name: str) -> bool:
        return self.commands.run(f"simulator.{name}")

    def key(self, key: Qt.Key, at: QWidget) -> None:
        QTest.keyClick(at, key)

    @property
    def said(self) -> list[str]:
        found = self.bench.panel.transcript
        return [found.item(row).text() for row in range(found.count())]


def tidied(flow: Flow) -> Flow:
    return flow.with_changes(
        Change(("nodes", node, axis), value)
        for node, place in tidy(flow).items()
        for axis, value in zip("xy", place, strict=True)
    )


@pytest.fixture(scope="package")
def words(qapp: QApplication) -> Look:
    return make_look(qapp)


@pytest.fixture
def sit(qtbot: QtBot, words: Look) -> Iterator[Callable[..., Seat]]:
    tasks = Tasks()
    seats: list[Seat] = []

    def open_it(
        flow: Flow | None = None,
        *,
        ask: Ask | None = None,
        others: Mapping[str, Flow] | None = None,
    ) -> Seat:
        around = {key: tidied(each) for key, each in (others or {}).items()}
        seats.append(Seat(qtbot, words, tasks, tidied(flow or shop()), others=around, ask=ask))
        return seats[-1]

    yield open_it
    for each in seats:
        each.bench.close()
        each.editor.shut()
        each.editor.close()
        each.editor.deleteLater()
    tasks.close()
