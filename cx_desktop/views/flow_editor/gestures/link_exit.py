"""Leading an exit somewhere: to a node, or into empty space, where a new node is asked for."""

from cx_desktop.domain.flow.graph import Link, NodeId, Slot
from cx_desktop.domain.flow.linking import can_link
from cx_desktop.views.flow_editor.hits import node_at
from cx_desktop.views.flow_editor.stage import Pointer, QuickAdd, Stage


class LinkExit:
    """Draws a line from an exit; nodes it cannot lead to are greyed out."""

    def __init__(self, stage: Stage, slot: Slot) -> None:
        self._stage = stage
        self._slot = slot
        flow = stage.model.flow
        stage.marks.greyed = frozenset(
            node for node in flow.nodes if can_link(flow, slot, node) is not None
        )
        stage.marks.hovered_exit = slot

    @property
    def slot(self) -> Slot:
        """The exit that is being led somewhere."""
        return self._slot

    def move(self, pointer: Pointer) -> None:
        """Draw the line to the mouse, or to the node under it."""
        stage = self._stage
        source = stage.geometry.shapes.get(self._slot.node)
        if source is None:
            return
        target = self._target(pointer)
        stage.marks.aimed = target
        over = node_at(stage.geometry, pointer.place)
        stage.sketch.is_line_refused = over is not None and target is None
        end = stage.geometry.shapes[target].entry if target is not None else pointer.place
        stage.sketch.line = (source.way_out(self._slot.exit), end)
        stage.changed.emit()

    def finish(self, pointer: Pointer) -> None:
        """Link, or ask what to add here."""
        over = node_at(self._stage.geometry, pointer.place)
        target = self._target(pointer)
        self._end()
        if target is not None:
            self._stage.editing.link(self._slot, target)
        elif over is not None:
            self._stage.editing.link(self._slot, over)
        else:
            self._let_go(pointer)

    def cancel(self) -> None:
        """Leave the exit as it was."""
        self._end()

    def _let_go(self, pointer: Pointer) -> None:
        self._stage.quick_add_requested.emit(QuickAdd(pointer.place, pointer.view, self._slot))

    def _target(self, pointer: Pointer) -> NodeId | None:
        over = node_at(self._stage.geometry, pointer.place)
        return over if over not in self._stage.marks.greyed else None

    def _end(self) -> None:
        marks = self._stage.marks
        marks.greyed = frozenset()
        marks.aimed = None
        marks.hovered_exit = None
        self._stage.sketch.clear()
        self._stage.changed.emit()


class Reroute(LinkExit):
    """Takes the end of a link: to another node, or away."""

    def __init__(self, stage: Stage, link: Link) -> None:
        super().__init__(stage, Slot(link.node, link.exit))

    def _let_go(self, pointer: Pointer) -> None:
        del pointer
        self._stage.editing.unlink([self.slot])
