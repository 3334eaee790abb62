"""A list of objects as a table whose names can be edited in place."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cx_desktop.models.language import Language
from cx_desktop.models.table import Column, TableModel
from cx_desktop.overrides import override

NAME = 0
_ROLE = Qt.ItemDataRole.EditRole


class Named(Protocol):
    """A row that has a name, which can be another while it is not archived."""

    @property
    def id(self) -> str:
        """The object's id."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def is_archived(self) -> bool:
        """Whether it is put away."""


Row = TypeVar("Row", bound=Named)


class Renaming(NamedTuple):
    """An object and the name somebody typed for it."""

    object_id: str
    name: str


class NamedTable(TableModel[Row]):
    """Objects by columns, the first of which is the name."""

    renamed = Signal(object)  # Renaming: intent; the row changes when the cache has it

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        language: Language,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, key=lambda row: row.id, language=language, parent=parent)

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == NAME and not self.row_at(index).is_archived:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role == _ROLE and index.isValid() and index.column() == NAME:
            return self.row_at(index).name
        return super().data(index, role)

    @override
    def setData(
        self,
        index: QModelIndex | QPersistentModelIndex,
        value: object,
        role: int = _ROLE,
    ) -> bool:
        if role != _ROLE or not index.isValid() or not isinstance(value, str):
            return False
        name, row = value.strip(), self.row_at(index)
        if not name or name == row.name:
            return False
        self.renamed.emit(Renaming(object_id=row.id, name=name))
        return True
