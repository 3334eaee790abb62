"""NodeGraphQt with the same graph, its exponential acyclic check switched off.

Its nodes are moved directly, without its own mouse handling: that can only make it look faster.
"""

import os
import sys

from NodeGraphQt import BaseNode, NodeGraph  # type: ignore[import-not-found]
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QGraphicsView

from benchmarks.editor_cases.scenario import (
    DRAGS,
    EXITS,
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


class Step(BaseNode):  # type: ignore[misc]
    """A node with one entry and three exits."""

    __identifier__ = "bench"
    NODE_NAME = "step"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("in", multi_input=True)
        for number in range(EXITS):
            self.add_output(f"o{number}")


def empty_editor() -> "NodeGraph":
    """The editor in its window, without its exponential check for cycles."""
    editor = NodeGraph()
    editor.register_node(Step)
    editor.set_acyclic(False)
    editor.widget.resize(WIDTH, HEIGHT)
    editor.widget.show()
    return editor


def check_seen(view: QGraphicsView, *places: QPointF) -> None:
    """Stop when a place is not on the screen: then less was drawn than was meant."""
    area = view.mapToScene(view.viewport().rect()).boundingRect()
    if not all(area.contains(place) for place in places):
        raise SystemExit("What is measured is not seen")


def main(count: int) -> None:
    """Build, look, zoom, drag."""
    app = QApplication([])
    editor = empty_editor()
    app.processEvents()
    idle = memory()
    drawn = graph(count)
    nodes = []

    def build() -> None:
        for number, place in enumerate(drawn.places):
            node = editor.create_node("bench.Step", f"n{number}", pos=place, push_undo=False)
            nodes.append(node)
        for source, way, target in drawn.links:
            exit_port, entry = nodes[source].output(way), nodes[target].input(0)
            exit_port.connect_to(entry, push_undo=False)
        app.processEvents()

    took = timed(build)
    view = editor.viewer()
    # Its own fit_to_selection is quadratic: minutes at 5,000 nodes.
    around = view.scene().itemsBoundingRect()
    view.set_scene_rect([around.x(), around.y(), around.width(), around.height()])
    app.processEvents()
    held = memory() - idle
    check_seen(view, nodes[0].view.scenePos(), around.center())
    fit = [timed(view.viewport().repaint) for _ in range(FRAMES)]

    def zoom(number: int) -> float:
        factor = 1.01 if number % 2 == 0 else 1 / 1.01
        view.scale(factor, factor)
        return timed(view.viewport().repaint)

    def drags(node: BaseNode) -> list[float]:
        x, y = node.pos()
        far = STRIDE / view.transform().m11()

        def step() -> None:
            nonlocal x
            x += far
            node.view.setPos(x, y)
            app.processEvents()

        return [timed(step) for _ in range(DRAGS)]

    zoomed = [zoom(number) for number in range(FRAMES)]
    far, near = (nodes[number] for number in dragged(count))
    drag_fit = drags(far)
    view.reset_zoom(near.view.sceneBoundingRect().center())
    app.processEvents()
    check_seen(view, near.view.scenePos())
    report(
        build=took,
        memory=held,
        fit=fit,
        zoom=zoomed,
        drag_fit=drag_fit,
        real=[timed(view.viewport().repaint) for _ in range(FRAMES)],
        drag_real=drags(near),
        nodes=len(nodes),
        links=len(drawn.links),
    )
    os._exit(0)  # taking 5,000 of its nodes apart takes minutes, and is not measured


if __name__ == "__main__":
    main(int(sys.argv[1]))
