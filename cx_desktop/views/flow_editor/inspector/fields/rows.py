"""Tables: cases, shares, outcomes, assignments and pairs; rows are added, moved and removed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.flow.edits import fresh_ids
from cx_desktop.domain.flow.expressions import Form
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds.shapes import rows as rows_of
from cx_desktop.domain.patch import Document, Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor
from cx_desktop.views.flow_editor.inspector.fields.fault_mark import FaultMark
from cx_desktop.views.flow_editor.inspector.fields.numbers import ShareBox
from cx_desktop.views.widgets.button import Button, IconButton

if TYPE_CHECKING:
    from collections.abc import Callable

#: Types whose rows are exits and therefore have ids.
WITH_IDS = frozenset({FieldType.CASES, FieldType.WEIGHTS, FieldType.OUTCOMES})


class RowsEditor(ValueEditor):
    """One card per row, and a button that adds one."""

    is_composite = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request
        self._rows: list[Document] = []
        self._cards: list[_RowCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._add = Button(request.around.look, "editor.field.add-row", kind="quiet", icon="plus")
        self._add.clicked.connect(self._append)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._list)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    @override
    def show_value(self, value: Json) -> None:
        rows = [dict(row) for row in rows_of(value)]
        if rows == self._rows and len(self._cards) == len(rows):
            return
        self._rows = rows
        if len(self._cards) != len(rows):
            self._build()
        for card, row in zip(self._cards, rows, strict=True):
            card.show_row(row)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self._cards[0].first if self._cards else self._add

    def _build(self) -> None:
        for card in self._cards:
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards = []
        for position in range(len(self._rows)):
            card = _RowCard(self._request, position, is_last=position == len(self._rows) - 1)
            card.edited.connect(lambda column, value, at=position: self._set(at, column, value))
            card.settled.connect(self.settled)
            card.moved.connect(lambda by, at=position: self._move(at, by))
            card.removed.connect(lambda at=position: self._remove(at))
            self._list.addWidget(card)
            self._cards.append(card)

    def _set(self, at: int, column: str, value: Json) -> None:
        self._rows[at] = self._rows[at] | {column: value}
        self._tell()

    def _move(self, at: int, by: int) -> None:
        self._rows.insert(at + by, self._rows.pop(at))
        self._tell(is_settled=True)
        self._cards[at + by].first.setFocus()

    def _remove(self, at: int) -> None:
        del self._rows[at]
        self._tell(is_settled=True)

    def _append(self) -> None:
        declared = self._request.declared
        row: Document = dict.fromkeys(declared.columns, "")
        if "operator" in row and declared.choices:
            row["operator"] = declared.choices[0]
        if "weight" in row:
            row["weight"] = 0
        if declared.type in WITH_IDS:
            taken = [str(each.get("id", "")) for each in self._rows]
            row = {"id": fresh_ids(["c1"], taken)[0], **row}
        self._rows.append(row)
        self._tell(is_settled=True)
        self._cards[-1].first.setFocus()

    def _tell(self, *, is_settled: bool = False) -> None:
        if len(self._cards) != len(self._rows):
            self._build()
        for card, row in zip(self._cards, self._rows, strict=True):
            card.show_row(row)
        self.edited.emit([dict(row) for row in self._rows])
        if is_settled:
            self.settled.emit()


class _RowCard(QFrame):
    """One row: its first column beside the buttons, the others below."""

    edited = Signal(str, object)  # column, value
    settled = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, request: Request, position: int, *, is_last: bool) -> None:
        super().__init__()
        self._request = request
        self._show: dict[str, Callable[[Json], None]] = {}
        self._marks: list[FaultMark] = []
        self.setProperty("role", "note")
        columns = request.declared.columns or ("label",)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 4, 6)
        grid.setSpacing(6)
        self.first = self._cell(columns[0])
        grid.addWidget(self.first, 0, 0)
        grid.addLayout(self._tools(position, is_last=is_last), 0, 1)
        rest = QHBoxLayout()
        rest.setSpacing(6)
        for column in columns[1:]:
            rest.addWidget(self._cell(column), 1)
        grid.addLayout(rest, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_row(self, row: Document) -> None:
        """Show a row."""
        for column, show in self._show.items():
            show(row.get(column))

    def _cell(self, column: str) -> QWidget:
        name = self._request.around.text(f"column.{column}")
        cell: QWidget
        if column == "operator" and self._request.declared.choices:
            cell = self._operator()
        elif column == "weight":
            cell = self._weight()
        else:
            cell = self._text(column, name)
        cell.setAccessibleName(name)
        return cell

    def _text(self, column: str, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(name)
        if column == "expression":
            self._marks.append(FaultMark(line, Form.FORMULA, self._request.around.look))
        line.textEdited.connect(lambda text: self.edited.emit(column, text))
        line.editingFinished.connect(self.settled)

        def show(value: Json) -> None:
            text = "" if value is None else str(value)
            if text != line.text():
                line.setText(text)

        self._show[column] = show
        return line

    def _operator(self) -> ComboBox:
        box = ComboBox()
        for each in self._request.declared.choices:
            box.addItem(self._request.choice_text(each), each)

        def tell(row: int) -> None:
            self.edited.emit("operator", box.itemData(row))
            self.settled.emit()

        box.activated.connect(tell)
        self._show["operator"] = lambda value: box.setCurrentIndex(box.findData(value))
        return box

    def _weight(self) -> ShareBox:
        box = ShareBox()
        box.typed.connect(lambda value: self.edited.emit("weight", value))
        box.editingFinished.connect(self.settled)
        self._show["weight"] = box.show_share
        return box

    def _tools(self, position: int, *, is_last: bool) -> QHBoxLayout:
        look = self._request.around.look
        up = IconButton(look, "caret-up", "editor.field.row-up")
        down = IconButton(look, "caret-down", "editor.field.row-down")
        away = IconButton(look, "trash", "editor.field.row-remove")
        up.setEnabled(position > 0)
        down.setEnabled(not is_last)
        up.clicked.connect(lambda: self.moved.emit(-1))
        down.clicked.connect(lambda: self.moved.emit(1))
        away.clicked.connect(self.removed)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for each in (up, down, away):
            each.setProperty("size", "small")
            tools.addWidget(each)
        return tools
