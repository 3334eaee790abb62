"""A table whose columns are chosen, moved, resized and remembered: what every table has."""

import base64
from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from cx_desktop.overrides import override

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
#: Qt's own QWIDGETSIZE_MAX.
_HIGHEST = (1 << 24) - 1


class ColumnTable(QTableView):
    """Columns are as wide as what they hold, the first takes what they leave.

    ``least`` says how narrow each may become where room is scarce. A column that was resized by
    hand keeps its width. The table ends below its last row.
    """

    rows_selected = Signal()
    menu_wanted = Signal(QPoint)  # where, in global coordinates
    layout_changed = Signal(str)  # widths, order and choice of columns, for ``restore_layout``

    def __init__(
        self,
        rows: QAbstractItemModel,
        *,
        least: Sequence[int],
        hidden: Sequence[int] = (),
        sorted_by: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.AscendingOrder),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_settled = False
        self._least = tuple(least)
        self._resized: set[int] = set()
        self._telling = QTimer(self, interval=TELL_MS, singleShot=True)
        self._telling.timeout.connect(self._tell_layout)
        self._fitting = QTimer(self, interval=0, singleShot=True)  # once for many rows
        self._fitting.timeout.connect(self.fit)
        self.setModel(rows)
        self._set_up()
        self._set_up_header(hidden, sorted_by)
        self._follow(rows)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self.selectionModel().selectionChanged.connect(lambda *_: self.rows_selected.emit())
        self._is_settled = True

    def open_row(self, index: QModelIndex) -> None:
        """Enter was pressed on a row, or it was double-clicked."""

    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard as text, a line each, columns parted by tabs."""
        lines = [self._line(index) for index in self.chosen_rows()]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def chosen_rows(self) -> list[QModelIndex]:
        """The selected rows, from top to bottom."""
        return sorted(self.selectionModel().selectedRows(), key=lambda each: each.row())

    def columns_menu(self) -> QMenu:
        """A menu to choose the columns; the first stays."""
        menu = QMenu(self)
        for column in range(1, self.model().columnCount()):
            title = self.model().headerData(column, Qt.Orientation.Horizontal)
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
            for column in range(1, self.model().columnCount())
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

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_typing = self.state() is QAbstractItemView.State.EditingState  # Enter ends that first
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not is_typing
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif is_enter and self.currentIndex().isValid():
            self.open_row(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _line(self, index: QModelIndex) -> str:
        columns = [
            column
            for column in range(self.model().columnCount())
            if not self.isColumnHidden(column)
        ]
        return "\t".join(str(index.siblingAtColumn(column).data() or "") for column in columns)

    def _width(self, column: int) -> int:
        """The least width of a column, or the one it was given by hand."""
        return self.columnWidth(column) if column in self._resized else self._least[column]

    def _wanted(self, column: int) -> int:
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
        header = self.horizontalHeader().fontMetrics().horizontalAdvance(title) + _HEADER_ROOM
        return max(header, self.sizeHintForColumn(column) + _ROOM)

    def _end_below_rows(self) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        bar = self.horizontalScrollBar()
        across = bar.sizeHint().height() if bar.maximum() > 0 else 0
        edges = 2 * self.frameWidth()
        height = rows.length() + header.sizeHint().height() + across + edges
        self.setMaximumHeight(min(height, _HIGHEST))

    def _follow(self, rows: QAbstractItemModel) -> None:
        for changed in (
            rows.rowsInserted,
            rows.rowsRemoved,
            rows.modelReset,
            rows.layoutChanged,
            rows.dataChanged,
            rows.headerDataChanged,
        ):
            changed.connect(self._fitting.start)

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
        self.doubleClicked.connect(self.open_row)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(max(36, self.fontMetrics().height() + 20))

    def _set_up_header(self, hidden: Sequence[int], sorted_by: tuple[int, Qt.SortOrder]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in hidden:
            self.setColumnHidden(column, True)
        self.sortByColumn(*sorted_by)
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

    def _on_section_resized(self, column: int, before: int, now: int) -> None:
        is_by_hand = self._is_settled and before > 0 and now > 0  # neither hidden nor shown
        if is_by_hand and column > 0:  # the first only gives way
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
