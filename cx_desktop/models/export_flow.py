"""Taking a flow out as a file: ours, which loses nothing, or that of another product."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import ImportNote, cx, twilio, voicexml
from cx_desktop.domain.flow.formats.writing import WRITERS
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.models.objects.facts import ObjectFacts, object_facts
from cx_desktop.tasks import Tasks


class ExportFormat(StrEnum):
    """What a flow can be written as."""

    OURS = "cx"
    CONNECT = "connect"
    TWILIO = "twilio-studio"
    VOICEXML = "voicexml"
    MERMAID = "mermaid"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"

    @property
    def suffix(self) -> str:
        """How the name of such a file ends."""
        return _SUFFIXES.get(self, f".{self}")


_SUFFIXES = {
    ExportFormat.OURS: ".yaml",
    ExportFormat.CONNECT: ".json",
    ExportFormat.TWILIO: ".json",
    ExportFormat.VOICEXML: ".vxml",
    ExportFormat.MERMAID: ".mmd",
}
_FORMATS = {
    ExportFormat.CONNECT: "connect-flowlang",
    ExportFormat.TWILIO: twilio.FORMAT,
    ExportFormat.VOICEXML: voicexml.FORMAT,
}


class Draft(NamedTuple):
    """A draft that is taken out, with what is known around it."""

    flow: Flow
    facts: ObjectFacts
    context: Context


#: Makes a file of a draft on the pool, where more than the draft is needed: words, colours.
Maker: TypeAlias = Callable[[Draft], bytes]


class Exported(Struct, frozen=True):
    """A file that was just written."""

    path: Path
    name: str
    notes: tuple[ImportNote, ...] = ()
    """What could not be said in the other format."""


class FlowExport(QObject):
    """Writes drafts to files, whole or not at all."""

    exported = Signal(object)  # Exported
    failed = Signal(object)  # CXError

    def __init__(self, *, cache: Cache, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks

    def write(
        self, flow_id: str, kind: ExportFormat, path: Path, make: Maker | None = None
    ) -> None:
        """Write a flow's draft to a file; ``make`` draws what is no file of another product."""

        def work() -> Exported:
            row = self._cache.row("flow", flow_id)
            if row is None:
                raise CXError("problem.object-not-here")
            facts, flow = object_facts(row.data), flow_of(draft_of(row.data))
            notes: tuple[ImportNote, ...] = ()
            context = read_context(self._cache, facts.project_id)
            writer = WRITERS.get(_FORMATS.get(kind, ""))
            if make is not None:
                content = make(Draft(flow, facts, context))
            elif writer is not None:
                written = writer(flow)
                content, notes = written.data, written.notes
            else:
                content = cx.write(flow, context, name=facts.name, description=facts.description)
            put_file(path, content)
            return Exported(path=path, name=facts.name, notes=notes)

        self._tasks.run(work, done=self.exported.emit, failed=self.failed.emit)


def put_file(path: Path, content: bytes) -> None:
    """Write a file as a whole, or leave what stood there; ``CXError`` where that cannot be."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CXError(
            "problem.file-unwritable", name=path.name, reason=error.strerror or ""
        ) from error
