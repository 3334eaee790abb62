"""The table of recordings: a million rows of which only those in view are here."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cx_desktop.cache import Listed
from cx_desktop.models.language import Language
from cx_desktop.models.recordings.rows import RecordingRows
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class RecordingTable(QAbstractTableModel):
    """Shows the rows of a list by columns; a row that is still read is empty."""

    def __init__(
        self,
        rows: RecordingRows,
        columns: Sequence[Column[Listed]],
        *,
        language: Language,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._columns = tuple(columns)
        self._language = language
        self._count = rows.count
        rows.changed.connect(self._on_changed)
        rows.filled.connect(self._on_filled)
        language.changed.connect(self._on_language_changed)

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
        row = self._rows.row(index.row())
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row)
            case TableModel.ROW:
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

    def _on_changed(self) -> None:
        self.beginResetModel()
        self._count = self._rows.count
        self.endResetModel()

    def _on_filled(self, rows: range) -> None:
        last = len(self._columns) - 1
        self.dataChanged.emit(self.index(rows.start, 0), self.index(rows.stop - 1, last))

    def _on_language_changed(self) -> None:
        last = len(self._columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, last))
