"""Tables as they are everywhere: sorted, columns chosen, opened, copied as text, remembered."""

import base64
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget
from typing_extensions import override

from cx_desktop.models.table import FilteredTable, TableModel
from cx_desktop.views.widgets.look import Look

Row = TypeVar("Row")

#: How long a layout must rest before it is worth keeping.
TELL_MS = 300


class TableView(QTableView, Generic[Row]):
    """A table of rows. The first column takes the room that the others leave."""

    row_opened = Signal(object)  # the Row on which Enter was pressed or that was double-clicked
    rows_selected = Signal()
    menu_wanted = Signal(QPoint)  # where, in global coordinates
    layout_changed = Signal(str)  # widths, order and choice of columns, for ``restore_layout``

    def __init__(
        self,
        look: Look,
        table: TableModel[Row],
        *,
        widths: Sequence[int],
        hidden: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._table = table
        self._is_settled = False
        self._telling = QTimer(self, interval=TELL_MS, singleShot=True)
        self._telling.timeout.connect(self._tell_layout)
        self.filtered: FilteredTable[Row] = FilteredTable(table, parent=self)
        self.setModel(self.filtered)
        self._set_up()
        self._set_up_header(widths, hidden)
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
        self._is_settled = False
        self.horizontalHeader().restoreState(base64.b64decode(text))
        self._is_settled = True

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

    def _set_up_header(self, widths: Sequence[int], hidden: Sequence[int]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(widths[1:], start=1):
            header.resizeSection(column, width)
        for column in hidden:
            self.setColumnHidden(column, True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.columns_menu().popup(header.mapToGlobal(at))
        )
        for changed in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged):
            changed.connect(self._on_layout_changed)

    def _show_column(self, column: int, *, is_on: bool) -> None:
        self.setColumnHidden(column, not is_on)
        self._on_layout_changed()

    def _on_layout_changed(self) -> None:
        if self._is_settled:
            self._telling.start()

    def _tell_layout(self) -> None:
        if self.isVisible():
            state = bytes(self.horizontalHeader().saveState().data())
            self.layout_changed.emit(base64.b64encode(state).decode("ascii"))
