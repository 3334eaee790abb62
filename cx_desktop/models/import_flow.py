"""Bringing a flow in from a file: read it off the GUI thread, show what was understood, keep it."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Imported, ImportNote
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.formats.incoming import check_size
from cx_desktop.domain.flow.graph import Flow, Link, document_of
from cx_desktop.domain.flow.layout import Polyline, route, tidy
from cx_desktop.domain.flow.references import Context, to_ids
from cx_desktop.domain.patch import Document
from cx_desktop.tasks import Task, Tasks

#: The name of our own format: its files keep their places.
OURS = "cx"


class Preview(Struct, frozen=True):
    """What was understood of a file, laid out and ready to become a flow."""

    path: Path
    format: str
    name: str
    description: str
    flow: Flow
    kinds: tuple[tuple[str, int], ...]
    """The kinds of its steps, most frequent first, ``foreign`` left out."""
    foreign: int
    notes: tuple[ImportNote, ...]
    routes: dict[Link, Polyline]
    """The ways of its links on the drawing."""

    @property
    def document(self) -> Document:
        """The flow as a draft."""
        return document_of(self.flow)

    def with_notes_of(self, node: str) -> tuple[ImportNote, ...]:
        """What there is to tell about one step."""
        return tuple(note for note in self.notes if note.node == node)


class FlowImport(QObject):
    """One file on its way in. ``read`` again takes another file; ``cancel`` forgets it."""

    began = Signal(object)  # Path
    progressed = Signal(object)  # tuple[float, str]: how far (0 to 1) and at what, by key
    understood = Signal(object)  # Preview
    failed = Signal(object)  # CXError: often Unreadable, with the place

    def __init__(
        self, *, context: Callable[[], Context], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._tasks = tasks
        self._task: Task | None = None

    def read(self, path: Path) -> None:
        """Read a file; one that was being read is forgotten."""
        self.cancel()
        self.began.emit(path)
        self._task = self._tasks.run_cancellable(
            lambda task: preview(path, self._context, task),
            done=self.understood.emit,
            failed=self.failed.emit,
            progress=lambda share, what: self.progressed.emit((share, what)),
        )

    def cancel(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


def preview(path: Path, context: Callable[[], Context], task: Task) -> Preview:
    """Read, understand and lay out one file. Not for the GUI thread.

    Names of queues, schedules and the like become the project's own objects where they match.
    A file of ours keeps its places; others were drawn for other nodes.
    """
    task.tell(0.0, "flows.import.step.reading")
    data = _content(path)
    task.check()
    task.tell(0.2, "flows.import.step.understanding")
    imported = read_any(data, path.name)
    task.check()
    task.tell(0.6, "flows.import.step.laying-out")
    flow = to_ids(imported.flow, context())
    if imported.format != OURS:
        flow = _laid_out(flow)
    task.check()
    task.tell(0.8, "flows.import.step.drawing")
    return _preview(path, imported, flow)


def _content(path: Path) -> bytes:
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise CXError(
            "problem.file-unreadable", name=path.name, reason=error.strerror or ""
        ) from error


def _laid_out(flow: Flow) -> Flow:
    places = tidy(flow)
    nodes = {
        node.id: msgspec.structs.replace(node, x=places[node.id][0], y=places[node.id][1])
        if node.id in places
        else node
        for node in flow.nodes.values()
    }
    return msgspec.structs.replace(flow, nodes=nodes)


def _preview(path: Path, imported: Imported, flow: Flow) -> Preview:
    counts = Counter(node.kind for node in flow.nodes.values())
    foreign = counts.pop("foreign", 0)
    return Preview(
        path=path,
        format=imported.format,
        name=imported.name or path.stem,
        description=imported.description,
        flow=flow,
        kinds=tuple(counts.most_common()),
        foreign=foreign,
        notes=imported.notes,
        routes=route(flow),
    )
