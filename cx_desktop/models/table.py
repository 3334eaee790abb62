"""One table model for every list: rows are values, columns are data."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from typing_extensions import override

from cx_desktop.models.language import Language

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


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

    SORT = Qt.ItemDataRole.UserRole + 1  # a native comparable value
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
        language.changed.connect(self._on_language_changed)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown, in its own order."""
        return tuple(self._rows)

    def row_at(self, index: Index) -> Row:
        """The row that an index of this model stands for."""
        return self._rows[index.row()]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows: removed, inserted and changed ones are told apart by their key."""
        wanted = [self._key(row) for row in rows]
        kept = set(wanted)
        for position in reversed(range(len(self._rows))):
            if self._key(self._rows[position]) not in kept:
                self.beginRemoveRows(_NO_PARENT, position, position)
                del self._rows[position]
                self.endRemoveRows()
        known = [self._key(row) for row in self._rows]
        present = set(known)
        if known != [key for key in wanted if key in present]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for position, row in enumerate(rows):
            self._settle(position, row, is_new=wanted[position] not in present)

    def _settle(self, position: int, row: Row, *, is_new: bool) -> None:
        if is_new:
            self.beginInsertRows(_NO_PARENT, position, position)
            self._rows.insert(position, row)
            self.endInsertRows()
        elif self._rows[position] != row:
            self._rows[position] = row
            last = len(self._columns) - 1
            self.dataChanged.emit(self.index(position, 0), self.index(position, last))

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
            case self.SORT:
                return column.sort_key(row)
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
        last = len(self._columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, last))


class FilteredTable(QSortFilterProxyModel, Generic[Row]):
    """A table sorted by its native values and filtered by a question asked of each row."""

    def __init__(self, table: TableModel[Row], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._keeps: Callable[[Row], bool] | None = None
        self.setSortRole(TableModel.SORT)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setSortLocaleAware(True)
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
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if self._keeps is None:
            return True
        return self._keeps(self._table.row_at(self._table.index(source_row, 0, source_parent)))
