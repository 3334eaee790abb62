"""Follows a simulated call on the canvas, and into the flows that it goes on in."""

from PySide6.QtCore import QObject

from cx_desktop.domain.flow.graph import Flow
from cx_desktop.models.simulation import Simulation
from cx_desktop.views.flow_editor.editor import FlowEditor
from cx_desktop.views.flow_editor.marks import CallMarks
from cx_desktop.views.simulator.excursion import Excursion
from cx_desktop.views.widgets.look import Look


class Tracking(QObject):
    """Shows where a call is and has been; while it is in another flow, that one."""

    def __init__(self, look: Look, editor: FlowEditor, simulation: Simulation) -> None:
        super().__init__(editor)
        self._look = look
        self._editor = editor
        self._simulation = simulation
        self._refused = ""  # the flow that somebody does not want to look at
        self.excursion: Excursion | None = None

    def follow(self) -> None:
        """Show the moment the call is at."""
        simulation = self._simulation
        call = simulation.call
        where = call.flow if call is not None else simulation.flow_id
        if where != self._refused:
            self._refused = ""
        flow = call.world.flows.get(where) if call is not None else None
        if where == simulation.flow_id or flow is None or self._refused:
            self._come_back()
        else:
            self._go(where, flow)
        self.mark()
        if simulation.present is not None:
            self._editor.follow(simulation.present)

    def mark(self) -> None:
        """Mark the call on the flow being edited; its stage is to be painted anew."""
        simulation = self._simulation
        nodes, links = simulation.walked(simulation.flow_id)
        self._editor.stage.marks.call = CallMarks(
            simulation.present, nodes, links, simulation.breakpoints
        )

    def _go(self, flow_id: str, flow: Flow) -> None:
        """Into another flow; a return to the same one finds it as it was."""
        call = self._simulation.call
        if self.excursion is None or self.excursion.flow_id != flow_id:
            self._come_back()
            context = self._editor.stage.words.context
            self.excursion = Excursion(self._look, flow_id, flow, context)
            self.excursion.left.connect(self._refuse)
            self._editor.middle.addWidget(self.excursion)
        self._editor.middle.setCurrentWidget(self.excursion)
        present = call.node if call is not None and call.end is None else None
        self.excursion.show_call(CallMarks(present, *self._simulation.walked(flow_id)))

    def _come_back(self) -> None:
        """To the flow being edited."""
        excursion, self.excursion = self.excursion, None
        self._editor.middle.setCurrentWidget(self._editor.canvas)
        if excursion is not None:
            self._editor.middle.removeWidget(excursion)
            excursion.deleteLater()

    def _refuse(self) -> None:
        self._refused = self.excursion.flow_id if self.excursion is not None else ""
        self._come_back()
