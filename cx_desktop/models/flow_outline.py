"""The flow as a tree for keyboard and screen reader: nodes in reading order, with their exits."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from cx_desktop.domain.flow.graph import NodeId, Slot
from cx_desktop.domain.flow.kind import Exit
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_news import News
from cx_desktop.models.flow_walk import reading_order

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
#: When more nodes than this read differently, everything is read anew.
MANY = 40


class FlowOutline(QAbstractItemModel):
    """Rows of nodes with rows of exits."""

    #: The ``NodeId`` of a node's row, the ``Slot`` of an exit's row.
    PLACE = Qt.ItemDataRole.UserRole + 1

    def __init__(
        self,
        model: FlowGraphModel,
        *,
        node_text: Callable[[NodeId], str],
        exit_text: Callable[[NodeId, Exit], str],
        decoration: Callable[[NodeId], object] = lambda _node: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._node_text = node_text
        self._exit_text = exit_text
        self._decoration = decoration
        self._number_by_node: dict[NodeId, int] = {}
        self._numbered: list[NodeId] = []
        self._nodes: list[NodeId] = []
        self._row_by_node: dict[NodeId, int] = {}
        self._ways: dict[NodeId, tuple[Exit, ...]] = {}
        self._fill()
        model.flow_changed.connect(self._on_model_flow_changed)
        model.flow_reset.connect(self.rebuild)

    def place(self, index: Index) -> NodeId | Slot | None:
        """What a row stands for."""
        if not index.isValid():
            return None
        if index.internalId() == 0:
            return self._nodes[index.row()]
        node = self._parent_node(index)
        return Slot(node, self._ways[node][index.row()].id)

    def index_of(self, node: NodeId) -> QModelIndex:
        """The row of a node."""
        row = self._row_by_node.get(node)
        return QModelIndex() if row is None else self.index(row, 0)

    def refresh(self) -> None:
        """Every text may read differently: another language, other findings."""
        if self._nodes:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._nodes) - 1, 0))

    def rebuild(self) -> None:
        """Read the whole flow again."""
        self.beginResetModel()
        self._fill()
        self.endResetModel()

    @override
    def index(self, row: int, column: int, parent: Index = _NO_PARENT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, column, 0)
        return self.createIndex(row, column, self._number(self._nodes[parent.row()]))

    @override
    def parent(self, index: Index = _NO_PARENT) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(self._row_by_node[self._parent_node(index)], 0, 0)

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        if not parent.isValid():
            return len(self._nodes)
        if parent.internalId() == 0 and parent.column() == 0:
            return len(self._ways[self._nodes[parent.row()]])
        return 0

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place = self.place(index)
        match role:
            case self.PLACE:
                return place
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(place)
            case Qt.ItemDataRole.DecorationRole if isinstance(place, str):
                return self._decoration(place)
        return None

    def _text(self, place: NodeId | Slot | None) -> str:
        if isinstance(place, Slot):
            way = next(way for way in self._ways[place.node] if way.id == place.exit)
            return self._exit_text(place.node, way)
        return "" if place is None else self._node_text(place)

    def _number(self, node: NodeId) -> int:
        """A number for the node of an exit's row; 0 stands for the rows of nodes."""
        number = self._number_by_node.get(node)
        if number is None:
            self._numbered.append(node)
            number = self._number_by_node[node] = len(self._numbered)
        return number

    def _parent_node(self, index: Index) -> NodeId:
        return self._numbered[index.internalId() - 1]

    def _fill(self) -> None:
        flow = self._model.flow
        self._nodes = reading_order(flow)
        self._row_by_node = {node: row for row, node in enumerate(self._nodes)}
        self._ways = {node: exits_of(flow.nodes[node]) for node in self._nodes}

    def _on_model_flow_changed(self, told: News) -> None:
        flow = self._model.flow
        touched = [node for node in told.touched_nodes if node in self._row_by_node]
        is_same = (
            not told.nodes_added
            and not told.nodes_removed
            and all(self._has_same_exits(node) for node in touched)
        )
        if is_same and (not _has_links(told) or reading_order(flow) == self._nodes):
            if len(touched) > MANY:
                self.refresh()
            else:
                for node in touched:
                    self._tell(node)
        elif is_same:
            self._reorder()
        else:
            self.rebuild()

    def _has_same_exits(self, node: NodeId) -> bool:
        before = [way.id for way in self._ways[node]]
        self_ways = exits_of(self._model.flow.nodes[node])
        if before != [way.id for way in self_ways]:
            return False
        self._ways[node] = self_ways
        return True

    def _tell(self, node: NodeId) -> None:
        """A node reads differently, or leads elsewhere; so do the exits that lead to it."""
        sources = {link.node for link in self._model.links_into(node)}
        for each in (node, *sources):
            at = self.index_of(each)
            if at.isValid():
                self.dataChanged.emit(at, at)
                last = len(self._ways[each]) - 1
                if last >= 0:
                    self.dataChanged.emit(self.index(0, 0, at), self.index(last, 0, at))

    def _reorder(self) -> None:
        """Put the rows in another order, so that views keep what is open and where they are."""
        self.layoutAboutToBeChanged.emit()
        places = [(old, self.place(old)) for old in self.persistentIndexList()]
        self._nodes = reading_order(self._model.flow)
        self._row_by_node = {node: row for row, node in enumerate(self._nodes)}
        for old, place in places:
            if isinstance(place, str):
                self.changePersistentIndex(old, self.index(self._row_by_node[place], 0))
        self.layoutChanged.emit()


def _has_links(told: News) -> bool:
    return bool(told.links_added or told.links_removed)
