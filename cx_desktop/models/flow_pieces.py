"""Building blocks put into the open flow, and nodes of it made a flow of their own."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.domain.flow import blocks
from cx_desktop.domain.flow.blocks import Block
from cx_desktop.domain.flow.extracting import Extracted, extract
from cx_desktop.domain.flow.formats.naming import free_name
from cx_desktop.domain.flow.graph import Node, document_of
from cx_desktop.domain.flow.linking import Refusal
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_editing import FlowEditing, Point
from cx_desktop.models.flow_selection import FlowSelection
from cx_desktop.models.objects.creating import New
from cx_desktop.models.objects.store import OpenObject
from cx_desktop.models.workspace import Workspace
from cx_desktop.settings import resources


class FlowPieces(QObject):
    """What is put into a flow, and taken out of it, in one step each."""

    taken_out = Signal(object)  # New, saved on this device

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace

    def insert(
        self, editing: FlowEditing, block: Block, language: str, *, at: Point, around: Context
    ) -> None:
        """Put a block behind the chosen node, or at a place where none is chosen."""

        def put(data: bytes) -> None:
            editing.insert_block(blocks.filled(data), at, around)

        path = resources() / block.path(language)
        self._workspace.tasks.run(path.read_bytes, done=put)

    def take_out(
        self,
        outer: OpenObject,
        editing: FlowEditing,
        chosen: FlowSelection,
        *,
        name: str,
        title: str,
        called: Callable[[Node], str],
    ) -> None:
        """Make what is chosen a flow of its own of this name; or say why that cannot be.

        ``title`` is what the node is called that calls it, ``called`` what other nodes are. The new
        flow and the node that leads to it are one gesture: nobody ever has one without the other.
        """
        project, cache = self._workspace.project, self._workspace.cache
        if project is None:
            return
        flow, flow_id = editing.model.flow, self._workspace.ids.new()
        made = extract(
            flow, chosen.nodes, chosen.notes, flow_id=flow_id, title=title, called=called
        )
        if isinstance(made, Refusal):
            editing.refused.emit(made)
            return
        project_id = project.id

        def settled(new: New) -> None:
            if editing.model.flow is not flow:
                editing.refused.emit(Refusal("refusal.extract-changed", {"name": new.name}))
                return
            outer.save_with([new.edit(project_id)], lambda: editing.take_out(made))
            self.taken_out.emit(new)

        self._workspace.tasks.run(
            lambda: _named(cache, project_id, flow_id, name, made), done=settled
        )


def _named(cache: Cache, project_id: str, flow_id: str, name: str, made: Extracted) -> New:
    """The new flow, under a name that no other one has."""
    rows = cache.rows("flow", project_id=project_id)
    taken = frozenset(str(row.data.get("name", "")) for row in rows)
    return New("flow", flow_id, free_name(name, taken), document_of(made.inner))
