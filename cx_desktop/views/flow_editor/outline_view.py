"""The outline: the flow as a tree, in step with the canvas; every verb works on its rows too."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from cx_desktop.domain.flow.graph import Link, NodeId, Slot
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.models.flow_outline import FlowOutline
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.look import Look

#: Of a larger selection only the last rows are marked.
MOST_ROWS = 100


class OutlineView(QTreeView):
    """Shows ``FlowOutline``; what is selected here is selected on the canvas, and back."""

    revealed = Signal(str)  # NodeId: the user went there, show it
    edit_requested = Signal()
    menu_requested = Signal(object)  # QPoint: where, on the screen
    link_requested = Signal(object)  # Slot: choose where this exit leads

    def __init__(
        self, look: Look, stage: Stage, findings: FlowFindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._look = look
        self._findings = findings
        self._outline: FlowOutline | None = None
        self._open_nodes: dict[NodeId, None] = {}
        self._is_following = False
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setProperty("role", "plain")
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.doubleClicked.connect(lambda _index: self._enter())
        self.expanded.connect(lambda index: self._remember(index, is_open=True))
        self.collapsed.connect(lambda index: self._remember(index, is_open=False))
        stage.selection.changed.connect(self._follow)
        findings.changed.connect(self.refresh)
        look.language.bind(self, self.setAccessibleName, "editor.outline")
        look.language.changed.connect(self.refresh)

    @property
    def outline(self) -> FlowOutline:
        """The rows; they are made when somebody first wants to see them."""
        if self._outline is None:
            self._outline = self._make()
            self._follow()
        return self._outline

    def refresh(self) -> None:
        """Every text may read differently."""
        if self._outline is not None:
            self._outline.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        _ = self.outline
        super().showEvent(event)

    def _make(self) -> FlowOutline:
        outline = FlowOutline(
            self._stage.model,
            node_text=self._node_text,
            exit_text=self._exit_text,
            decoration=self._icon,
            parent=self,
        )
        self.setModel(outline)
        self.selectionModel().selectionChanged.connect(self._on_rows_selected)
        outline.modelReset.connect(self._open_again)
        return outline

    def _remember(self, index: QModelIndex, *, is_open: bool) -> None:
        node = self.outline.place(index)
        if not isinstance(node, str):
            return
        if is_open:
            self._open_nodes[NodeId(node)] = None
        else:
            self._open_nodes.pop(NodeId(node), None)

    def _open_again(self) -> None:
        """All rows are others: open those that were open, and select what is selected."""
        for node in tuple(self._open_nodes):
            self.setExpanded(self.outline.index_of(node), True)
        self._follow()

    @property
    def words(self) -> Words:
        """Names of nodes and exits."""
        return self._stage.words

    def place(self) -> NodeId | Slot | None:
        """What the keyboard is at."""
        return self.outline.place(self.currentIndex())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._enter()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Edit a node; follow an exit, or choose where it leads."""
        place = self.place()
        if isinstance(place, Slot):
            target = self._stage.model.flow.target(place.node, place.exit)
            if target is None:
                self.link_requested.emit(place)
            else:
                self.setCurrentIndex(self.outline.index_of(target))
        elif place is not None:
            self.edit_requested.emit()

    def _open_menu(self, at: QPoint) -> None:
        self.menu_requested.emit(self.viewport().mapToGlobal(at))

    def _on_rows_selected(self) -> None:
        if self._is_following:
            return
        nodes: dict[NodeId, None] = {}
        links: dict[Link, None] = {}
        for index in self.selectionModel().selectedIndexes():
            match self.outline.place(index):
                case Slot(node, way):
                    target = self._stage.model.flow.target(node, way)
                    if target is None:
                        nodes[node] = None
                    else:
                        links[Link(node, way, target)] = None
                case str() as node:
                    nodes[NodeId(node)] = None
                case None:
                    pass
        self._is_following = True
        self._stage.selection.select(nodes, links=links)
        self._is_following = False
        if len(nodes) == 1 and self.hasFocus():
            self.revealed.emit(next(iter(nodes)))

    def _follow(self) -> None:
        """Select the rows of what was selected elsewhere."""
        if self._is_following or self._outline is None:
            return
        self._is_following = True
        flags = QItemSelectionModel.SelectionFlag
        chosen = self.selectionModel()
        rows = QItemSelection()
        for node in self._stage.selection.nodes[-MOST_ROWS:]:
            index = self.outline.index_of(node)
            rows.append(QItemSelectionRange(index, index))
        chosen.select(rows, flags.ClearAndSelect)
        last = self._stage.selection.node
        if last is not None:
            index = self.outline.index_of(last)
            chosen.setCurrentIndex(index, flags.NoUpdate)
            self.scrollTo(index)
        self._is_following = False

    def _node_text(self, node: NodeId) -> str:
        it = self._stage.model.flow.nodes.get(node)
        if it is None:
            return ""
        text = self.words.title(it)
        subtitle = self.words.subtitle(it)
        if subtitle:
            text = f"{text} — {subtitle}"
        count = len(self._findings.of(node))
        if count:
            text = f"{text} ({self._look.language.plural('editor.findings.count', count)})"
        return text

    def _exit_text(self, node: NodeId, way: Exit) -> str:
        name = self.words.exit(way)
        target = self._stage.model.flow.target(node, way.id)
        if target is not None:
            return f"{name} → {self.words.title_of(self._stage.model.flow, target)}"
        key = "must" if way.unlinked is Unlinked.REFUSED else "open"
        return self._look.language.text(f"editor.outline.exit-{key}", exit=name)

    def _icon(self, node: NodeId) -> object:
        shape = self._stage.geometry.shapes.get(node)
        if shape is None:
            return None
        return self._look.icons.icon(shape.kind.icon.removeprefix("ph."), shape.kind.family.value)
