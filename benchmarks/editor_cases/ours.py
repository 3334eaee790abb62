"""Our canvas with its model, geometry, selection, hit testing and gestures; real mouse events."""

import sys

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from benchmarks.editor_cases.scenario import (
    DRAGS,
    FRAMES,
    HEIGHT,
    STRIDE,
    WIDTH,
    dragged,
    graph,
    memory,
    report,
    timed,
)
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.models.language import Language
from cx_desktop.models.theme import Theme
from cx_desktop.settings import AppSettings, resources
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.icons import Icons

#: Three fixed exits, as many as the peer's nodes have.
KIND = "lookup"
WAYS = ("ok", "http_error", "timeout")


def document(count: int) -> Document:
    """The scenario's graph as a flow document."""
    drawn = graph(count)
    links: dict[str, dict[str, str]] = {}
    for source, way, target in drawn.links:
        links.setdefault(f"n{source}", {})[WAYS[way]] = f"n{target}"
    nodes = {
        f"n{i}": {"id": f"n{i}", "kind": KIND, "title": f"n{i}", "x": x, "y": y}
        for i, (x, y) in enumerate(drawn.places)
    }
    return {"nodes": nodes, "links": links}


class Paints(QObject):
    """Counts paint events, so that no frame is timed that was not painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Case:
    """The canvas, built."""

    def __init__(self, app: QApplication, source: Document) -> None:
        theme = Theme(app.styleHints(), resources() / "theme.qss", AppSettings())
        language = Language(resources() / "text")
        self.app = app
        self.model = FlowGraphModel(document=source, save=lambda _changes: None)
        selection = FlowSelection(self.model, self.model)
        self.owner = QWidget()
        editing = FlowEditing(self.model, selection, self.owner)
        self.stage = Stage(editing, selection, Words(language, Context()), self.owner)
        self.canvas = FlowCanvas(self.stage, Ink(theme, Icons(theme), app.font()))
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.show()
        app.processEvents()

    def zoomed_frame(self, number: int) -> float:
        """A frame just after a step of zoom: what was kept for the last one is of no use."""
        factor = 1.01 if number % 2 == 0 else 1 / 1.01
        self.stage.viewport.zoom_by(factor, QPointF(WIDTH / 2, HEIGHT / 2))
        return timed(self.canvas.repaint)

    def drags(self, node: str) -> list[float]:
        """Press a node and move it, each step with its painting."""
        shape = self.stage.geometry.shapes[node]  # type: ignore[index]
        at = self.stage.viewport.to_view(QPointF(shape.x + 100, shape.y + 12))
        self._mouse(QEvent.Type.MouseButtonPress, at)
        self._mouse(QEvent.Type.MouseMove, at + QPointF(STRIDE, 0))
        self.app.processEvents()

        def step() -> None:
            nonlocal at
            at += QPointF(STRIDE, 0)
            self._mouse(QEvent.Type.MouseMove, at)
            self.app.processEvents()

        took = [timed(step) for _ in range(DRAGS)]
        self._mouse(QEvent.Type.MouseButtonRelease, at)
        self.app.processEvents()
        return took

    def _mouse(self, kind: QEvent.Type, at: QPointF) -> None:
        left = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        event = QMouseEvent(kind, at, at, button, left, Qt.KeyboardModifier.NoModifier)
        self.app.sendEvent(self.canvas, event)


def main(count: int) -> None:
    """Build, look, zoom, drag."""
    app = QApplication([])
    source = document(count)
    Case(app, document(4)).owner.deleteLater()
    idle = memory()
    built: list[Case] = []
    build = timed(lambda: built.append(Case(app, source)))
    case = built[0]
    case.stage.viewport.fit(case.stage.geometry.around())
    app.processEvents()
    held = memory() - idle
    paints = Paints()
    case.canvas.installEventFilter(paints)
    fit = [timed(case.canvas.repaint) for _ in range(FRAMES)]
    zoom = [case.zoomed_frame(number) for number in range(FRAMES)]
    far, near = (f"n{number}" for number in dragged(count))
    drag_fit = case.drags(far)
    middle = case.stage.geometry.shapes[near].rect.center()  # type: ignore[index]
    case.stage.viewport.zoom_to(1.0, QPointF(0, 0))
    case.stage.viewport.center_on(middle)
    real = [timed(case.canvas.repaint) for _ in range(FRAMES)]
    paints.count = 0
    drag_real = case.drags(near)
    if paints.count < DRAGS - 3:
        raise SystemExit(f"Only {paints.count} drags were painted")
    report(
        build=build,
        memory=held,
        fit=fit,
        zoom=zoom,
        real=real,
        drag_fit=drag_fit,
        drag_real=drag_real,
        nodes=len(case.stage.geometry.shapes),
        links=len(case.stage.geometry.lines),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
