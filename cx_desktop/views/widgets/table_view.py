"""Tables as they are everywhere: sorted, columns chosen, opened, copied as text, remembered."""

import base64
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from cx_desktop.models.table import FilteredTable, TableModel
from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

Row = TypeVar("Row")

#: How long a layout must rest before it is worth keeping.
TELL_MS = 300
#: Air beside what a cell holds.
_ROOM = 4
#: Air beside a title, and the arrow that says by which column the rows are sorted.
_HEADER_ROOM = 44
#: The first column holds back so much room for itself, at most.
_WIDEST_FIRST = 320
#: What parts the header's state from the columns that were resized by hand.
_PART = ":"


class TableView(QTableView, Generic[Row]):
    """A table of rows. Columns are as wide as what they hold, the first takes what they leave.

    ``least`` says how narrow each may become where room is scarce. A column that was resized by
    hand keeps its width. The table ends below its last row.
    """

    row_opened = Signal(object)  # the Row on which Enter was pressed or that was double-clicked
    rows_selected = Signal()
    menu_wanted = Signal(QPoint)  # where, in global coordinates
    layout_changed = Signal(str)  # widths, order and choice of columns, for ``restore_layout``

    def __init__(
        self,
        look: Look,
        table: TableModel[Row],
        *,
        least: Sequence[int],
        hidden: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._table = table
        self._is_settled = False
        self._least = tuple(least)
        self._resized: set[int] = set()
        self._telling = QTimer(self, interval=TELL_MS, singleShot=True)
        self._telling.timeout.connect(self._tell_layout)
        self._fitting = QTimer(self, interval=0, singleShot=True)  # once for many rows
        self._fitting.timeout.connect(self.fit)
        self.filtered: FilteredTable[Row] = FilteredTable(table, parent=self)
        self.setModel(self.filtered)
        self._set_up()
        self._set_up_header(hidden)
        self._follow_rows()
        selection = self.selectionModel()
        selection.selectionChanged.connect(lambda *_: self.rows_selected.emit())
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self.row_at(index)))
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self._is_settled = True

    @property
    def selected_rows(self) -> tuple[Row, ...]:
        """The selected rows, from top to bottom."""
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(self.row_at(index) for index in indexes)

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

    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard as text, a line each, columns parted by tabs."""
        columns = [
            column
            for column in range(self.filtered.columnCount())
            if not self.isColumnHidden(column)
        ]
        lines = [
            "\t".join(str(index.siblingAtColumn(column).data() or "") for column in columns)
            for index in sorted(self.selectionModel().selectedRows(), key=lambda each: each.row())
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def columns_menu(self) -> QMenu:
        """A menu to choose the columns; the first stays."""
        menu = QMenu(self)
        for column in range(1, self.filtered.columnCount()):
            title = self.filtered.headerData(column, Qt.Orientation.Horizontal)
            action = menu.addAction(str(title))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda on, column=column: self._show_column(column, is_on=on))
        return menu

    def restore_layout(self, text: str) -> None:
        """Take the layout that ``layout_changed`` told once."""
        state, _, resized = text.partition(_PART)
        self._is_settled = False
        self.horizontalHeader().restoreState(base64.b64decode(state))
        self._is_settled = True
        self._resized = {int(column) for column in resized.split() if column.isdigit()}
        self.fit()

    def fit(self) -> None:
        """Give every column what it needs, as far as there is room, and end below the rows."""
        columns = [
            column
            for column in range(1, self.filtered.columnCount())
            if not self.isColumnHidden(column)
        ]
        width_by_column = {column: self._width(column) for column in columns}
        name = min(max(self._least[0], self._wanted(0)), _WIDEST_FIRST)
        spare = self.viewport().width() - name - sum(width_by_column.values())
        self._is_settled = False
        for column in columns:
            if column not in self._resized:
                wanted = max(0, self._wanted(column) - width_by_column[column])
                more = min(wanted, max(0, spare))
                spare -= more
                self.setColumnWidth(column, width_by_column[column] + more)
        self._is_settled = True
        self._end_below_rows()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _width(self, column: int) -> int:
        """The least width of a column, or the one it was given by hand."""
        return self.columnWidth(column) if column in self._resized else self._least[column]

    def _wanted(self, column: int) -> int:
        title = str(self.filtered.headerData(column, Qt.Orientation.Horizontal))
        header = self.horizontalHeader().fontMetrics().horizontalAdvance(title) + _HEADER_ROOM
        return max(header, self.sizeHintForColumn(column) + _ROOM)

    def _end_below_rows(self) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        bar = self.horizontalScrollBar()
        across = bar.sizeHint().height() if bar.maximum() > 0 else 0
        edges = 2 * self.frameWidth()
        self.setMaximumHeight(rows.length() + header.sizeHint().height() + across + edges)

    def _follow_rows(self) -> None:
        rows = self.filtered
        for changed in (
            rows.rowsInserted,
            rows.rowsRemoved,
            rows.modelReset,
            rows.layoutChanged,
            rows.dataChanged,
            rows.headerDataChanged,
        ):
            changed.connect(self._fitting.start)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_typing = self.state() is QAbstractItemView.State.EditingState  # Enter ends that first
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not is_typing
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif is_enter and self.currentIndex().isValid():
            self.row_opened.emit(self.row_at(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(max(36, self.fontMetrics().height() + 20))

    def _set_up_header(self, hidden: Sequence[int]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in hidden:
            self.setColumnHidden(column, True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.columns_menu().popup(header.mapToGlobal(at))
        )
        header.sectionResized.connect(self._on_section_resized)
        for changed in (header.sectionMoved, header.sortIndicatorChanged):
            changed.connect(self._on_layout_changed)

    def _show_column(self, column: int, *, is_on: bool) -> None:
        self.setColumnHidden(column, not is_on)
        self.fit()
        self._on_layout_changed()

    def _on_section_resized(self, column: int, _before: int, _now: int) -> None:
        if self._is_settled and column > 0:  # the first only gives way
            self._resized.add(column)
            self._on_layout_changed()

    def _on_layout_changed(self) -> None:
        if self._is_settled:
            self._telling.start()

    def _tell_layout(self) -> None:
        if self.isVisible():
            state = bytes(self.horizontalHeader().saveState().data())
            resized = " ".join(map(str, sorted(self._resized)))
            self.layout_changed.emit(f"{base64.b64encode(state).decode('ascii')}{_PART}{resized}")
