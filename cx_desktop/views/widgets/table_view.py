"""Tables as they are everywhere: sorted, filtered, opened, copied as text, remembered."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.models.table import FilteredTable, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.widgets.column_table import TELL_MS, ColumnTable
from cx_desktop.views.widgets.look import Look

__all__ = ["TELL_MS", "TableView"]

Row = TypeVar("Row")


class TableView(ColumnTable, Generic[Row]):
    """A table of rows that are all here."""

    row_opened = Signal(object)  # the Row on which Enter was pressed or that was double-clicked

    def __init__(
        self,
        look: Look,
        table: TableModel[Row],
        *,
        least: Sequence[int],
        hidden: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        filtered = FilteredTable(table)
        super().__init__(filtered, least=least, hidden=hidden, parent=parent)
        filtered.setParent(self)
        self.filtered: FilteredTable[Row] = filtered
        self._look = look

    @property
    def selected_rows(self) -> tuple[Row, ...]:
        """The selected rows, from top to bottom."""
        return tuple(self.row_at(index) for index in self.chosen_rows())

    def row_at(self, index: QModelIndex) -> Row:
        """The row an index of this view stands for."""
        return self.filtered.row_at(index)

    def select(self, wanted: Callable[[Row], bool]) -> None:
        """Select the first row of which this is true, and show it."""
        for position in range(self.filtered.rowCount()):
            index = self.filtered.index(position, 0)
            if wanted(self.row_at(index)):
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
                rows = QItemSelectionModel.SelectionFlag.Rows
                self.selectionModel().setCurrentIndex(index, flags | rows)
                self.scrollTo(index)
                return

    def rename_current(self) -> None:
        """Edit the first cell of the current row in place."""
        current = self.currentIndex()
        if current.isValid():
            self.edit(current.siblingAtColumn(0))

    @override
    def open_row(self, index: QModelIndex) -> None:
        self.row_opened.emit(self.row_at(index))
