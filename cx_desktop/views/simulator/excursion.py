"""Another flow, looked at while a call is in it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.flow.graph import Flow, NodeId, document_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.flow_editor.ink import Ink
from cx_desktop.views.flow_editor.marks import CallMarks
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

#: A flow that would be smaller than this is shown in part.
READABLE = 0.6


class Excursion(QWidget):
    """The canvas of a flow that is not the one being edited; nothing of it can be changed."""

    left = Signal()  # somebody wants to see the flow being edited again

    def __init__(
        self, look: Look, flow_id: str, flow: Flow, context: Context, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.flow_id = flow_id
        model = FlowGraphModel(
            document=document_of(flow), save=_keep_nothing, is_read_only=True, parent=self
        )
        selection = FlowSelection(model, self)
        words = Words(look.language, context)
        self.stage = Stage(FlowEditing(model, selection, self), selection, words, self)
        self._ink = Ink(look.theme, look.icons, self.font())
        self.canvas = FlowCanvas(self.stage, self._ink)
        self.strip = Strip(look, is_band=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self.canvas, 1)
        self._is_fitted = False
        self._name = (context.flows or {}).get(flow_id, flow_id)
        self.strip.say("info", self._title)
        self.strip.dismissed.connect(self.left)
        look.theme.changed.connect(self._redraw)

    def show_call(self, marks: CallMarks) -> None:
        """Show where the call is, and bring it into view."""
        self.stage.marks.call = marks
        viewport, geometry = self.stage.viewport, self.stage.geometry
        if not self._is_fitted:
            self._is_fitted = True
            viewport.fit(geometry.around())
        if marks.present is not None and marks.present in self.stage.model.flow.nodes:
            self._reveal(marks.present)
        self.stage.changed.emit()

    def _reveal(self, node: NodeId) -> None:
        viewport = self.stage.viewport
        rect = self.stage.geometry.around([node])
        if viewport.scale < READABLE:
            viewport.zoom_to(READABLE, viewport.to_view(rect.center()))
        viewport.reveal(rect)

    def _redraw(self) -> None:
        self._ink.refresh()
        self.canvas.update()

    def _title(self) -> str:
        return self._look.language.text("simulator.elsewhere", name=self._name)


def _keep_nothing(_changes: object) -> None:
    """Nothing can be changed here."""
