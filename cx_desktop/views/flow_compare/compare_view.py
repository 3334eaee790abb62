"""Two versions of a flow on one canvas that is only looked at.

The canvas shows the newer flow with what is gone from the older one still there; beside it stand
the list of changes, and the one that is looked at before and after.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.diff import Comparison, Mark
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_comparison import FlowComparison, Laid
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_routes import FlowRoutes
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.overrides import override
from cx_desktop.tasks import Errands, Tasks
from cx_desktop.views.flow_compare.bar import CompareBar
from cx_desktop.views.flow_compare.spot_details import SpotDetails
from cx_desktop.views.flow_compare.spot_list import SpotList
from cx_desktop.views.flow_compare.words import spot_words
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.marks import ChangeMarks
from cx_desktop.views.flow_editor.overlay import Overlay
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton

_SIDE = 312
#: A change is shown at this scale at least.
_READABLE = 0.6


class CompareView(QWidget):
    """Everything that differs, one change after another."""

    left = Signal()

    def __init__(
        self,
        look: Look,
        model: FlowComparison,
        *,
        tasks: Tasks,
        read_context: Callable[[], Context],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._tasks = tasks
        self._errands = Errands(tasks)
        self._read_context = read_context
        self._context = Context()
        self.model = model
        self._drawing: Drawing | None = None
        self.bar = CompareBar(look, model)
        self.list = SpotList(look, model)
        self.details = SpotDetails(look)
        self._what = Label("", "section", wraps=True)
        self._skeleton = Skeleton(look)
        self._error = ErrorPanel(look)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    @property
    def drawing(self) -> "Drawing | None":
        """The canvas, once there is one."""
        return self._drawing

    def show_names(self, old: str, new: str) -> None:
        """Say which two are compared."""
        self.bar.show_names(old, new)

    def shut(self) -> None:
        """Let go of the drawing."""
        self._errands.drop()
        self.model.cancel()
        self._drop_drawing()

    def _lay_out(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.list, 3)
        column.addWidget(self._what)
        column.addWidget(self.details, 2)
        side.setMinimumWidth(_SIDE * 3 // 4)
        self._stack.addWidget(self._skeleton)
        self._stack.addWidget(self._error)
        splitter = QSplitter()
        splitter.addWidget(self._stack)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([3 * _SIDE, _SIDE])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        model = self.model
        model.laid.connect(self._on_laid)
        model.failed.connect(self._on_failed)
        model.current_changed.connect(self._show_current)
        model.spots_changed.connect(self._mark)
        self.list.chosen.connect(model.go)
        self.bar.left.connect(self.left)
        self._look.language.changed.connect(self._show_details)
        self._look.theme.changed.connect(self._on_theme_changed)
        for keys, run in (
            ("F7", lambda: model.step(1)),
            ("Shift+F7", lambda: model.step(-1)),
            ("Escape", self.left.emit),
        ):
            self._add_shortcut(keys, run)
        self._errands.run(self._read_context, done=self._know)

    def _add_shortcut(self, keys: str, run: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked: run())
        self.addAction(action)

    def _know(self, context: Context) -> None:
        self._context = self.details.context = context
        if self._drawing is not None:
            self._drawing.know(context)
        self._show_details()

    def _on_laid(self, laid: Laid) -> None:
        was = self._drawing.view if self._drawing is not None else None
        self._drop_drawing()
        self._drawing = drawing = Drawing(self._look, laid, self._tasks, self)
        drawing.know(self._context)
        self._stack.addWidget(drawing.canvas)
        self._stack.setCurrentWidget(drawing.canvas)
        drawing.stage.selection.changed.connect(self._on_selected)
        self._mark()
        self._show_details()
        if was is not None:
            drawing.stage.viewport.show(*was)
        else:
            drawing.fit()
        self.list.setFocus()

    def _on_failed(self, error: CXError) -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _mark(self) -> None:
        comparison = self.model.comparison
        if self._drawing is not None and comparison is not None:
            self._drawing.mark(comparison, hides_moved=self.model.hides_moved)

    def _show_current(self) -> None:
        spot = self.model.current
        if self._drawing is not None and spot is not None:
            around = [spot.node, *filter(None, (spot.old, spot.new))]
            self._drawing.show_nodes(spot.node, around)
        self._show_details()

    def _show_details(self) -> None:
        comparison, spot = self.model.comparison, self.model.current
        if comparison is None:
            return
        words = spot_words(self._look.language, comparison, spot) if spot is not None else ""
        self._what.setText(words or self._look.language.text("compare.choose"))
        self.details.show_spot(comparison, spot)
        self.details.setVisible(spot is not None)

    def _on_selected(self) -> None:
        node = self._drawing.stage.selection.node if self._drawing is not None else None
        if node is not None:
            self.model.go_to_node(node)

    def _on_theme_changed(self) -> None:
        if self._drawing is not None:
            self._drawing.refresh()
        self._show_details()

    def _drop_drawing(self) -> None:
        if self._drawing is not None:
            self._stack.removeWidget(self._drawing.canvas)
            self._drawing.shut()
            self._drawing = None

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._drawing is not None:
            self._drawing.fit()


class Drawing:
    """The canvas of one comparison, and what it is painted from."""

    def __init__(self, look: Look, laid: Laid, tasks: Tasks, owner: QWidget) -> None:
        self._graph = FlowGraphModel(
            document=laid.document, save=lambda _changes: None, is_read_only=True, parent=owner
        )
        selection = FlowSelection(self._graph, self._graph)
        self._words = Words(look.language, Context())
        editing = FlowEditing(self._graph, selection, self._graph)
        self.stage = Stage(editing, selection, self._words, self._graph)
        self._ink = Ink(look.theme, look.icons, owner.font())
        self.canvas = FlowCanvas(self.stage, self._ink)
        look.language.bind(self.canvas, self.canvas.setAccessibleName, "compare.canvas")
        self.overlay = Overlay(look, self.canvas, self._ink)
        self.overlay.zoom_bar.zoomed.connect(self._zoom)
        self.overlay.zoom_bar.reset.connect(self._zoom_to_life)
        self.overlay.zoom_bar.fitted.connect(self.fit)
        self._routes = FlowRoutes(self._graph, tasks=tasks, parent=self._graph)
        self._routes.found.connect(self.stage.geometry.follow_routes)

    @property
    def view(self) -> tuple[float, QPointF]:
        """What is seen now."""
        return self.stage.viewport.scale, self.stage.viewport.origin

    def know(self, context: Context) -> None:
        """Call queues and others by their names."""
        self._words.context = context
        self.canvas.update()

    def mark(self, comparison: Comparison, *, hides_moved: bool) -> None:
        """Mark what differs; nodes that are gone are faint."""
        by_mark: dict[Mark, set[NodeId]] = {}
        for node, mark in comparison.nodes.items():
            if not (hides_moved and mark is Mark.MOVED):
                by_mark.setdefault(mark, set()).add(node)
        marks = self.stage.marks
        marks.changes = ChangeMarks(
            nodes_by_mark={mark: frozenset(nodes) for mark, nodes in by_mark.items()},
            added=comparison.added,
            removed=comparison.removed,
        )
        marks.greyed = frozenset(by_mark.get(Mark.REMOVED, ()))
        self.overlay.minimap.refresh()
        self.canvas.update()

    def show_nodes(self, node: NodeId, around: list[NodeId]) -> None:
        """Bring a change into view, large enough to be read."""
        shapes, viewport = self.stage.geometry.shapes, self.stage.viewport
        known = [each for each in around if each in shapes]
        if not known:
            return
        if self.stage.selection.node != node:
            self.stage.selection.select([node])
        rect = self.stage.geometry.around(known)
        if viewport.scale < _READABLE:
            viewport.zoom_to(_READABLE, QRectF(self.canvas.rect()).center())
        visible = viewport.visible
        if rect.width() > visible.width() or rect.height() > visible.height():
            rect = self.stage.geometry.around([node])
        viewport.reveal(rect)

    def fit(self) -> None:
        """Show all of it."""
        self.stage.viewport.fit(self.stage.geometry.around())

    def refresh(self) -> None:
        """The colours are different."""
        self._ink.refresh()
        self.overlay.minimap.refresh()
        self.canvas.update()

    def shut(self) -> None:
        """Let go of everything."""
        self._routes.close()
        self.canvas.deleteLater()
        self._graph.deleteLater()

    def _zoom(self, factor: float) -> None:
        self.stage.viewport.zoom_by(factor, QRectF(self.canvas.rect()).center())

    def _zoom_to_life(self) -> None:
        self.stage.viewport.zoom_to(1.0, QRectF(self.canvas.rect()).center())
