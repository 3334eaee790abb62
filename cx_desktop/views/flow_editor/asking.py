"""Asking the user for a kind or a target at the mouse, and doing what was chosen."""

from PySide6.QtCore import QObject, QPointF

from cx_desktop.domain.flow.graph import NodeId, Slot
from cx_desktop.models.flow_editing import place_for
from cx_desktop.models.kind_search import KindSearch
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.ink import TITLE_WIDTH
from cx_desktop.views.flow_editor.link_picker import LinkPicker
from cx_desktop.views.flow_editor.quick_add import QuickAddPopup
from cx_desktop.views.flow_editor.stage import QuickAdd
from cx_desktop.views.widgets.look import Look

#: How far right of its source a node lies that the keyboard adds.
AHEAD = 290.0


class Asking(QObject):
    """Owns the two pop-ups of the canvas."""

    def __init__(self, look: Look, search: KindSearch, canvas: FlowCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._stage = canvas.stage
        self._asked: QuickAdd | None = None
        self.quick_add = QuickAddPopup(look, search, canvas)
        self.link_picker = LinkPicker(look, self._stage, canvas)
        self.quick_add.chosen.connect(self.add)
        self.quick_add.closed.connect(self._forget_line)
        self._stage.quick_add_requested.connect(self.ask_kind)

    def ask_kind(self, wish: QuickAdd) -> None:
        """Ask which kind of node is wanted there."""
        if not self._stage.editing.is_possible:
            return
        self._asked = wish
        source = None if wish.after is None else self._stage.geometry.shapes.get(wish.after.node)
        if source is not None and wish.after is not None:
            self._stage.sketch.line = (source.way_out(wish.after.exit), wish.at)
            self._stage.changed.emit()
        at = self._canvas.mapToGlobal(wish.view.toPoint())
        self.quick_add.ask(at, self._canvas.screen().availableGeometry())

    def ask_from_keyboard(self) -> None:
        """Ask for a kind to add after the selected node, or in the middle."""
        stage = self._stage
        node = stage.selection.node
        shape = stage.geometry.shapes.get(node) if node is not None else None
        if shape is None:
            middle = self._canvas.middle()
            self.ask_kind(QuickAdd(middle.place, middle.view))
            return
        links = stage.model.flow.links.get(shape.node.id, {})
        free = next((way.id for way in shape.ways if way.id not in links), None)
        place = (shape.x + AHEAD, shape.y + 20)
        view = stage.viewport.to_view(QPointF(*place))
        slot = None if free is None else Slot(shape.node.id, free)
        self.ask_kind(QuickAdd(place, view, slot))

    def add(self, kind: str) -> NodeId | None:
        """Add a node of a kind where it was asked for, else in the middle of what is seen."""
        wish, self._asked = self._asked, None
        stage = self._stage
        if wish is None:
            middle = self._canvas.middle()
            wish = QuickAdd(self._free_place(middle.place), middle.view)
        into = next(iter(stage.selection.links), None) if wish.after is None else None
        corner = (wish.at[0], wish.at[1] - 20) if wish.after else place_for(kind, wish.at)
        corner = (round(corner[0] / 8) * 8, round(corner[1] / 8) * 8)
        node = stage.editing.add(kind, corner, after=wish.after, into=into)
        if node is not None:
            stage.viewport.reveal(stage.geometry.around([node]))
            self._canvas.setFocus()
        return node

    def ask_target(self, slot: Slot | None = None) -> None:
        """Ask where an exit leads: this one, or the selected node's next free one."""
        stage = self._stage
        node = slot.node if slot is not None else stage.selection.node
        if node is None and stage.selection.links:
            link = stage.selection.links[-1]
            node, slot = link.node, Slot(link.node, link.exit)
        shape = None if node is None else stage.geometry.shapes.get(node)
        if shape is None or node is None or not stage.editing.is_possible:
            return
        view = stage.viewport.to_view(QPointF(shape.x + TITLE_WIDTH + 80, shape.y))
        inside = QPointF(
            min(max(view.x(), 0.0), self._canvas.width()),
            min(max(view.y(), 0.0), self._canvas.height()),
        )
        self.link_picker.ask(
            node,
            None if slot is None else slot.exit,
            self._canvas.mapToGlobal(inside.toPoint()),
            self._canvas.screen().availableGeometry(),
        )

    def _free_place(self, wish: tuple[float, float]) -> tuple[float, float]:
        """The wish, moved down until no node begins just there."""
        taken = {(shape.x, shape.y) for shape in self._stage.geometry.shapes.values()}
        x, y = wish
        while any(abs(x - 104 - left) < 24 and abs(y - 40 - top) < 24 for left, top in taken):
            x, y = x + 24, y + 24
        return x, y

    def _forget_line(self) -> None:
        if self._stage.sketch.line is not None:
            self._stage.sketch.clear()
            self._stage.changed.emit()
