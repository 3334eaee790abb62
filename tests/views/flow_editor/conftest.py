"""The editor in a window, over a flow that is drawn as a picture."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cx_desktop.domain.flow.graph import Flow, NodeId, document_of
from cx_desktop.domain.flow.layout import tidy
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Change
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.tasks import Tasks
from cx_desktop.views.flow_editor import FlowEditor
from cx_desktop.views.widgets.look import Look
from tests.fakes.drawing import flow_of, picture_of
from tests.fakes.seat import look as make_look

MENU = """
start -next→ menu
menu -1→ sales / -2→ help / -no_input→ menu
sales (transfer_queue)
help (hangup)
"""
LEFT = Qt.MouseButton.LeftButton
Modifier = Qt.KeyboardModifier
NONE = Modifier.NoModifier
CONTEXT = Context(queues={"q1": "Ventes", "q2": "Atelier"}, prompts={"p1": "Bienvenue"})


class Desk:
    """Somebody at the editor, with mouse and keyboard."""

    def __init__(
        self, qtbot: QtBot, words: Look, tasks: Tasks, flow: Flow, *, locked: bool
    ) -> None:
        self.qtbot = qtbot
        self.look = words
        self.saved: list[tuple[Change, ...]] = []
        self.model = FlowGraphModel(
            document=document_of(flow), save=self.saved.append, is_read_only=locked
        )
        self.commands = Commands()
        self.editor = FlowEditor(
            self.model,
            look=words,
            commands=self.commands,
            tasks=tasks,
            read_context=lambda: CONTEXT,
        )
        self.canvas = self.editor.canvas
        self.stage = self.editor.stage
        self.editor.resize(1400, 900)
        self.editor.show()
        self.until(lambda: tasks.is_idle)
        self.stage.viewport.zoom_to(1.0, QPointF(0, 0))
        self.stage.viewport.center_on(self.stage.geometry.around().center())
        self.canvas.setFocus()

    @property
    def picture(self) -> str:
        return picture_of(self.model.flow)

    @property
    def selected(self) -> tuple[str, ...]:
        return tuple(map(str, self.stage.selection.nodes))

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=5_000)

    def pixel(self, x: float, y: float) -> QPoint:
        """Where a place of the flow lies on the canvas."""
        return self.stage.viewport.to_view(QPointF(x, y)).toPoint()

    def title(self, node: str) -> QPoint:
        """The middle of a node's title."""
        shape = self.stage.geometry.shapes[NodeId(node)]
        return self.pixel(shape.x + 100, shape.y + 14)

    def port(self, node: str, way: str) -> QPoint:
        """The port of an exit."""
        shape = self.stage.geometry.shapes[NodeId(node)]
        return self.pixel(*shape.way_out(next(each.id for each in shape.ways if each.id == way)))

    def empty(self) -> QPoint:
        """A place without anything."""
        around = self.stage.geometry.around()
        return self.pixel(around.left() + 20, around.bottom() + 90)

    def click(self, at: QPoint, modifier: Modifier = NONE) -> None:
        QTest.mouseClick(self.canvas, LEFT, modifier, at)

    def double_click(self, at: QPoint) -> None:
        QTest.mouseDClick(self.canvas, LEFT, NONE, at)

    def press(self, at: QPoint) -> None:
        QTest.mousePress(self.canvas, LEFT, NONE, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas, at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.canvas, LEFT, NONE, at)

    def drag(self, begin: QPoint, end: QPoint, *, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.canvas, button, NONE, begin)
        for share in (0.2, 0.6, 1.0):
            QTest.mouseMove(self.canvas, begin + (end - begin) * share)
        QTest.mouseRelease(self.canvas, button, NONE, end)

    def key(self, key: Qt.Key, modifier: Modifier = NONE, *, at: QWidget | None = None) -> None:
        QTest.keyClick(at or self.canvas, key, modifier)

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def run(self, command: str) -> bool:
        return self.commands.run(command)


@pytest.fixture(scope="package")
def words(qapp: QApplication) -> Look:
    return make_look(qapp)


@pytest.fixture
def open_editor(qtbot: QtBot, words: Look) -> Iterator[Callable[..., Desk]]:
    tasks = Tasks()
    desks: list[Desk] = []

    def open_it(picture: str | Flow = MENU, *, locked: bool = False) -> Desk:
        flow = flow_of(picture) if isinstance(picture, str) else picture
        changes = [
            Change(("nodes", node, axis), value)
            for node, place in tidy(flow).items()
            for axis, value in zip("xy", place, strict=True)
        ]
        desks.append(Desk(qtbot, words, tasks, flow.with_changes(changes), locked=locked))
        return desks[-1]

    yield open_it
    for desk in desks:
        desk.editor.shut()
        desk.editor.close()
        desk.editor.deleteLater()
    tasks.close()


@pytest.fixture
def desk(open_editor: Callable[..., Desk]) -> Desk:
    return open_editor()
