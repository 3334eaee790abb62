"""Bringing flows in from a file: read off the GUI thread, shown as understood, then kept."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Imported, ImportNote
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.incoming import check_size
from cx_desktop.domain.flow.formats.naming import proposed_names
from cx_desktop.domain.flow.formats.together import tied, told_apart, untied
from cx_desktop.domain.flow.graph import Flow, Link, document_of
from cx_desktop.domain.flow.layout import Polyline, route
from cx_desktop.domain.flow.references import Context, references, renamed, to_ids
from cx_desktop.domain.project.brought import OURS, laid_out, notes_with_made
from cx_desktop.models.objects.creating import New
from cx_desktop.ports import Ids
from cx_desktop.tasks import Task, Tasks


class Preview(Struct, frozen=True):
    """What was understood of a flow in a file, laid out and ready to become one of ours."""

    id: str
    """What it will be known by here; flows of the same file lead to it by this."""
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
    called: dict[str, str] = {}
    """What it called the other flows of the file that it leads to, by their new ids."""
    schedules: tuple[New, ...] = ()
    """The opening hours that it asks and the file writes out, where the project has none so
    called; flows of one file share them."""

    @property
    def new(self) -> New:
        """The flow as it is kept."""
        return New("flow", self.id, self.name, document_of(self.flow), self.description)

    def with_notes_of(self, node: str) -> tuple[ImportNote, ...]:
        """What there is to tell about one step."""
        return tuple(note for note in self.notes if note.node == node)


class Understood(Struct, frozen=True):
    """What was understood of a file: one flow, or several that may lead to each other."""

    path: Path
    flows: tuple[Preview, ...]

    @property
    def is_single(self) -> bool:
        """Whether the file holds one flow only."""
        return len(self.flows) == 1


def chosen(flows: Sequence[Preview]) -> tuple[Preview, ...]:
    """These flows of a file without the others, which they call again what the file called them."""
    ids = {each.id for each in flows}
    return tuple(
        msgspec.structs.replace(
            each,
            flow=untied(
                each.flow, {one: name for one, name in each.called.items() if one not in ids}
            ),
        )
        for each in flows
    )


class FlowImport(QObject):
    """One file on its way in. ``read`` again takes another file; ``cancel`` forgets it."""

    began = Signal(object)  # Path
    progressed = Signal(object)  # tuple[float, str]: how far (0 to 1) and at what, by key
    understood = Signal(object)  # Understood
    failed = Signal(object)  # CXError: often Unreadable, with the place

    def __init__(
        self,
        *,
        context: Callable[[], Context],
        tasks: Tasks,
        ids: Ids,
        may_make_schedules: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ids = ids
        self._may_make_schedules = may_make_schedules
        self._context = context
        self._tasks = tasks
        self._task: Task | None = None

    def read(self, path: Path) -> None:
        """Read a file; one that was being read is forgotten."""
        self.cancel()
        self.began.emit(path)
        ids = self._ids
        makes_schedules = self._may_make_schedules()
        self._task = self._tasks.run_cancellable(
            lambda task: understand(
                path, self._context, ids, task, makes_schedules=makes_schedules
            ),
            done=self.understood.emit,
            failed=self.failed.emit,
            progress=lambda share, what: self.progressed.emit((share, what)),
        )

    def cancel(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


def understand(
    path: Path,
    context: Callable[[], Context],
    ids: Ids,
    task: Task,
    *,
    makes_schedules: bool = False,
) -> Understood:
    """Read, understand and lay out one file. Not for the GUI thread.

    What leads to another flow of the file will do so here; other names of flows, queues and the
    like become the project's own objects where they match. Hours that the file writes out become
    schedules, if that is wanted and none is called so yet. A file of ours keeps its places; others
    were drawn for other nodes.
    """
    task.tell(0.0, "flows.import.step.reading")
    data = _content(path)
    task.check()
    task.tell(0.2, "flows.import.step.understanding")
    found, around = read_all(data, path.name), context()
    new_ids = [ids.new() for _ in found]
    names = proposed_names(found, path.name, frozenset((around.flows or {}).values()))
    id_by_handle = told_apart(found, new_ids)
    made: dict[str, New] = {}
    previews = []
    for position, imported in enumerate(found):
        task.check()
        task.tell(0.3 + 0.7 * position / len(found), "flows.import.step.laying-out")
        flow, called = tied(imported.flow, id_by_handle)
        flow = to_ids(flow, around)
        if imported.format != OURS:
            flow = laid_out(flow)
        task.check()
        kept = msgspec.structs.replace(imported, flow=flow, name=names[position])
        preview = _preview(path, kept, new_ids[position], called)
        if makes_schedules:
            for name, draft in imported.schedules.items():
                made.setdefault(name, New("schedule", ids.new(), name, draft))
            preview = _with_schedules(preview, made)
        previews.append(preview)
    return Understood(path=path, flows=tuple(previews))


def _with_schedules(preview: Preview, made: Mapping[str, New]) -> Preview:
    """The flow with the new schedules it asks by name; it asks others by their ids by now."""
    asked = {each.target for each in references(preview.flow) if each.refers_to == "schedule"}
    used = {name: new for name, new in made.items() if name in asked}
    if not used:
        return preview

    def rename(kind: str, target: str) -> str:
        return used[target].id if kind == "schedule" and target in used else target

    return msgspec.structs.replace(
        preview,
        flow=renamed(preview.flow, rename),
        notes=notes_with_made(preview.notes, used),
        schedules=tuple(used.values()),
    )


def _content(path: Path) -> bytes:
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise CXError(
            "problem.file-unreadable", name=path.name, reason=error.strerror or ""
        ) from error


def _preview(path: Path, imported: Imported, new_id: str, called: dict[str, str]) -> Preview:
    flow = imported.flow
    counts = Counter(node.kind for node in flow.nodes.values())
    foreign = counts.pop("foreign", 0)
    return Preview(
        id=new_id,
        path=path,
        format=imported.format,
        name=imported.name,
        description=imported.description,
        flow=flow,
        kinds=tuple(counts.most_common()),
        foreign=foreign,
        notes=imported.notes,
        routes=route(flow),
        called=called,
    )
