"""What the rules say of the open flow, kept current while it is edited.

The rules run on the pool a moment after the last edit, on the flow as it was then; an answer that
a newer edit made stale is thrown away.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import Analysis, analysis
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.tasks import Task, Tasks

#: How long after an edit the rules wait for the next one.
QUIET_MS = 120

_WEIGHT = {Severity.BLOCKING: 2, Severity.WARNING: 1, Severity.INFORMATION: 0}


class FlowFindings(QObject):
    """The findings of an open flow."""

    changed = Signal(object)  # tuple[Finding, ...]

    def __init__(
        self,
        model: FlowGraphModel,
        *,
        tasks: Tasks,
        context: Context,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._context = context
        self._task: Task | None = None
        self._earlier: Analysis | None = None
        self._all: tuple[Finding, ...] = ()
        self._by_node: dict[NodeId, tuple[Finding, ...]] = {}
        self._wait = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._wait.timeout.connect(self.refresh)
        model.flow_changed.connect(self._on_flow_changed)
        model.flow_reset.connect(self._wait.start)
        self._wait.start()

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding, as of the last answer."""
        return self._all

    def of(self, node: NodeId) -> tuple[Finding, ...]:
        """The findings at one node."""
        return self._by_node.get(node, ())

    @property
    def severities(self) -> dict[NodeId, Severity]:
        """The gravest finding of each node that has one."""
        return {
            node: max((each.severity for each in found), key=_WEIGHT.__getitem__)
            for node, found in self._by_node.items()
        }

    def know(self, context: Context) -> None:
        """The project around the flow is different now."""
        if context != self._context:
            self._context = context
            self.refresh()

    def refresh(self) -> None:
        """Ask the rules now."""
        if self._task is not None:
            self._task.cancel()
        flow, context, earlier = self._model.flow, self._context, self._earlier
        self._task = self._tasks.run(lambda: analysis(flow, context, earlier), done=self._take)

    def close(self) -> None:
        """Ask nothing any more."""
        self._wait.stop()
        if self._task is not None:
            self._task.cancel()

    def _on_flow_changed(self) -> None:
        self._wait.start()

    def _take(self, answer: Analysis) -> None:
        self._earlier = answer
        found = answer.findings
        if found == self._all:
            return
        by_node: dict[NodeId, list[Finding]] = {}
        for each in found:
            if each.node is not None:
                by_node.setdefault(NodeId(each.node), []).append(each)
        self._all = found
        self._by_node = {node: tuple(each) for node, each in by_node.items()}
        self.changed.emit(found)
