"""The whole editor around a flow: opened, all its nodes moved and put back, its findings listed.

For each there is the least that Qt does for the same outcome, measured in the same process: a
scene of plain items in its view, their places set, a standard model sorted in a table.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QGraphicsView, QTableView

from benchmarks.editor_cases import floor, ours
from benchmarks.editor_cases.scenario import HEIGHT, WIDTH, report
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.language import Language
from cx_desktop.models.theme import Theme
from cx_desktop.settings import AppSettings, resources
from cx_desktop.tasks import Tasks
from cx_desktop.views.flow_editor import FlowEditor
from cx_desktop.views.widgets.icons import Icons
from cx_desktop.views.widgets.look import Look

Result = TypeVar("Result")

RUNS = 5
FAR = 16


class Whole:
    """An editor with everything around the canvas."""

    def __init__(self, look: Look, tasks: Tasks, source: Document) -> None:
        self.model = FlowGraphModel(document=source, save=lambda _changes: None)
        self.editor = FlowEditor(self.model, look=look, commands=Commands(), tasks=tasks)
        self.editor.resize(WIDTH, HEIGHT)
        self.editor.show()

    def move_all(self) -> None:
        """Put every node a little further."""
        nodes = self.model.flow.nodes.values()
        self.editor.stage.editing.move({node.id: (node.x + FAR, node.y + FAR) for node in nodes})

    def texts(self) -> list[tuple[int, list[str]]]:
        """The findings as their table shows them, with what the first column sorts by."""
        table = self.editor.findings_list.table
        ranks = {"blocking": 0, "warning": 1, "information": 2}
        return [
            (
                ranks[row.severity.value],
                [str(table.index(place, at).data()) for at in range(table.columnCount())],
            )
            for place, row in enumerate(table.rows)
        ]


def plain_list(rows: list[tuple[int, list[str]]]) -> QTableView:
    """The same table from what Qt brings along."""
    model = QStandardItemModel()
    for rank, texts in rows:
        items = [QStandardItem(text) for text in texts]
        items[0].setData(rank, Qt.ItemDataRole.UserRole)
        model.appendRow(items)
    view = QTableView()
    model.setParent(view)
    proxy = QSortFilterProxyModel(view)
    proxy.setSortRole(Qt.ItemDataRole.UserRole)
    proxy.setSourceModel(model)
    view.setModel(proxy)
    proxy.sort(0)
    return view


def _found(whole: Whole) -> tuple[Finding, ...]:
    """What the rules find, once they have."""
    wait = QEventLoop()
    whole.editor.rules.changed.connect(wait.quit)
    wait.exec()
    return whole.editor.rules.all


def _shift(view: QGraphicsView) -> None:
    for item in view.items():
        if isinstance(item, QGraphicsRectItem) and item.parentItem() is None:
            item.moveBy(-FAR, -FAR)


class Watch:
    """Keeps how long each kind of work took, run after run."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = {}

    def time(self, name: str, work: Callable[[], Result]) -> Result:
        """Do it, and keep how long it took."""
        start = time.perf_counter()
        result = work()
        self.took.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return result

    def medians(self) -> dict[str, float]:
        """The medians but for the first run, which read everything from disk."""
        return {name: statistics.median(took[1:]) for name, took in self.took.items()}


def look_of(app: QApplication) -> Look:
    """Words, colours and icons as the program has them."""
    theme = Theme(app.styleHints(), resources() / "theme.qss", AppSettings())
    app.setStyle("Fusion")
    app.setStyleSheet(theme.style_sheet())
    icons = Icons(theme)
    icons.load()
    return Look(Language(resources() / "text"), theme, icons)


def run(app: QApplication, watch: Watch, open_it: Callable[[], Whole], count: int) -> int:
    """Take each measure and its floor once; the number of findings."""
    gc.collect()
    whole = watch.time("opened", open_it)
    watch.time("first_frame", app.processEvents)
    view = watch.time("scene_opened", lambda: floor.build(count))
    watch.time("scene_first_frame", app.processEvents)
    found = _found(whole)
    whole.move_all()
    watch.time("undone", whole.model.undo_stack.undo)
    watch.time("scene_undone", lambda: _shift(view))
    table = whole.editor.findings_list.table
    texts = whole.texts()
    table.set_rows(())
    watch.time("listed", lambda: table.set_rows(found))
    watch.time("plainly_listed", lambda: plain_list(texts))
    if len(whole.texts()) != len(texts):
        raise SystemExit("The list does not hold what was found")
    whole.editor.shut()
    whole.editor.deleteLater()
    view.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return len(found)


def main(count: int) -> None:
    """Take the measures several times in turn."""
    app = QApplication([])
    gc.disable()  # as in the program, which collects between events
    look, tasks, watch = look_of(app), Tasks(), Watch()
    source = ours.document(count)
    numbers = {run(app, watch, lambda: Whole(look, tasks, source), count) for _ in range(RUNS + 1)}
    tasks.close()
    report(findings=min(numbers), **watch.medians())


if __name__ == "__main__":
    main(int(sys.argv[1]))
