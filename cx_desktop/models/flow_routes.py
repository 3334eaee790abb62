"""The ways of links around nodes, worked out on the pool whenever the drawing has come to rest."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.domain.flow.graph import Flow, Link
from cx_desktop.domain.flow.layout import route
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_news import News
from cx_desktop.tasks import Task, Tasks

QUIET_MS = 180
#: Larger flows keep their straight curves: a way around thousands of nodes helps nobody.
MOST_NODES = 1500


class FlowRoutes(QObject):
    """Finds ways for the links of an open flow."""

    found = Signal(object)  # Mapping[Link, Polyline]

    def __init__(
        self, model: FlowGraphModel, *, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._task: Task | None = None
        self._wait = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._wait.timeout.connect(self.refresh)
        model.flow_changed.connect(self._on_model_flow_changed)
        model.flow_reset.connect(self._wait.start)
        self._wait.start()

    def refresh(self) -> None:
        """Look for the ways now."""
        if self._task is not None:
            self._task.cancel()
        flow = self._model.flow
        if len(flow.nodes) <= MOST_NODES:
            self._task = self._tasks.run(lambda: _routes(flow), done=self.found.emit)

    def close(self) -> None:
        """Look for nothing any more."""
        self._wait.stop()
        if self._task is not None:
            self._task.cancel()

    def _on_model_flow_changed(self, told: News) -> None:
        if told.touched_nodes:
            self._wait.start()


def _routes(flow: Flow) -> Mapping[Link, tuple[tuple[float, float], ...]]:
    return route(flow)
