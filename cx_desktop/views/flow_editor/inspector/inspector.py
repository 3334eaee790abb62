"""The inspector beside the canvas: shows the form of what is selected."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cx_desktop.domain.flow.analysis.settings import spoken_in
from cx_desktop.domain.flow.graph import NodeId, NoteId
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.models.flow_news import News
from cx_desktop.models.flow_walk import reading_order
from cx_desktop.views.flow_editor.inspector.fields.editor import Choice, Share, Surroundings
from cx_desktop.views.flow_editor.inspector.flow_form import FlowForm
from cx_desktop.views.flow_editor.inspector.nodes_form import NodesForm
from cx_desktop.views.flow_editor.inspector.notes_form import NoteForm
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.look import Look

#: More nodes than this are not edited together.
MOST_NODES = 200
#: References to nodes list no more than this.
MOST_CHOICES = 500


class Inspector(QScrollArea):
    """Makes a form when the selection comes to rest; fills it again when the flow changes."""

    link_requested = Signal(object)  # Slot: choose where this exit leads

    def __init__(
        self, look: Look, stage: Stage, findings: FlowFindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._stage = stage
        self._findings = findings
        self._open_groups: set[str] = set()
        self._share: Share | None = None
        self._shown: tuple[tuple[NodeId, ...], tuple[NoteId, ...]] | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("role", "inspector")
        self.setMinimumWidth(300)
        # One event loop later: a rubber band selects many things one after the other.
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self.settle)
        stage.selection.changed.connect(self._later.start)
        stage.model.flow_changed.connect(self._on_model_flow_changed)
        stage.model.flow_reset.connect(self.rebuild)
        findings.changed.connect(self._refill)
        look.language.bind(self, self.setAccessibleName, "editor.inspector")
        look.language.changed.connect(self.rebuild)
        self._later.start()

    def share_with(self, share: Share | None) -> None:
        """Offer to make prompts of texts."""
        self._share = share
        self.rebuild()

    def rebuild(self) -> None:
        """Make the form anew."""
        self._shown = None
        self.settle()

    def settle(self) -> None:
        """Show the form of what is selected now."""
        self._later.stop()
        chosen = self._stage.selection
        wanted = (chosen.nodes, chosen.notes)
        if wanted == self._shown:
            return
        self._stage.model.flush()
        self._shown = wanted
        old = self.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        form = self._form(chosen.nodes, chosen.notes)
        form.setProperty("role", "page")
        self.setWidget(form)

    def edit(self) -> None:
        """Let the title of what is selected be typed."""
        self.settle()
        form = self.widget()
        if isinstance(form, NodesForm):
            form.focus_title()
        elif isinstance(form, NoteForm):
            form.focus_text()

    def go_to(self, name: str, way: str | None = None) -> None:
        """Show and focus a property or an exit of what is selected."""
        self.settle()
        form = self.widget()
        target: QWidget | None = None
        if isinstance(form, NodesForm):
            target = form.go_to(name, way)
        elif isinstance(form, FlowForm):
            target = form.go_to(name)
        if target is not None:
            self.ensureWidgetVisible(target, 0, 60)

    def _form(self, nodes: tuple[NodeId, ...], notes: tuple[NoteId, ...]) -> QWidget:
        around = self._surroundings()
        if nodes and len(nodes) <= MOST_NODES:
            form = NodesForm(self._stage, self._findings, around, nodes, self._open_groups)
            form.link_requested.connect(self.link_requested)
            return form
        if len(notes) == 1 and not nodes:
            return NoteForm(self._stage, around, notes[0])
        return FlowForm(self._stage, self._findings, around, self._open_groups)

    def _surroundings(self) -> Surroundings:
        flow, words = self._stage.model.flow, self._stage.words
        order = reading_order(flow)[:MOST_CHOICES]
        return Surroundings(
            look=self._look,
            words=words,
            nodes=tuple(Choice(node, words.title(flow.nodes[node])) for node in order),
            is_read_only=not self._stage.editing.is_possible,
            share=self._share,
            language=spoken_in(flow) or "fr-FR",
        )

    def _on_model_flow_changed(self, told: News) -> None:
        shown = self._shown[0] if self._shown else ()
        if told.is_meta_changed or told.notes_changed or not told.touched_nodes.isdisjoint(shown):
            self._refill()

    def _refill(self) -> None:
        form = self.widget()
        if isinstance(form, NodesForm | NoteForm | FlowForm):
            form.refresh()
