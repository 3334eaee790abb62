"""What is selected in an open flow: nodes, notes, links, and the one the keyboard is at."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.flow.graph import Link, NodeId, NoteId
from cx_desktop.models.flow_graph import FlowGraphModel


class FlowSelection(QObject):
    """The selected parts of a flow; what leaves the flow leaves the selection."""

    changed = Signal()

    def __init__(self, model: FlowGraphModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._nodes: dict[NodeId, None] = {}
        self._notes: dict[NoteId, None] = {}
        self._links: dict[Link, None] = {}
        model.flow_changed.connect(self._on_model_flow_changed)
        model.flow_reset.connect(self._on_model_flow_changed)

    @property
    def nodes(self) -> tuple[NodeId, ...]:
        """The selected nodes, the one selected last at the end."""
        return tuple(self._nodes)

    @property
    def notes(self) -> tuple[NoteId, ...]:
        """The selected comments and frames."""
        return tuple(self._notes)

    @property
    def links(self) -> tuple[Link, ...]:
        """The selected links."""
        return tuple(self._links)

    @property
    def node(self) -> NodeId | None:
        """The one node the keyboard is at: the one selected last."""
        return next(reversed(self._nodes), None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return not (self._nodes or self._notes or self._links)

    def has_node(self, node: NodeId) -> bool:
        """Whether this node is selected."""
        return node in self._nodes

    def has_note(self, note: NoteId) -> bool:
        """Whether this comment or frame is selected."""
        return note in self._notes

    def has_link(self, link: Link) -> bool:
        """Whether this link is selected."""
        return link in self._links

    def select(
        self,
        nodes: Iterable[NodeId] = (),
        *,
        notes: Iterable[NoteId] = (),
        links: Iterable[Link] = (),
    ) -> None:
        """Select exactly these."""
        self._become(dict.fromkeys(nodes), dict.fromkeys(notes), dict.fromkeys(links))

    def add(
        self,
        nodes: Iterable[NodeId] = (),
        *,
        notes: Iterable[NoteId] = (),
        links: Iterable[Link] = (),
    ) -> None:
        """Select these too."""
        self._become(
            self._nodes | dict.fromkeys(nodes),
            self._notes | dict.fromkeys(notes),
            self._links | dict.fromkeys(links),
        )

    def add_last(self, node: NodeId) -> None:
        """Let the keyboard be at this node of the selection."""
        nodes = {each: None for each in self._nodes if each != node}
        self._become(nodes | {node: None}, self._notes, self._links)

    def toggle_node(self, node: NodeId) -> None:
        """Select the node, or take it out of the selection."""
        nodes = {each: None for each in self._nodes if each != node}
        if node not in self._nodes:
            nodes[node] = None
        self._become(nodes, self._notes, self._links)

    def toggle_note(self, note: NoteId) -> None:
        """Select the note, or take it out of the selection."""
        notes = {each: None for each in self._notes if each != note}
        if note not in self._notes:
            notes[note] = None
        self._become(self._nodes, notes, self._links)

    def clear(self) -> None:
        """Select nothing."""
        self._become({}, {}, {})

    def select_all(self) -> None:
        """Select every node and note."""
        self.select(self._model.flow.nodes, notes=self._model.flow.notes)

    def _on_model_flow_changed(self) -> None:
        flow = self._model.flow
        self._become(
            {node: None for node in self._nodes if node in flow.nodes},
            {note: None for note in self._notes if note in flow.notes},
            {
                link: None
                for link in self._links
                if flow.target(link.node, link.exit) == link.target
            },
        )

    def _become(
        self, nodes: dict[NodeId, None], notes: dict[NoteId, None], links: dict[Link, None]
    ) -> None:
        before = (list(self._nodes), list(self._notes), list(self._links))
        self._nodes, self._notes, self._links = nodes, notes, links
        if before != (list(nodes), list(notes), list(links)):
            self.changed.emit()
