"""What is known around queues: names, opening hours and the other queues of the project."""

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import Queue, findings, queue_of
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.latest import Latest
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.workspace import Workspace


def read_around(workspace: Workspace) -> Context:
    """What is known around the queues of the project in view. Not for the GUI thread."""
    project = workspace.project
    if project is None:
        return Context()
    around = read_context(workspace.cache, project.id)
    return replace(around, features=frozenset(project.features))


def judge_of(workspace: Workspace) -> Callable[[Document, date], tuple[Finding, ...]]:
    """Judges queues before they are published."""

    def judge(document: Document, _today: date) -> tuple[Finding, ...]:
        return findings(queue_of(document), read_around(workspace))

    return judge


class QueueAround(QObject):
    """Follows what is around the queues of the project in view."""

    changed = Signal()

    def __init__(self, desk: ObjectDesk[Queue], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = desk.workspace
        self.context = Context()
        self._latest = Latest(
            self._workspace.tasks,
            lambda: read_around(self._workspace),
            done=self._on_read,
            failed=lambda _error: None,
        )
        desk.shelf.changed.connect(self._read)
        self._read()

    def findings(self, queue_id: str, queue: Queue) -> tuple[Finding, ...]:
        """What the rules have to say of a queue."""
        return findings(queue, self.context, own_id=queue_id)

    def name(self, kind: str, object_id: str) -> str:
        """What an object is called, "" where that is not known."""
        return (self.context.names_of(kind) or {}).get(object_id, "")

    def _read(self) -> None:
        self._latest.ask()

    def _on_read(self, context: Context) -> None:
        if context != self.context:
            self.context = context
            self.changed.emit()
