"""The table of recordings: a million rows of which only those in view are here."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cx_desktop.cache import Listed
from cx_desktop.domain.recordings import Sort
from cx_desktop.models.language import Language
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class RecordingTable(QAbstractTableModel):
    """Shows the rows of a desk by columns; a row that is still read is empty."""

    def __init__(
        self,
        desk: RecordingDesk,
        columns: Sequence[tuple[Column[Listed], Sort | None]],
        *,
        language: Language,
        parent: QObject | None = None,
    ) -> None:
        """``columns`` with what the list is sorted by where their titles are clicked."""
        super().__init__(parent)
        self._desk = desk
        self._rows = rows = desk.rows
        self._columns = tuple(column for column, _sort in columns)
        self.sorts = tuple(sort for _column, sort in columns)
        self._language = language
        self._count = rows.count
        rows.changed.connect(self._on_changed)
        rows.grown.connect(self._on_grown)
        rows.filled.connect(self._on_filled)
        language.changed.connect(self._tell_all)
        desk.names.changed.connect(self._tell_all)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        sort = self.sorts[column] if 0 <= column < len(self.sorts) else None
        if sort is not None:
            self._desk.sort_by(sort, is_descending=order == Qt.SortOrder.DescendingOrder)

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._count

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        if role not in _SAID:
            return None
        row = self._rows.row(index.row())
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row)
            case Qt.ItemDataRole.DecorationRole:
                return column.decoration(row) if column.decoration is not None else None
        return row

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

    def _on_changed(self) -> None:
        self.beginResetModel()
        self._count = self._rows.count
        self.endResetModel()

    def _on_grown(self, positions: range) -> None:
        self.beginInsertRows(_NO_PARENT, positions.start, positions.stop - 1)
        self._count = positions.stop
        self.endInsertRows()

    def _on_filled(self, positions: range) -> None:
        self._tell(positions)

    def _tell_all(self) -> None:
        last = len(self._columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        self._tell(range(self._count))

    def _tell(self, positions: range) -> None:
        if positions and positions.stop <= self._count:
            last = len(self._columns) - 1
            self.dataChanged.emit(
                self.index(positions.start, 0), self.index(positions.stop - 1, last)
            )


#: What a row answers to, and only then is it read.
_SAID = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DecorationRole,
        TableModel.ROW,
    }
)
