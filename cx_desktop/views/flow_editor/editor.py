"""The flow editor: palette and outline, canvas, inspector, and below them findings and search."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.graph import NodeId, NoteId
from cx_desktop.domain.flow.linking import Refusal
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_find import Place
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_routes import FlowRoutes
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.models.kind_search import KindSearch
from cx_desktop.models.undo import Refused
from cx_desktop.overrides import override
from cx_desktop.tasks import Errands, Task, Tasks
from cx_desktop.views.flow_editor import deeds
from cx_desktop.views.flow_editor.announcer import Announcer
from cx_desktop.views.flow_editor.arranger import Arranger
from cx_desktop.views.flow_editor.asking import Asking
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.clipping import Clipping
from cx_desktop.views.flow_editor.dock import Dock
from cx_desktop.views.flow_editor.find_panel import FindPanel
from cx_desktop.views.flow_editor.findings_list import FindingsList
from cx_desktop.views.flow_editor.glide import Glide
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.inspector.inspector import Inspector
from cx_desktop.views.flow_editor.outline_view import OutlineView
from cx_desktop.views.flow_editor.overlay import Overlay
from cx_desktop.views.flow_editor.palette import Palette
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.verbs import Verbs, arranging_commands
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

#: Below the first scale a flow is opened at its entry, at the second.
READABLE, OPENING = 0.5, 0.75
#: The height of the lower part and the widths of the outer ones, in pixels.
DOCK_HEIGHT, SIDE_WIDTH, INSPECTOR_WIDTH = 160, 212, 312


def _nothing_known() -> Context:
    return Context()


class FlowEditor(QWidget):
    """Edits the flow of a graph model; read-only models are only looked at."""

    findings_changed = Signal(object)  # tuple[Finding, ...]

    def __init__(
        self,
        model: FlowGraphModel,
        *,
        look: Look,
        commands: Commands,
        tasks: Tasks,
        read_context: Callable[[], Context] = _nothing_known,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._errands = Errands(tasks)
        self._read_context = read_context
        self._reading: Task | None = None
        selection = FlowSelection(model, self)
        self._words = Words(look.language, Context())
        self.stage = Stage(FlowEditing(model, selection, self), selection, self._words, self)
        self.rules = FlowFindings(model, tasks=tasks, context=Context(), parent=self)
        self._routes = FlowRoutes(model, tasks=tasks, parent=self)
        self._is_fitted = False
        self._ink = Ink(look.theme, look.icons, self.font())
        self.canvas = FlowCanvas(self.stage, self._ink)
        self.overlay = Overlay(look, self.canvas, self._ink)
        self._announcer = Announcer(look, self.canvas, self.rules)
        self._glide = Glide(self.stage, lambda: look.theme.is_motion_reduced, self)
        self._arranger = Arranger(self.stage, self._glide, self._errands, self)
        self._clipping = Clipping(self.stage, QGuiApplication.clipboard(), self)
        search = KindSearch(look.language.catalogue)
        self.palette_panel = Palette(look, search, self)
        self.asking = Asking(look, search, self.canvas)
        self.outline = OutlineView(look, self.stage, self.rules)
        self.inspector = Inspector(look, self.stage, self.rules)
        self.findings_list = FindingsList(look, self.stage, self.rules)
        self.find_panel = FindPanel(look, self.stage)
        self.notice = Strip(look)
        self.side, self.dock = QTabWidget(), Dock(least=DOCK_HEIGHT)
        self.middle = QStackedWidget()
        self._lay_out()
        self._verbs = Verbs(look, commands, self)
        self._add_verbs()
        has_blocks = any(commands.get(each) is not None for each in deeds.BLOCKS)
        self.palette_panel.blocks.setVisible(has_blocks)
        self._connect()
        self.refresh_context()

    @property
    def widget(self) -> QWidget:
        """What is put on the page."""
        return self

    @property
    def context(self) -> Context:
        """What is known around the flow."""
        return self._words.context

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the flow now."""
        return self.rules.all

    def refresh_context(self) -> None:
        """Read the project's queues, schedules, prompts and flows again."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._errands.run(self._read_context, done=self._know)

    def show_node(self, node: str) -> None:
        """Select a step, and bring it into view."""
        if node in self.stage.model.flow.nodes:
            self.stage.selection.select([NodeId(node)])
            self._reveal([NodeId(node)])

    def follow(self, node: NodeId) -> None:
        """Bring a step into view, and leave the selection as it is."""
        if node in self.stage.model.flow.nodes:
            self._reveal([node])

    def show_findings(self, severity: Severity | None = None) -> None:
        """Open the list of findings, of one severity or all."""
        self.findings_list.keep(severity)
        self.dock.show_panel(self.findings_list)
        self.findings_list.view.setFocus()

    def shut(self) -> None:
        """Save what was typed, and take verbs and listeners away."""
        self.stage.model.flush()
        self._errands.drop()
        self._glide.stop()
        self.rules.close()
        self._routes.close()
        self._verbs.close()

    @override
    def close(self) -> bool:
        self.shut()
        return super().close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_fitted:
            self._is_fitted = True
            self._open_view()

    def _open_view(self) -> None:
        """Show the whole flow if it can be read then, else where calls enter."""
        viewport, geometry = self.stage.viewport, self.stage.geometry
        viewport.fit(geometry.around())
        start = self.stage.model.flow.start
        if viewport.scale < READABLE and start is not None:
            x, y = geometry.shapes[start].entry
            viewport.zoom_to(OPENING, QPointF(0, 0))
            seen = viewport.visible
            viewport.center_on(QPointF(x + seen.width() / 2 - 60, y + seen.height() / 12))

    def _lay_out(self) -> None:
        bind = self._look.language.bind
        self.side.setDocumentMode(True)
        if self.stage.editing.is_possible:
            self.side.addTab(self.palette_panel, "")
            bind(self, lambda text: self.side.setTabText(0, text), "editor.palette")
        else:
            self.palette_panel.hide()
        at = self.side.addTab(self.outline, "")
        bind(self, lambda text: self.side.setTabText(at, text), "editor.outline")
        self.dock.addTab(self.findings_list, "")
        self.dock.addTab(self.find_panel, "")
        bind(self, lambda text: self.dock.setTabText(1, text), "editor.find")
        self._look.language.follow(self, self._count_findings)
        across = QSplitter(Qt.Orientation.Horizontal)
        down = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self.canvas)
        for each in (self.side, self.middle, self.inspector):
            across.addWidget(each)
        across.setSizes([SIDE_WIDTH, 1000, INSPECTOR_WIDTH])
        down.addWidget(across)
        down.addWidget(self.dock)
        self.dock.height_wanted.connect(lambda height: down.setSizes([10_000, height]))
        self.dock.fold(is_folded=True)
        for splitter, middle in ((across, 1), (down, 0)):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
            splitter.setStretchFactor(middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(down, 1)
        self.setFocusProxy(self.canvas)

    def _add_verbs(self) -> None:
        viewport, stage = self.stage.viewport, self.stage
        looks = deeds.Looks(
            fit=self._fit,
            fit_selection=lambda: self._fit(stage.selection.nodes),
            zoom=self._zoom,
            real_size=lambda: self._zoom(1 / viewport.scale),
            minimap=self.overlay.toggle_minimap,
            snap=self._toggle_snapping,
        )
        steps = deeds.Steps(
            add=self.asking.ask_from_keyboard,
            edit=self.inspector.edit,
            link=self.asking.ask_target,
            find=self._find,
            find_step=self.find_panel.step,
            findings=self.show_findings,
            outline=lambda: self._go_to_side(self.outline),
            palette=lambda: self._go_to_side(self.palette_panel),
            canvas=self.canvas.setFocus,
        )
        self._verbs.add((self,), *deeds.editor_commands(stage, self._arranger, steps))
        self._verbs.add((self,), *deeds.view_commands(stage, looks))
        align, distribute = self._arranger.align, self._arranger.distribute
        self._verbs.add(
            (self,),
            *arranging_commands(stage, align, lambda is_across: distribute(across=is_across)),
        )
        self._verbs.add(
            (self.canvas, self.outline),
            *deeds.item_commands(
                stage,
                self._clipping,
                self._arranger,
                paste=lambda: self._clipping.paste(self._mouse_place()),
                note=self._add_note,
                frame=self._add_frame,
            ),
        )

    def _connect(self) -> None:
        stage = self.stage
        self.rules.changed.connect(self._on_rules_changed)
        self._routes.found.connect(stage.geometry.follow_routes)
        stage.edit_requested.connect(self.inspector.edit)
        stage.editing.refused.connect(self._on_refused)
        stage.model.undo_refused.connect(self._on_undo_refused)
        self.palette_panel.chosen.connect(self.asking.add)
        self.palette_panel.blocks.clicked.connect(self._pop_blocks)
        self.inspector.link_requested.connect(self.asking.ask_target)
        self.outline.link_requested.connect(self.asking.ask_target)
        self.outline.edit_requested.connect(self.inspector.edit)
        self.outline.revealed.connect(lambda node: self._reveal([NodeId(node)]))
        self.outline.menu_requested.connect(self._open_menu)
        self.canvas.menu_requested.connect(self._open_menu)
        self.findings_list.jumped.connect(self._on_finding_jumped)
        self.find_panel.jumped.connect(self._on_place_jumped)
        self.overlay.zoom_bar.zoomed.connect(self._zoom)
        self.overlay.zoom_bar.reset.connect(lambda: self._zoom(1 / stage.viewport.scale))
        self.overlay.zoom_bar.fitted.connect(self._fit)
        self._look.theme.changed.connect(self._on_theme_changed)
        self._look.language.changed.connect(self.canvas.update)

    def _know(self, context: Context) -> None:
        if context != self._words.context:
            self._words.context = context
            self.rules.know(context)
            self.inspector.rebuild()
            self.outline.refresh()
            self.canvas.update()

    def _fit(self, nodes: tuple[NodeId, ...] | None = None) -> None:
        around = self.stage.geometry.around(nodes or None)
        self._glide.view(lambda: self.stage.viewport.fit(around))

    def _zoom(self, factor: float) -> None:
        middle = QRectF(self.canvas.rect()).center()
        self._glide.view(lambda: self.stage.viewport.zoom_by(factor, middle))

    def _reveal(self, nodes: list[NodeId], notes: tuple[NoteId, ...] = ()) -> None:
        """Bring nodes into view, large enough to be read."""
        viewport, geometry = self.stage.viewport, self.stage.geometry
        rect = geometry.around(nodes) if nodes else QRectF()
        for note in notes:
            left, top, right, bottom = geometry.note_bounds(note)
            rect = rect.united(QRectF(left, top, right - left, bottom - top))

        def go() -> None:
            if viewport.scale < 0.6:
                viewport.zoom_to(0.9, viewport.to_view(rect.center()))
            viewport.reveal(rect)
            hidden = QRectF(self.overlay.minimap.geometry())
            if self.overlay.minimap.isVisible() and hidden.intersects(viewport.rect_to_view(rect)):
                viewport.center_on(rect.center())

        self._glide.view(go)

    def _find(self) -> None:
        self.dock.show_panel(self.find_panel)
        self.find_panel.field.setFocus()
        self.find_panel.field.selectAll()

    def _go_to_side(self, panel: QWidget) -> None:
        self.side.setCurrentWidget(panel)
        target = self.palette_panel.field if panel is self.palette_panel else panel
        target.setFocus()

    def _toggle_snapping(self) -> None:
        self.stage.is_snapping = not self.stage.is_snapping

    def _mouse_place(self) -> tuple[float, float]:
        """Where the mouse is in the flow, or the middle when it is elsewhere."""
        if not self.canvas.underMouse():
            return self.canvas.middle().place
        at = self.canvas.mapFromGlobal(QCursor.pos())
        return self.canvas.pointer_at(QPointF(at), Qt.KeyboardModifier.NoModifier).place

    def _add_note(self) -> None:
        x, y = self._mouse_place()
        if self.stage.editing.add_note((round(x / 8) * 8, round(y / 8) * 8)) is not None:
            self.inspector.edit()

    def _add_frame(self) -> None:
        if self.stage.editing.frame(self._look.language.text("editor.note.new-frame")) is not None:
            self.inspector.edit()

    def _pop_blocks(self) -> None:
        button = self.palette_panel.blocks
        menu = self._verbs.menu(self, deeds.BLOCKS)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(
            button.mapToGlobal(button.rect().topLeft()) - QPoint(0, menu.sizeHint().height())
        )

    def _open_menu(self, at: QPoint) -> None:
        chosen = self.stage.selection
        ids = deeds.MENU_OF_SELECTION
        if chosen.is_empty:
            ids = deeds.MENU_OF_GROUND
        elif len(chosen.nodes) > 1:
            ids = deeds.MENU_OF_SEVERAL
        menu = self._verbs.menu(self, ids)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _count_findings(self) -> None:
        count = len(self.rules.all)
        self.dock.setTabText(0, self._look.language.plural("editor.findings.tab", count))

    def _on_rules_changed(self, findings: tuple[Finding, ...]) -> None:
        self.canvas.show_severities(self.rules.severities)
        self._count_findings()
        self.findings_changed.emit(findings)

    def _on_finding_jumped(self, finding: Finding) -> None:
        if finding.node is None:
            self.stage.selection.clear()
        else:
            self.show_node(finding.node)
        if finding.property is not None or finding.exit is not None:
            self.inspector.go_to(finding.property or "", finding.exit)

    def _on_place_jumped(self, place: Place) -> None:
        if place.node is not None:
            self.show_node(place.node)
        elif place.note is not None:
            self.stage.selection.select(notes=[place.note])
            self._reveal([], (place.note,))

    def _on_refused(self, refusal: Refusal) -> None:
        language = self._look.language
        self.notice.say("warn", lambda: language.text(refusal.key, **refusal.params))
        self._announcer.say(self.notice.text)

    def _on_undo_refused(self, refused: Refused) -> None:
        key = "editor.undo.refused-by" if refused.who else "editor.undo.refused"
        count, who = len(refused.paths), refused.who
        language = self._look.language
        self.notice.say("info", lambda: language.plural(key, count, who=who))
        self._announcer.say(self.notice.text)

    def _on_theme_changed(self) -> None:
        self._ink.refresh()
        self.overlay.minimap.refresh()
        self.inspector.rebuild()
        self.canvas.update()
