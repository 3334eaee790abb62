"""The flow as a tree for keyboard and screen reader: nodes in reading order, with their exits."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cx_desktop.domain.flow.graph import NodeId, Slot
from cx_desktop.domain.flow.kind import Exit
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_news import News
from cx_desktop.models.flow_walk import reading_order
from cx_desktop.models.runs import runs
from cx_desktop.overrides import override

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
        # Trees ask this for every row: ``hasIndex`` would come back with two questions each time.
        if row < 0 or column != 0:
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, 0, 0) if row < len(self._nodes) else QModelIndex()
        if parent.internalId() != 0:
            return QModelIndex()
        node = self._nodes[parent.row()]
        has_row = row < len(self._ways[node])
        return self.createIndex(row, 0, self._number(node)) if has_row else QModelIndex()

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
        self._count()
        self._ways = {node: exits_of(flow.nodes[node]) for node in self._nodes}

    def _count(self) -> None:
        self._row_by_node = {node: row for row, node in enumerate(self._nodes)}

    def _on_model_flow_changed(self, told: News) -> None:
        if told.nodes_added or told.nodes_removed or _has_links(told):
            self._become(reading_order(self._model.flow))
        touched = [node for node in told.touched_nodes if node in self._row_by_node]
        for node in touched:
            self._renew_exits(node)
        if len(touched) > MANY:
            self.refresh()
        else:
            for node in touched:
                self._tell(node)

    def _become(self, order: list[NodeId]) -> None:
        """List these nodes in this order, so that views keep what is open and where they are."""
        if order == self._nodes:
            return
        wanted, known = set(order), set(self._nodes)
        gone = runs(node not in wanted for node in self._nodes)
        come = runs(node not in known for node in order)
        if len(gone) + len(come) > MANY:
            self.rebuild()
            return
        for run in reversed(gone):
            self.beginRemoveRows(_NO_PARENT, run.start, run.stop - 1)
            del self._nodes[run.start : run.stop]
            self._count()
            self.endRemoveRows()
        self._reorder([node for node in order if node in known])
        for run in come:
            self.beginInsertRows(_NO_PARENT, run.start, run.stop - 1)
            fresh = order[run.start : run.stop]
            self._ways |= {node: exits_of(self._model.flow.nodes[node]) for node in fresh}
            self._nodes[run.start : run.start] = fresh
            self._count()
            self.endInsertRows()

    def _renew_exits(self, node: NodeId) -> None:
        """Take over which exits a node has."""
        old, new = self._ways[node], exits_of(self._model.flow.nodes[node])
        if [way.id for way in old] == [way.id for way in new]:
            self._ways[node] = new
            return
        at = self.index_of(node)
        if old:
            self.beginRemoveRows(at, 0, len(old) - 1)
            self._ways[node] = ()
            self.endRemoveRows()
        if new:
            self.beginInsertRows(at, 0, len(new) - 1)
            self._ways[node] = new
            self.endInsertRows()

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

    def _reorder(self, order: list[NodeId]) -> None:
        """Put the rows there are in another order."""
        if order == self._nodes:
            return
        self.layoutAboutToBeChanged.emit()
        places = [(old, self.place(old)) for old in self.persistentIndexList()]
        self._nodes = order
        self._count()
        for old, place in places:
            if isinstance(place, str):
                self.changePersistentIndex(old, self.index(self._row_by_node[place], 0))
        self.layoutChanged.emit()


def _has_links(told: News) -> bool:
    return bool(told.links_added or told.links_removed)
