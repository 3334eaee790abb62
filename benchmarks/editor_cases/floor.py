"""The least that QGraphicsView needs for the same drawing: C++ items, and all links in one item.

No hit testing, no selection, no text: only the blocks and hairlines that our canvas draws afar.
"""

import sys

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)
from typing_extensions import override

from benchmarks.editor_cases.scenario import FRAMES, HEIGHT, WIDTH, graph, memory, report, timed

CARD, HEADER, EXIT_ROW = 208, 40, 22


class Links(QGraphicsItem):
    """All links as hairlines."""

    def __init__(self, lines: list[QLineF], rect: QRectF) -> None:
        super().__init__()
        self._lines = lines
        self._rect = rect
        self._pen = QPen(QColor("#7a828f"))
        self._pen.setCosmetic(True)

    @override
    def boundingRect(self) -> QRectF:
        return self._rect

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setPen(self._pen)
        painter.drawLines(self._lines)


def build(count: int) -> QGraphicsView:
    """The scene in its view."""
    drawn = graph(count)
    scene = QGraphicsScene()
    height = HEADER + 4 * EXIT_ROW + 6
    head, body = QBrush(QColor("#0d6784")), QBrush(QColor("#b6d1da"))
    lines = [
        QLineF(
            drawn.places[source][0] + CARD,
            drawn.places[source][1] + HEADER + EXIT_ROW * way + EXIT_ROW / 2,
            drawn.places[target][0],
            drawn.places[target][1] + HEADER / 2,
        )
        for source, way, target in drawn.links
    ]
    right, bottom = max(x for x, _ in drawn.places), max(y for _, y in drawn.places)
    scene.addItem(Links(lines, QRectF(0, 0, right + CARD, bottom + height)))
    for x, y in drawn.places:
        node = QGraphicsRectItem(0, 0, CARD, height)
        node.setPos(x, y)
        node.setPen(Qt.PenStyle.NoPen)
        node.setBrush(body)
        title = QGraphicsRectItem(0, 0, CARD, HEADER, node)
        title.setPen(Qt.PenStyle.NoPen)
        title.setBrush(head)
        scene.addItem(node)
    view = QGraphicsView(scene)
    scene.setParent(view)
    view.resize(WIDTH, HEIGHT)
    view.show()
    return view


def main(count: int) -> None:
    """Build, fit, zoom."""
    app = QApplication([])
    idle = memory()
    views: list[QGraphicsView] = []

    def make() -> None:
        views.append(build(count))
        app.processEvents()

    took = timed(make)
    view = views[0]
    view.fitInView(view.scene().sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
    app.processEvents()
    held = memory() - idle

    def zoom(number: int) -> float:
        factor = 1.01 if number % 2 == 0 else 1 / 1.01
        view.scale(factor, factor)
        return timed(view.viewport().repaint)

    report(
        build=took,
        memory=held,
        fit=[timed(view.viewport().repaint) for _ in range(FRAMES)],
        zoom=[zoom(number) for number in range(FRAMES)],
        nodes=len(graph(count).places),
        links=len(graph(count).links),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
