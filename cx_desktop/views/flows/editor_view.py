"""One flow at work: header, strips, the editor, and its versions beside it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.simulate import World
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_work import FlowWork, open_work
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState
from cx_desktop.models.objects.revisions import RevisionRow
from cx_desktop.views.flow_editor import FlowEditor
from cx_desktop.views.flows.comparing import Comparing, told_panel
from cx_desktop.views.flows.editor_header import EditorHeader
from cx_desktop.views.flows.going_live import GoingLive
from cx_desktop.views.flows.notices import Notices
from cx_desktop.views.flows.others import OthersEdits
from cx_desktop.views.flows.reading import Deeds, say_reading
from cx_desktop.views.flows.settling import FlowSettling
from cx_desktop.views.objects.saving import SavingState
from cx_desktop.views.objects.versions_panel import VersionsPanel
from cx_desktop.views.simulator.bench import Bench
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton
from cx_desktop.views.widgets.strip import Strip, Way

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError
    from cx_desktop.domain.patch import Document


class EditorView(QWidget):
    """Opens flows one at a time; leaving saves what was typed last."""

    left = Signal()
    renamed = Signal(str)  # a new name for the flow at work

    def __init__(
        self, look: Look, desk: FlowDesk, commands: Commands, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._commands = commands
        self._wanted = ""
        self._wanted_node: str | None = None
        self.work: FlowWork | None = None
        self.editing: FlowEditor | None = None
        self.bench: Bench | None = None
        self.header = EditorHeader(look)
        self.notices = Notices(look, now=desk.clock.now)
        self.reading = Strip(look, is_band=True)
        self.going_live = GoingLive(look, desk, self.notices.told, self)
        self._saving = SavingState(look, self.header.saving, now=desk.clock.now)
        self.versions: VersionsPanel | None = None
        self._skeleton = Skeleton(look)
        self._error = ErrorPanel(look)
        self._stack = QStackedWidget()
        self.comparing = Comparing(
            look,
            self._stack,
            tasks=desk.tasks,
            read_context=lambda: desk.read_context(self._project_id),
        )
        self.settling = FlowSettling(
            look,
            self._stack,
            self.notices,
            desk=desk,
            read_context=lambda: desk.read_context(self._project_id),
        )
        self.others = OthersEdits(self.notices, tasks=desk.tasks, parent=self)
        self._stack.addWidget(self._skeleton)
        self._stack.addWidget(self._error)
        self._body = QHBoxLayout()
        self._body.setSpacing(0)
        self._body.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.notices)
        layout.addWidget(self.reading)
        layout.addLayout(self._body, 1)
        self._connect()

    def open(self, flow_id: str, *, node: str | None = None) -> None:
        """Show a flow, and a step of it."""
        if self.work is not None and self.work.flow.id == flow_id:
            self._show_node(node)
            return
        self.close_work()
        self._wanted, self._wanted_node = flow_id, node
        self._stack.setCurrentWidget(self._skeleton)
        open_work(
            self._desk.store,
            flow_id,
            done=self._on_opened,
            failed=self._on_failed,
            is_read_only=lambda facts: bool(self._why_not_edit(facts)),
        )

    def close_work(self) -> None:
        """Let go of the flow; what was typed last is saved."""
        self._wanted = ""
        self.comparing.leave()
        self.settling.drop()
        self.others.forget()
        self._drop_editor()
        if self.versions is not None:
            self._body.removeWidget(self.versions)
            self.versions.revisions.close()
            self.versions.deleteLater()
            self.versions = None
        if self.work is not None:
            self.work.close()
            self.work.deleteLater()
            self.work = None
        self.notices.clear()
        self.reading.clear()
        self.header.show_reading(None)

    def publish(self, *, returns_to: int | None = None) -> None:
        """Ask to put the draft, or an old version, before callers."""
        if self.work is not None:
            self.going_live.ask(self.work, returns_to=returns_to)

    def compare(self, old: int, new: int | None = None) -> None:
        """Show what differs between a version and another, or the draft, on the canvas."""
        if self.work is not None and self.versions is not None:
            self._show_versions(is_shown=False)
            self.comparing.compare(self.work, self.versions.revisions, old, new)

    def compare_with_live(self) -> None:
        """Show what differs between what callers hear and the draft."""
        live = self.versions.revisions.live if self.versions is not None else None
        if live is not None:
            self.compare(live.number)

    @property
    def can_compare(self) -> bool:
        """Whether there is something live to compare the draft with."""
        return self.versions is not None and self.versions.revisions.live is not None

    def toggle_versions(self) -> None:
        """Show or hide the versions."""
        if self.versions is not None:
            self._show_versions(is_shown=self.versions.isHidden())

    def show_draft(self) -> None:
        """Back from an old version to the draft."""
        self.reading.clear()
        self.header.show_reading(None)
        if self.work is None or self.editing is None:
            return
        if self.editing.stage.model is not self.work.graph:
            self._show_graph(self.work.graph)

    @property
    def _project_id(self) -> str:
        return self.work.flow.project_id if self.work is not None else ""

    @property
    def can_discard(self) -> bool:
        """Whether the draft differs from something that is live."""
        is_ahead = self.work is not None and self.work.state is ObjectState.AHEAD
        return is_ahead and self._desk.permissions.allows(Verb.FLOW_EDIT)

    def discard_draft(self) -> None:
        """Make the draft what callers hear; undo takes it back."""
        live = self.versions.revisions.live if self.versions is not None else None
        if live is not None:
            self._take_over(live, "flows.step.discard")

    def _connect(self) -> None:
        self.header.left.connect(self.left)
        self.header.renamed.connect(self.renamed)
        self.header.versions_wanted.connect(self.toggle_versions)
        self.header.publish_wanted.connect(self.publish)
        self.header.findings_wanted.connect(self._show_findings)
        self._desk.flows.context_changed.connect(self._on_context_changed)
        self._desk.permissions.changed.connect(self._show_permissions)
        self._look.language.follow(self, self._show_permissions)
        self.notices.node_wanted.connect(self._show_node)
        self.notices.retry_wanted.connect(self._retry_save)
        self._error.retry_requested.connect(self._retry_open)
        self.going_live.node_wanted.connect(self._show_node)
        self.going_live.canvas_wanted.connect(lambda _flow: self.compare_with_live())
        self.going_live.published.connect(lambda _plan: self.reading.clear())
        self.comparing.failed.connect(self._explain)
        self.settling.failed.connect(self._explain)

    def _on_opened(self, work: FlowWork) -> None:
        if work.flow.id != self._wanted:
            work.close()
            return
        self.work = work
        work.setParent(self)
        work.others_changed.connect(self.others.came)
        work.facts_changed.connect(self._show_facts)
        work.gone.connect(self.left)
        work.flow.save_failed.connect(self.notices.show_save_failed)
        self.settling.follow(work)
        self._saving.follow(work.flow)
        self._make_versions(work)
        self._show_facts()
        self._show_graph(work.graph)
        self._say_why_not()
        self._show_node(self._wanted_node)

    def _why_not_edit(self, facts: ObjectFacts) -> str:
        if facts.archived:
            return "flows.reason.archived"
        return self._desk.permissions.why_not(Verb.FLOW_EDIT)

    def _say_why_not(self) -> None:
        """Why this user can only look at the flow, if so."""
        language = self._look.language
        why = self._why_not_edit(self.work.facts) if self.work is not None else ""
        if why:
            self.notices.told.say(
                "info", lambda: f"{language.text('flows.looking')} {language.text(why)}"
            )

    def _show_permissions(self) -> None:
        self.header.show_permissions(self._desk.permissions)

    def _on_failed(self, error: "CXError") -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _retry_open(self) -> None:
        wanted, self._wanted = self._wanted, ""
        self.open(wanted, node=self._wanted_node)

    def _retry_save(self) -> None:
        if self.work is not None:
            self.work.flow.retry()

    def _make_versions(self, work: FlowWork) -> None:
        revisions = self._desk.revisions(work.flow.id)
        panel = VersionsPanel(
            self._look,
            revisions,
            permissions=self._desk.permissions,
            now=self._desk.clock.now,
        )
        told = told_panel(self._look, self._desk, work, revisions)
        told.list.step_chosen.connect(self._show_node)
        panel.tell(told)
        panel.hide()
        panel.open_requested.connect(self._read_revision)
        panel.draft_requested.connect(lambda row: self._take_over(row, "flows.step.revert"))
        panel.return_requested.connect(lambda row: self.publish(returns_to=row.number))
        panel.discard_requested.connect(self.discard_draft)
        panel.compare_requested.connect(lambda pair: self.compare(*pair))
        panel.close_requested.connect(lambda: self._show_versions(is_shown=False))
        self._body.addWidget(panel)
        self.versions = panel
        self.header.versions.setChecked(False)
        revisions.changed.connect(self._know_live)
        revisions.load()

    def _know_live(self) -> None:
        """Let the draft be compared with what callers hear, as soon as that is here."""
        work, revisions = self.work, self.versions.revisions if self.versions is not None else None
        live = revisions.live if revisions is not None else None
        if work is None or revisions is None or live is None or work.live_number == live.number:
            return

        def know(document: "Document") -> None:
            if work is self.work:
                work.know_live(live.number, document)

        revisions.document(live.number, done=know, failed=lambda _error: None)

    def _show_versions(self, *, is_shown: bool) -> None:
        if self.versions is not None:
            self.versions.setVisible(is_shown)
            self.header.versions.setChecked(is_shown)
            if self.editing is not None:  # one thing at a time beside the canvas
                self.editing.inspector.setVisible(not is_shown)
            if is_shown:
                self.versions.list.setFocus()

    def _show_facts(self) -> None:
        if self.work is not None:
            state = self.work.state
            self.header.show_facts(self.work.facts, state)
            if self.versions is not None:
                self.versions.show_draft(is_ahead=state is ObjectState.AHEAD)

    def _show_graph(self, graph: FlowGraphModel, number: int | None = None) -> None:
        """Show the draft, or the version with a number."""
        self._drop_editor()
        self.editing = FlowEditor(
            graph,
            look=self._look,
            commands=self._commands,
            tasks=self._desk.tasks,
            read_context=partial(self._desk.read_context, self._project_id),
        )
        self.bench = self._make_bench(self.editing, number)
        sharing = self._desk.sharing
        self.editing.inspector.share_with(sharing.share if sharing.is_possible else None)
        self.editing.findings_changed.connect(self.header.show_findings)
        self.header.show_findings(self.editing.findings)
        is_beside_versions = self.versions is not None and not self.versions.isHidden()
        self.editing.inspector.setVisible(not is_beside_versions)
        self.editing.stage.edit_requested.connect(lambda *_: self._show_versions(is_shown=False))
        self.others.watch(self.editing)
        self._stack.addWidget(self.editing)
        self._stack.setCurrentWidget(self.editing)
        self.editing.setFocus()

    def _make_bench(self, editor: FlowEditor, number: int | None) -> Bench:
        """The simulator and the tests of the flow in the editor."""
        flow_id = self.work.flow.id if self.work is not None else ""
        around = self._desk.around(flow_id, self._project_id, number)
        world = World(flows={}, started=self._desk.clock.now())
        tasks = self._desk.tasks
        return Bench(self._look, editor, around, world, commands=self._commands, tasks=tasks)

    def _drop_editor(self) -> None:
        if self.bench is not None:
            self.bench.close()
            self.bench = None
        if self.editing is not None:
            self._stack.removeWidget(self.editing)
            self.others.watch(None)
            self.editing.shut()
            model = self.editing.stage.model
            if self.work is None or model is not self.work.graph:
                model.deleteLater()
            self.editing.deleteLater()
            self.editing = None

    def _show_node(self, node: str | None) -> None:
        if node and self.editing is not None:
            self.editing.show_node(node)

    def _show_findings(self, severity: Severity) -> None:
        if self.editing is not None:
            self.editing.show_findings(severity)

    def _on_context_changed(self) -> None:
        if self.editing is not None:
            self.editing.refresh_context()
        if self.bench is not None:
            self.bench.refresh_world()

    def _read_revision(self, row: RevisionRow) -> None:
        if self.versions is None:
            return

        def show(document: "Document") -> None:
            graph = FlowGraphModel(
                document=document, save=lambda _changes: None, is_read_only=True, parent=self
            )
            self._show_graph(graph, row.number)
            say_reading(
                self.reading,
                self._look.language,
                self._desk.permissions,
                row,
                Deeds(self._take_over, self.publish, self.show_draft),
            )
            self.header.show_reading(row.number)

        self.versions.revisions.document(row.number, done=show, failed=self._explain)

    def _take_over(self, row: RevisionRow, key: str) -> None:
        """Make the draft equal to a revision, as one step that undo takes back."""
        work = self.work
        if work is None or self.versions is None:
            return

        def take(document: "Document") -> None:
            if work is not self.work:
                return
            self.show_draft()
            if work.take_over(document, key):
                language = self._look.language
                self.notices.told.say(
                    "ok",
                    lambda: language.text("flows.draft-equals", number=row.number),
                    [Way(key="flows.undo", run=work.graph.undo_stack.undo)],
                )

        self.versions.revisions.document(row.number, done=take, failed=self._explain)

    def _explain(self, error: "CXError") -> None:
        self.notices.told.say("block", lambda: " ".join(self._look.language.explain(error)))
