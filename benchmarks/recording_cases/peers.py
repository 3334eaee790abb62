"""The same list by other means: a bare window with one query, QSqlTableModel, a list of tuples."""

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

from benchmarks.recording_cases.library import KEY, PROJECT
from benchmarks.recording_cases.measures import Measures, resident
from benchmarks.recording_cases.ours import Painted
from cx_desktop.cache.driver import DRIVER
from cx_desktop.overrides import override

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def bare(folder: Path) -> Measures:
    """A window, the file opened with its key, one indexed query."""
    application, painted = QApplication([]), Painted()
    started = time.perf_counter()
    connection = DRIVER.connect(str(folder / "cache" / "cache.db"))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    found = connection.execute(
        "SELECT * FROM recording WHERE project_id = ? ORDER BY started_at DESC LIMIT 256",
        (bytes.fromhex(PROJECT.replace("-", "")),),
    ).fetchall()
    window = QMainWindow()
    window.resize(1096, 724)
    window.installEventFilter(painted)
    window.show()
    _until(application, lambda: painted.is_so)
    return Measures(opened=_since(started), count=len(found))


def sql(folder: Path) -> Measures:
    """Qt's own model on a plain file."""
    application, painted = QApplication([]), Painted()
    idle = resident()
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(str(folder / "plain.db"))
    database.open()
    table = _table(painted)
    started = time.perf_counter()
    model = QSqlTableModel(None, database)
    model.setTable("recording")
    model.setSort(5, Qt.SortOrder.DescendingOrder)
    model.select()
    table.setModel(model)
    table.show()
    _until(application, lambda: painted.is_so)
    first_paint = _since(started)
    started = time.perf_counter()
    while model.canFetchMore():
        model.fetchMore()
    whole = _since(started)
    jump = _jump(application, table, painted, model.rowCount() // 2)
    return Measures(
        first_paint=first_paint,
        whole=whole,
        jump=jump,
        memory=resident() - idle,
        count=model.rowCount(),
    )


class Tuples(QAbstractTableModel):
    """Every row in memory."""

    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        super().__init__()
        self._rows = rows

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows[0])

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(self._rows[index.row()][index.column()])


def tuples(folder: Path) -> Measures:
    """The plain file read whole."""
    application, painted = QApplication([]), Painted()
    idle = resident()
    table = _table(painted)
    started = time.perf_counter()
    connection = sqlite3.connect(folder / "plain.db")
    rows = connection.execute("SELECT * FROM recording ORDER BY started_at DESC").fetchall()
    model = Tuples(rows)
    table.setModel(model)
    table.show()
    _until(application, lambda: painted.is_so)
    first_paint = _since(started)
    jump = _jump(application, table, painted, len(rows) // 2)
    return Measures(
        first_paint=first_paint,
        whole=first_paint,
        jump=jump,
        memory=resident() - idle,
        count=len(rows),
    )


def _table(painted: Painted) -> QTableView:
    table = QTableView()
    table.resize(1048, 650)
    table.viewport().installEventFilter(painted)
    return table


def _jump(application: QApplication, table: QTableView, painted: Painted, row: int) -> float:
    painted.is_so = False
    started = time.perf_counter()
    table.scrollTo(table.model().index(row, 0), QTableView.ScrollHint.PositionAtTop)
    _until(application, lambda: painted.is_so)
    return _since(started)


def _until(application: QApplication, true: Callable[[], bool]) -> None:
    while not true():
        application.processEvents()


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    case = {"bare": bare, "sql": sql, "tuples": tuples}[sys.argv[2]]
    print(msgspec.json.encode(case(Path(sys.argv[1]))).decode(), flush=True)
