"""A flow with the places that two people wrote at: both versions on the canvas, one to choose.

The canvas shows it with mine or with theirs; what differs is marked as in a comparison. The list
beside it is what keyboards and screen readers go through.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_comparison import FlowComparison, Laid
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.models.objects.conflicts import Conflicts, Place
from cx_desktop.tasks import Errands, Tasks
from cx_desktop.views.flow_compare.compare_view import Drawing
from cx_desktop.views.flow_compare.legend import Legend
from cx_desktop.views.flows.settle_words import FlowVersions
from cx_desktop.views.objects.settle_panel import SettlePanel
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel, Skeleton

_SIDE = 360


class SettleView(QWidget):
    """Every open place of a flow."""

    left = Signal()

    def __init__(
        self,
        look: Look,
        conflicts: Conflicts,
        *,
        tasks: Tasks,
        read_context: Callable[[], Context],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._conflicts = conflicts
        self._tasks = tasks
        self._errands = Errands(tasks)
        self._context = Context()
        self._words = FlowVersions(look.language)
        self._know_sides()
        self.comparison = FlowComparison(tasks, parent=self)
        self.panel = SettlePanel(look, conflicts, self._words, now=now)
        self.legend = Legend(look)
        self.is_mine_on_top = True
        self.side = Button(look, "settle.side.theirs", icon="arrows-left-right")
        self._skeleton = Skeleton(look)
        self._error = ErrorPanel(look)
        self.drawing: Drawing | None = None
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._errands.run(read_context, done=self._know)
        self._lay()

    def shut(self) -> None:
        """Let go of the drawing."""
        self._errands.drop()
        self.comparison.cancel()
        self._drop_drawing()

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("role", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(self.legend, 1)
        row.addWidget(self.side)
        canvas = QWidget()
        column = QVBoxLayout(canvas)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)
        keys = Label.of(self._look, "settle.keys", "small", wraps=True)
        keys.setContentsMargins(16, 4, 16, 4)
        column.addWidget(keys)
        self._stack.addWidget(self._skeleton)
        self._stack.addWidget(self._error)
        splitter = QSplitter()
        splitter.addWidget(canvas)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([2 * _SIDE, _SIDE])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self._conflicts.changed.connect(self._on_changed)
        self.comparison.laid.connect(self._on_laid)
        self.comparison.failed.connect(self._on_failed)
        self.panel.left.connect(self.left)
        self.panel.place_chosen.connect(self._show_place)
        self.side.clicked.connect(self._turn)
        self._look.theme.changed.connect(self._on_theme_changed)
        leave = QAction(self)
        leave.setShortcut(QKeySequence("Escape"))
        leave.triggered.connect(lambda _checked: self.left.emit())
        self.addAction(leave)

    def _know(self, context: Context) -> None:
        self._context = self._words.context = context
        if self.drawing is not None:
            self.drawing.know(context)
        self.panel.refresh()

    def _know_sides(self) -> tuple[Document, Document]:
        mine, theirs = (draft_of(each) for each in self._conflicts.sides)
        self._words.know(mine, theirs)
        return mine, theirs

    def _on_changed(self) -> None:
        self._lay()
        self.panel.refresh()

    def _lay(self) -> None:
        """Lay mine over theirs, or theirs over mine."""
        mine, theirs = self._know_sides()
        old, new = (theirs, mine) if self.is_mine_on_top else (mine, theirs)
        self.comparison.show(old, new)

    def _turn(self) -> None:
        self.is_mine_on_top = not self.is_mine_on_top
        self.side.say("settle.side.theirs" if self.is_mine_on_top else "settle.side.mine")
        self._lay()

    def _on_laid(self, laid: Laid) -> None:
        was = self.drawing.view if self.drawing is not None else None
        self._drop_drawing()
        self.drawing = drawing = Drawing(self._look, laid, self._tasks, self)
        self._look.language.bind(drawing.canvas, drawing.canvas.setAccessibleName, "settle.canvas")
        drawing.know(self._context)
        drawing.mark(laid.comparison, hides_moved=True)
        self.legend.show_comparison(laid.comparison)
        self._stack.addWidget(drawing.canvas)
        self._stack.setCurrentWidget(drawing.canvas)
        drawing.stage.selection.changed.connect(self._on_selected)
        if was is not None:
            drawing.stage.viewport.show(*was)
        else:
            drawing.fit()
        if (place := self.panel.place) is not None:
            self._show_place(place)
        self.panel.list.setFocus()

    def _on_failed(self, error: CXError) -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _show_place(self, place: Place) -> None:
        if self.drawing is None or place.node is None:
            return
        ends = [each for each in (place.mine, place.theirs) if isinstance(each, str)]
        around = [NodeId(place.node), *map(NodeId, ends)]
        self.drawing.show_nodes(NodeId(place.node), around)

    def _on_selected(self) -> None:
        """A node that is chosen on the canvas is looked at in the list."""
        node = self.drawing.stage.selection.node if self.drawing is not None else None
        here = self.panel.place
        if node is None or (here is not None and here.node == node):
            return
        for place in self._conflicts.places:
            if place.node == node:
                self.panel.show_place(place)
                return

    def _on_theme_changed(self) -> None:
        if self.drawing is not None:
            self.drawing.refresh()

    def _drop_drawing(self) -> None:
        if self.drawing is not None:
            self._stack.removeWidget(self.drawing.canvas)
            self.drawing.shut()
            self.drawing = None
