"""One table model for every list: rows are values, columns are data."""

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from cx_desktop.models.language import Language
from cx_desktop.models.runs import runs
from cx_desktop.overrides import override

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
#: When rows come and go at more places than this, views read everything anew: that is quicker.
MOST_RUNS = 100


class _Comparable(Protocol):
    def __lt__(self, other: "_Comparable", /) -> bool: ...


class Column(Generic[Row]):
    """One column: the key of its heading, how a row reads in it, and how it sorts."""

    def __init__(
        self,
        key: str,
        *,
        text: Callable[[Row], str],
        sort_key: Callable[[Row], object] | None = None,
        is_number: bool = False,
        tooltip: Callable[[Row], str] | None = None,
        decoration: Callable[[Row], object] | None = None,
    ) -> None:
        self.key = key
        self.text = text
        self.sort_key = sort_key or text
        self.tooltip = tooltip or text
        self.decoration = decoration
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        self.alignment = side | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows shown by columns; ``set_rows`` touches only what changed, so that selection stays."""

    ROW = Qt.ItemDataRole.UserRole + 2  # the row itself, also through a proxy

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], object],
        language: Language,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._language = language
        self._rows: list[Row] = []
        self._sorting: tuple[Column[Row], Qt.SortOrder] | None = None
        language.changed.connect(self._on_language_changed)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown, from the first to the last."""
        return tuple(self._rows)

    def row_at(self, index: Index) -> Row:
        """The row that an index of this model stands for."""
        return self._rows[index.row()]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows: removed, inserted and changed ones are told apart by their key."""
        rows = self._sorted(rows)
        before, after = [self._key(row) for row in self._rows], [self._key(row) for row in rows]
        wanted, known = set(after), set(before)
        gone = runs(key not in wanted for key in before)
        come = runs(key not in known for key in after)
        is_scattered = len(gone) + len(come) > MOST_RUNS
        if is_scattered or len(wanted) < len(after) or len(known) < len(before):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        for run in reversed(gone):
            self.beginRemoveRows(_NO_PARENT, run.start, run.stop - 1)
            del self._rows[run.start : run.stop]
            self.endRemoveRows()
        old_by_key = {self._key(row): row for row in self._rows}
        self._put_in_order([old_by_key[key] for key in after if key in known])
        for run in come:
            self.beginInsertRows(_NO_PARENT, run.start, run.stop - 1)
            self._rows[run.start : run.start] = rows[run.start : run.stop]
            self.endInsertRows()
        last = len(self._columns) - 1
        for run in runs(old != new for old, new in zip(self._rows, rows, strict=True)):
            self._rows[run.start : run.stop] = rows[run.start : run.stop]
            self.dataChanged.emit(self.index(run.start, 0), self.index(run.stop - 1, last))

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column from now on: here, where a comparison is not a call of ``data``."""
        is_column = 0 <= column < len(self._columns)
        self._sorting = (self._columns[column], order) if is_column else None
        self._put_in_order(self._sorted(self._rows))

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        if self._sorting is None:
            return list(rows)
        column, order = self._sorting
        collator = QCollator(self._language.locale)
        collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        of_text = cmp_to_key(collator.compare)

        def key(row: Row) -> "_Comparable":
            value = column.sort_key(row)
            return cast("_Comparable", of_text(value) if isinstance(value, str) else value)

        return sorted(rows, key=key, reverse=order == Qt.SortOrder.DescendingOrder)

    def _put_in_order(self, rows: list[Row]) -> None:
        """Show the rows there are in another order; what is selected or open stays so."""
        keys = [self._key(row) for row in rows]
        if keys == [self._key(row) for row in self._rows]:
            return
        self.layoutAboutToBeChanged.emit()
        position_by_key = {key: position for position, key in enumerate(keys)}
        before = self.persistentIndexList()
        after = [
            self.index(position_by_key[self._key(self.row_at(each))], each.column())
            for each in before
        ]
        self._rows = rows
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case Qt.ItemDataRole.DecorationRole if column.decoration is not None:
                return column.decoration(row)
            case self.ROW:
                return row
        return None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._language.text(column.key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        return None

    def _on_language_changed(self) -> None:
        self._put_in_order(self._sorted(self._rows))
        last = len(self._columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, last))


class FilteredTable(QSortFilterProxyModel, Generic[Row]):
    """A table filtered by a question asked of each row; to sort it is to sort the table."""

    def __init__(self, table: TableModel[Row], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._keeps: Callable[[Row], bool] | None = None
        self.setSourceModel(table)

    def keep(self, question: Callable[[Row], bool] | None) -> None:
        """Show only rows for which the answer is yes; ``None`` shows all."""
        self.beginFilterChange()
        self._keeps = question
        self.endFilterChange()

    def row_at(self, index: Index) -> Row:
        """The row that an index of this view stands for."""
        return self._table.row_at(self.mapToSource(index))

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._table.sort(column, order)

    @override
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if self._keeps is None:
            return True
        return self._keeps(self._table.row_at(self._table.index(source_row, 0, source_parent)))
